#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One part of a multipart/form-data body (RFC 7578).
struct MultipartPart: Sendable {
  var name: String
  var filename: String?
  var type: String?
  var bytes: ArraySlice<UInt8>

  /// The parts up to the closing delimiter. If it is missing, the parts that are complete; nil if
  /// the body isn't a form.
  ///
  /// - Parameter contentType: The header with the boundary.
  static func parts(of body: [UInt8], contentType: String) -> [MultipartPart]? {
    let header = HeaderValue(contentType.utf8)
    guard header.value.lowercased() == "multipart/form-data",
      let boundary = header.parameters["boundary"], !boundary.isEmpty
    else { return nil }
    var delimiters = Delimiters(body: body, mark: Array("--\(boundary)".utf8))
    guard var start = delimiters.next() else { return nil }
    var parts: [MultipartPart] = []
    while !start.isLast, let end = delimiters.next() {
      if let part = part(body[start.place.upperBound..<end.place.lowerBound]) {
        parts.append(part)
      }
      start = end
    }
    return parts
  }

  private static func part(_ bytes: ArraySlice<UInt8>) -> MultipartPart? {
    // The slice starts with the delimiter's own line break, so this also finds an empty header.
    guard let head = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
    var part = MultipartPart(name: "", bytes: bytes[head.upperBound...])
    for line in bytes[..<head.lowerBound].split(whereSeparator: { $0 == 0x0D || $0 == 0x0A }) {
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { continue }
      let value = line[(colon + 1)...]
      switch text(line[..<colon]).lowercased() {
      case "content-disposition":
        let header = HeaderValue(value)
        part.name = header.parameters["name"] ?? ""
        part.filename = header.parameters["filename"]
      case "content-type": part.type = text(value)
      default: break
      }
    }
    return part
  }
}

/// Finds the delimiter lines of a body: two hyphens and the boundary, plus two more hyphens at the
/// end.
private struct Delimiters {
  struct Delimiter {
    /// From the line break before the delimiter up to, but not including, the one after it.
    var place: Range<Int>
    var isLast: Bool
  }

  let body: [UInt8]
  let mark: [UInt8]
  private var position = 0

  init(body: [UInt8], mark: [UInt8]) {
    self.body = body
    self.mark = mark
  }

  mutating func next() -> Delimiter? {
    if position == 0, let first = delimiter(from: 0, markAt: 0) {
      position = first.place.upperBound
      return first
    }
    while let line = nextReturn() {
      position = line + 1
      guard position < body.count, body[position] == 0x0A,
        let next = delimiter(from: line, markAt: line + 2)
      else { continue }
      position = next.place.upperBound
      return next
    }
    position = body.count
    return nil
  }

  /// Uploads are large, so memchr does the search.
  private func nextReturn() -> Int? {
    body.withUnsafeBytes { bytes in
      guard position < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + position, 0x0D, bytes.count - position)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  /// Checks what follows the boundary: a longer boundary, or a line of content, may begin the same
  /// way.
  private func delimiter(from start: Int, markAt: Int) -> Delimiter? {
    guard body[markAt...].starts(with: mark) else { return nil }
    var end = markAt + mark.count
    let isLast = body[end...].starts(with: "--".utf8)
    if isLast { end += 2 }
    while end < body.count, isSpace(body[end]) { end += 1 }
    guard body[end...].starts(with: "\r\n".utf8) || isLast && end == body.count else { return nil }
    return Delimiter(place: start..<end, isLast: isLast)
  }
}

/// A header value with its parameters, such as `form-data; name="content"`.
private struct HeaderValue {
  var value: String
  /// By lowercased name. If a name is repeated, the first value wins.
  var parameters: [String: String] = [:]

  init(_ bytes: some Sequence<UInt8>) {
    var rest = Array(bytes)[...]
    value = text(Self.take(from: &rest) { $0 != UInt8(ascii: ";") })
    while rest.popFirst() != nil {
      let name = text(
        Self.take(from: &rest) { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") })
      guard rest.first == UInt8(ascii: "=") else { continue }
      rest.removeFirst()
      let value = Self.parameterValue(&rest)
      if parameters[name.lowercased()] == nil { parameters[name.lowercased()] = value }
      _ = Self.take(from: &rest) { $0 != UInt8(ascii: ";") }
    }
  }

  /// Reads up to the next semicolon, or a quoted string. In quotes, a backslash only escapes a
  /// quote or another backslash, since some clients send whole Windows paths.
  private static func parameterValue(_ rest: inout ArraySlice<UInt8>) -> String {
    _ = take(from: &rest, while: isSpace)
    guard rest.first == UInt8(ascii: "\"") else {
      return text(take(from: &rest) { $0 != UInt8(ascii: ";") })
    }
    rest.removeFirst()
    var value: [UInt8] = []
    while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
      let isEscape =
        byte == UInt8(ascii: "\\")
        && (rest.first == UInt8(ascii: "\"") || rest.first == UInt8(ascii: "\\"))
      value.append(isEscape ? rest.removeFirst() : byte)
    }
    return String(decoding: value, as: UTF8.self)
  }

  private static func take(
    from rest: inout ArraySlice<UInt8>, while isWanted: (UInt8) -> Bool
  ) -> ArraySlice<UInt8> {
    let taken = rest.prefix(while: isWanted)
    rest = rest[taken.endIndex...]
    return taken
  }
}

private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

/// The text without spaces at either end.
private func text(_ bytes: ArraySlice<UInt8>) -> String {
  guard let first = bytes.firstIndex(where: { !isSpace($0) }),
    let last = bytes.lastIndex(where: { !isSpace($0) })
  else { return "" }
  return String(decoding: bytes[first...last], as: UTF8.self)
}
