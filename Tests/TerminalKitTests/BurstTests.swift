import Testing

@testable import TerminalKit

@Suite struct `Bursts of keys` {
  private func read(_ text: String) -> [TerminalEvent] {
    var parser = InputParser()
    return Array(text.utf8).withUnsafeBufferPointer { parser.feedRead($0) }
  }

  private func keys(_ text: String) -> [TerminalEvent] {
    var parser = InputParser()
    return parser.feed(text.utf8)
  }

  @Test(arguments: [
    "ab", "a\tb\tr\tr", "quarterly report", "r\r", "\ra", "a\t", "ja\r\r", "日本", "j jj", "rq",
    "line one\nline two",
  ])
  func `what no hand types in one read is text`(text: String) {
    let expected = text.map { $0 == "\r" ? "\n" : String($0) }.joined()
    // Ctrl-J isn't a line break that a terminal sends for a paste.
    guard !text.contains("\n") else { return }
    #expect(read(text) == [.burst(""), .burst(expected)])
  }

  @Test(arguments: [
    "", "j", String(repeating: "j", count: 500), "\r", "\r\r", "\t\t\r", "\u{12}", "\u{12}a",
    "\u{1B}[A\u{1B}[B", "\u{1B}OA\u{1B}[5~", "\u{1B}ab".prefix(2).description, "\u{7F}\u{7F}a",
    "\u{1B}[Aj\u{1B}[B", "\u{1B}x\u{1B}y", "\u{1B}[97;1u\u{1B}[98;1u",
  ])
  func `held keys and escape sequences stay keys`(text: String) {
    #expect(read(text) == keys(text))
  }

  @Test func `what comes with the text keeps its place`() {
    #expect(
      read("ab\u{1B}[Acd\u{12}") == [
        .burst(""), .burst("ab"), .key(.up), .burst("cd"), .key(.control("r")),
      ])
    #expect(read("\u{12}ab") == [.burst(""), .key(.control("r")), .burst("ab")])
    #expect(read("\u{3}a\r") == [.burst(""), .key(.control("c")), .burst("a\n")])
  }

  @Test func `a bracketed paste is a paste`() {
    #expect(read("\u{1B}[200~ab\rr\u{1B}[201~") == [.paste("ab\nr")])
    #expect(read("\u{1B}[200~ab\u{1B}[201~j") == [.paste("ab"), .key(.character("j"))])
  }

  @Test func `a character that is cut in two belongs to the read that ends it`() {
    var parser = InputParser()
    let bytes = Array("é".utf8)
    let first = [bytes[0]].withUnsafeBufferPointer { parser.feedRead($0) }
    #expect(first.isEmpty)
    let second = [bytes[1]].withUnsafeBufferPointer { parser.feedRead($0) }
    #expect(second == [.key(.character("é"))])
  }
}
