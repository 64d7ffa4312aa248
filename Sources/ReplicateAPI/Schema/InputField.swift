/// One input of a model, as its schema describes it.
public struct InputField: Sendable, Hashable, Identifiable {
  /// The key in a prediction's input.
  public var name: String
  public var title: String?
  /// Markdown, perhaps long; empty where there is none.
  public var description: String
  public var kind: InputKind
  public var isRequired: Bool
  /// Whether the schema says that null is allowed. The service refuses it all the same: leave the
  /// key out.
  public var isNullable: Bool
  public var isDeprecated: Bool
  /// What the model takes where the input is left out; nil where nothing is said, or null.
  public var defaultValue: JSONValue?

  public init(
    name: String, title: String? = nil, description: String = "", kind: InputKind = .text(),
    isRequired: Bool = false, isNullable: Bool = false, isDeprecated: Bool = false,
    defaultValue: JSONValue? = nil
  ) {
    self.name = name
    self.title = title
    self.description = description
    self.kind = kind
    self.isRequired = isRequired
    self.isNullable = isNullable
    self.isDeprecated = isDeprecated
    self.defaultValue = defaultValue
  }

  public var id: String { name }
}

/// What an input takes, and so which control a form shows for it.
public indirect enum InputKind: Sendable, Hashable {
  case text(TextRules = TextRules())
  /// Text that is shown to nobody and kept nowhere.
  case secret(TextRules = TextRules())
  /// An address of a file: https, or a data URI.
  case file
  case integer(NumberRules = NumberRules())
  case number(NumberRules = NumberRules())
  case boolean
  /// One of these values, which may be numbers.
  case enumeration([JSONValue])
  case array(InputKind, minItems: Int? = nil, maxItems: Int? = nil)
  /// Objects, unions and whatever isn't understood.
  case json
}

extension InputKind {
  /// Whether what is put in is a secret or a file, which the service doesn't tell as it was sent.
  var isPrivate: Bool {
    switch self {
    case .secret, .file: true
    case .array(let element, _, _): element.isPrivate
    case .text, .integer, .number, .boolean, .enumeration, .json: false
    }
  }
}

/// What a text must keep to.
public struct TextRules: Sendable, Hashable {
  /// In Unicode scalars, as JSON Schema counts.
  public var minLength: Int?
  public var maxLength: Int?
  /// A regular expression.
  public var pattern: String?

  public init(minLength: Int? = nil, maxLength: Int? = nil, pattern: String? = nil) {
    self.minLength = minLength
    self.maxLength = maxLength
    self.pattern = pattern
  }
}

/// What a number must keep to; both bounds are allowed values.
public struct NumberRules: Sendable, Hashable {
  public var minimum: Double?
  public var maximum: Double?

  public init(minimum: Double? = nil, maximum: Double? = nil) {
    self.minimum = minimum
    self.maximum = maximum
  }
}

/// What a model gives back. Show the value first, and this where the value leaves a doubt.
public enum OutputKind: Sendable, Hashable {
  case text
  /// Pieces of one text, to be joined without anything between them.
  case textStream
  case file
  case files
  /// Files one after another; in some models each refines the one before.
  case fileStream
  /// Objects, numbers, lists of them.
  case json
  /// The schema doesn't say.
  case none
}
