import ReplicateAPI
import Running

/// The control for one input, and its current content. One case per kind of control.
public enum FieldControl: Sendable, Equatable {
  case text(TextBuffer, TextRules)
  case secret(TextBuffer, TextRules)
  case file(TextBuffer, FileRules)
  case integer(TextBuffer, NumberRules)
  case number(TextBuffer, NumberRules)
  case boolean(Bool?)
  case enumeration([JSONValue], selected: Int?)
  case list(ListControl)
  /// Objects, unions, and unknown types, entered as JSON and checked against the kind.
  case json(TextBuffer, InputKind)

  /// The parsed content of a control.
  public enum Reading: Sendable, Equatable {
    case nothing
    case value(JSONValue)
    /// Invalid. The message follows the field's name.
    case wrong(String)
  }

  /// An empty control for a kind of input.
  public init(_ kind: InputKind) {
    switch kind {
    case .text(let rules): self = .text(TextBuffer(allowsNewlines: true), rules)
    // A key in several lines can be pasted, though not typed.
    case .secret(let rules): self = .secret(TextBuffer(allowsNewlines: true), rules)
    case .file(let rules): self = .file(TextBuffer(), rules)
    case .integer(let rules): self = .integer(TextBuffer(), rules)
    case .number(let rules): self = .number(TextBuffer(), rules)
    case .boolean: self = .boolean(nil)
    case .enumeration(let choices): self = .enumeration(choices, selected: nil)
    case .array(let element, let minItems, let maxItems):
      self = .list(ListControl(of: element, minItems: minItems, maxItems: maxItems))
    case .object, .union, .json:
      self = .json(TextBuffer(allowsNewlines: true), kind)
    }
  }

  /// Whether the control accepts typed text.
  public var isTyped: Bool { buffer != nil }

  /// The control that keys go to: the one of a list's row, or else the control itself.
  public var active: FieldControl {
    get { if case .list(let list) = self { list.active } else { self } }
    set {
      if case .list(var list) = self {
        list.active = newValue
        self = .list(list)
      } else {
        self = newValue
      }
    }
  }

  /// The list that is edited as rows, if it is one.
  public var list: ListControl? { if case .list(let list) = self { list } else { nil } }

  /// Whether the text can have several lines.
  public var allowsNewlines: Bool {
    switch self {
    case .text, .json: true
    case .list(let list): list.active.allowsNewlines
    case .secret, .file, .integer, .number, .boolean, .enumeration: false
    }
  }

  /// Whether what is typed is a single line as a rule, so that a line break at its end means nothing.
  var isUsuallyOneLine: Bool {
    switch self {
    case .text(_, let rules):
      rules.format != nil || rules.pattern != nil || (rules.maxLength ?? .max) < 200
    case .secret, .file, .integer, .number: true
    case .boolean, .enumeration, .list, .json: false
    }
  }

  /// The text being edited, for controls that have one.
  public var buffer: TextBuffer? {
    get {
      switch self {
      case .text(let buffer, _), .secret(let buffer, _), .file(let buffer, _),
        .integer(let buffer, _), .number(let buffer, _), .json(let buffer, _):
        buffer
      case .list(let list): list.active.buffer
      case .boolean, .enumeration: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .text(_, let rules): self = .text(newValue, rules)
      case .secret(_, let rules): self = .secret(newValue, rules)
      case .file(_, let rules): self = .file(newValue, rules)
      case .integer(_, let rules): self = .integer(newValue, rules)
      case .number(_, let rules): self = .number(newValue, rules)
      case .json(_, let kind): self = .json(newValue, kind)
      case .list:
        var control = active
        control.buffer = newValue
        active = control
      case .boolean, .enumeration: break
      }
    }
  }

  /// The validated content.
  public var reading: Reading {
    switch self {
    case .text(let buffer, let rules), .secret(let buffer, let rules):
      if buffer.isEmpty { return .nothing }
      return Reading(.string(buffer.text), InputRules.problem(ofText: buffer.text, rules))
    case .file(let buffer, let rules):
      let text = buffer.text.trimmingBlanks()
      if text.isEmpty { return .nothing }
      return Reading(.string(String(text)), InputRules.problem(ofFile: String(text), rules))
    case .integer(let buffer, let rules):
      if buffer.text.trimmingBlanks().isEmpty { return .nothing }
      guard let number = NumberText.integer(in: buffer.text) else {
        return .wrong("must be a whole number")
      }
      return Reading(.number(number), NumberText.problem(ofWhole: number, rules))
    case .number(let buffer, let rules):
      if buffer.text.trimmingBlanks().isEmpty { return .nothing }
      guard let number = NumberText.number(in: buffer.text), number.double.isFinite else {
        return .wrong("must be a number")
      }
      return Reading(.number(number), NumberText.problem(of: number, rules))
    case .boolean(let isOn):
      return isOn.map { .value(.bool($0)) } ?? .nothing
    case .enumeration(let choices, let selected):
      guard let selected, choices.indices.contains(selected) else { return .nothing }
      return .value(choices[selected])
    case .list(let list): return list.reading
    case .json(let buffer, let kind):
      return Self.reading(ofJSON: buffer.text, kind)
    }
  }

