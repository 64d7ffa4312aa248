import ReplicateAPI

/// A run before it is sent: what to run, with which input, checked against the model's schema.
///
///     let plan = RunPlan(.model(model.id), of: model.id, input: input, schema: schema)
///     guard plan.problems.isEmpty else { … }
///     let run = try await runs.create(plan)
public struct RunPlan: Hashable, Sendable {
  /// What is wrong with one input.
  public struct Problem: Hashable, Sendable {
    /// The input's name.
    public var field: String
    /// In words that follow the name, such as `must be a whole number`.
    public var description: String

    public init(field: String, description: String) {
      self.field = field
      self.description = description
    }
  }

  public var target: PredictionTarget
  /// The model that the target belongs to, where it is known.
  public var model: ModelID?
  public var input: JSONObject
  /// Says which inputs are secrets or files, and what the output is; nil where it isn't known.
  public var schema: ModelSchema?
  public var options: PredictionOptions

  public init(
    _ target: PredictionTarget, of model: ModelID? = nil, input: JSONObject,
    schema: ModelSchema? = nil, options: PredictionOptions = PredictionOptions()
  ) {
    self.target = target
    self.model = model
    self.input = input
    self.schema = schema
    self.options = options
  }

  /// What the service would refuse or silently ignore, in the schema's order; nothing without a
  /// schema.
  public var problems: [Problem] {
    guard let schema else { return [] }
    return InputRules.problems(of: input, schema.inputs)
  }

  /// What is sent.
  public var request: PredictionRequest {
    guard let schema else {
      return PredictionRequest(target, of: model, input: input, options: options)
    }
    return PredictionRequest(target, of: model, input: input, schema: schema, options: options)
  }

  /// How the output is to be read.
  public var outputKind: OutputKind? { schema?.output }
}
