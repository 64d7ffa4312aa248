/// Server-sent events: chunk boundaries don't matter, and the result matches a straightforward
/// implementation of the specification.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzServerSentEvents(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let steering = input.byte()
  let sizes = input.sizes(steering)
  let bytes = input.bytes()
  if steering == 0xF8 {
    parseAmplified(bytes) { bytes in
      var parser = ServerSentEvents()
      _ = parser.push(bytes)
    }
  }

  var whole = ServerSentEvents()
  let events = whole.push(bytes)

  let (split, splitEvents) = pushed(bytes, inPiecesOf: sizes)
  require(same(splitEvents, events), "different events in chunks of \(sizes)")
  require(same(split, whole), "different state after chunks of \(sizes)")
  let (single, singleEvents) = pushed(bytes, inPiecesOf: [1])
  require(same(singleEvents, events), "different events byte by byte")
  require(same(single, whole), "different state byte by byte")

  let plain = PlainReading(of: bytes)
  require(same(plain.events, events), "different events than the straightforward implementation")
  require(plain.lastEventID.utf8.elementsEqual(whole.lastEventID.utf8), "different last ID")
  require(plain.retryDelay == whole.retryDelay, "different retry delay")

  for event in events { checkFields(of: event) }
  require(!whole.lastEventID.utf8.contains(0), "a null in the last ID")
  if let delay = whole.retryDelay { require(delay >= .zero, "a negative delay") }

  // Writing the events and parsing them again gives the same events.
  var again = ServerSentEvents()
  require(
    same(again.push(events.flatMap(written)), events),
    "different events when written and parsed again")

  // A new connection keeps only the last event ID and the retry delay.
  var next = whole.forNextConnection()
  require(same(next, whole), "something was lost between connections")
  require(same(next.push(bytes), events), "different events on the next connection")
  return 0
}

private func pushed(
  _ bytes: [UInt8], inPiecesOf sizes: [Int]
) -> (ServerSentEvents, [ServerSentEvents.Event]) {
  var parser = ServerSentEvents()
  var events: [ServerSentEvents.Event] = []
  forEachPiece(of: bytes, sizes: sizes) { events += parser.push($0) }
  return (parser, events)
}

private func same(_ one: ServerSentEvents, _ other: ServerSentEvents) -> Bool {
  one.lastEventID.utf8.elementsEqual(other.lastEventID.utf8) && one.retryDelay == other.retryDelay
}

/// Compares text byte by byte, because Swift considers canonically equivalent strings equal.
private func same(_ one: [ServerSentEvents.Event], _ other: [ServerSentEvents.Event]) -> Bool {
  one.count == other.count
    && zip(one, other).allSatisfy { one, other in
      one.name.utf8.elementsEqual(other.name.utf8) && one.data.utf8.elementsEqual(other.data.utf8)
        && (one.id == nil) == (other.id == nil)
        && (one.id ?? "").utf8.elementsEqual((other.id ?? "").utf8)
    }
}

private func checkFields(of event: ServerSentEvents.Event) {
  require(!event.name.isEmpty, "an event without a name")
  require(!event.name.utf8.contains { $0 == 0x0A || $0 == 0x0D }, "a line break in a name")
  require(!event.data.utf8.contains(0x0D), "a carriage return in data")
  guard let id = event.id else { return }
  require(!id.utf8.contains { [0, 0x0A, 0x0D].contains($0) }, "a line break or null in an ID")
}

private func written(_ event: ServerSentEvents.Event) -> [UInt8] {
  var text = "event: \(event.name)\n"
  if let id = event.id { text += "id: \(id)\n" }
  for line in event.data.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
    text += "data: \(String(decoding: Array(line), as: UTF8.self))\n"
  }
  return Array((text + "\n").utf8)
}

/// A straightforward implementation of the specification (WHATWG HTML, 9.2.6) that reads the whole
/// text line by line. Like the parser, it also returns named events without data.
private struct PlainReading {
  var events: [ServerSentEvents.Event] = []
  var lastEventID = ""
  var retryDelay: Duration?

  init(of bytes: [UInt8]) {
    var name: String?
    var id: String?
    var data: [String] = []
    for line in Self.lines(bytes) {
      if line.isEmpty {
        if let id { lastEventID = id }
        if name != nil || !data.isEmpty {
          let shown = name.flatMap { $0.isEmpty ? nil : $0 } ?? "message"
          events.append(
            ServerSentEvents.Event(name: shown, data: data.joined(separator: "\n"), id: id))
        }
        name = nil
        id = nil
        data = []
        continue
      }
      let (field, value) = Self.field(line)
      switch field {
      case "event": name = value
      case "data": data.append(value)
      case "id": if !value.utf8.contains(0) { id = value }
      case "retry":
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
          let milliseconds = Int(value)
        else { break }
        retryDelay = .milliseconds(milliseconds)
      default: break
      }
    }
  }

  /// The completed lines, without their line endings.
  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    var rest = bytes[...]
    if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    var lines: [[UInt8]] = []
    var line: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case 0x0D:
        if rest.first == 0x0A { rest.removeFirst() }
        fallthrough
      case 0x0A:
        lines.append(line)
        line = []
      default: line.append(byte)
      }
    }
    return lines
  }

  private static func field(_ line: [UInt8]) -> (String, String) {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return (line.utf8Text, "") }
    var value = line[(colon + 1)...]
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    return (Array(line[..<colon]).utf8Text, Array(value).utf8Text)
  }
}
