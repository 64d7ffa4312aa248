#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The parts of a multipart/form-data body (RFC 7578).
struct MultipartPart: Sendable {
  var name: String
  var filename: String?
  var type: String?
  var bytes: ArraySlice<UInt8>

  /// - Parameter contentType: the header that names the boundary.
  static func parts(of body: [UInt8], contentType: String) -> [MultipartPart]? {
    guard contentType.lowercased().hasPrefix("multipart/form-data"),
      let boundary = parameter("boundary", of: contentType)
    else { return nil }
    let mark = Array("--\(boundary)".utf8)
    let border = Array("\r\n".utf8) + mark
    var parts: [MultipartPart] = []
    guard let first = place(of: mark, in: body, from: 0) else { return nil }
    var start = first + mark.count
    while let end = place(of: border, in: body, from: start) {
      if let part = part(body[start..<end]) { parts.append(part) }
      start = end + border.count
    }
    return parts
  }

  /// Where some bytes stand; uploads are large, so it looks for the first byte alone, as fast as
  /// the C library does.
  private static func place(of wanted: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
    bytes.withUnsafeBytes { bytes -> Int? in
      guard let base = bytes.baseAddress, let first = wanted.first else { return nil }
      var place = start
      while place + wanted.count <= bytes.count {
        let room = bytes.count - wanted.count + 1 - place
        guard let found = memchr(base + place, Int32(first), room) else { return nil }
        place = UnsafeRawPointer(found) - base
        if memcmp(base + place, wanted, wanted.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }

  private static func part(_ bytes: ArraySlice<UInt8>) -> MultipartPart? {
    let blank = Array("\r\n\r\n".utf8)
    guard let head = bytes.firstRange(of: blank) else { return nil }
    var part = MultipartPart(name: "", bytes: bytes[head.upperBound...])
    let lines = String(decoding: bytes[..<head.lowerBound], as: UTF8.self)
    for line in lines.split(separator: "\r\n") {
      let words = line.split(separator: ":", maxSplits: 1)
      guard words.count == 2 else { continue }
      let value = String(words[1].drop { $0 == " " })
      switch words[0].lowercased() {
      case "content-disposition":
        part.name = parameter("name", of: value) ?? ""
        part.filename = parameter("filename", of: value)
      case "content-type": part.type = value
      default: break
      }
    }
    return part
  }

  private static func parameter(_ name: String, of header: String) -> String? {
    for piece in header.split(separator: ";").dropFirst() {
      let words = piece.split(separator: "=", maxSplits: 1)
      guard words.count == 2, words[0].drop(while: { $0 == " " }) == name else { continue }
      let value = words[1]
      return value.hasPrefix("\"") ? String(value.dropFirst().prefix { $0 != "\"" }) : String(value)
    }
    return nil
  }
}