  /// Sets the value. Returns false and changes nothing if this kind of control can't hold it.
  public mutating func set(_ value: JSONValue) -> Bool {
    switch self {
    case .text, .secret, .file:
      guard let text = value.string else { return false }
      buffer?.text = text
    case .integer, .number:
      guard case .number(let number) = value else { return false }
      // Accept 4.0 as the whole number 4.
      if case .integer = self, let whole = number.whole {
        buffer?.text = String(whole)
      } else {
        buffer?.text = number.literal
      }
    case .boolean:
      guard let isOn = value.bool else { return false }
      self = .boolean(isOn)
    case .enumeration(let choices, _):
      guard let index = choices.firstIndex(of: value) else { return false }
      self = .enumeration(choices, selected: index)
    case .list(var list):
      guard list.set(value) else { return false }
      self = .list(list)
    case .json(_, let kind):
      guard !value.isNull || kind.allowsNull else { return false }
      buffer?.text = Self.text(for: value, kind)
    }
    return true
  }

  /// Clears the control.
  public mutating func clear() {
    switch self {
    case .boolean: self = .boolean(nil)
    case .enumeration(let choices, _): self = .enumeration(choices, selected: nil)
    case .list(var list):
      list.clear()
      self = .list(list)
    default: buffer?.text = ""
    }
  }

  /// Whether the content is the same, regardless of the cursor.
  func holdsSame(as other: Self) -> Bool {
    if let list { return other.list.map(list.holdsSame) ?? false }
    if buffer != nil { return hasSameText(as: other) }
    return self == other
  }

  /// Whether the typed text is the same. Long texts of different sizes aren't compared.
  func hasSameText(as other: Self) -> Bool {
    let (one, other) = (buffer?.text, other.buffer?.text)
    return one?.utf8.count == other?.utf8.count && one == other
  }

  /// Reads JSON. Where the kind allows text among others, what is no JSON of another kind is a text,
  /// without quotes.
  private static func reading(ofJSON text: String, _ kind: InputKind) -> Reading {
    if text.trimmingBlanks().isEmpty { return .nothing }
    let bare = bareText(text, kind)
    do throws(JSONSyntaxError) {
      let value = try JSONValue(parsing: text)
      if value.isNull, !kind.allowsNull {
        return bare ?? .wrong("can't be null: leave it empty instead")
      }
      let problem = InputRules.problem(of: value, kind)
      if problem != nil, value.isScalar, value.string == nil, let bare { return bare }
      return Reading(value, problem)
    } catch {
      let words = kind.choiceWords
      if let words, text.first.map({ !"{[\"".contains($0) }) ?? false {
        return bare ?? .wrong(words)
      }
      return bare
        ?? .wrong("isn't valid JSON: line \(error.line), column \(error.column): \(error.message)")
    }
  }

  /// A text without quotes, where the kind allows that text or texts in general.
  private static func bareText(_ text: String, _ kind: InputKind) -> Reading? {
    guard case .union(let kinds) = kind else { return nil }
    let isChoice = kinds.contains { kind in
      if case .enumeration(let choices) = kind { choices.contains(.string(text)) } else { false }
    }
    if isChoice { return .value(.string(text)) }
    return kind.textRules.map { rules in
      Reading(.string(text), InputRules.problem(ofText: text, rules))
    }
  }

  /// How a value stands in the control: as JSON, or bare if it is a text that reads as the same.
  private static func text(for value: JSONValue, _ kind: InputKind) -> String {
    if let text = value.string, reading(ofJSON: text, kind) == .value(value) { return text }
    return value.serialized()
  }
}

extension InputKind {
  /// What can be entered, in words, if that is one of a few choices or something simple.
  fileprivate var choiceWords: String? {
    guard case .union(let kinds) = self else { return nil }
    var words: [String] = []
    for kind in kinds {
      switch kind {
      case .enumeration(let choices):
        words += choices.prefix(8).map(\.choiceText)
        if choices.count > 8 { words.append("…") }
      case .integer: words.append("a whole number")
      case .number: words.append("a number")
      case .boolean: words.append("true or false")
      default: words.append("JSON")
      }
    }
    return kinds.contains { if case .enumeration = $0 { true } else { false } }
      ? "must be one of: \(words.joined(separator: ", "))" : nil
  }

  /// The rules for a text among the alternatives of a union.
  fileprivate var textRules: TextRules? {
    guard case .union(let kinds) = self else { return nil }
    var rules: TextRules?
    for kind in kinds {
      switch kind {
      case .text(let own): rules = own
      case .file: rules = rules ?? TextRules()
      default: break
      }
    }
    return rules
  }

  fileprivate var allowsNull: Bool {
    guard case .union(let kinds) = self else { return false }
    return kinds.contains(.enumeration([.null]))
  }
}

extension JSONValue {
  fileprivate var isScalar: Bool { array == nil && object == nil }
}

extension FieldControl.Reading {
  fileprivate init(_ value: JSONValue, _ problem: String?) {
    self = problem.map(Self.wrong) ?? .value(value)
  }
}
