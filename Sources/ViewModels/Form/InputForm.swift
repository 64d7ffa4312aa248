import Observation
import OrderedCollections
import ReplicateAPI
import Running

/// The form for one model's inputs: its fields, the focus, and what is being typed.
///
/// Only required and changed fields are sent. An unset optional field is left out rather than sent
/// as null.
@MainActor @Observable
public final class InputForm {
  public let model: ModelID
  public let version: ModelVersion.ID?
  public let schema: ModelSchema

  /// The fields in schema order, with deprecated ones last.
  public internal(set) var fields: [FormField] { didSet { lookAround() } }
  /// The indices in ``fields`` of the fields that match the filter.
  public internal(set) var visible: [Int] { didSet { lookAround() } }
  /// The focused field, as an index into ``visible``.
  public internal(set) var focus = 0 { didSet { lookAround() } }
  /// The open list of an enumeration, if any.
  public internal(set) var picker: FormPicker? { didSet { lookAround() } }
  /// The field filter, if there is one.
  public internal(set) var filter: TextBuffer?
  /// Whether the filter is being typed.
  public internal(set) var isFiltering = false { didSet { lookAround() } }
  /// Whether the focused field has all of the pane.
  public internal(set) var isExpanded = false { didSet { lookAround() } }
  /// What keys mean here now. It changes more rarely than what is typed.
  public internal(set) var situation = Situation()
  /// Whether the focused field's whole value is selected, so that typing replaces it.
  public internal(set) var isValueSelected = false
  /// What couldn't be taken over from an earlier input, until the form is sent.
  public internal(set) var notes: FormNotes
  /// Values for inputs that the model doesn't have, which a run asks about before they're sent.
  public internal(set) var extras: JSONObject = [:]
  /// How a run is made, once somebody has asked for that.
  public internal(set) var runOptions: RunOptionsForm?
  /// What a run of this form would run, unless the run options say otherwise.
  @ObservationIgnored public let target: PredictionTarget

  /// How the pane lays out text. The pane sets it, so that the cursor can move by rows and pages.
  @ObservationIgnored public var typesetting = Typesetting()

  /// What is known about the files that the fields name.
  @ObservationIgnored public let files = FormFiles()
  @ObservationIgnored var opened: [JSONValue?] = []
  @ObservationIgnored var openedExtras: JSONObject = [:]
  @ObservationIgnored private let textRows = TextRowCache()
  @ObservationIgnored private var goalColumn: Int?
  @ObservationIgnored var refusal: String?
  @ObservationIgnored var changes = Changes()
  @ObservationIgnored let random: @MainActor (ClosedRange<Int>) -> Int

  /// A form with the schema's defaults, overridden by `prefill`, such as an earlier input or an
  /// example.
  ///
  /// - Parameters:
  ///   - target: What a run would run; by default the version, or else the model.
  ///   - remark: What there is to say about the values as a whole.
  public init(
    model: ModelID, version: ModelVersion.ID?, target: PredictionTarget? = nil,
    schema: ModelSchema, prefill: JSONObject = [:], remark: String? = nil,
    random: @escaping @MainActor (ClosedRange<Int>) -> Int = { Int.random(in: $0) }
  ) {
    self.model = model
    self.version = version
    self.target = target ?? version.map { .version($0) } ?? .model(model)
    self.schema = schema
    self.random = random
    let ordered =
      schema.inputs.filter { !$0.isDeprecated } + schema.inputs.filter(\.isDeprecated)
    var fields = ordered.map { FormField($0) }
    var notes = FormNotes(remark: remark)
    let indices =
      prefill.isEmpty
      ? [:] : Dictionary(fields.indices.map { (fields[$0].name, $0) }) { first, _ in first }
    for (name, value) in prefill where !value.isNull {
      guard let index = indices[name] else {
        notes.add(name, value, "isn’t an input of this version")
        continue
      }
      if let reason = fields[index].take(value) {
        notes.add(name, fields[index].isSecret ? nil : value, reason)
      }
    }
    self.fields = fields
    self.notes = notes
    visible = Array(fields.indices)
    opened = fields.map(\.value)
    isValueSelected = selectsOnArrival
    lookAround()
  }
}

// MARK: State

extension InputForm {
  /// The index in ``fields`` of the focused field, or nil if no field is visible.
  public var focusedIndex: Int? { visible.indices.contains(focus) ? visible[focus] : nil }

