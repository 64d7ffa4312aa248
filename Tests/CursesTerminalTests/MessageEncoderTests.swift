import Settings
import TerminalKit
import Testing

@testable import CursesTerminal

@Suite struct MessageEncoderTests {
  private let notice = TerminalMessage.notice(title: "Done", body: "demo/painter; 2 files")

  @Test(arguments: [
    (["TERM": "xterm-kitty"], Settings.Notice.osc99),
    (["TERM": "xterm-256color", "KITTY_WINDOW_ID": "1"], .osc99),
    (["TERM": "xterm-ghostty", "TERM_PROGRAM": "ghostty"], .osc777),
    (["TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"], .osc777),
    (["TERM": "foot-extra"], .osc777), (["TERM": "rxvt-unicode-256color"], .osc777),
    (["TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"], .osc9),
    (["TERM": "xterm-256color"], .bell), ([:], .bell),
  ])
  func `the form of a notification depends on the terminal`(
    environment: [String: String], expected: Settings.Notice
  ) {
    let encoder = MessageEncoder(config: Settings.Config(), environment: environment)
    #expect(encoder.notice == expected)
  }

  @Test func `the notification setting overrides the terminal`() {
    #expect(text(notice, .off, ["TERM": "xterm-kitty"]) == "")
    #expect(text(notice, .bell, ["TERM": "xterm-kitty"]) == "\u{7}")
    #expect(text(.bell, .off) == "\u{7}")
  }

