/// A model on Replicate, published by its owner.
public struct Model: Sendable, Hashable, Identifiable {
  public var id: ModelID
  public var description: String?
  /// `public` or `private`.
  public var visibility: String
  public var githubURL: String?
  public var paperURL: String?
  public var licenseURL: String?
  public var weightsURL: String?
  public var coverImageURL: String?
  /// The model's web page.
  public var url: String
  public var runCount: Int
  public var isOfficial: Bool
  public var createdAt: Timestamp?
  /// A prediction that shows what the model can do.
  public var defaultExample: Prediction?
  /// Nil if no version has been pushed, and for some official models.
  public var latestVersion: ModelVersion?

  public init(
    id: ModelID, description: String? = nil, visibility: String = "public",
    githubURL: String? = nil, paperURL: String? = nil, licenseURL: String? = nil,
    weightsURL: String? = nil, coverImageURL: String? = nil, url: String? = nil,
    runCount: Int = 0, isOfficial: Bool = false, createdAt: Timestamp? = nil,
    defaultExample: Prediction? = nil, latestVersion: ModelVersion? = nil
  ) {
    self.id = id
    self.description = description
    self.visibility = visibility
    self.githubURL = githubURL
    self.paperURL = paperURL
    self.licenseURL = licenseURL
    self.weightsURL = weightsURL
    self.coverImageURL = coverImageURL
    self.url = url ?? "https://replicate.com/\(id)"
    self.runCount = runCount
    self.isOfficial = isOfficial
    self.createdAt = createdAt
    self.defaultExample = defaultExample
    self.latestVersion = latestVersion
  }

  /// The part of the model that lists show.
  public var summary: ModelSummary {
    ModelSummary(
      id: id, description: description, runCount: runCount, isOfficial: isOfficial,
      coverImageURL: coverImageURL, url: url, latestVersionID: latestVersion?.id)
  }
}

extension Model: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var owner: String?
    var name: String?
    var url: String?
    var model = Model(id: ModelID(owner: "", name: ""))
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "owner": owner = try reader.optionalString()
      case "name": name = try reader.optionalString()
      case "description": model.description = try reader.optionalString()
      case "visibility": model.visibility = try reader.optionalString() ?? "public"
      case "github_url": model.githubURL = try reader.optionalString()
      case "paper_url": model.paperURL = try reader.optionalString()
      case "license_url": model.licenseURL = try reader.optionalString()
      case "weights_url": model.weightsURL = try reader.optionalString()
      case "cover_image_url": model.coverImageURL = try reader.optionalString()
      case "url": url = try reader.optionalString()
      case "run_count": model.runCount = try reader.optionalInt() ?? 0
      case "is_official": model.isOfficial = try reader.optionalBool() ?? false
      case "created_at": model.createdAt = try reader.optionalTimestamp()
      case "default_example": model.defaultExample = try Prediction(fromExample: &reader)
      case "latest_version": model.latestVersion = try ModelVersion(ifPresent: &reader)
      default: try reader.skip()
      }
    }
    guard let owner, let name else { throw reader.mistake("a model without an owner or a name") }
    model.id = ModelID(owner: owner, name: name)
    model.url = url ?? "https://replicate.com/\(model.id)"
    self = model
  }
}
