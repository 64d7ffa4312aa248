/// Terminal input: chunk boundaries don't matter, little is ever buffered, and a pause or Esc
/// always recovers.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzInputParser(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let steering = input.byte()
  let sizes = input.sizes(steering)
  let bytes = input.bytes()
  if steering == 0xF8 {
    parseAmplified(bytes) { bytes in
      var parser = InputParser()
      _ = parser.feed(bytes)
    }
  }

  var whole = InputParser()
  let events = whole.feed(bytes)
  let (split, splitEvents) = fed(bytes, inPiecesOf: sizes)
  require(same(splitEvents, events), "different events in chunks of \(sizes)")
  require(split.isWaiting == whole.isWaiting, "different waiting state after chunks of \(sizes)")
  let (single, singleEvents) = fed(bytes, inPiecesOf: [1])
  require(same(singleEvents, events), "different events byte by byte")
  for event in events { checkValues(of: event) }

  // A key gets through, at once or after the length of a reply, unless a paste is open.
  if pasted(whole) == nil {
    var parser = whole
    var taken = 0
    let keys = Array(repeating: UInt8(ascii: "q"), count: 64)
    while parser.feed(keys).last != .key(.character("q")) {
      taken += keys.count
      require(taken <= longestReply, "no key gets through")
    }
  }
  leadOut(whole)
  leadOut(single)
  if steering & 8 != 0 { checkSilences(bytes, sizes) }
  return 0
}

/// The longest reply, including its introducer.
private let longestReply = 4096 + 8

private func fed(
  _ bytes: [UInt8], inPiecesOf sizes: [Int]
) -> (InputParser, [TerminalEvent]) {
  var parser = InputParser()
  var events: [TerminalEvent] = []
  var turn = 0
  forEachPiece(of: bytes, sizes: sizes, atMost: 8192) { piece in
    events += parser.feed(piece)
    if turn & 31 == 0 { require(pending(parser).count <= longestReply, "too much is buffered") }
    turn += 1
  }
  require(pending(parser).count <= longestReply, "too much is buffered")
  return (parser, events)
}

/// Pauses between the chunks can change the events, but all of them are valid and the parser
/// recovers.
private func checkSilences(_ bytes: [UInt8], _ sizes: [Int]) {
  var parser = InputParser()
  var start = 0
  var turn = 0
  while start < bytes.count {
    let size = sizes.isEmpty ? 7 : sizes[turn % sizes.count]
    let end = min(start + max(1, size), bytes.count)
    for event in parser.feed(bytes[start..<end]) { checkValues(of: event) }
    for _ in 0..<size % 12 {
      for event in parser.timeOut() { checkValues(of: event) }
    }
    start = end
    turn += 1
  }
  leadOut(parser)
}

private func leadOut(_ parser: InputParser) {
  var parser = parser
  for text in ["", "\u{1B}"] {
    _ = parser.feed(text.utf8)
    var silences = 0
    while parser.isWaiting {
      _ = parser.timeOut()
      silences += 1
      require(silences <= 16, "it waits forever")
    }
  }
  require(pending(parser).isEmpty && pasted(parser) == nil, "Esc doesn't recover")
  require(parser.feed("q".utf8) == [.key(.character("q"))], "the next key isn't recognized")
}

private func pending(_ parser: InputParser) -> [UInt8] {
  Mirror(reflecting: parser).descendant("pending") as? [UInt8] ?? []
}

private func pasted(_ parser: InputParser) -> [UInt8]? {
  Mirror(reflecting: parser).descendant("pasted", "some") as? [UInt8]
}

/// Compares text byte by byte, because Swift considers canonically equivalent strings equal.
private func same(_ one: [TerminalEvent], _ other: [TerminalEvent]) -> Bool {
  one.count == other.count
    && zip(one, other).allSatisfy { one, other in
      if case .paste(let text) = one, case .paste(let other) = other {
        return text.utf8.elementsEqual(other.utf8)
      }
      return one == other
    }
}

private func checkValues(of event: TerminalEvent) {
  switch event {
  case .key(let key):
    switch key.code {
    case .character(let character):
      require(character.unicodeScalars.count == 1, "a key with several scalars: \(key)")
      let isControl = character.unicodeScalars.contains { scalar in
        scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      }
      require(!isControl, "a control character as a key: \(key)")
    case .function(let number): require((1...35).contains(number), "unknown key: \(key)")
    default: break
    }
  case .mouse(let mouse):
    require(mouse.point.x >= 0 && mouse.point.y >= 0, "the mouse is off the screen: \(mouse)")
  case .reply(.cursor(let point)):
    require(point.x >= 0 && point.y >= 0, "the cursor is off the screen: \(point)")
  case .reply(.color(_, let red, let green, let blue)):
    require(
      [red, green, blue].allSatisfy { (0...65535).contains($0) }, "invalid color: \(event)")
  case .paste(let text):
    require(!text.utf8.contains(0x0D), "a carriage return in a paste")
  case .focus, .reply: break
  case .resize: fatalError("a resize can't come from the input")
  }
}
