/// What `GET /search` finds: models with what makes them fit, collections and pages.
public struct SearchResults: Sendable, Hashable {
  /// A model that was found.
  public struct Match: Sendable, Hashable {
    public var model: ModelSummary
    public var tags: [String]
    /// What a program wrote about the model, often more than its owner did.
    public var generatedDescription: String?
    public var score: Double?

    public init(
      model: ModelSummary, tags: [String] = [], generatedDescription: String? = nil,
      score: Double? = nil
    ) {
      self.model = model
      self.tags = tags
      self.generatedDescription = generatedDescription
      self.score = score
    }
  }

  /// A collection that was found, with its models' names alone.
  public struct FoundCollection: Sendable, Hashable {
    public var name: String
    public var slug: String
    public var description: String?
    /// `owner/name` each.
    public var models: [String]

    public init(name: String, slug: String, description: String? = nil, models: [String] = []) {
      self.name = name
      self.slug = slug
      self.description = description
      self.models = models
    }
  }

  /// A page of the documentation.
  public struct FoundPage: Sendable, Hashable {
    public var name: String
    public var href: String

    public init(name: String, href: String) {
      self.name = name
      self.href = href
    }
  }

  public var query: String
  public var models: [Match]
  public var collections: [FoundCollection]
  public var pages: [FoundPage]

  public init(
    query: String, models: [Match] = [], collections: [FoundCollection] = [],
    pages: [FoundPage] = []
  ) {
    self.query = query
    self.models = models
    self.collections = collections
    self.pages = pages
  }
}

extension SearchResults: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(query: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "query": query = try reader.optionalString() ?? ""
      case "models":
        guard try reader.enterOptionalArray() else { continue }
        while try reader.nextElement() { models.append(try Match(from: &reader)) }
      case "collections":
        guard try reader.enterOptionalArray() else { continue }
        while try reader.nextElement() { collections.append(try FoundCollection(from: &reader)) }
      case "pages":
        guard try reader.enterOptionalArray() else { continue }
        while try reader.nextElement() { pages.append(try FoundPage(from: &reader)) }
      default: try reader.skip()
      }
    }
  }
}

extension SearchResults.Match: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var model: ModelSummary?
    var match = Self(model: ModelSummary(id: ModelID(owner: "", name: "")))
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "model": model = try ModelSummary(from: &reader)
      case "metadata":
        guard try reader.enterOptionalObject() else { continue }
        while let key = try reader.nextKey() {
          switch key {
          case "tags": match.tags = try reader.strings()
          case "generated_description":
            match.generatedDescription = try reader.optionalString()
          case "score": match.score = try reader.optionalDouble()
          default: try reader.skip()
          }
        }
      default: try reader.skip()
      }
    }
    guard let model else { throw reader.mistake("a match without a model") }
    match.model = model
    self = match
  }
}

extension SearchResults.FoundCollection: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(name: "", slug: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "name": name = try reader.optionalString() ?? ""
      case "slug": slug = try reader.optionalString() ?? ""
      case "description": description = try reader.optionalString()
      case "models": models = try reader.strings()
      default: try reader.skip()
      }
    }
  }
}

extension SearchResults.FoundPage: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(name: "", href: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "name": name = try reader.optionalString() ?? ""
      case "href": href = try reader.optionalString() ?? ""
      default: try reader.skip()
      }
    }
  }
}

extension JSONReader {
  /// An array's strings; null and anything but an array is none.
  mutating func strings() throws(JSONSyntaxError) -> [String] {
    var strings: [String] = []
    guard try enterOptionalArray() else { return strings }
    while try nextElement() {
      if let string = try optionalString() { strings.append(string) }
    }
    return strings
  }
}
