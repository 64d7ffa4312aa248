import ReplicateAPI

/// A model's hand on its own prediction.
struct LiveJob: DemoJob {
  let id: String
  let input: JSONObject
  let seed: UInt64
  let speed: Double
  let predictions: DemoPredictions
  let outputs: OutputStore
  let files: FileStore
  let places: Places

  func work(_ seconds: Double) async throws {
    try await Task.sleep(for: .seconds(max(0, seconds) / speed))
  }

  func log(_ text: String) async {
    await predictions.change(id) { $0.logs += text }
  }

  func output(_ value: JSONValue) async {
    await predictions.change(id) { $0.output = value }
  }

  func append(_ value: JSONValue) async {
    await predictions.change(id) { record in
      record.output = .array((record.output?.array ?? []) + [value])
      if record.streams {
        DemoPredictions.add("output", value.string ?? value.serialized(), to: &record)
      }
    }
  }

  func token(_ text: String) async {
    await append(.string(text))
  }

  func file(_ bytes: [UInt8], name: String, type: String) async -> String {
    let path = await outputs.keep(bytes, name: name, type: type, under: id)
    return await places.output + path
  }

  func read(_ uri: String) async throws -> [UInt8] {
    if uri.hasPrefix("data:") {
      guard let bytes = DataURI.bytes(of: uri) else {
        throw DemoFailure(message: "The data URI can’t be decoded.")
      }
      return bytes
    }
    let (api, output) = await (places.api, places.output)
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

/// `data:image/png;base64,…`
enum DataURI {
  static func bytes(of uri: String) -> [UInt8]? {
    guard let comma = uri.firstIndex(of: ",") else { return nil }
    let head = uri[..<comma]
    let data = uri[uri.index(after: comma)...]
    guard head.hasSuffix(";base64") else {
      return percentDecoded(data)
    }
    return base64Decoded(data)
  }

  private static func percentDecoded(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(String(rest.prefix(2)) ?? "", radix: 16) else {
        return nil
      }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return bytes
  }

  static func base64Decoded(_ text: Substring) -> [UInt8]? {
    var bytes: [UInt8] = []
    var bits = 0
    var count = 0
    for byte in text.utf8 {
      let value: Int
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(byte) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(byte) - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(byte) + 4
      case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
      case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
      case UInt8(ascii: "="): continue
      default: return nil
      }
      bits = (bits << 6 | value) & 0xFFFF
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    return bytes
  }

  static func base64Encoded(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let first = Int(bytes[index])
      let second = index + 1 < bytes.count ? Int(bytes[index + 1]) : 0
      let third = index + 2 < bytes.count ? Int(bytes[index + 2]) : 0
      let word = first << 16 | second << 8 | third
      text.append(alphabet[word >> 18])
      text.append(alphabet[word >> 12 & 63])
      text.append(index + 1 < bytes.count ? alphabet[word >> 6 & 63] : UInt8(ascii: "="))
      text.append(index + 2 < bytes.count ? alphabet[word & 63] : UInt8(ascii: "="))
      index += 3
    }
    return String(decoding: text, as: UTF8.self)
  }
}
