/// The target of a run: a version, an official model, or a deployment.
public enum PredictionTarget: Hashable, Sendable {
  case version(ModelVersion.ID)
  case model(ModelID)
  case deployment(ModelID)
}

/// A run to create: its target and its input.
public struct PredictionRequest: Sendable, Hashable {
  public var target: PredictionTarget
  /// The version's model, if it is known. The service may answer with another version of it.
  public var model: ModelID?
  public var input: JSONObject
  public var options: PredictionOptions
  /// The names of the inputs that hold secrets or files. The service redacts secrets and changes
  /// the addresses of files, so these inputs are neither stored nor compared.
  public var privateInputs: Set<String>
  /// The names of the private inputs that hold files. A ``CallRecord`` shows their addresses and
  /// masks all other private inputs.
  public var fileInputs: Set<String>
  /// The names of the private inputs that hold secrets, such as an object with a file and a password.
  package var secretInputs: Set<String>

  /// A run whose secret and file inputs are named: those of `fileInputs` hold no secrets.
  public init(
    _ target: PredictionTarget, of model: ModelID? = nil, input: JSONObject,
    options: PredictionOptions = PredictionOptions(), privateInputs: Set<String> = [],
    fileInputs: Set<String> = []
  ) {
    self.target = target
    self.model = model
    self.input = input
    self.options = options
    self.privateInputs = privateInputs
    self.fileInputs = fileInputs
    secretInputs = privateInputs.subtracting(fileInputs)
  }

  /// A run whose secret and file inputs are found in the model's schema.
  public init(
    _ target: PredictionTarget, of model: ModelID? = nil, input: JSONObject,
    schema: ModelSchema, options: PredictionOptions = PredictionOptions()
  ) {
    let names = schema.inputs.filter { $0.kind.isPrivate }.map(\.name)
    let files = schema.inputs.filter { $0.kind.isFile }.map(\.name)
    // What the model has no input for goes by its name.
    let known = Set(schema.inputs.map(\.name))
    let others = input.filter { !known.contains($0) && Secrets.areIn($1, named: $0) }.map(\.key)
    self.init(
      target, of: model, input: input, options: options, privateInputs: Set(names + others),
      fileInputs: Set(files))
    secretInputs = Set(schema.inputs.filter { $0.kind.holdsSecrets }.map(\.name) + others)
  }

  /// The part of the input that may be stored and compared: without secrets, files, and data URIs.
  var comparableInput: JSONObject {
    input.filter { !privateInputs.contains($0.key) && !$0.value.holdsData }
  }
}

extension JSONValue {
  /// Whether the value contains a data URI.
  fileprivate var holdsData: Bool {
    switch self {
    case .string(let text): text.hasPrefix("data:")
    case .array(let elements): elements.contains(where: \.holdsData)
    case .object(let members): members.values.contains(where: \.holdsData)
    case .null, .bool, .number: false
    }
  }
}
