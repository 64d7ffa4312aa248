import Support
import Testing

@testable import TerminalKit

private let esc = "\u{1B}"

/// What terminals send, and the expected events.
private let sequences: [(bytes: String, event: TerminalEvent)] = [
  // Plain keys
  ("a", .key(.character("a"))), ("G", .key(.character("G"))), (" ", .key(.space)),
  ("\r", .key(.enter)), ("\t", .key(.tab)), ("\u{7F}", .key(.backspace)),
  ("\u{8}", .key(.backspace)), ("\n", .key(.control("j"))), ("\u{1}", .key(.control("a"))),
  ("\u{12}", .key(.control("r"))), ("\u{0}", .key(Key(.character(" "), .control))),
  ("\u{1C}", .key(.control("\\"))), ("\u{1F}", .key(.control("_"))),
  ("é", .key(.character("é"))), ("漢", .key(.character("漢"))), ("😀", .key(.character("😀"))),
  // Alt
  ("\(esc)x", .key(.alt("x"))), ("\(esc)é", .key(.alt("é"))),
  ("\(esc)\r", .key(Key(.enter, .alt))), ("\(esc)\u{7F}", .key(Key(.backspace, .alt))),
  ("\(esc)\u{2}", .key(Key(.character("b"), [.alt, .control]))),
  // Cursor keys: normal, application, rxvt, with modifiers
  ("\(esc)[A", .key(.up)), ("\(esc)[B", .key(.down)), ("\(esc)[C", .key(.right)),
  ("\(esc)[D", .key(.left)), ("\(esc)OA", .key(.up)), ("\(esc)OB", .key(.down)),
  ("\(esc)OC", .key(.right)), ("\(esc)OD", .key(.left)), ("\(esc)[a", .key(Key(.up, .shift))),
  ("\(esc)Oa", .key(Key(.up, .control))), ("\(esc)[1;2A", .key(Key(.up, .shift))),
  ("\(esc)[1;3B", .key(Key(.down, .alt))), ("\(esc)[1;5C", .key(Key(.right, .control))),
  ("\(esc)[1;8D", .key(Key(.left, [.shift, .alt, .control]))),
  ("\(esc)O5A", .key(Key(.up, .control))), ("\(esc)O1;2P", .key(Key(.function(1), .shift))),
  ("\(esc)\(esc)[A", .key(Key(.up, .alt))), ("\(esc)\(esc)OB", .key(Key(.down, .alt))),
  // Home, End and the numbered keys
  ("\(esc)[H", .key(.home)), ("\(esc)[F", .key(.end)), ("\(esc)OH", .key(.home)),
  ("\(esc)OF", .key(.end)), ("\(esc)[1~", .key(.home)), ("\(esc)[4~", .key(.end)),
  ("\(esc)[7~", .key(.home)), ("\(esc)[8~", .key(.end)), ("\(esc)[2~", .key(.insert)),
  ("\(esc)[3~", .key(.delete)), ("\(esc)[5~", .key(.pageUp)), ("\(esc)[6~", .key(.pageDown)),
  ("\(esc)[3;5~", .key(Key(.delete, .control))), ("\(esc)[5;2~", .key(Key(.pageUp, .shift))),
  ("\(esc)[3$", .key(Key(.delete, .shift))), ("\(esc)[3^", .key(Key(.delete, .control))),
  ("\(esc)[3@", .key(Key(.delete, [.control, .shift]))), ("\(esc)[Z", .key(.shiftTab)),
  // Function keys: xterm, rxvt, Linux console, with modifiers
  ("\(esc)OP", .key(.function(1))), ("\(esc)OQ", .key(.function(2))),
  ("\(esc)OR", .key(.function(3))), ("\(esc)OS", .key(.function(4))),
  ("\(esc)[11~", .key(.function(1))), ("\(esc)[[A", .key(.function(1))),
  ("\(esc)[[E", .key(.function(5))), ("\(esc)[15~", .key(.function(5))),
  ("\(esc)[17~", .key(.function(6))), ("\(esc)[21~", .key(.function(10))),
  ("\(esc)[23~", .key(.function(11))), ("\(esc)[24~", .key(.function(12))),
  ("\(esc)[25~", .key(.function(13))), ("\(esc)[34~", .key(.function(20))),
  ("\(esc)[1;5P", .key(Key(.function(1), .control))),
  ("\(esc)[1;2R", .key(Key(.function(3), .shift))),
  ("\(esc)[15;3~", .key(Key(.function(5), .alt))),
  // The number pad in application mode
  ("\(esc)OM", .key(.enter)), ("\(esc)Ok", .key(.character("+"))),
  ("\(esc)Op", .key(.character("0"))), ("\(esc)Oy", .key(.character("9"))),
  // The kitty keyboard protocol and modifyOtherKeys
  ("\(esc)[27u", .key(.escape)), ("\(esc)[97;5u", .key(.control("a"))),
  ("\(esc)[97;3u", .key(.alt("a"))), ("\(esc)[97:65;4u", .key(.alt("A"))),
  ("\(esc)[97;2u", .key(.character("A"))), ("\(esc)[49:33;2u", .key(.character("!"))),
  ("\(esc)[97;6u", .key(Key(.character("a"), [.control, .shift]))),
  ("\(esc)[13;2u", .key(Key(.enter, .shift))), ("\(esc)[9;5u", .key(Key(.tab, .control))),
  ("\(esc)[127;5u", .key(Key(.backspace, .control))), ("\(esc)[57414u", .key(.enter)),
  ("\(esc)[57400u", .key(.character("1"))), ("\(esc)[57376u", .key(.function(13))),
  ("\(esc)[1;1:2A", .key(.up)), ("\(esc)[32;2u", .key(Key(.character(" "), .shift))),
  ("\(esc)[97;133u", .key(.control("a"))), ("\(esc)[27;5;114~", .key(.control("r"))),
  // Mouse
  ("\(esc)[<0;1;1M", .mouse(Mouse(.press, at: Point(x: 0, y: 0)))),
  ("\(esc)[<0;300;200m", .mouse(Mouse(.release, at: Point(x: 299, y: 199)))),
  ("\(esc)[<2;5;6M", .mouse(Mouse(.press, button: .right, at: Point(x: 4, y: 5)))),
  ("\(esc)[<1;5;6M", .mouse(Mouse(.press, button: .middle, at: Point(x: 4, y: 5)))),
  ("\(esc)[<32;7;8M", .mouse(Mouse(.drag, at: Point(x: 6, y: 7)))),
  ("\(esc)[<64;7;8M", .mouse(Mouse(.wheelUp, at: Point(x: 6, y: 7)))),
  ("\(esc)[<65;7;8M", .mouse(Mouse(.wheelDown, at: Point(x: 6, y: 7)))),
  ("\(esc)[<20;1;1M", .mouse(Mouse(.press, at: Point(x: 0, y: 0), modifiers: [.shift, .control]))),
  ("\(esc)[M !!", .mouse(Mouse(.press, at: Point(x: 0, y: 0)))),
  ("\(esc)[M#!!", .mouse(Mouse(.release, at: Point(x: 0, y: 0)))),
  ("\(esc)[M`!!", .mouse(Mouse(.wheelUp, at: Point(x: 0, y: 0)))),
  // Focus and paste
  ("\(esc)[I", .focus(true)), ("\(esc)[O", .focus(false)),
  ("\(esc)[200~q\(esc)[A\u{3}\(esc)[201~", .paste("q\(esc)[A\u{3}")),
  ("\(esc)[200~\(esc)[201~", .paste("")),
  ("\(esc)[200~a\rb\r\nc\nd\(esc)[201~", .paste("a\nb\nc\nd")),
  ("\(esc)[200~日本\(esc)[20\(esc)[201~", .paste("日本\(esc)[20")),
  // Replies
  ("\(esc)[?62;4;22c", .reply(.deviceAttributes([62, 4, 22]))),
  ("\(esc)[?2026;2$y", .reply(.mode(number: 2026, state: 2))),
  ("\(esc)[?1u", .reply(.keyboard(flags: 1))),
  (
    "\(esc)]11;rgb:ffff/8080/0000\(esc)\\",
    .reply(.color(number: 11, red: 65535, green: 0x8080, blue: 0))
  ),
  ("\(esc)]11;rgb:f/0/f\u{7}", .reply(.color(number: 11, red: 65535, green: 0, blue: 65535))),
  ("\(esc)[24;80R", .reply(.cursor(Point(x: 79, y: 23)))),
  ("\(esc)P>|tmux 3.4\(esc)\\", .reply(.other(">|tmux 3.4"))),
  ("\(esc)_Gi=1;OK\(esc)\\", .reply(.other("Gi=1;OK"))),
  ("\(esc)[>0;95;0c", .reply(.other(">0;95;0c"))),
]

