/// What `GET /search` finds: models, collections, and pages of the documentation.
public struct SearchResults: Sendable, Hashable {
  /// A model that matches, with the search's own notes on it.
  public struct Match: Sendable, Hashable {
    public var model: ModelSummary
    public var tags: [String]
    /// A description written by a program, often longer than the owner's.
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

  /// A collection that matches, with only the names of its models.
  public struct FoundCollection: Sendable, Hashable {
    public var name: String
    public var slug: String
    public var description: String?
    /// Names in the form `owner/name`.
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
  /// The elements of all three lists that couldn't be read.
  public var unreadable: [UnreadableElement]

  public init(
    query: String, models: [Match] = [], collections: [FoundCollection] = [],
    pages: [FoundPage] = [], unreadable: [UnreadableElement] = []
  ) {
    self.query = query
    self.models = models
    self.collections = collections
    self.pages = pages
    self.unreadable = unreadable
  }
}

extension SearchResults: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(query: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "query": query = try reader.optionalString() ?? ""
      case "models": try reader.readList(key, into: &models, &unreadable)
      case "collections": try reader.readList(key, into: &collections, &unreadable)
      case "pages": try reader.readList(key, into: &pages, &unreadable)
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
  /// The strings of an array. Anything else is an empty list.
  mutating func strings() throws(JSONSyntaxError) -> [String] {
    var strings: [String] = []
    guard try enterOptionalArray() else { return strings }
    while try nextElement() {
      if let string = try optionalString() { strings.append(string) }
    }
    return strings
  }
}
