import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lets a running model update its own prediction.
struct LiveJob: DemoJob {
  let id: String
  let input: JSONObject
  let seed: UInt64
  let speed: Double
  let predictions: DemoPredictions
  let outputs: OutputStore
  let files: FileStore
  let addresses: ServiceAddresses
  /// A piece to begin a streamed output with.
  var opening: String?

  func work(_ seconds: Double) async throws {
    try await Task.sleep(for: Duration(clampingSeconds: max(0, seconds) / speed))
  }

  func log(_ text: String) async {
    await predictions.change(id, .logs) { $0.logs += text }
  }

  func output(_ value: JSONValue) async {
    await predictions.change(id, .output) { $0.output = value }
  }

  func append(_ value: JSONValue) async {
    await predictions.change(id, .output) { record in
      let isFirst = record.output == nil
      for value in [isFirst ? opening.map(JSONValue.string) : nil, value].compactMap(\.self) {
        record.append(value)
        if record.streams { record.addEvent("output", value.string ?? value.serialized()) }
      }
    }
  }

  func token(_ text: String) async {
    await append(.string(text))
  }

  func file(_ bytes: [UInt8], name: String, type: String) async -> String {
    let path = await outputs.keep(bytes, name: name, type: type, under: id)
    return addresses.output + path
  }

  func read(_ uri: String) async throws -> [UInt8] {
    if uri.hasPrefix("data:") {
      guard let bytes = DataURI.bytes(of: uri) else {
        throw DemoFailure(message: "The data URI can't be decoded.")
      }
      return bytes
    }
    let (api, output) = (addresses.api, addresses.output)
    if uri.hasPrefix(output + "/"),
      let file = await outputs.file(at: String(uri.dropFirst(output.count)))
    {
      return file.bytes
    }
    if uri.hasPrefix(api + "/files/"),
      let bytes = await files.bytes(of: String(uri.dropFirst(api.count + 7)))
    {
      return bytes
    }
    throw DemoFailure(
      message: "HTTPError: 404 Client Error: Not Found for url: \(uri)")
  }

  func metric(_ name: String, _ value: JSONValue) async {
    await predictions.change(id) { $0.metrics[name] = value }
  }
}