@Suite struct InputParserTests {
  @Test(arguments: sequences.indices)
  func `a sequence is one event wherever it's split`(index: Int) {
    let (text, event) = sequences[index]
    let bytes = Array(text.utf8)
    for split in 0...bytes.count {
      var parser = InputParser()
      let events = parser.feed(bytes[..<split]) + parser.feed(bytes[split...])
      #expect(events == [event], "\(text.debugDescription) split at \(split)")
      #expect(!parser.isWaiting)
    }
    var parser = InputParser()
    #expect(bytes.flatMap { parser.feed([$0]) } == [event], "\(text.debugDescription) by bytes")
  }

  @Test func `sequences follow one another without a gap`() {
    for first in sequences {
      for second in sequences {
        var parser = InputParser()
        let events = parser.feed((first.bytes + second.bytes).utf8)
        // Two presses of Esc and an arrow key can be Alt with the arrow key, so they aren't in the
        // table.
        #expect(events == [first.event, second.event])
      }
    }
  }

  @Test func `a lone Esc is a key once nothing follows it`() {
    var parser = InputParser()
    #expect(parser.feed("\(esc)".utf8) == [])
    #expect(parser.isWaiting)
    #expect(parser.timeOut() == [.key(.escape)])
    #expect(!parser.isWaiting)
    #expect(parser.feed("q".utf8) == [.key(.character("q"))])
  }

