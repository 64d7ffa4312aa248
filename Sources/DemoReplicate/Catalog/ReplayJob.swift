import ReplicateAPI
import Synchronization

/// Runs a model for a replay: waiting takes no time, and its results are only collected.
final class ReplayJob: DemoJob {
  /// The results of the run.
  struct Result: Sendable {
    var output: JSONValue?
    var logs = ""
    var metrics: JSONObject = [:]
    var error: String?
    var isCanceled = false
    /// How long the model would have worked.
    var seconds = 0.0
    var files: [String: OutputStore.File] = [:]
  }

  let input: JSONObject
  let seed: UInt64
  /// The start of the URLs of its files.
  private let address: String
  private let endsAfter: Double?
  private let result = Mutex(Result())

  /// Longer than any model that finishes; stops the others.
  private static let timeLimit = 7200.0

  init(input: JSONObject, seed: UInt64, address: String, endsAfter: Double?) {
    self.input = input
    self.seed = seed
    self.address = address
    self.endsAfter = endsAfter
  }

  /// Runs a model until it finishes or reaches its time limit.
  func run(_ model: DemoModel) async -> Result {
    var error: String?
    var isCanceled = false
    do {
      try await model.run(self)
    } catch let failure as DemoFailure {
      error = failure.message
    } catch is CancellationError {
      isCanceled = true
    } catch let other {
      error = "\(other)"
    }
    var result = result.withLock { $0 }
    result.error = error
    result.isCanceled = isCanceled
    return result
  }

  func work(_ seconds: Double) async throws {
    let end = endsAfter ?? Self.timeLimit
    let isOver = result.withLock { result in
      result.seconds = min(end, result.seconds + max(0, seconds))
      return result.seconds >= end
    }
    if isOver { throw CancellationError() }
  }

  func log(_ text: String) async {
    result.withLock { $0.logs += text }
  }

  func output(_ value: JSONValue) async {
    result.withLock { $0.output = value }
  }

  func append(_ value: JSONValue) async {
    result.withLock { $0.output = .array(($0.output?.array ?? []) + [value]) }
  }

  func token(_ text: String) async {
    await append(.string(text))
  }

  func file(_ bytes: [UInt8], name: String, type: String) async -> String {
    result.withLock { $0.files[name] = OutputStore.File(bytes: bytes, type: type) }
    return "\(address)/\(name)"
  }

  func read(_ uri: String) async throws -> [UInt8] {
    guard uri.hasPrefix("data:"), let bytes = DataURI.bytes(of: uri) else {
      throw DemoFailure(message: "HTTPError: 404 Client Error: Not Found for url: \(uri)")
    }
    return bytes
  }

  func metric(_ name: String, _ value: JSONValue) async {
    result.withLock { $0.metrics[name] = value }
  }
}
