#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Encodes the cursors of lists: base64 of the position where the next page starts, opaque to
/// clients.
enum Cursor {
  /// The position in a cursor, such as `o=25`.
  static func position(_ cursor: String?) throws(Problem) -> String? {
    guard let cursor, !cursor.isEmpty else { return nil }
    guard let bytes = Data(base64Encoded: cursor) else { throw .badRequest("Invalid cursor") }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The ID of the last prediction on the previous page.
  static func prediction(_ cursor: String?) throws(Problem) -> String? {
    guard let position = try position(cursor) else { return nil }
    guard position.hasPrefix("p=") else { throw .badRequest("Invalid cursor") }
    return String(position.dropFirst(2))
  }

  static func offset(_ cursor: String?) throws(Problem) -> Int {
    guard let position = try position(cursor) else { return 0 }
    guard position.hasPrefix("o="), let offset = Int(position.dropFirst(2)),
      (0...1 << 40).contains(offset)
    else {
      throw .badRequest("Invalid cursor")
    }
    return offset
  }

  /// The absolute URL of the next page.
  static func address(
    _ call: DemoService.Call, _ path: String, _ position: String, keeping names: [String]
  ) -> String {
    let cursor = Data(position.utf8).base64EncodedString()
    let kept = names.compactMap { name in
      call.query[name].map { "&\(name)=\(escaped($0))" }
    }
    return "\(call.base)\(path)?cursor=\(escaped(cursor))\(kept.joined())"
  }

  static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
