import ReplicateAPI
import Support
import Testing

@Suite struct `Server-sent events` {
  typealias Event = ServerSentEvents.Event

  /// All that a stream of the service may hold, with a line ending to be put in.
  static let stream = [
    ": hi", "",
    "event: output", "id: 1690212292:0", "data: Once upon", "",
    "event: output", "id: 1690212292:1", "data:  a time\u{3000}漢 👩‍👩‍👧", "",
    "event: output", "id: 1690212293:0", "data: two", "data:", "data: lines", "",
    "event: output", "data", "",
    ":", "retry: 1500", "unknown: field", "data:no space", "",
    "event: error", #"data: {"detail":"no"}"#, "",
    "event: done", "id: 1690212294:0", "data: {}", "", "",
    "event: output", "data: never ended",
  ]

  static let events = [
    Event(name: "output", data: "Once upon", id: "1690212292:0"),
    Event(name: "output", data: " a time\u{3000}漢 👩‍👩‍👧", id: "1690212292:1"),
    Event(name: "output", data: "two\n\nlines", id: "1690212293:0"),
    Event(name: "output", data: ""),
    Event(name: "message", data: "no space"),
    Event(name: "error", data: #"{"detail":"no"}"#),
    Event(name: "done", data: "{}", id: "1690212294:0"),
  ]

  @Test(arguments: ["\n", "\r", "\r\n"])
  func `events are the same wherever the stream is split`(ending: String) {
    let bytes = Array(Self.stream.joined(separator: ending).utf8)
    for split in 0...bytes.count {
      var parser = ServerSentEvents()
      let events = parser.push(bytes[..<split]) + parser.push(bytes[split...])
      #expect(events == Self.events, "split at \(split)")
      #expect(parser.lastEventID == "1690212294:0")
      #expect(parser.retryDelay == .milliseconds(1500))
    }
  }

  @Test(arguments: ["\n", "\r", "\r\n"], 1...7)
  func `events are the same in pieces of any size`(ending: String, size: Int) {
    let bytes = Array(Self.stream.joined(separator: ending).utf8)
    var parser = ServerSentEvents()
    var events: [Event] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += parser.push(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(events == Self.events)
  }

  @Test func `a byte order mark and mixed line endings are read wherever the stream is split`() {
    let text =
      ": hi\r\n\rid: é1\revent: output\ndata:  漢\r\ndata:👩‍👩‍👧\r\r\n"
      + "id\ndata\n\r\n\nevent: done\r\rid: last\ndata: \u{FEFF}never ended\r"
    let bytes = [0xEF, 0xBB, 0xBF] + Array(text.utf8)
    let expected = [
      Event(name: "output", data: " 漢\n👩‍👩‍👧", id: "é1"), Event(data: "", id: ""),
      Event(name: "done", data: ""),
    ]
    for first in 0...bytes.count {
      for second in first...bytes.count {
        var parser = ServerSentEvents()
        let events =
          parser.push(bytes[..<first]) + parser.push(bytes[first..<second])
          + parser.push(bytes[second...])
        #expect(events == expected, "split at \(first) and \(second)")
        #expect(parser.lastEventID == "")
      }
    }
  }

  @Test func `a byte order mark is passed over`() {
    var parser = ServerSentEvents()
    #expect(parser.push([0xEF, 0xBB, 0xBF]) == [])
    #expect(parser.push("data: x\n\n".utf8) == [Event(data: "x")])
  }

  @Test func `an event with a name and no data is given`() {
    var parser = ServerSentEvents()
    #expect(parser.push("event: done\n\n".utf8) == [Event(name: "done", data: "")])
  }

  @Test func `blank lines and comments make no event`() {
    var parser = ServerSentEvents()
    #expect(parser.push("\n\n: hi\n\n\r\n\r\nid: 5\n\n".utf8) == [])
    #expect(parser.lastEventID == "5")
  }

  @Test func `an id with a null in it and a retry that is no number are ignored`() {
    var parser = ServerSentEvents()
    _ = parser.push("id: a\0b\nretry: soon\nretry:\ndata: x\n\n".utf8)
    #expect(parser.lastEventID == "")
    #expect(parser.retryDelay == nil)
  }

  @Test func `a line of megabytes arrives whole`() {
    let text = String(repeating: "x", count: 4_000_000)
    let bytes = Array("event: output\ndata: \(text)\n\n".utf8)
    var parser = ServerSentEvents()
    var events: [Event] = []
    for start in stride(from: 0, to: bytes.count, by: 65_536) {
      events += parser.push(bytes[start..<min(start + 65_536, bytes.count)])
    }
    #expect(events == [Event(name: "output", data: text)])
  }

  @Test func `a new connection goes on after the last event`() {
    var parser = ServerSentEvents()
    _ = parser.push("id: 7\ndata: a\n\nid: 8\ndata: half".utf8)
    var next = parser.forNextConnection()
    #expect(next.lastEventID == "7")
    #expect(next.push("data: b\n\n".utf8) == [Event(data: "b")])
  }

  @Test func `no bytes, however random, do more than give events`() {
    var generator = SplitMix(seed: 2)
    let alphabet = Array("\n\r: \0éevent:data:id:retry:1x".utf8) + [0xFF, 0xE6]
    for _ in 0..<3_000 {
      let bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator) ?? 0
      }
      var whole = ServerSentEvents()
      var split = ServerSentEvents()
      let events = whole.push(bytes)
      #expect(bytes.flatMap { split.push([$0]) } == events)
    }
  }
}
