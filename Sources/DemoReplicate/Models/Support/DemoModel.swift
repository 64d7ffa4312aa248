import ReplicateAPI

/// A model of the demo service: what the catalog says of it, and what it does.
struct DemoModel: Sendable {
  var id: ModelID
  var description: String
  var runCount: Int
  var isOfficial = false
  var githubURL: String?
  var paperURL: String?
  var licenseURL: String?
  var readme: String
  /// Newest first.
  var versions: [DemoVersion]
  /// The whole OpenAPI document of the newest version, in cog's style.
  var schema: JSONValue
  var exampleInput: JSONObject
  /// Seconds in `starting`.
  var coldStart = 0.3
  var run: @Sendable (any DemoJob) async throws -> Void
}

struct DemoVersion: Sendable {
  /// 64 hexadecimal digits, or `hidden` for an official model without versions of its own.
  var id: String
  /// As the service writes it, such as `2026-10-01T10:00:00.123456Z`.
  var createdAt: String
  var cogVersion: String
}
