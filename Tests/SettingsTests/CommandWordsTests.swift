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
    #expect(CommandWords.split(text, [:]) == words)
  }

  private static let environment = ["HOME": "/home/me", "DIR": "/opt/my tools", "EMPTY": ""]

  @Test(arguments: [
    ("~/bin/ed -f", ["/home/me/bin/ed", "-f"]), ("~", ["/home/me"]), ("ed ~", ["ed", "/home/me"]),
    ("$HOME/bin/ed", ["/home/me/bin/ed"]), ("${HOME}s/ed", ["/home/mes/ed"]),
    ("$DIR/ed \"$DIR\"/x", ["/opt/my tools/ed", "/opt/my tools/x"]),
    ("ed '$HOME' '~' \\$HOME \\~", ["ed", "$HOME", "~", "$HOME", "~"]),
    ("ed a~ ~other/x \"~\"", ["ed", "a~", "~other/x", "~"]),
    ("ed $EMPTY $NONE \"$NONE\"", ["ed", ""]),
    ("ed $ $1 ${ ${} +$", ["ed", "$", "$1", "${", "${}", "+$"]),
  ])
  func `the home folder and variables in a command are expanded`(text: String, words: [String]) {
    #expect(CommandWords.split(text, Self.environment) == words)
  }

  @Test func `commands in the config file are expanded, as a text and as a list`() {
    var settings = Settings(environment: Self.environment)
    settings.readConfig("editor = \"~/bin/ed $DIR\"\npager = [\"$HOME/p\", \"~\", \"a b\"]")
    #expect(settings.problems == [])
    #expect(settings.config.editor == ["/home/me/bin/ed", "/opt/my tools"])
    #expect(settings.config.pager == ["/home/me/p", "/home/me", "a b"])
  }
}
