import Support
import Testing

@testable import TerminalKit

/// Tests the parser against the complete table of input sequences.
@Suite struct InputTableTests {
  private func events(_ pieces: ArraySlice<UInt8>...) -> [TerminalEvent] {
    var parser = InputParser()
    return pieces.flatMap { parser.feed($0) }
  }

  @Test(arguments: InputSequence.families.map(\.name))
  func `a terminal's sequences are recognized`(family: String) throws {
    let sequences = try #require(InputSequence.families.first { $0.name == family }).sequences
    for sequence in sequences {
      var parser = InputParser()
      let text = String(decoding: sequence.bytes, as: UTF8.self).debugDescription
      #expect(parser.feed(sequence.bytes) == sequence.events, "\(text)")
      #expect(!parser.isWaiting, "\(text)")
      // Whatever came before is complete, so the next key is recognized.
      #expect(parser.feed("q".utf8) == [.key(.character("q"))], "\(text)")
    }
  }

  @Test(arguments: InputSequence.families.map(\.name))
  func `splitting a sequence into two or three chunks makes no difference`(family: String) throws {
    let sequences = try #require(InputSequence.families.first { $0.name == family }).sequences
    for sequence in sequences {
      let bytes = sequence.bytes
      let places = (0...bytes.count).flatMap { first in
        (first...bytes.count).map { (first, $0) }
      }
      let torn = places.first { first, second in
        events(bytes[..<first], bytes[first..<second], bytes[second...]) != sequence.events
      }
      let text = String(decoding: bytes, as: UTF8.self).debugDescription
      #expect(torn == nil, "\(text)")
    }
  }

  @Test(arguments: [1, 2, 3, 5])
  func `splitting the whole table into chunks makes no difference`(size: Int) {
    let sequences = InputSequence.families.flatMap(\.sequences)
    let bytes = sequences.flatMap(\.bytes)
    var parser = InputParser()
    var events: [TerminalEvent] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
      events += parser.feed(bytes[start..<min(start + size, bytes.count)])
    }
    #expect(events == sequences.flatMap(\.events))
  }
}

/// Invalid input, from which the parser recovers by itself.
@Suite struct InputRecoveryTests {
  static let malformed: [(name: String, bytes: [UInt8], events: [TerminalEvent])] = [
    ("a continuation by itself", [0x80, 0xBF], []),
    ("overlong, two bytes", [0xC0, 0xAF, 0xC1, 0xBF], []),
    ("overlong, three bytes", [0xE0, 0x80, 0xAF, 0xE0, 0x9F, 0xBF], []),
    ("overlong, four bytes", [0xF0, 0x80, 0x80, 0xAF, 0xF0, 0x8F, 0xBF, 0xBF], []),
    ("surrogates", [0xED, 0xA0, 0x80, 0xED, 0xBF, 0xBF, 0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], []),
    ("beyond Unicode", [0xF4, 0x90, 0x80, 0x80, 0xF5, 0xFF, 0xFE], []),
    ("control characters of Latin 1", [0xC2, 0x80, 0xC2, 0x9B, 0xC2, 0x9F], []),
    ("cut off by a letter", [0xE2, 0x82, 0x78], [.key(.character("x"))]),
    ("cut off by a key", [0xF0, 0x9F, 0x98, 0x1B, 0x5B, 0x41], [.key(.up)]),
    ("cut off by another", [0xE6, 0xBC, 0xE6, 0xBC, 0xA2], [.key(.character("漢"))]),
    ("cut off after Alt", [0x1B, 0xC3, 0x78], [.key(.character("x"))]),
  ]

  @Test(arguments: malformed.map(\.name))
  func `malformed UTF-8 is dropped, and the following input is read, wherever it's split`(
    name: String
  ) throws {
    let (_, bytes, expected) = try #require(Self.malformed.first { $0.name == name })
    let input = bytes + Array("é\u{1B}[B".utf8)
    for first in 0...input.count {
      for second in first...input.count {
        var parser = InputParser()
        let events =
          parser.feed(input[..<first]) + parser.feed(input[first..<second])
          + parser.feed(input[second...])
        #expect(events == expected + [.key(.character("é")), .key(.down)])
        #expect(!parser.isWaiting)
      }
    }
  }

  /// The longest sequence to wait for is a reply that contains a string.
  private static let longest = 4096 + 2

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `after any garbage, a key gets through within the length of a reply`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces: [[UInt8]] = [
      [0x1B], [0x1B, 0x5B], [0x1B, 0x4F], [0x1B, 0x5D], [0x1B, 0x50], [0x1B, 0x5F, 0x47],
      [0x1B, 0x5B, 0x4D], Array("\u{1B}[<0;1".utf8), Array("\u{1B}]11;rgb:".utf8), [0xF0, 0x9F],
      Array("9999;9999".utf8), [0x3A, 0x3B], [0x1B, 0x1B], Array("\u{1B}P1+r".utf8),
    ]
    var garbage: [UInt8] = []
    while garbage.count < 4096 {
      if Bool.random(using: &random) {
        garbage.append(UInt8.random(in: 0...255, using: &random))
      } else if let piece = pieces.randomElement(using: &random) {
        garbage += piece
      }
    }
    // An open paste must accept everything. Other tests cover how it ends.
    guard !String(decoding: garbage, as: UTF8.self).contains("\u{1B}[200~") else { return }

    var parser = InputParser()
    for byte in garbage { _ = parser.feed([byte]) }
    var waiting = parser
    let key = TerminalEvent.key(.character("q"))
    var taken = 0
    while taken <= Self.longest, parser.feed("q".utf8).last != key { taken += 1 }
    #expect(taken <= Self.longest)

    // After a pause, a key gets through immediately.
    var silences = 0
    while waiting.isWaiting, silences < 20 {
      _ = waiting.timeOut()
      silences += 1
    }
    #expect(!waiting.isWaiting)
    #expect(waiting.feed("\u{1B}".utf8) == [])
    #expect(waiting.timeOut() == [.key(.escape)])
    #expect(waiting.feed("q".utf8) == [key])
  }

  @Test func `a double click is counted from the terminal's input`() {
    var parser = InputParser()
    var counter = ClickCounter()
    let press = "\u{1B}[<0;230;6M"
    let release = "\u{1B}[<0;230;6m"
    let time = ContinuousClock.now
    var counts: [Int] = []
    for (index, text) in [press, release, press, release, press, release].enumerated() {
      for case .mouse(let mouse) in parser.feed(text.utf8) {
        counts.append(counter.counted(mouse, at: time + .milliseconds(50 * index)).clickCount)
      }
    }
    #expect(counts == [1, 1, 2, 2, 3, 3])
  }
}
