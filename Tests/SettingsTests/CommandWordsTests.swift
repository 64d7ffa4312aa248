import Testing

@testable import Settings

struct CommandWordsTests {
  @Test(arguments: [
    ("vi", Optional(["vi"])), ("code --wait", ["code", "--wait"]),
    (#""/opt/my editor/e" -f"#, ["/opt/my editor/e", "-f"]),
    ("a 'b c' d\\ e", ["a", "b c", "d e"]),
    ("  ", []), ("e ''", ["e", ""]), ("e 'f", nil), ("e \\", nil),
  ])
  func `a command is split the way people write it`(text: String, words: [String]?) {
    #expect(CommandWords.split(text) == words)
  }
}
