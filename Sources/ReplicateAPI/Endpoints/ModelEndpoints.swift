/// The sort order of `GET /models`.
public enum ModelOrder: String, Sendable, Hashable, CaseIterable {
  case latestVersionCreatedAt = "latest_version_created_at"
  case modelCreatedAt = "model_created_at"
}

/// The direction of a sort order.
public enum SortDirection: String, Sendable, Hashable, CaseIterable {
  case ascending = "asc"
  case descending = "desc"
}

extension Endpoint where Response == Page<ModelSummary> {
  /// All public models, 25 per page. By default those with the newest versions come first.
  public static func models(
    sortBy order: ModelOrder? = nil, direction: SortDirection? = nil
  ) -> Self {
    var query: [Item] = []
    if let order { query.append(Item("sort_by", order.rawValue)) }
    if let direction { query.append(Item("sort_direction", direction.rawValue)) }
    return Endpoint(.listModels, query: query)
  }

  /// The older search for models by words, with at most 25 results. ``search(_:limit:)`` is better.
  public static func searchModels(_ text: String) -> Self {
    Endpoint(.searchModels, body: .text(text))
  }
}

extension Endpoint where Response == Model {
  /// A model with its latest version and an example.
  public static func model(_ id: ModelID) -> Self {
    Endpoint(.getModel, id.pathParameters)
  }
}

/// The properties of a new model.
public struct ModelRequest: Sendable, Hashable {
  public enum Visibility: String, Sendable, Hashable, CaseIterable {
    case `public`, `private`
  }

  public var id: ModelID
  public var visibility: Visibility
  /// The ``Hardware/sku``.
  public var hardware: String
  public var description: String?
  public var githubURL: String?
  public var paperURL: String?
  public var licenseURL: String?
  public var coverImageURL: String?

  public init(
    id: ModelID, visibility: Visibility, hardware: String, description: String? = nil,
    githubURL: String? = nil, paperURL: String? = nil, licenseURL: String? = nil,
    coverImageURL: String? = nil
  ) {
    self.id = id
    self.visibility = visibility
    self.hardware = hardware
    self.description = description
    self.githubURL = githubURL
    self.paperURL = paperURL
    self.licenseURL = licenseURL
    self.coverImageURL = coverImageURL
  }
}

/// Changes to a model. Properties that are nil stay as they are. The API can't change a model's
/// visibility, cover image, or hardware.
public struct ModelChanges: Sendable, Hashable {
  public var description: String?
  /// Markdown.
  public var readme: String?
  public var githubURL: String?
  public var paperURL: String?
  public var weightsURL: String?
  public var licenseURL: String?

  public init(
    description: String? = nil, readme: String? = nil, githubURL: String? = nil,
    paperURL: String? = nil, weightsURL: String? = nil, licenseURL: String? = nil
  ) {
    self.description = description
    self.readme = readme
    self.githubURL = githubURL
    self.paperURL = paperURL
    self.weightsURL = weightsURL
    self.licenseURL = licenseURL
  }
}

extension Endpoint where Response == Model {
  /// Creates a model without a version. An account can have up to 1,000 models.
  public static func createModel(_ request: ModelRequest) -> Self {
    var body: JSONObject = [
      "owner": .string(request.id.owner), "name": .string(request.id.name),
      "visibility": .string(request.visibility.rawValue), "hardware": .string(request.hardware),
    ]
    body.set("description", request.description)
    body.set("github_url", request.githubURL)
    body.set("paper_url", request.paperURL)
    body.set("license_url", request.licenseURL)
    body.set("cover_image_url", request.coverImageURL)
    return Endpoint(.createModel, body: .json(.object(body)))
  }

  /// Changes a model of the account.
  public static func updateModel(_ id: ModelID, _ changes: ModelChanges) -> Self {
    var body: JSONObject = [:]
    body.set("description", changes.description)
    body.set("readme", changes.readme)
    body.set("github_url", changes.githubURL)
    body.set("paper_url", changes.paperURL)
    body.set("weights_url", changes.weightsURL)
    body.set("license_url", changes.licenseURL)
    return Endpoint(.updateModel, id.pathParameters, body: .json(.object(body)))
  }
}

extension Endpoint where Response == Void {
  /// Deletes a model of the account. The service refuses unless it is private and has no versions.
  public static func deleteModel(_ id: ModelID) -> Self {
    Endpoint(.deleteModel, id.pathParameters)
  }
}

extension Endpoint where Response == Page<Prediction> {
  /// The predictions that the model's owner chose as examples.
  public static func examples(of model: ModelID) -> Self {
    var endpoint = Endpoint(.listModelExamples, model.pathParameters)
    endpoint.logDepth = 3
    return endpoint
  }
}

extension Endpoint where Response == String? {
  /// The model's README in Markdown; nil if it has none, for which the service sends a 404.
  public static func readme(of model: ModelID) -> Self {
    var endpoint = Endpoint(.getModelReadme, model.pathParameters) {
      (bytes) throws(JSONSyntaxError) -> String? in String(decoding: bytes, as: UTF8.self)
    }
    endpoint.absence = .some(nil)
    endpoint.accept = "text/plain"
    return endpoint
  }
}

extension ModelID {
  var pathParameters: [String: String] {
    ["model_owner": owner, "model_name": name]
  }
}
