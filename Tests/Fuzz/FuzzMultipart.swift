/// Multipart forms: parts lie in the body in their order between delimiters, a form that is written is
/// read as it was, and a long body takes no longer than its length.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzMultipart(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  switch input.byte() {
  case 0..<0x60:
    let length = Int(input.byte() & 0x3F)
    let type = input.bytes(length).utf8Text
    checkPlaces(body: input.bytes(), contentType: type, boundary: nil)
  case 0x60..<0xA0: checkPlaces(body: input.bytes(), contentType: header("b"), boundary: "b")
  case 0xF8:
    parseAmplified(input.bytes()) { body in
      checkPlaces(body: body, contentType: header("b"), boundary: "b")
      checkPlaces(
        body: Array("--b\r\n".utf8) + body + Array("\r\n--b--".utf8),
        contentType: header("b"), boundary: "b")
    }
  default: checkWrittenForm(&input)
  }
  return 0
}

private func header(_ boundary: String) -> String {
  "multipart/form-data; boundary=\(boundary)"
}

private func checkPlaces(body: [UInt8], contentType: String, boundary: String?) {
  guard let parts = MultipartPart.parts(of: body, contentType: contentType) else { return }
  require(contentType.lowercased().contains("multipart/form-data"), "a form of \(contentType)")
  let delimiter = boundary.map { Array("\r\n--\($0)".utf8) }
  var last = 0
  for part in parts {
    let place = part.bytes.startIndex..<part.bytes.endIndex
    require(place.lowerBound >= last, "parts overlap, or are out of order")
    require(place.upperBound <= body.count, "a part ends outside of the body")
    require(part.bytes.elementsEqual(body[place]), "a part isn't the body's bytes")
    require(body[..<place.lowerBound].hasSuffix("\r\n\r\n"), "no blank line before a part")
    last = place.upperBound
    if let delimiter {
      require(body[place.upperBound...].starts(with: delimiter), "no delimiter after a part")
    }
  }
}

/// Parts that the fuzzer chooses, in a form with a boundary that doesn't occur in them.
private func checkWrittenForm(_ input: inout FuzzInput) {
  var parts: [(name: String, filename: String?, type: String?, bytes: [UInt8])] = []
  for _ in 0..<Int(input.byte() & 3) {
    let has = input.byte()
    parts.append(
      (
        name: quotable(input.bytes(Int(input.byte() & 15))),
        filename: has & 1 == 1 ? quotable(input.bytes(Int(input.byte() & 15))) : nil,
        type: has & 2 == 2 ? "image/png" : nil, bytes: input.bytes(Int(input.byte()))
      ))
  }
  let boundary = "fuzz-7MA4YWxkTrZu0gW"
  let mark = "--\(boundary)"
  guard !parts.contains(where: { $0.bytes.utf8Text.contains(mark) }) else { return }

  var body: [UInt8] = []
  for part in parts {
    var head = "\(mark)\r\nContent-Disposition: form-data; name=\"\(escaped(part.name))\""
    if let filename = part.filename { head += "; filename=\"\(escaped(filename))\"" }
    if let type = part.type { head += "\r\nContent-Type: \(type)" }
    body += Array("\(head)\r\n\r\n".utf8) + part.bytes + [0x0D, 0x0A]
  }
  body += Array("\(mark)--\r\n".utf8) + input.bytes()

  let read = MultipartPart.parts(of: body, contentType: header("\"\(boundary)\""))
  guard let read else { fatalError("a form isn't read") }
  require(read.count == parts.count, "\(parts.count) parts are read as \(read.count)")
  for (part, expected) in zip(read, parts) {
    require(same(part.name, expected.name), "the name \(expected.name) is read as \(part.name)")
    require(
      same(part.filename, expected.filename),
      "the file name \(expected.filename ?? "-") is read as \(part.filename ?? "-")")
    require(same(part.type, expected.type), "the type is read as \(part.type ?? "-")")
    require(part.bytes.elementsEqual(expected.bytes), "other bytes are read")
  }
}

private func same(_ one: String?, _ other: String?) -> Bool {
  (one == nil) == (other == nil) && (one ?? "").utf8.elementsEqual((other ?? "").utf8)
}

/// Names have no control characters: how those are written differs from client to client.
private func quotable(_ bytes: [UInt8]) -> String {
  bytes.filter { $0 >= 0x20 && $0 != 0x7F }.utf8Text
}

/// A quote and a backslash get a backslash before them (RFC 7578, and the quoted strings of RFC 822).
private func escaped(_ name: String) -> String {
  name.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
