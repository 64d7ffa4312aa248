/// An input of a model, as described by its schema.
public struct InputField: Sendable, Hashable, Identifiable {
  /// The key in ``Prediction/input``.
  public var name: String
  public var title: String?
  /// Markdown, possibly long; empty if there is none.
  public var description: String
  public var kind: InputKind
  public var isRequired: Bool
  /// Whether the schema allows null. The service takes null only if the input is required, so leave
  /// the key of an optional one out instead.
  public var isNullable: Bool
  public var isDeprecated: Bool
  /// The value that the model uses if the input is left out; nil if there is none, or null.
  public var defaultValue: JSONValue?
  /// What to show in place of the choices of an enumeration, for those that have a title.
  public var choiceTitles: [JSONValue: String]
  /// Whether the elements of a list have to differ from each other.
  public var hasUniqueItems: Bool

  public init(
    name: String, title: String? = nil, description: String = "", kind: InputKind = .text(),
    isRequired: Bool = false, isNullable: Bool = false, isDeprecated: Bool = false,
    defaultValue: JSONValue? = nil, choiceTitles: [JSONValue: String] = [:],
    hasUniqueItems: Bool = false
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.kind = kind
    self.isRequired = isRequired
    self.isNullable = isNullable
    self.isDeprecated = isDeprecated
    self.defaultValue = defaultValue
    self.choiceTitles = choiceTitles
    self.hasUniqueItems = hasUniqueItems
  }

  public var id: String { name }
}

/// The kind of value that an input takes, which decides the control in a form.
public indirect enum InputKind: Sendable, Hashable {
  case text(TextRules = TextRules())
  /// Text that must not be shown or stored.
  case secret(TextRules = TextRules())
  /// The address of a file: an https address or a data URI.
  case file(FileRules = FileRules())
  case integer(NumberRules = NumberRules())
  case number(NumberRules = NumberRules())
  case boolean
  /// One of these values, which may be numbers.
  case enumeration([JSONValue])
  case array(InputKind, minItems: Int? = nil, maxItems: Int? = nil)
  case object(ObjectRules = ObjectRules())
  /// A value of any of these kinds. Null, where it is allowed inside of another value, is an
  /// enumeration of null.
  case union([InputKind])
  /// Any value: a schema that isn't understood.
  case json
}

extension InputKind {
  /// Whether values are secrets or files, which the service returns redacted or changed.
  var isPrivate: Bool {
    switch self {
    case .secret, .file: true
    case .array(let element, _, _): element.isPrivate
    case .object(let rules):
      rules.members.contains { $0.kind.isPrivate } || rules.others?.isPrivate == true
    case .union(let kinds): kinds.contains { $0.isPrivate }
    case .text, .integer, .number, .boolean, .enumeration, .json: false
    }
  }

  /// Whether values are files.
  var isFile: Bool {
    switch self {
    case .file: true
    case .array(let element, _, _): element.isFile
    case .object(let rules):
      rules.members.contains { $0.kind.isFile } || rules.others?.isFile == true
    case .union(let kinds): kinds.contains { $0.isFile }
    case .text, .secret, .integer, .number, .boolean, .enumeration, .json: false
    }
  }
}

/// The constraints of a text.
public struct TextRules: Sendable, Hashable {
  /// In Unicode scalars, as in JSON Schema.
  public var minLength: Int?
  public var maxLength: Int?
  /// A regular expression that has to match somewhere in the text.
  public var pattern: String?
  /// Nil if there is none, or one that only the service can check.
  public var format: TextFormat?

  public init(
    minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil,
    format: TextFormat? = nil
  ) {
    self.minLength = minLength
    self.maxLength = maxLength
    self.pattern = pattern
    self.format = format
  }
}

/// The constraints of a file.
public struct FileRules: Sendable, Hashable {
  /// The media types that the model accepts, such as `image/png` or `audio/*`; empty if its schema
  /// doesn't say.
  public var accept: [String]

  public init(accept: [String] = []) {
    self.accept = accept
  }
}

/// The constraints of a number. They are exact: a double couldn't hold the bounds of a 64-bit seed.
public struct NumberRules: Sendable, Hashable {
  /// The smallest number allowed.
  public var minimum: JSONNumber?
  /// The largest number allowed.
  public var maximum: JSONNumber?
  /// Only larger numbers are allowed.
  public var exclusiveMinimum: JSONNumber?
  /// Only smaller numbers are allowed.
  public var exclusiveMaximum: JSONNumber?
  /// Only multiples of this number are allowed.
  public var multipleOf: JSONNumber?

  public init(
    minimum: JSONNumber? = nil, maximum: JSONNumber? = nil, exclusiveMinimum: JSONNumber? = nil,
    exclusiveMaximum: JSONNumber? = nil, multipleOf: JSONNumber? = nil
  ) {
    self.minimum = minimum
    self.maximum = maximum
    self.exclusiveMinimum = exclusiveMinimum
    self.exclusiveMaximum = exclusiveMaximum
    self.multipleOf = multipleOf
  }
}

/// The constraints of an object: what is known about its members.
public struct ObjectRules: Sendable, Hashable {
  public struct Member: Sendable, Hashable {
    public var name: String
    public var kind: InputKind
    public var isRequired: Bool

    public init(name: String, kind: InputKind, isRequired: Bool = false) {
      self.name = name
      self.kind = kind
      self.isRequired = isRequired
    }
  }

  /// The members that the schema names.
  public var members: [Member]
  /// The kind of all other members; nil if there may be none.
  public var others: InputKind?

  public init(members: [Member] = [], others: InputKind? = .json) {
    self.members = members
    self.others = others
  }
}

/// The kind of output that a model promises. Outputs may differ from it, so look at the value
/// first.
public enum OutputKind: Sendable, Hashable {
  case text
  /// A text in pieces, to be joined without a separator.
  case textStream
  case file
  case files
  /// Files one after another. In some models, each refines the one before.
  case fileStream
  /// Any other value, such as an object or a number.
  case json
  /// The schema doesn't say.
  case none
}
