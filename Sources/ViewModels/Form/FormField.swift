import ReplicateAPI
import Running

/// One input of a model in a form: what the schema asks, what stands there, and what is wrong.
public struct FormField: Sendable, Identifiable {
  /// Where the value comes from.
  public enum State: Sendable, Hashable {
    /// Nothing is there.
    case unset
    /// The schema's default stands there, or what a required field starts with.
    case byDefault
    /// A person, a prefill or a dice set it.
    case explicit
  }

  /// The sign before the name.
  public enum Mark: Sendable, Hashable {
    case none
    /// Required and empty.
    case required
    /// Set to something that isn't the default.
    case changed
    case invalid
  }

  public let input: InputField
  /// What the field is for, its Markdown stripped. Still text from elsewhere: sanitise to draw.
  public let summary: String
  public private(set) var control: FieldControl
  public private(set) var state: State = .unset

  private let initial: FieldControl
  private var reading: FieldControl.Reading = .nothing
  private var rejection: String?
  private var tellsMissing = false

  /// The field as it starts: its default, or what a required one starts with without any.
  public init(_ input: InputField) {
    self.input = input
    summary = MarkdownText.plain(input.description)
    var control = FieldControl(input.kind)
    let hasDefault = input.defaultValue.map { control.set($0) } ?? false
    if !hasDefault, input.isRequired {
      switch control {
      case .boolean: control = .boolean(false)
      case .enumeration(let choices, _) where !choices.isEmpty:
        control = .enumeration(choices, selected: 0)
      default: break
      }
    }
    self.control = control
    initial = control
    read()
  }

  public var id: String { input.name }
  public var name: String { input.name }
  public var isRequired: Bool { input.isRequired }
  public var isDeprecated: Bool { input.isDeprecated }
  public var isSecret: Bool { if case .secret = control { true } else { false } }
  /// Whether it holds the start of a random sequence, which a dice can throw.
  public var isSeed: Bool {
    if case .integer = control { name.lowercased().hasSuffix("seed") } else { false }
  }

  public var isMissing: Bool { isRequired && reading == .nothing }
  public var isInvalid: Bool { if case .wrong = reading { true } else { rejection != nil } }

  public var mark: Mark {
    if isInvalid { return .invalid }
    if isMissing { return .required }
    return state == .explicit ? .changed : .none
  }

  /// What is wrong, in words; nil while nothing is, or while an empty field needs no telling yet.
  public var problem: String? {
    if let rejection { return rejection }
    switch reading {
    case .wrong(let problem): return problem
    case .nothing where tellsMissing && isRequired: return "is required"
    case .nothing, .value: return nil
    }
  }

  /// What is sent: nil for an optional field that is unset or as its default, and for what is wrong.
  public var payload: JSONValue? {
    guard case .value(let value) = reading, isRequired || state == .explicit else { return nil }
    return value
  }

  /// The value in force, the default included.
  public var value: JSONValue? { if case .value(let value) = reading { value } else { nil } }

  /// What an empty control says in its place: the default, where one exists and would be taken.
  public var placeholder: String {
    if state == .explicit, control.buffer?.text.isEmpty == true { return "(empty)" }
    if let value = input.defaultValue, !value.isNull {
      let text = value.plainText
      if !text.isEmpty { return text }
    }
    switch control {
    case .file: return "https://…"
    case .enumeration: return "choose"
    case .json(_, .array): return "[…]"
    case .json: return "{…}"
    default: return ""
    }
  }

  /// The choice of an enumeration, as a person reads it.
  public var choice: String? {
    guard case .enumeration(let choices, let selected?) = control else { return nil }
    return choices[selected].choiceText
  }

  /// The unit or the range, in a word or two.
  public var hint: String {
    switch control {
    case .text(_, let rules):
      return rules.maxLength.map { "≤ \($0) characters" } ?? "text"
    case .secret: return "secret"
    case .file: return "file"
    case .integer(_, let rules): return NumberText.range(rules) ?? "integer"
    case .number(_, let rules): return NumberText.range(rules) ?? "number"
    case .boolean: return ""
    case .enumeration(let choices, let selected):
      let count = "\(choices.count)"
      return selected.map { "\($0 + 1) of \(count)" } ?? "\(count) choices"
    case .json(_, .array(let element, minItems: _, maxItems: _)):
      return "list of \(Self.plural(of: element))"
    case .json: return "JSON"
    }
  }

  /// How far along its bounds a number stands, from 0 to 1; nil without both bounds or a number.
  public var fraction: Double? {
    switch control {
    case .integer(_, let rules), .number(_, let rules):
      guard let low = rules.minimum, let high = rules.maximum, high > low else { return nil }
      let number = control.buffer.flatMap { NumberText.number(in: $0.text) }?.double
      guard let value = number ?? input.defaultValue?.double else { return nil }
      return min(1, max(0, (value - low) / (high - low)))
    default: return nil
    }
  }

  // MARK: Changes

  /// Changes what stands there; whatever the service said of the old content is forgotten.
  mutating func update(_ change: (inout FieldControl) -> Void) {
    change(&control)
    rejection = nil
    read()
  }

  /// Moves the cursor of its text; what was said of the content stays.
  mutating func move(to place: String.Index) {
    control.buffer?.move(to: place)
  }

  /// Fills in a value; false, and nothing changes, where it doesn't fit the kind of field.
  mutating func set(_ value: JSONValue) -> Bool {
    var fits = false
    update { fits = $0.set(value) }
    return fits
  }

  mutating func reset() {
    tellsMissing = false
    let initial = initial
    update { $0 = initial }
  }

  mutating func reject(_ reason: String) { rejection = reason }

  mutating func tellMissing() { tellsMissing = true }

  private mutating func read() {
    reading = control.reading
    // An emptied text differs from its default, and can be meant.
    if case .text = control, reading == .nothing, let text = input.defaultValue?.string,
      text.isEmpty || !isRequired
    {
      reading = .value(.string(""))
    }
    // Some schemas' defaults break their own rules; the model takes them all the same.
    if case .wrong = reading, let value = input.defaultValue, control.holdsSame(as: initial) {
      reading = .value(value)
    }
    switch reading {
    case .nothing: state = .unset
    case .wrong: state = .explicit
    case .value(let value):
      let isInitial = value == input.defaultValue || control.holdsSame(as: initial)
      state = isInitial ? .byDefault : .explicit
    }
  }

  private static func plural(of kind: InputKind) -> String {
    switch kind {
    case .text, .secret: "texts"
    case .file: "files"
    case .integer, .number: "numbers"
    case .boolean: "switches"
    case .enumeration: "choices"
    case .array: "lists"
    case .json: "values"
    }
  }
}
