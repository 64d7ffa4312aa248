/// The beginning of an SVG: whether it is one, and how large it says it is.
enum SVGHeader {
  /// How far into the file its element has to begin, and how long its tag may be, in bytes.
  private static let limit = 4096

  static func isSVG(_ head: HeadBytes) -> Bool { tag(in: head) != nil }

  /// The element's width and height, or those of its view box.
  static func size(of head: HeadBytes) -> PictureHeader.Size? {
    guard let tag = tag(in: head) else { return nil }
    let text = head.text(tag)
    let box = attribute("viewBox", in: text).map { value in
      value.split { $0 == " " || $0 == "," || $0.isNewline || $0 == "\t" }.map(String.init)
    }
    let sizes = box.flatMap { $0.count == 4 ? ($0[2], $0[3]) : nil }
    guard
      let width = attribute("width", in: text).flatMap(length) ?? sizes.flatMap({ length($0.0) }),
      let height = attribute("height", in: text).flatMap(length) ?? sizes.flatMap({ length($0.1) })
    else { return nil }
    return PictureHeader.Size(width: width, height: height)
  }

  /// The bytes of the `svg` element's start tag. Only a declaration, comments and a document type may
  /// stand before it.
  private static func tag(in head: HeadBytes) -> Range<Int>? {
    var offset = head.has([0xEF, 0xBB, 0xBF]) ? 3 : 0
    let end = min(head.count, limit)
    while offset < end {
      if head.has("<svg", at: offset) {
        guard let next = head.byte(offset + 4), next <= 0x20 || next == 0x3E || next == 0x2F else {
          return nil
        }
        let close = index(of: 0x3E, from: offset, in: head, limit: offset + limit)
        return offset..<(close ?? min(head.count, offset + limit))
      }
      if head.has("<!--", at: offset) {
        guard let close = comment(from: offset + 4, in: head, limit: end) else { return nil }
        offset = close
      } else if head.has("<?", at: offset) || head.has("<!", at: offset) {
        guard let close = index(of: 0x3E, from: offset, in: head, limit: end) else { return nil }
        offset = close + 1
      } else if let byte = head.byte(offset), byte <= 0x20, byte != 0 {
        offset += 1
      } else {
        return nil
      }
    }
    return nil
  }

  private static func index(
    of byte: Int, from start: Int, in head: HeadBytes, limit: Int
  ) -> Int? {
    var offset = start
    while offset < limit, let next = head.byte(offset) {
      if next == byte { return offset }
      offset += 1
    }
    return nil
  }

  private static func comment(from start: Int, in head: HeadBytes, limit: Int) -> Int? {
    var offset = start
    while offset < limit {
      if head.has("-->", at: offset) { return offset + 3 }
      offset += 1
    }
    return nil
  }

  private static func attribute(_ name: String, in tag: String) -> String? {
    for start in tag.ranges(of: name) {
      // Not the end of a longer name, such as stroke-width.
      guard start.lowerBound > tag.startIndex,
        tag[tag.index(before: start.lowerBound)].isWhitespace
      else { continue }
      let rest = tag[start.upperBound...].drop { $0.isWhitespace }
      guard rest.first == "=" else { continue }
      let value = rest.dropFirst().drop { $0.isWhitespace }
      guard let quote = value.first, quote == "\"" || quote == "'" else { continue }
      return String(value.dropFirst().prefix { $0 != quote })
    }
    return nil
  }

  /// A length in pixels, or without a unit. Others depend on where the picture is shown.
  private static func length(_ text: String) -> Int? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text[number.endIndex...].drop { $0.isWhitespace }
    guard unit.isEmpty || unit.hasPrefix("px") else { return nil }
    let whole = number.prefix { $0 != "." }
    return whole.utf8.count <= 9 ? Int(whole) : nil
  }
}