  public var focusedField: FormField? { focusedIndex.map { fields[$0] } }

  /// Whether printable keys are typed as text now.
  public var isTyping: Bool { situation.isTyping }

  /// Whether anything has changed since the form was opened or sent.
  public var hasChanges: Bool {
    extras != openedExtras
      || zip(fields, opened).contains { $0.value != $1 || $0.isInvalid && $0.state == .explicit }
  }

  public var missingCount: Int { counts.missing }
  public var invalidCount: Int { counts.invalid }
  public var changedCount: Int { counts.changed }

  /// How many fields are invalid, lack a value, and were changed, and whether any takes several values.
  public var counts: (invalid: Int, missing: Int, changed: Int, isSwept: Bool) {
    let fields = fields
    var counts = (invalid: 0, missing: 0, changed: 0, isSwept: false)
    // By index: copying each takes longer than looking at it.
    for index in fields.indices {
      if fields[index].isInvalid { counts.invalid += 1 }
      if fields[index].isMissing { counts.missing += 1 }
      if fields[index].state == .explicit { counts.changed += 1 }
      if fields[index].isSwept { counts.isSwept = true }
    }
    return counts
  }

  /// The input to send: required and changed fields, and what the model has no field for.
  public var payload: JSONObject { values { _ in true }.merging(extras) { field, _ in field } }

  /// The input that may be stored: the payload without secrets.
  public var payloadWithoutSecrets: JSONObject {
    values { !$0.isSecret }.merging(extras.filter { !Secrets.areIn($1, named: $0) }) { $1 }
  }

  private func values(of isMeant: (FormField) -> Bool) -> JSONObject {
    var payload = JSONObject()
    for field in fields where isMeant(field) {
      if let value = field.payload { payload[field.name] = value }
    }
    return payload
  }
}

// MARK: Commands

extension InputForm {
  /// Performs a command. Returns false if it has no meaning here, so that the owner can handle it.
  @discardableResult
  public func perform(_ command: FormCommand) -> Bool {
    let goal = goalColumn
    goalColumn = nil
    if picker != nil { return performInPicker(command) }
    if isFiltering, let answer = performInFilter(command) { return answer }
    defer { noteFile() }
    if let answer = performInFile(command) { return answer }
    switch command {
    case .next: return move(by: 1)
    case .previous: return move(by: -1)
    case .pageDown: return move(by: max(1, typesetting.fieldsPerPage - 1))
    case .pageUp: return move(by: -max(1, typesetting.fieldsPerPage - 1))
    case .first: return move(to: 0)
    case .last: return move(to: visible.count - 1)
    case .focus(let index): return focusField(index)
    case .press(let index): return press(index)
    case .place(let index, let offset): return place(index, offset)
    case .edit(let edit): return perform(edit, goal)
    case .activate: return activate()
    case .toggle: return toggle()
    case .stepUp: return step(up: true)
    case .stepDown: return step(up: false)
    case .toMinimum: return toBound(isLow: true)
    case .toMaximum: return toBound(isLow: false)
    case .cycleForward: return cycle(by: 1)
    case .cycleBackward: return cycle(by: -1)
    case .unset: return unset()
    case .resetAll: return resetAll()
    case .randomSeed: return fillRandomSeed()
    case .addRow: return addRow()
    case .removeRow: return removeRow()
    case .row(let index, let row): return focus(index, row: row)
    case .placeInRow(let index, let row, let offset):
      return focus(index, row: row) && place(index, offset)
    case .sweep: return toggleSweep()
    case .readSweep: return false
    case .undo: return undo()
    case .redo: return redo()
    case .startFilter:
      isFiltering = true
      filter = TextBuffer()
      applyFilter()
      return true
    case .escape: return collapse() || endFilter()
    case .pickerRow, .complete, .chooseFile, .pastePicture, .completionRow: return false
    }
  }

  /// Marks every invalid field and focuses the first one. Returns true if there are none.
  public func validate() -> Bool {
    for index in fields.indices { fields[index].showMissing() }
    guard let first = fields.firstIndex(where: { $0.isMissing || $0.isRefused }) else {
      return true
    }
    show(first)
    return false
  }

