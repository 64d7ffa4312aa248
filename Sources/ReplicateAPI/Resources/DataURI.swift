#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file as a `data:` URI, as inputs and outputs may contain it (RFC 2397).
public struct DataURI: Sendable, Hashable {
  /// Such as `image/png`. `text/plain` if the URI doesn't say.
  public let mediaType: String
  /// The size of the file, in bytes.
  public let byteCount: Int
  private let isBase64: Bool
  private let payload: Substring

  /// Nil if the text isn't a data URI.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard bytes.prefix(5).elementsEqual("data:".utf8, by: { $0 | 0x20 == $1 || $0 == $1 }),
      let comma = bytes.prefix(Self.longestHeader).firstIndex(of: UInt8(ascii: ","))
    else { return nil }
    let header = text[bytes.index(bytes.startIndex, offsetBy: 5)..<comma]
    guard header.utf8.allSatisfy(Self.isHeaderByte),
      header.isEmpty || header.contains("/") || header.hasPrefix(";")
    else { return nil }
    payload = text[bytes.index(after: comma)...]
    let type = header.prefix { $0 != ";" }
    mediaType = type.isEmpty ? "text/plain" : type.lowercased()
    isBase64 = header.lowercased().hasSuffix(";base64")
    let count = payload.utf8.count
    if isBase64 {
      let padding = payload.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
      byteCount = (count - padding) / 4 * 3 + max(0, (count - padding) % 4 - 1)
    } else {
      byteCount = count - 2 * payload.utf8.count { $0 == UInt8(ascii: "%") }
    }
  }

  /// The text of a data URI with this content, in base64.
  public static func text(of content: [UInt8], mediaType: String) -> String {
    "data:\(mediaType);base64,\(Data(content).base64EncodedString())"
  }

  /// The file's content; nil if it can't be decoded.
  public var content: [UInt8]? {
    guard isBase64 else { return PercentEncoding.decodedBytes(payload) }
    return Data(base64Encoded: String(payload), options: .ignoreUnknownCharacters).map(Array.init)
  }

  /// The kind and the size of the file, in place of the URI.
  public var summary: String { "data: \(mediaType), \(byteCount.grouped) bytes" }

  private static let longestHeader = 256

  private static func isHeaderByte(_ byte: UInt8) -> Bool {
    byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "<")
      && byte != UInt8(ascii: "\\")
  }
}

extension DataURI {
  /// A text for reading, in which each data URI longer than `longest` bytes is replaced by its kind
  /// and size, wherever it stands: alone, in JSON, in JSON within a text.
  public static func shortened(in text: String, longest: Int = 128) -> String {
    marked(in: text, longest: longest).text
  }

  /// The same with what was put in place of the URIs.
  package static func marked(in text: String, longest: Int) -> (text: String, marks: [String]) {
    guard text.utf8.count > longest else { return (text, []) }
    var text = text
    var marks: [String] = []
    let spans = text.withUTF8 { Self.spans(in: $0, longest: longest) }
    if spans.isEmpty { return (text, []) }
    let bytes = text.utf8
    var result = ""
    var position = bytes.startIndex
    var offset = 0
    for span in spans {
      let start = bytes.index(position, offsetBy: span.lowerBound - offset)
      let end = bytes.index(start, offsetBy: span.count)
      result += text[position..<start]
      let uri = String(text[start..<end])
      if let summary = DataURI(uri)?.summary {
        result += summary
        marks.append(summary)
      } else {
        result += uri
      }
      (position, offset) = (end, span.upperBound)
    }
    return (result + text[position...], marks)
  }

  /// Where the long data URIs of a text are.
  private static func spans(in bytes: UnsafeBufferPointer<UInt8>, longest: Int) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    var index = 0
    // Colons are rarer than the letters before them.
    while let colon = place(of: UInt8(ascii: ":"), in: bytes, from: index + 4) {
      let start = colon - 4
      guard start + longest < bytes.count else { break }
      guard isStart(bytes, start), let end = end(in: bytes, from: start) else {
        index = start + 1
        continue
      }
      if end - start > longest { spans.append(start..<end) }
      index = end
    }
    return spans
  }

  /// Where a byte is next, found eight bytes at a time.
  private static func place(
    of byte: UInt8, in bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    let all = UInt64(byte) &* 0x0101_0101_0101_0101
    let raw = UnsafeRawBufferPointer(bytes)
    var index = start
    while index + 8 <= raw.count {
      let others = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ all
      // A byte of zero sets its highest bit.
      if (others &- 0x0101_0101_0101_0101) & ~others & 0x8080_8080_8080_8080 != 0 { break }
      index += 8
    }
    while index < bytes.count {
      if bytes[index] == byte { return index }
      index += 1
    }
    return nil
  }

  private static func isStart(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    bytes[index] | 0x20 == UInt8(ascii: "d") && bytes[index + 1] | 0x20 == UInt8(ascii: "a")
      && bytes[index + 2] | 0x20 == UInt8(ascii: "t")
      && bytes[index + 3] | 0x20 == UInt8(ascii: "a") && bytes[index + 4] == UInt8(ascii: ":")
  }

  /// The end of what looks like a data URI; nil if it has no header.
  private static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var index = start + 5
    while index < bytes.count, bytes[index] != UInt8(ascii: ",") {
      guard isHeaderByte(bytes[index]), index - start < longestHeader else { return nil }
      index += 1
    }
    while index < bytes.count, isHeaderByte(bytes[index]) { index += 1 }
    return index
  }
}

extension Int {
  /// The number with a comma between groups of three digits: 5,325.
  package var grouped: String {
    var digits = String(magnitude)
    var index = digits.index(digits.endIndex, offsetBy: -3, limitedBy: digits.startIndex)
    while let place = index, place > digits.startIndex {
      digits.insert(",", at: place)
      index = digits.index(place, offsetBy: -3, limitedBy: digits.startIndex)
    }
    return (self < 0 ? "-" : "") + digits
  }
}
