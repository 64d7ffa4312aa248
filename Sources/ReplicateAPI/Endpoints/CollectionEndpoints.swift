extension Endpoint where Response == Page<Collection> {
  /// The collections, without their models.
  public static var collections: Self { Endpoint(.listCollections) }
}

extension Endpoint where Response == Collection {
  /// One collection with all its models, in one answer.
  public static func collection(_ slug: String) -> Self {
    Endpoint(.getCollection, ["collection_slug": slug])
  }
}
