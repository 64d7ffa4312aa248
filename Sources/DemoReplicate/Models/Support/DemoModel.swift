import ReplicateAPI

/// A model of the demo service: its catalog entry and its implementation.
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
  /// The OpenAPI document of the newest version, in Cog's style.
  var schema: JSONValue
  var exampleInput: JSONObject
  /// Seconds spent in `starting`.
  var coldStart = 0.3
  /// Trains, and returns what the destination's new version runs as; nil for models that aren't
  /// trainers, whose trainings only copy them.
  var train: (@Sendable (any DemoJob) async throws -> DemoModel)?
  var run: @Sendable (any DemoJob) async throws -> Void
}
