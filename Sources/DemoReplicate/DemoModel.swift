import ReplicateAPI

/// A model of the demo service: what the catalogue says of it, and what it does.
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

struct DemoCollection: Sendable {
  var slug: String
  var name: String
  var description: String
  var fullDescription: String
  var models: [ModelID]
}

/// A run that ends as `failed`, with this text as its `error`.
struct DemoFailure: Error, Sendable, Equatable {
  var message: String
}

/// What a running model is handed: its input, and the ways to work, to log and to give output.
protocol DemoJob: Sendable {
  /// With the defaults of the schema filled in.
  var input: JSONObject { get }
  /// This prediction's own chance.
  var seed: UInt64 { get }
  /// Lets seconds pass, as fast as the service's time goes; throws CancellationError once canceled.
  func work(_ seconds: Double) async throws
  /// Adds to the log as it is: new lines and carriage returns are the model's business.
  func log(_ text: String) async
  /// The whole output.
  func output(_ value: JSONValue) async
  /// One more item of a list that grows, and of the stream.
  func append(_ value: JSONValue) async
  /// One more piece of a text that is written bit by bit, and of the stream.
  func token(_ text: String) async
  /// Keeps a file at the output host; returns its address.
  func file(_ bytes: [UInt8], name: String, type: String) async -> String
  /// A file input: a data URI, an uploaded file or an output of this service.
  func read(_ uri: String) async throws -> [UInt8]
  func metric(_ name: String, _ value: JSONValue) async
}
