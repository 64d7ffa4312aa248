extension Endpoint where Response == Page<Collection> {
  /// All collections, without their models.
  public static var collections: Self { Endpoint(.listCollections) }
}

extension Endpoint where Response == Collection {
  /// A collection with all of its models in one answer, which may be large.
  public static func collection(_ slug: String) -> Self {
    Endpoint(.getCollection, ["collection_slug": slug])
  }
}
