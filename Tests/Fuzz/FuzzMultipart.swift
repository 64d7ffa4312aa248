/// Multipart forms: parts appear in the body in order, separated by delimiters; a written form is
/// read back unchanged; and parsing time is linear.
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
  require(
    contentType.lowercased().contains("multipart/form-data"), "a form was read from \(contentType)")
  let delimiter = boundary.map { Array("\r\n--\($0)".utf8) }
  var last = 0
  for part in parts {
    let place = part.bytes.startIndex..<part.bytes.endIndex
    require(place.lowerBound >= last, "parts overlap, or are out of order")
    require(place.upperBound <= body.count, "a part ends outside the body")
    require(part.bytes.elementsEqual(body[place]), "a part's bytes differ from the body")
    require(body[..<place.lowerBound].hasSuffix("\r\n\r\n"), "no blank line before a part")
    last = place.upperBound
    if let delimiter {
      require(body[place.upperBound...].starts(with: delimiter), "no delimiter after a part")
    }
  }
}

/// Parts chosen by the fuzzer, in a form whose boundary doesn't occur in them.
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
  guard let read else { fatalError("the form wasn't read") }
  require(read.count == parts.count, "\(parts.count) parts were read as \(read.count)")
  for (part, expected) in zip(read, parts) {
    require(same(part.name, expected.name), "the name \(expected.name) was read as \(part.name)")
    require(
      same(part.filename, expected.filename),
      "the file name \(expected.filename ?? "-") was read as \(part.filename ?? "-")")
    require(same(part.type, expected.type), "the type was read as \(part.type ?? "-")")
    require(part.bytes.elementsEqual(expected.bytes), "different bytes were read")
  }
}

private func same(_ one: String?, _ other: String?) -> Bool {
  (one == nil) == (other == nil) && (one ?? "").utf8.elementsEqual((other ?? "").utf8)
}

/// Control characters in names are excluded, because clients write them differently.
private func quotable(_ bytes: [UInt8]) -> String {
  bytes.filter { $0 >= 0x20 && $0 != 0x7F }.utf8Text
}

/// Escapes quotes and backslashes with a backslash (RFC 7578, and the quoted strings of RFC 822).
private func escaped(_ name: String) -> String {
  name.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
}

extension ArraySlice<UInt8> {
  fileprivate func hasSuffix(_ text: String) -> Bool {
    suffix(text.utf8.count).elementsEqual(text.utf8)
  }
}
