import ReplicateAPI
import Synchronization

@testable import DemoReplicate

/// A job in memory, which never waits and records what the model does.
final class RecordingJob: DemoJob {
  struct Record: Sendable {
    var log = ""
    var output: JSONValue?
    var text = ""
    var items: [JSONValue] = []
    var files: [(name: String, type: String, bytes: [UInt8])] = []
    var metrics: JSONObject = [:]
    var calls = 0
    var seconds = 0.0
  }

  let input: JSONObject
  let seed: UInt64
  private let callsUntilCanceled: Int
  private let state = Mutex(Record())

  /// - Parameter callsUntilCanceled: How often the model can work before it is canceled.
  init(
    _ model: DemoModel, input: JSONObject? = nil, seed: UInt64 = 5,
    callsUntilCanceled: Int = 100_000
  ) {
    var whole: JSONObject = [:]
    for field in ModelSchema(openAPI: model.schema).inputs {
      if let value = field.defaultValue { whole[field.name] = value }
    }
    whole.merge(input ?? model.exampleInput) { _, given in given }
    self.input = whole
    self.seed = seed
    self.callsUntilCanceled = callsUntilCanceled
  }

  var record: Record { state.withLock { $0 } }

  func work(_ seconds: Double) async throws {
    try state.withLock {
      $0.calls += 1
      $0.seconds += seconds
      if $0.calls > callsUntilCanceled { throw CancellationError() }
    }
  }

  func log(_ text: String) async {
    state.withLock { $0.log += text }
  }

  func output(_ value: JSONValue) async {
    state.withLock { $0.output = value }
  }

  func append(_ value: JSONValue) async {
    state.withLock { $0.items.append(value) }
  }

  func token(_ text: String) async {
    state.withLock { $0.text += text }
  }

  func file(_ bytes: [UInt8], name: String, type: String) async -> String {
    state.withLock {
      $0.files.append((name: name, type: type, bytes: bytes))
      return "http://output.test/\($0.files.count - 1)/\(name)"
    }
  }

  /// Reads data URIs, and the files of this job by their URLs.
  func read(_ uri: String) async throws -> [UInt8] {
    let parts = uri.split(separator: "/")
    if uri.hasPrefix("http://output.test/"), let index = Int(parts[2]) {
      return state.withLock { $0.files[index].bytes }
    }
    guard let comma = uri.firstIndex(of: ","), uri.hasPrefix("data:") else {
      throw DemoFailure(message: "no such file: \(uri)")
    }
    return Base64.decoded(uri[uri.index(after: comma)...])
  }

  func metric(_ name: String, _ value: JSONValue) async {
    state.withLock { $0.metrics[name] = value }
  }
}

/// An independent base64 decoder.
private enum Base64 {
  static func decoded(_ text: Substring) -> [UInt8] {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var values: [UInt8: UInt32] = [:]
    for (value, digit) in digits.enumerated() { values[digit] = UInt32(value) }
    var bytes: [UInt8] = []
    var (bits, count): (UInt32, UInt32) = (0, 0)
    for digit in text.utf8 {
      guard let value = values[digit] else { continue }
      bits = (bits << 6 | value) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8((bits >> count) & 0xFF))
      }
    }
    return bytes
  }
}

extension DemoModel {
  /// Runs the model to its end in memory.
  func recorded(
    _ input: JSONObject? = nil, seed: UInt64 = 5, callsUntilCanceled: Int = 100_000
  ) async throws -> RecordingJob.Record {
    let job = RecordingJob(
      self, input: input, seed: seed, callsUntilCanceled: callsUntilCanceled)
    try await run(job)
    return job.record
  }

  /// The required inputs, from the example.
  var leastInput: JSONObject {
    let required = ModelSchema(openAPI: schema).inputs.filter(\.isRequired).map(\.name)
    return exampleInput.filter { required.contains($0.key) }
  }

  var inputs: [InputField] { ModelSchema(openAPI: schema).inputs }

  var outputKind: OutputKind { ModelSchema(openAPI: schema).output }
}
