/// What a list shows of a model. A page of whole models weighs two megabytes, nearly all of it
/// schemas and examples, so that lists keep no more than this.
public struct ModelSummary: Sendable, Hashable, Identifiable {
  public var id: ModelID
  public var description: String?
  /// How often the model has been run by anyone.
  public var runCount: Int
  /// Official models are always on, and need no version to be run.
  public var isOfficial: Bool
  public var coverImageURL: String?
  public var latestVersionID: ModelVersion.ID?
  /// Only where it isn't the usual one, which 100,000 models needn't all keep.
  private var unusualURL: String?

  public init(
    id: ModelID, description: String? = nil, runCount: Int = 0, isOfficial: Bool = false,
    coverImageURL: String? = nil, url: String? = nil, latestVersionID: ModelVersion.ID? = nil
  ) {
    self.id = id
    self.description = description
    self.runCount = runCount
    self.isOfficial = isOfficial
    self.coverImageURL = coverImageURL
    self.latestVersionID = latestVersionID
    self.url = url
  }

  /// The model's page for people.
  public var url: String? {
    get { unusualURL ?? Self.usualURL(id) }
    set { unusualURL = newValue == Self.usualURL(id) ? nil : newValue }
  }

  private static func usualURL(_ id: ModelID) -> String {
    "https://replicate.com/\(id.owner)/\(id.name)"
  }
}

extension ModelSummary: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var owner: String?
    var name: String?
    var url: String?
    var summary = ModelSummary(id: ModelID(owner: "", name: ""))
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "owner": owner = try reader.optionalString()
      case "name": name = try reader.optionalString()
      case "description": summary.description = try reader.optionalString()
      case "run_count": summary.runCount = try reader.optionalInt() ?? 0
      case "is_official": summary.isOfficial = try reader.optionalBool() ?? false
      case "cover_image_url": summary.coverImageURL = try reader.optionalString()
      case "url": url = try reader.optionalString()
      case "latest_version":
        guard try reader.enterOptionalObject() else { continue }
        while let key = try reader.nextKey() {
          if key == "id" {
            summary.latestVersionID = try reader.optionalString().map { ModelVersion.ID($0) }
          } else {
            try reader.skip()
          }
        }
      default: try reader.skip()
      }
    }
    guard let owner, let name else { throw reader.mistake("a model without owner or name") }
    summary.id = ModelID(owner: owner, name: name)
    summary.url = url
    self = summary
  }
}
