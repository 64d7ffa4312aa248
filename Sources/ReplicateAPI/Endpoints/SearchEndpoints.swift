extension Endpoint where Response == SearchResults {
  /// Models, collections and pages that fit a text: the better of the two searches.
  ///
  /// - Parameters:
  ///   - text: What a person types; empty is refused.
  ///   - limit: How many models at most, 1 to 50; the service's own number is 20.
  public static func search(_ text: String, limit: Int? = nil) -> Self {
    var query = [Item("query", text)]
    if let limit { query.append(Item("limit", String(limit))) }
    return Endpoint(.search, query: query)
  }
}
