/// By what `GET /models` sorts.
public enum ModelOrder: String, Sendable, Hashable, CaseIterable {
  case latestVersionCreatedAt = "latest_version_created_at"
  case modelCreatedAt = "model_created_at"
}

/// Which end of an order comes first.
public enum SortDirection: String, Sendable, Hashable, CaseIterable {
  case ascending = "asc"
  case descending = "desc"
}

extension Endpoint where Response == Page<ModelSummary> {
  /// The public models, 25 a page; without arguments those with the newest versions first.
  public static func models(
    sortBy order: ModelOrder? = nil, direction: SortDirection? = nil
  ) -> Self {
    var query: [Item] = []
    if let order { query.append(Item("sort_by", order.rawValue)) }
    if let direction { query.append(Item("sort_direction", direction.rawValue)) }
    return Endpoint(.listModels, query: query)
  }

  /// The models that the old search by words finds, at most 25.
  public static func searchModels(_ text: String) -> Self {
    Endpoint(.searchModels, body: .text(text))
  }
}

extension Endpoint where Response == Model {
  /// A model with its newest version and an example.
  public static func model(_ id: ModelID) -> Self {
    Endpoint(.getModel, id.pathParameters)
  }
}

extension ModelID {
  var pathParameters: [String: String] {
    ["model_owner": owner, "model_name": name]
  }
}