  @Test func `Esc pressed twice is two keys`() {
    var parser = InputParser()
    #expect(parser.feed("\(esc)\(esc)".utf8) == [])
    #expect(parser.timeOut() == [.key(.escape), .key(.escape)])
    #expect(parser.feed("\(esc)\(esc)q".utf8) == [.key(.escape), .key(.alt("q"))])
  }

  @Test(arguments: ["[", "O", "]", "P", "_", "^", "X"])
  func `Alt with a letter that begins sequences is a key once nothing follows it`(letter: String) {
    var parser = InputParser()
    #expect(parser.feed("\(esc)\(letter)".utf8) == [])
    #expect(parser.timeOut() == [.key(.alt(Character(letter)))])
    #expect(!parser.isWaiting)
  }

  @Test(arguments: ["\(esc)]x", "\(esc)Px", "\(esc)^x", "\(esc)_x", "\(esc)Xx", "\(esc)Oz"])
  func `Alt with such a letter and another key at once are two keys`(text: String) {
    var parser = InputParser()
    let letters = Array(text.dropFirst())
    #expect(
      parser.feed(text.utf8) == [.key(.alt(letters[0])), .key(.character(letters[1]))])
  }

  @Test(arguments: ["\(esc)[1;5", "\(esc)[<0;12", "\(esc)]11;rgb:00", "\(esc)P1$r", "\u{E2}\u{82}"])
  func `an incomplete sequence waits for the rest, and is dropped eventually`(text: String) {
    let bytes = text.utf8.count == text.unicodeScalars.count ? Array(text.utf8) : [0xE2, 0x82]
    var parser = InputParser()
    #expect(parser.feed(bytes) == [])
    #expect(parser.isWaiting)
    #expect(parser.timeOut() == [])
    #expect(parser.isWaiting)
    var silences = 0
    while parser.isWaiting, silences < 100 {
      #expect(parser.timeOut() == [])
      silences += 1
    }
    #expect(parser.feed("q".utf8) == [.key(.character("q"))])
  }

  @Test func `keys for the desktop are ignored`() {
    var parser = InputParser()
    #expect(parser.feed("\(esc)[113;9u\(esc)[1;9A\(esc)[3;9~".utf8) == [])
    // Key releases, modifiers on their own, unknown numbers.
    #expect(parser.feed("\(esc)[97;1:3u\(esc)[57441u\(esc)[99~\(esc)[201~".utf8) == [])
  }

  @Test func `mouse movements and horizontal scrolling are ignored`() {
    var parser = InputParser()
    #expect(parser.feed("\(esc)[<35;5;5M\(esc)[<66;5;5M\(esc)[<0;0;0M\(esc)[<128;1;1M".utf8) == [])
  }

  @Test func `a paste of any size is one event, however it is split`() {
    let text = String(repeating: "0123456789 äöü 漢字 q\n", count: 20_000)
    let bytes = Array("\(esc)[200~\(text)\(esc)[201~j".utf8)
    for piece in [1000, 4095, 65_536] {
      var parser = InputParser()
      var events: [TerminalEvent] = []
      var start = 0
      while start < bytes.count {
        let end = min(start + piece, bytes.count)
        events += parser.feed(bytes[start..<end])
        start = end
      }
      #expect(events == [.paste(text), .key(.character("j"))])
    }
  }

  @Test func `a stalled paste is delivered, and the rest of it isn't taken for keys`() {
    var parser = InputParser()
    #expect(parser.feed("\(esc)[200~abc\(esc)[20".utf8) == [])
    var shown: [TerminalEvent] = []
    while parser.isWaiting { shown += parser.timeOut() }
    #expect(shown == [.paste("abc")])
    #expect(parser.feed("1~q".utf8) == [.paste(""), .key(.character("q"))])
  }

  @Test(arguments: [(UInt8(0x1B), Key.escape), (0x03, .control("c"))])
  func `Esc and Ctrl-C end an unterminated paste`(byte: UInt8, key: Key) {
    var parser = InputParser()
    #expect(parser.feed("\(esc)[200~abc".utf8) == [])
    while parser.isWaiting { _ = parser.timeOut() }
    #expect(parser.feed("q".utf8) == [])
    while parser.isWaiting { #expect([[], [.paste("q")]].contains(parser.timeOut())) }
    #expect(parser.feed([byte]) == [])
    var events: [TerminalEvent] = []
    while parser.isWaiting { events += parser.timeOut() }
    #expect(events == [.key(key)])
    #expect(parser.feed("q".utf8) == [.key(.character("q"))])
  }

  @Test func `invalid UTF-8 is dropped, and the following input is read`() {
    var parser = InputParser()
    let bytes: [UInt8] = [0xFF, 0xFE, 0xC0, 0xAF, 0xE2, 0x28, 0xED, 0xA0, 0x80, 0xF8, 0xC2, 0x85]
    #expect(parser.feed(bytes + Array("q".utf8)) == [.key(.character("(")), .key(.character("q"))])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `garbage gives the same events however it's split, and the next key is read`(
    seed: UInt64
  ) {
    var random = SplitMix(seed: seed)
    let pieces: [[UInt8]] = sequences.map { Array($0.bytes.utf8) }
    var garbage: [UInt8] = []
    while garbage.count < 4000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: garbage.append(UInt8.random(in: 0...255, using: &random))
      case 1: garbage += [0x1B, UInt8.random(in: 0x20...0x7F, using: &random)]
      default:
        guard let piece = pieces.randomElement(using: &random), piece.count < 14 else { continue }
        garbage += piece.prefix(Int.random(in: 1...piece.count, using: &random))
      }
    }
    var whole = InputParser()
    let expected = whole.feed(garbage)

    var parser = InputParser()
    var events: [TerminalEvent] = []
    var start = 0
    while start < garbage.count {
      let end = min(garbage.count, start + Int.random(in: 1...7, using: &random))
      events += parser.feed(garbage[start..<end])
      start = end
    }
    #expect(events == expected)

    // Esc, followed by a pause, recovers from any garbage.
    for _ in 0..<100 where parser.isWaiting { _ = parser.timeOut() }
    _ = parser.feed("\(esc)".utf8)
    for _ in 0..<100 where parser.isWaiting { _ = parser.timeOut() }
    #expect(parser.feed("q".utf8) == [.key(.character("q"))])
  }

  @Test func `an unterminated sequence is limited in length`() {
    var parser = InputParser()
    _ = parser.feed("\(esc)[".utf8)
    for _ in 0..<1000 { _ = parser.feed("9999999999".utf8) }
    _ = parser.feed("\(esc)]11;".utf8)
    for _ in 0..<1000 { _ = parser.feed("xxxxxxxxxx".utf8) }
    for _ in 0..<100 where parser.isWaiting { _ = parser.timeOut() }
    #expect(parser.feed("\r".utf8) == [.key(.enter)])
  }
}
