import ReplicateAPI

/// What a running model works with: its input, and ways to wait, log and output results.
protocol DemoJob: Sendable {
  /// With the schema's defaults filled in.
  var input: JSONObject { get }
  /// A random seed for this prediction.
  var seed: UInt64 { get }
  /// Waits for seconds of service time. Throws a CancellationError once the prediction is canceled.
  func work(_ seconds: Double) async throws
  /// Appends to the log as is; the model adds its own newlines and carriage returns.
  func log(_ text: String) async
  /// Sets the whole output.
  func output(_ value: JSONValue) async
  /// Appends an item to a list output, and to the stream.
  func append(_ value: JSONValue) async
  /// Appends a piece of text to the output, and to the stream.
  func token(_ text: String) async
  /// Stores an output file and returns its URL.
  func file(_ bytes: [UInt8], name: String, type: String) async -> String
  /// Reads a file input: a data URI, an uploaded file or an output of this service.
  func read(_ uri: String) async throws -> [UInt8]
  func metric(_ name: String, _ value: JSONValue) async
}
