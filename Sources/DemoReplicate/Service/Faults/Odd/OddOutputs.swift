import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Replaces the outputs of runs by outputs of every shape, whatever the schema promises. Many of them
/// contain the original.
package enum OddOutputs {
  /// - Parameters:
  ///   - origin: The output host.
  ///   - isAlone: Whether the answer has only this output, so that it may have megabytes.
  package static func changed(
    _ output: JSONValue, origin: String, isAlone: Bool, _ random: inout SeededRandom
  ) -> JSONValue {
    let isHit = random.integer(0...1) == 0
    let isHuge = random.integer(0...31) == 0
    let shapes = shapes(of: output, origin: origin)
    let shape = random.pick(shapes)
    guard isHit, let shape else { return output }
    return isHuge && isAlone ? .string(hugeURI) : shape
  }

  package static func shapes(of output: JSONValue, origin: String) -> [JSONValue] {
    let good = output
    let file = JSONValue.string("\(origin)/xezq/none/out.png")
    let picture = JSONValue.string(smallURI)
    return [
      // Nested, with files at several depths.
      [[good], [good, [file, [picture]]]],
      ["files": ["first": good, "all": [good, file], "none": .null], "note": "Done."],
      ["image": file, "mask": picture, "score": 0.75, "": good],
      [good, "plain text", 12, true, .null, ["url": file], [picture, "text"], "", [:], []],
      [["name": "a", "file": good], ["name": "b", "file": .null], "c"],
      // Empty.
      "", [], [:], .null, [""], [[]], [.null], " \n",
      // Of another type than promised.
      -12_500, 0.1, true, false, .number(big), "42", "null", "[1, 2", #"{"json": "in text"}"#,
      // Addresses that are none, and data URIs.
      .array((addresses + dataURIs).map { .string($0) }),
      picture, [picture, picture], .array(addresses.map { ["url": .string($0)] }),
      // Pieces of a text that isn't a list of files.
      .array("One two three.".map { .string(String($0)) }), ["", "", " piece ", "\n", "s"],
      ["http://example.invalid/first", " is where it begins"],
      // Deep and wide.
      deep(good), wide, .object(manyMembers), .string(String(repeating: "wide ", count: 4000)),
      .array(matrix), .string("\u{1B}[31mred\u{1B}[0m \u{202E}desrever\u{202C} a\u{0}b"),
    ]
  }

  package static let addresses = [
    "http://", "https://", "http:///x.png", "https://exa mple/x.png", "http://[", "https:/one.png",
    "http://example.invalid:port/", "https://example.invalid/%zz", "ftp://example.invalid/x.png",
    "file:///etc/passwd", "//example.invalid/x.png", "httpsomething",
    "HTTPS://EXAMPLE.INVALID/X.PNG",
    "https://example.invalid/a.png\nhttps://example.invalid/b.png", "javascript:alert(1)",
    "https://user:secret@example.invalid/x.png?token=a#b", "https://例え.invalid/画.png",
    "https://example.invalid/\(String(repeating: "long/", count: 400))x.png",
  ]

  package static let dataURIs = [
    "data:", "data:,", "data:image/png;base64", "data:image/png;base64,", "data:;base64,AAAA",
    "data:image/png;base64,%%%not base64%%%", "data:text/plain,hello%20there",
    "DATA:text/html,<b>x",
    "data:text/plain;charset=utf-8;base64,SGVsbG8=", "data:application/json,{\"a\":1}",
    "data:image/png;base64,iVBORw0KGgo", "data:../../etc/passwd;base64,AAAA",
  ]

  private static let big = JSONNumber(literal: "18446744073709551615") ?? JSONNumber(0)

  /// A picture of some kilobytes.
  package static let smallURI = DataURI.picture(
    Picture(PictureSize(width: 24, height: 16)) { x, y in
      Color(Float(x) / 24, Float(y) / 16, Float(x * y % 7) / 7)
    })

  /// Three megabytes, made once.
  package static let hugeURI: String = {
    var random = SeededRandom("huge output")
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 << 20)
    while bytes.count < 3 << 20 {
      withUnsafeBytes(of: random.next()) { bytes.append(contentsOf: $0) }
    }
    return "data:application/octet-stream;base64," + Data(bytes).base64EncodedString()
  }()

  private static func deep(_ good: JSONValue) -> JSONValue {
    (0..<120).reduce(good) { inner, level in
      level.isMultiple(of: 2) ? [inner] : ["level \(level)": inner]
    }
  }

  private static let wide = JSONValue.array((0..<3000).map { .number(JSONNumber($0)) })

  private static let manyMembers = JSONObject(
    (0..<1000).map { ("key \($0)", .number(JSONNumber($0))) }, uniquingKeysWith: { $1 })

  private static let matrix: [JSONValue] = (0..<40).map { row in
    .array((0..<40).map { .number(JSONNumber(Double(row * $0) / 7)) })
  }
}