  /// Shows the service's validation errors in their fields and focuses the first of these.
  ///
  /// - Returns: The errors that don't belong to any field.
  public func apply(_ errors: [InvalidField]) -> [InvalidField] {
    var unmatched: [InvalidField] = []
    var rejected: [Int] = []
    for error in errors {
      // For a list, the service also names the element, as in "images.0".
      let name = error.field.prefix { $0 != "." && $0 != "[" }
      if !name.isEmpty,
        let index = fields.firstIndex(where: { $0.name == error.field || $0.name == name })
      {
        fields[index].reject(error.description)
        rejected.append(index)
      } else {
        unmatched.append(error)
      }
    }
    if let first = rejected.min() { show(first) }
    return unmatched
  }
}

// MARK: Moving between fields

extension InputForm {
  func move(by steps: Int) -> Bool { move(to: focus + steps) }

  func move(to place: Int) -> Bool {
    guard !visible.isEmpty else { return false }
    let target = max(0, min(visible.count - 1, place))
    if target != focus {
      let isBackwards = target < focus
      focus = target
      isExpanded = false
      _ = fields[visible[target]].updateCursor {
        $0.enter(atEnd: isBackwards)
        return true
      }
      isValueSelected = selectsOnArrival
    }
    return true
  }

  func focusField(_ index: Int) -> Bool {
    visible.firstIndex(of: index).map { move(to: $0) } ?? false
  }

  /// Focuses a field, clearing the filter if it hides the field.
  func show(_ index: Int) {
    picker = nil
    if !visible.contains(index) { _ = endFilter() }
    isFiltering = false
    _ = focusField(index)
  }

  /// Numbers and defaults are usually replaced, but the user's own text is usually edited.
  var selectsOnArrival: Bool {
    guard let field = focusedField else { return false }
    switch field.control {
    case .integer, .number: return true
    case .list: return field.shortText != nil
    case _ where field.shortText != nil: return true
    default: return field.control.isTyped && field.state == .byDefault
    }
  }

  private func press(_ index: Int) -> Bool {
    guard focusField(index) else { return false }
    switch fields[index].control {
    case .boolean: return toggle()
    case .enumeration: return openPicker()
    default: return true
    }
  }

  private func place(_ index: Int, _ offset: Int) -> Bool {
    guard focusField(index) else { return false }
    guard let bytes = fields[index].control.buffer?.text.utf8 else { return true }
    let place = bytes.index(bytes.startIndex, offsetBy: max(0, offset), limitedBy: bytes.endIndex)
    if fields[index].shortText != nil { return true }
    isValueSelected = false
    fields[index].move(to: place ?? bytes.endIndex)
    return true
  }
}

// MARK: Editing

extension InputForm {
  /// Changes the focused field. Returns false if there isn't one.
  func change(_ body: (inout FormField) -> Void) -> Bool {
    guard let index = focusedIndex else { return false }
    let before = fields[index].control
    body(&fields[index])
    guard !fields[index].control.hasSameText(as: before) else { return true }
    isValueSelected = false
    // Whoever types has seen where the values are from.
    if notes.origin != nil { notes.origin = nil }
    return true
  }

  private func perform(_ edit: TextEdit, _ goal: Int?) -> Bool {
    guard let field = focusedField else { return false }
    if field.control.list != nil, let isDone = performInList(edit) { return isDone }
    switch field.control.active {
    case .boolean:
      switch edit {
      case .insert(" "), .newline: return toggle()
      case .left: return cycle(by: -1)
      case .right: return cycle(by: 1)
      case .up: return move(by: -1)
      case .down: return move(by: 1)
      case .insert(let text): return paste(text) || turn(text) || refuse(text)
      default: return false
      }
    case .enumeration:
      switch edit {
      case .left: return cycle(by: -1)
      case .right: return cycle(by: 1)
      case .up: return move(by: -1)
      case .down: return move(by: 1)
      case .newline: return openPicker()
      case .insert(" "): return openPicker()
      case .insert(let text):
        // Typing a letter opens the list and filters it. A pasted value that matches a choice
        // selects it.
        if text.count > 1, paste(text) || !hasChoice(like: text) && refuse(text) { return true }
        guard openPicker() else { return false }
        picker?.edit(edit)
        return true
      default: return false
      }
    default: return type(edit, goal)
    }
  }

