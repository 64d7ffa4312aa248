// What keys mean in a form.
extension InputForm {
  /// What the focus is on, which is what keys depend on.
  public struct Situation: Hashable, Sendable {
    /// Whether printable keys are typed as text.
    public var isTyping = false
    /// Whether the field filter or an open list has the keys.
    public var isElsewhere = false
    /// Whether a list of choices is open.
    public var isPicking = false
    public var isList = false
    public var isJSON = false
    public var isExpanded = false
    public var isFile = false
    public var isSwept = false
    public var allowsNewlines = false
  }

  func lookAround() {
    var now = Situation()
    now.isPicking = picker != nil
    now.isElsewhere = now.isPicking || isFiltering
    now.isTyping = now.isElsewhere
    if let index = focusedIndex, fields.indices.contains(index) {
      let control = fields[index].control
      now.isTyping = now.isTyping || control.isTyped
      now.isExpanded = isExpanded
      switch control {
      case .list: now.isList = true
      case .json: now.isJSON = true
      default: break
      }
      if case .file = control.active { now.isFile = true }
      now.isSwept = fields[index].isSwept
      now.allowsNewlines = control.allowsNewlines
    }
    if now != situation { situation = now }
  }
}

extension InputForm {
  /// What keys mean in the form now, nearest first.
  var modes: [KeyMode] {
    var modes = situation.isTyping ? [KeyMode.form] : [.formChoice, .form]
    if situation.isPicking { return [.formPicker] + modes }
    guard !situation.isElsewhere else { return modes }
    if situation.isList { modes.insert(.formList, at: 0) }
    if situation.isJSON { modes.insert(situation.isExpanded ? .formExpanded : .formJSON, at: 0) }
    if situation.isFile { modes.insert(.formFile, at: 0) }
    return modes
  }
}
