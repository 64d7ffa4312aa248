import ReplicateAPI
import Synchronization

/// A model's hand on a run that was over long ago: waiting takes no time, and what it gives is only
/// collected.
final class ReplayJob: DemoJob {
  /// What the run gave.
  struct Result: Sendable {
    var output: JSONValue?
    var logs = ""
    var metrics: JSONObject = [:]
    var error: String?
    var isCanceled = false
    /// How long the model worked, by its own reckoning.
    var seconds = 0.0
    var files: [String: OutputStore.File] = [:]
  }

  let input: JSONObject
  let seed: UInt64
  /// What the addresses of its files begin with.
  private let address: String
  private let endsAfter: Double?
  private let result = Mutex(Result())

  /// No model that comes to an end works longer; this ends the others.
  private static let longest = 7200.0

  init(input: JSONObject, seed: UInt64, address: String, endsAfter: Double?) {
    self.input = input
    self.seed = seed
    self.address = address
    self.endsAfter = endsAfter
  }

  /// Lets a model run to its end, or to where it was ended.
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
    let end = endsAfter ?? Self.longest
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