  /// Replaces a field's text with the result of an external editor.
  ///
  /// - Parameter row: The row of a list that the text belongs to.
  func replaceText(of name: String, row: Int? = nil, with text: String) {
    guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
    isValueSelected = false
    if let row { _ = fields[index].updateCursor { $0.select(row) || $0.selected == row } }
    remembering {
      fields[index].update { $0.buffer = TextBuffer(text, allowsNewlines: $0.allowsNewlines) }
    }
  }

  /// Sets a switch from a letter or word that means on or off.
  private func turn(_ text: String) -> Bool {
    switch text.trimmingBlanks().lowercased() {
    case "y", "yes", "t", "true", "1", "on": change { $0.update { $0.active = .boolean(true) } }
    case "n", "no", "f", "false", "0", "off": change { $0.update { $0.active = .boolean(false) } }
    default: false
    }
  }

  /// Pastes into a control without text, if the value fits it. What a choice is called fits, whatever
  /// its case and the quotes around it.
  private func paste(_ text: String) -> Bool {
    guard let index = focusedIndex else { return false }
    let text = String(text.trimmingBlanks())
    var values: [JSONValue] = [.string(text)]
    if let value = try? JSONValue(parsing: text) { values.append(value) }
    if case .enumeration(let choices, _) = fields[index].control.active {
      let name = text.trimming(while: { "\"'“”‘’".contains($0) }).lowercased()
      values += choices.lazy.filter { $0.plainText.lowercased() == name }.prefix(1)
      values += choices.lazy.filter { self.fields[index].label(of: $0).lowercased() == name }
        .prefix(1)
    }
    for value in values {
      var control = fields[index].control.active
      if control.set(value) {
        fields[index].update { $0.active = control }
        return true
      }
    }
    return false
  }

  /// Whether the open list would show something for this filter.
  private func hasChoice(like text: String) -> Bool {
    guard let field = focusedField, case .enumeration(let choices, _) = field.control.active else {
      return false
    }
    let words = ByteSearch.words(of: text)
    return choices.contains { ByteSearch.contains(words, field.label(of: $0).lowercased()) }
  }

  /// Says why a paste has no effect.
  private func refuse(_ text: String) -> Bool {
    guard let field = focusedField, !text.trimmingBlanks().isEmpty else { return true }
    let words = text.trimmingBlanks().prefix(40).split(whereSeparator: \.isNewline)
      .joined(separator: " ")
    if case .boolean = field.control.active {
      // A letter that means nothing here isn't worth a word.
      if text.count > 1 { refusal = "“\(words)” is neither on nor off, so \(field.name) stays." }
    } else {
      refusal = "“\(words)” isn’t one of the choices of \(field.name)."
    }
    return true
  }

  func refuse(because reason: String) { refusal = reason }

  /// Why the last command had no effect, if somebody has to be told. It is told once.
  func takeRefusal() -> String? {
    defer { refusal = nil }
    return refusal
  }

  private func type(_ edit: TextEdit, _ goal: Int?) -> Bool {
    switch edit {
    case .up: return moveRow(by: -1, goal) || move(by: -1)
    case .down: return moveRow(by: 1, goal) || move(by: 1)
    default: break
    }
    let isWhole = focusedField?.shortText != nil
    let wasSelected = isValueSelected || isWhole
    isValueSelected = isWhole
    let isOneLine = focusedField?.control.active.isUsuallyOneLine == true
    return change { field in
      field.update { control in
        guard var buffer = control.buffer else { return }
        switch edit {
        case .insert(let text) where isOneLine:
          if wasSelected { buffer.text = "" }
          // A line break at the end of a single line came with copying it.
          let line = text.trimming(while: \.isNewline)
          buffer.apply(.insert(line.contains(where: \.isNewline) ? text : String(line)))
        case .insert, .newline, .deleteBackward, .deleteForward, .deleteWordBackward:
          if wasSelected { buffer.text = "" }
          buffer.apply(edit)
        case .left where wasSelected: buffer.move(to: buffer.text.startIndex)
        case .right where wasSelected: buffer.move(to: buffer.text.endIndex)
        default: buffer.apply(edit)
        }
        control.buffer = buffer
      }
    }
  }

