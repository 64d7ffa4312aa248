import ReplicateAPI
import Running

/// The control for one input, and its current content. One case per kind of control.
public enum FieldControl: Sendable, Equatable {
  case text(TextBuffer, TextRules)
  case secret(TextBuffer, TextRules)
  case file(TextBuffer)
  case integer(TextBuffer, NumberRules)
  case number(TextBuffer, NumberRules)
  case boolean(Bool?)
  case enumeration([JSONValue], selected: Int?)
  /// Objects, unions, lists, and unknown types, entered as JSON and checked against the kind.
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
    case .secret(let rules): self = .secret(TextBuffer(), rules)
    case .file: self = .file(TextBuffer())
    case .integer(let rules): self = .integer(TextBuffer(), rules)
    case .number(let rules): self = .number(TextBuffer(), rules)
    case .boolean: self = .boolean(nil)
    case .enumeration(let choices): self = .enumeration(choices, selected: nil)
    case .array, .json: self = .json(TextBuffer(allowsNewlines: true), kind)
    }
  }

  /// Whether the control accepts typed text.
  public var isTyped: Bool { buffer != nil }

  /// Whether the text can have several lines.
  public var allowsNewlines: Bool {
    switch self {
    case .text, .json: true
    case .secret, .file, .integer, .number, .boolean, .enumeration: false
    }
  }

  /// The text being edited, for controls that have one.
  public var buffer: TextBuffer? {
    get {
      switch self {
      case .text(let buffer, _), .secret(let buffer, _), .file(let buffer),
        .integer(let buffer, _), .number(let buffer, _), .json(let buffer, _):
        buffer
      case .boolean, .enumeration: nil
      }
    }
    set {
      guard let newValue else { return }
      switch self {
      case .text(_, let rules): self = .text(newValue, rules)
      case .secret(_, let rules): self = .secret(newValue, rules)
      case .file: self = .file(newValue)
      case .integer(_, let rules): self = .integer(newValue, rules)
      case .number(_, let rules): self = .number(newValue, rules)
      case .json(_, let kind): self = .json(newValue, kind)
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
    case .file(let buffer):
      let text = buffer.text.trimmingBlanks()
      if text.isEmpty { return .nothing }
      return Reading(.string(String(text)), InputRules.problem(ofFile: String(text)))
    case .integer(let buffer, let rules):
      if buffer.text.trimmingBlanks().isEmpty { return .nothing }
      guard let number = NumberText.integer(in: buffer.text) else {
        return .wrong("must be a whole number")
      }
      return Reading(.number(number), NumberText.problem(of: number.double, rules))
    case .number(let buffer, let rules):
      if buffer.text.trimmingBlanks().isEmpty { return .nothing }
      guard let number = NumberText.number(in: buffer.text), number.double.isFinite else {
        return .wrong("must be a number")
      }
      return Reading(.number(number), NumberText.problem(of: number.double, rules))
    case .boolean(let isOn):
      return isOn.map { .value(.bool($0)) } ?? .nothing
    case .enumeration(let choices, let selected):
      return selected.map { .value(choices[$0]) } ?? .nothing
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
      if case .integer = self, let whole = number.int {
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
    case .json:
      guard !value.isNull else { return false }
      buffer?.text = value.serialized()
    }
    return true
  }

  /// Clears the control.
  public mutating func clear() {
    switch self {
    case .boolean: self = .boolean(nil)
    case .enumeration(let choices, _): self = .enumeration(choices, selected: nil)
    default: buffer?.text = ""
    }
  }

  /// Whether the content is the same, regardless of the cursor.
  func holdsSame(as other: Self) -> Bool {
    if let buffer { return buffer.text == other.buffer?.text }
    return self == other
  }

  private static func reading(ofJSON text: String, _ kind: InputKind) -> Reading {
    if text.trimmingBlanks().isEmpty { return .nothing }
    do throws(JSONSyntaxError) {
      let value = try JSONValue(parsing: text)
      return Reading(value, InputRules.problem(of: value, kind))
    } catch {
      return .wrong(
        "isn't valid JSON: line \(error.line), column \(error.column): \(error.message)")
    }
  }
}

extension FieldControl.Reading {
  fileprivate init(_ value: JSONValue, _ problem: String?) {
    self = problem.map(Self.wrong) ?? .value(value)
  }
}
