/// What is run: a version, an official model, or a deployment.
public enum PredictionTarget: Hashable, Sendable {
  case version(ModelVersion.ID)
  case model(ModelID)
  case deployment(ModelID)
}

/// A run that is wanted: what is run, with what input.
public struct PredictionRequest: Sendable, Hashable {
  public var target: PredictionTarget
  /// The version's model, where it is known: the service may answer with another version of it.
  public var model: ModelID?
  public var input: JSONObject
  public var options: PredictionOptions
  /// The inputs that hold secrets or files. The service tells the first never again and the second
  /// under another address, so they are neither noted down nor compared.
  public var privateInputs: Set<String>

  public init(
    _ target: PredictionTarget, of model: ModelID? = nil, input: JSONObject,
    options: PredictionOptions = PredictionOptions(), privateInputs: Set<String> = []
  ) {
    self.target = target
    self.model = model
    self.input = input
    self.options = options
    self.privateInputs = privateInputs
  }

  /// A run whose secrets and files are those that the model's schema calls so.
  public init(
    _ target: PredictionTarget, of model: ModelID? = nil, input: JSONObject,
    schema: ModelSchema, options: PredictionOptions = PredictionOptions()
  ) {
    let names = schema.inputs.filter { $0.kind.isPrivate }.map(\.name)
    self.init(
      target, of: model, input: input, options: options, privateInputs: Set(names))
  }

  /// The input without secrets, files and data URIs: what may be noted down and compared.
  var comparableInput: JSONObject {
    input.filter { !privateInputs.contains($0.key) && !$0.value.holdsData }
  }
}

extension JSONValue {
  /// Whether a file lies inside, as a data URI.
  fileprivate var holdsData: Bool {
    switch self {
    case .string(let text): text.hasPrefix("data:")
    case .array(let elements): elements.contains(where: \.holdsData)
    case .object(let members): members.values.contains(where: \.holdsData)
    case .null, .bool, .number: false
    }
  }
}