  /// Moves the cursor up or down by one visible row.
  private func moveRow(by step: Int, _ goal: Int?) -> Bool {
    guard let index = focusedIndex, let buffer = fields[index].control.buffer,
      buffer.allowsNewlines, fields[index].control.list == nil, !isValueSelected,
      fields[index].shortText == nil
    else { return false }
    let width = typesetting.width
    let rows = textRows.rows(of: buffer.text, columns: typesetting.textColumns, width: width)
    let target = rows.row(of: buffer.cursor) + step
    guard (0..<rows.count).contains(target) else { return false }
    let column = goal ?? rows.column(of: buffer.cursor, width: width)
    goalColumn = column
    let place = rows.place(row: target, column: column, width: width)
    fields[index].move(to: place)
    return true
  }

  func activate() -> Bool {
    switch focusedField?.control.active {
    case nil: return false
    case .enumeration: return openPicker()
    case .json where !isExpanded && focusedField?.control.list == nil: return expand()
    default: return advance()
    }
  }

  /// Moves to the next field. Returns false on the last one.
  func advance() -> Bool {
    if collapse() { return focus == visible.count - 1 || move(by: 1) }
    return moveInList(by: 1) || focus < visible.count - 1 && move(by: 1)
  }

  func toggle() -> Bool {
    guard let field = focusedField else { return false }
    switch field.control.active {
    case .boolean(let isOn): return change { $0.update { $0.active = .boolean(!(isOn ?? false)) } }
    case .enumeration: return openPicker()
    default: return type(.insert(" "), nil)
    }
  }

  private func step(up: Bool) -> Bool {
    guard let field = focusedField else { return false }
    if field.control.list != nil { return moveRow(by: up ? -1 : 1) }
    switch field.control {
    case .integer(let buffer, let rules):
      let text = buffer.isEmpty ? nil : NumberText.stepped(buffer.text, by: up ? 1 : -1, rules)
      return fill(text ?? (buffer.isEmpty ? start(of: field, rules) : nil))
    case .number(let buffer, let rules):
      let text = buffer.isEmpty ? nil : NumberText.stepped(buffer.text, up: up, rules)
      return fill(text ?? (buffer.isEmpty ? start(of: field, rules) : nil))
    case .boolean: return change { $0.update { $0 = .boolean(up) } }
    case .enumeration: return cycle(by: up ? 1 : -1)
    default: return false
    }
  }

  /// The starting point for stepping in an empty number: the default, the minimum, or 0.
  private func start(of field: FormField, _ rules: NumberRules) -> String {
    if case .number(let number) = field.input.defaultValue { return number.literal }
    var isWhole = false
    if case .integer = field.control { isWhole = true }
    return NumberText.bound(isLow: true, isWhole: isWhole, rules) ?? "0"
  }

  /// Enters a number as if it were typed, and selects it. Nil changes nothing.
  func fill(_ text: String?) -> Bool {
    guard let text else { return true }
    _ = change { $0.update { $0.buffer?.text = text } }
    isValueSelected = true
    return true
  }

  private func toBound(isLow: Bool) -> Bool {
    guard let field = focusedField else { return false }
    switch field.control.active {
    case .integer(_, let rules):
      return fill(NumberText.bound(isLow: isLow, isWhole: true, rules))
    case .number(_, let rules):
      return fill(NumberText.bound(isLow: isLow, isWhole: false, rules))
    case .enumeration(let choices, _):
      guard let value = isLow ? choices.first : choices.last else { return true }
      return change { field in
        field.update { control in
          var active = control.active
          if active.set(value) { control.active = active }
        }
      }
    default: return false
    }
  }

  private func cycle(by steps: Int) -> Bool {
    guard let field = focusedField else { return false }
    switch field.control.active {
    case .boolean: return toggle()
    case .enumeration(let choices, let selected):
      guard !choices.isEmpty else { return true }
      let start = selected ?? (steps > 0 ? -1 : choices.count)
      let next = (start + steps + choices.count) % choices.count
      return change { $0.update { $0.active = .enumeration(choices, selected: next) } }
    case .integer, .number: return step(up: steps > 0)
    default: return false
    }
  }

  private func unset() -> Bool {
    let isDone = remembering { change { $0.reset() } }
    isValueSelected = selectsOnArrival
    return isDone
  }

  private func resetAll() -> Bool {
    remembering {
      for index in fields.indices { fields[index].reset() }
      extras = [:]
      if runOptions != nil { restoreOptions([:]) }
      // They are about the values that are gone.
      notes = FormNotes()
    }
    isValueSelected = selectsOnArrival
    return true
  }
}
