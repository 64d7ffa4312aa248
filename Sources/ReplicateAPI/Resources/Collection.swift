/// A list of models for a task or a theme, curated by Replicate.
public struct Collection: Sendable, Hashable, Identifiable {
  public var slug: String
  public var name: String
  public var description: String?
  /// Markdown. Only ``Endpoint/collection(_:)`` returns it.
  public var fullDescription: String?
  /// All of the collection's models. Empty in the list of collections.
  public var models: [ModelSummary]
  /// The models that couldn't be read. They aren't among the ``models``.
  public var unreadable: [UnreadableElement]

  public init(
    slug: String, name: String, description: String? = nil, fullDescription: String? = nil,
    models: [ModelSummary] = [], unreadable: [UnreadableElement] = []
  ) {
    self.slug = slug
    self.name = name
    self.description = description
    self.fullDescription = fullDescription
    self.models = models
    self.unreadable = unreadable
  }

  public var id: String { slug }
}

extension Collection: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var slug: String?
    var collection = Collection(slug: "", name: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "slug": slug = try reader.optionalString()
      case "name": collection.name = try reader.optionalString() ?? ""
      case "description": collection.description = try reader.optionalString()
      case "full_description": collection.fullDescription = try reader.optionalString()
      case "models":
        try reader.readList(key, into: &collection.models, &collection.unreadable)
      default: try reader.skip()
      }
    }
    guard let slug else { throw reader.mistake("a collection without a slug") }
    collection.slug = slug
    if collection.name.isEmpty { collection.name = slug }
    self = collection
  }
}
