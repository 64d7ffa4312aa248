extension Endpoint where Response == SearchResults {
  /// Searches for models, collections, and documentation. Better than ``searchModels(_:)``.
  ///
  /// - Parameters:
  ///   - text: The search text. The service rejects an empty one.
  ///   - limit: The highest number of models, 1 to 50. The service's default is 20.
  public static func search(_ text: String, limit: Int? = nil) -> Self {
    var query = [Item("query", text)]
    if let limit { query.append(Item("limit", String(limit))) }
    return Endpoint(.search, query: query)
  }
}
