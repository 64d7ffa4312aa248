/// A list of models that Replicate's editors keep, for a task or a theme.
public struct Collection: Sendable, Hashable, Identifiable {
  public var slug: String
  public var name: String
  public var description: String?
  /// Markdown; only in the answer for one collection.
  public var fullDescription: String?
  /// Empty in the list of collections; all of them, in one answer, for one collection.
  public var models: [ModelSummary]

  public init(
    slug: String, name: String, description: String? = nil, fullDescription: String? = nil,
    models: [ModelSummary] = []
  ) {
    self.slug = slug
    self.name = name
    self.description = description
    self.fullDescription = fullDescription
    self.models = models
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
        guard try reader.enterOptionalArray() else { continue }
        while try reader.nextElement() {
          collection.models.append(try ModelSummary(from: &reader))
        }
      default: try reader.skip()
      }
    }
    guard let slug else { throw reader.mistake("a collection without a slug") }
    collection.slug = slug
    if collection.name.isEmpty { collection.name = slug }
    self = collection
  }
}
