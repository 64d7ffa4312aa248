import OrderedCollections
import ReplicateAPI

/// One field of a form as it is kept: its value, and what was typed where that says more.
public struct KeptValue: Hashable, Sendable {
  /// What was typed, if it isn't just the value: half of a JSON text, a number out of its bounds.
  public var text: String?
  /// Nil if the field is empty, or what was typed isn't valid.
  public var value: JSONValue?
  /// The rows of a list that isn't valid as a whole.
  public var items: [KeptValue]?
  /// The files on this machine in it that somebody else has named, such as an example.
  public var foreignFiles: Set<String>

  public init(
    text: String? = nil, value: JSONValue? = nil, items: [KeptValue]? = nil,
    foreignFiles: Set<String> = []
  ) {
    self.text = text
    self.value = value
    self.items = items
    self.foreignFiles = foreignFiles
  }

  /// The value, or else what was typed.
  public var shown: JSONValue? {
    value ?? text.map { .string($0) } ?? items.map { .array($0.map { $0.shown ?? .null }) }
  }
}

/// Fields by name, without those that are as the schema has them, and without secrets.
public typealias KeptValues = OrderedDictionary<String, KeptValue>

/// The values of a model's form, kept on this machine: a draft, a preset, or what one of them
/// replaced.
public struct SavedInput: Hashable, Sendable, Identifiable {
  /// Local to this machine.
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    /// A new ID of 32 random hexadecimal digits.
    public init() {
      self.init(rawValue: PredictionIntent.ID().rawValue)
    }
  }

  public enum Kind: Hashable, Sendable {
    /// What is in a form that hasn't been sent.
    case draft
    /// A draft that something else was filled in over.
    case replaced
    /// Values that somebody gave a name to.
    case preset(name: String)
  }

  public var id: ID
  public var kind: Kind
  public var model: ModelID
  /// Nil for whatever was the latest version.
  public var version: ModelVersion.ID?
  public var fields: KeptValues
  /// What the model has no field for.
  public var extras: JSONObject
  /// The run options, as the fields of their own form.
  public var options: KeptValues
  /// The lists of a sweep, in whatever form the sweep keeps them.
  public var sweep: JSONValue?
  /// The names of the fields that had a value that isn't kept: secrets, and what is too large.
  public var omitted: [String]
  public var savedAt: Timestamp

  public init(
    id: ID = ID(), kind: Kind, model: ModelID, version: ModelVersion.ID? = nil,
    fields: KeptValues = [:], extras: JSONObject = [:], options: KeptValues = [:],
    sweep: JSONValue? = nil, omitted: [String] = [],
    savedAt: Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.model = model
    self.version = version
    self.fields = fields
    self.extras = extras
    self.options = options
    self.sweep = sweep
    self.omitted = omitted
    self.savedAt = savedAt
  }
}