  @Test func `each kind of notification has its own form`() {
    #expect(
      text(notice, .osc99)
        == "\u{1B}]99;i=replicant:d=0;Done\u{7}"
        + "\u{1B}]99;i=replicant:p=body;demo/painter; 2 files\u{7}")
    #expect(
      text(.notice(title: "Done", body: ""), .osc99) == "\u{1B}]99;i=replicant;Done\u{7}")
    #expect(
      text(.notice(title: "a;b", body: "c;d"), .osc777) == "\u{1B}]777;notify;a,b;c;d\u{7}")
    #expect(text(notice, .osc9) == "\u{1B}]9;Done: demo/painter, 2 files\u{7}")
    // Must not be one of ConEmu's commands.
    #expect(text(.notice(title: "4;1;50", body: ""), .osc9) == "\u{1B}]9; 4,1,50\u{7}")
  }

  @Test func `no text can end a sequence or start another`() {
    let nasty = "a\u{1B}]52;c;eA==\u{7}b\u{9C}c\n\td\u{202E}e\u{7F}\u{0}"
    let message = TerminalMessage.notice(title: nasty, body: nasty)
    for kind in [Settings.Notice.osc99, .osc777, .osc9] {
      let scalars = text(message, kind).unicodeScalars
      let starts = scalars.count { $0 == "\u{1B}" }
      #expect(starts == (kind == .osc99 ? 2 : 1))
      #expect(scalars.count { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) } == 2 * starts)
      #expect(!scalars.contains("\u{202E}"))
    }
    #expect(MessageEncoder.safe("  one\r\n\ttwo ", atMost: 20) == "one two")
  }

  @Test func `long texts are cut, whatever they contain`() {
    #expect(MessageEncoder.safe("abcdef", atMost: 6) == "abcdef")
    #expect(MessageEncoder.safe("abcdef", atMost: 5) == "abcde…")
    let marks = "a" + String(repeating: "\u{301}", count: 5000)
    #expect(MessageEncoder.safe(marks, atMost: 100).unicodeScalars.count == 101)
  }

  @Test func `the clipboard is sent as base64`() {
    // RFC 4648, section 10.
    let vectors = [
      "": "", "f": "Zg==", "fo": "Zm8=", "foo": "Zm9v", "foob": "Zm9vYg==", "fooba": "Zm9vYmE=",
      "foobar": "Zm9vYmFy",
    ]
    for (text, expected) in vectors { #expect(MessageEncoder.base64(text.utf8) == expected) }
    #expect(MessageEncoder.base64([0xFF, 0xFE, 0xFB, 0xF0]) == "//778A==")
    #expect(text(.clipboard("é\n")) == "\u{1B}]52;c;w6kK\u{7}")
  }

  @Test func `a text too long for the clipboard isn't sent at all`() {
    let most = String(repeating: "x", count: MessageEncoder.longestClipboard)
    #expect(!text(.clipboard(most)).isEmpty)
    #expect(text(.clipboard(most + "x")).isEmpty)
  }

  @Test(arguments: [
    ["TERM_PROGRAM": "ghostty"], ["TERM_PROGRAM": "WezTerm"], ["TERM_PROGRAM": "iTerm.app"],
    ["WT_SESSION": "d3b0"], ["ConEmuANSI": "ON"],
  ])
  func `progress is sent where it can't be mistaken for a notification`(
    environment: [String: String]
  ) {
    #expect(text(.progress(.percent(40)), .auto, environment) == "\u{1B}]9;4;1;40\u{7}")
    #expect(text(.progress(.percent(400)), .auto, environment) == "\u{1B}]9;4;1;100\u{7}")
    #expect(text(.progress(.percent(-1)), .auto, environment) == "\u{1B}]9;4;1;0\u{7}")
    #expect(text(.progress(.indeterminate), .auto, environment) == "\u{1B}]9;4;3;0\u{7}")
    #expect(text(.progress(nil), .auto, environment) == "\u{1B}]9;4;0;0\u{7}")
  }

  @Test func `invisible characters are left out of notices and copies`() {
    let hidden = "a\u{61C}b\u{200B}c\u{E0041}\u{E007F}d\u{202E}e\u{FEFF}f\u{AD}g\u{9B}31mh"
    #expect(MessageEncoder.safe(hidden, atMost: 100) == "abcdefgh")
    let copied = text(.clipboard(hidden + "\tx\r\n\u{1B}]52;c;eA==\u{7}\u{0}\u{8}"))
    #expect(copied == "\u{1B}]52;c;\(MessageEncoder.base64("abcdefgh\tx\n".utf8))\u{7}")
  }

  @Test func `progress isn't sent elsewhere, unless the setting says so`() {
    #expect(text(.progress(.indeterminate), .auto, ["TERM": "xterm-kitty"]) == "")
    #expect(text(.progress(.indeterminate), .auto, ["ConEmuANSI": "OFF"]) == "")
    var config = Settings.Config()
    config.tabProgress = .on
    #expect(MessageEncoder(config: config, environment: [:]).showsProgress)
    config.tabProgress = .off
    #expect(
      !MessageEncoder(config: config, environment: ["TERM_PROGRAM": "ghostty"])
        .showsProgress)
  }

  @Test func `tmux passes on wrapped messages, and also gets the clipboard unwrapped`() {
    let tmux = ["TERM": "screen-256color", "TMUX": "/run/tmux,1,0", "WT_SESSION": "1"]
    #expect(
      text(.progress(.percent(7)), .auto, tmux)
        == "\u{1B}Ptmux;\u{1B}\u{1B}]9;4;1;7\u{7}\u{1B}\\")
    #expect(
      text(.clipboard("foo"), .auto, tmux)
        == "\u{1B}]52;c;Zm9v\u{7}\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm9v\u{7}\u{1B}\\")
    #expect(text(.bell, .auto, tmux) == "\u{7}")
  }

  @Test(arguments: [["STY": "1.tty"], ["TERM": "screen.xterm-256color"]])
  func `screen gets chunks that it can hold`(environment: [String: String]) {
    let long = String(repeating: "abc", count: 400)
    let wrapped = text(.clipboard(long), .auto, environment)
    let pieces = wrapped.split(separator: "\u{1B}\\")
    #expect(pieces.count > 5 && wrapped.hasSuffix("\u{1B}\\"))
    #expect(pieces.allSatisfy { $0.hasPrefix("\u{1B}P") && $0.utf8.count + 2 <= 256 })
    let joined = pieces.map { $0.dropFirst(2) }.joined()
    #expect(joined == text(.clipboard(long)))
  }

  private func text(
    _ message: TerminalMessage, _ notice: Settings.Notice = .auto,
    _ environment: [String: String] = [:]
  ) -> String {
    var config = Settings.Config()
    config.notice = notice
    let encoder = MessageEncoder(config: config, environment: environment)
    return String(decoding: encoder.bytes(for: message), as: UTF8.self)
  }
}
