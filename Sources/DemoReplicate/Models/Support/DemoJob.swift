import ReplicateAPI

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
