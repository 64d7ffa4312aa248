import Foundation
import Testing

@testable import TerminalKit

struct TerminalMessageTests {
  private func receiver(
    _ variables: [String: String], _ preferences: TerminalPreferences = .init()
  ) -> TerminalMessage.Receiver {
    TerminalMessage.Receiver(preferences) { variables[$0] }
  }

  @Test func `base64 is what Foundation makes of it`() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      #expect(TerminalMessage.base64(bytes) == Data(bytes).base64EncodedString())
    }
  }

  @Test func `a clipboard text goes through tmux and screen`() {
    let message = TerminalMessage.clipboard("fox")
    #expect(message.sequence(for: receiver([:])) == "\u{1B}]52;c;Zm94\u{1B}\\")
    #expect(
      message.sequence(for: receiver(["TMUX": "/s,1,0"]))
        == "\u{1B}]52;c;Zm94\u{1B}\\\u{1B}Ptmux;\u{1B}\u{1B}]52;c;Zm94\u{1B}\u{1B}\\\u{1B}\\")
    let long = TerminalMessage.clipboard(String(repeating: "fox", count: 300))
    let pieces = long.sequence(for: receiver(["STY": "1.pts"])).split(separator: "\u{1B}\\")
    #expect(pieces.count == 5)
    #expect(pieces.allSatisfy { $0.hasPrefix("\u{1B}P") && $0.utf8.count <= 258 })
    #expect(
      pieces.map { $0.dropFirst(2) }.joined()
        == "\u{1B}]52;c;" + String(repeating: "Zm94", count: 300) + "\u{07}")
  }

  @Test func `each terminal gets the notice that it knows, and others the bell`() {
    let message = TerminalMessage.notice(title: "Replicant", body: "fox; \u{1B}[31mdone\u{07}")
    #expect(message.sequence(for: receiver(["TERM": "xterm-256color"])) == "\u{07}")
    #expect(
      message.sequence(for: receiver(["TERM": "foot"]))
        == "\u{1B}]777;notify;Replicant;fox done\u{1B}\\")
    #expect(
      message.sequence(for: receiver(["TERM_PROGRAM": "iTerm.app"]))
        == "\u{1B}]9;Replicant: fox done\u{1B}\\")
    #expect(
      message.sequence(for: receiver(["TERM": "xterm-kitty"])).hasPrefix("\u{1B}]99;i=replicant"))
    var preferences = TerminalPreferences()
    preferences.notice = .off
    #expect(message.sequence(for: receiver(["TERM": "foot"], preferences)) == "")
  }

  @Test func `progress goes to terminals alone that don't take it for a notice`() {
    let message = TerminalMessage.progress(.percent(58))
    #expect(message.sequence(for: receiver(["TERM": "xterm-kitty"])) == "")
    #expect(
      message.sequence(for: receiver(["TERM_PROGRAM": "ghostty"])) == "\u{1B}]9;4;1;58\u{1B}\\")
    #expect(
      TerminalMessage.progress(nil).sequence(for: receiver(["WT_SESSION": "1"]))
        == "\u{1B}]9;4;0;0\u{1B}\\")
  }
}
