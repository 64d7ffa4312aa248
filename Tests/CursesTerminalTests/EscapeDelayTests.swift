import Testing

@testable import CursesTerminal

struct EscapeDelayTests {
  @Test(arguments: ["SSH_TTY", "SSH_CONNECTION", "SSH_CLIENT"])
  func `over SSH, the rest of a sequence may take longer, in tmux, too`(name: String) {
    let local = EscapeDelay.duration(in: [:])
    #expect(local == .milliseconds(25))
    #expect(EscapeDelay.duration(in: [name: ""]) == local)
    #expect(EscapeDelay.duration(in: [name: "10.0.0.1 1 10.0.0.2 22"]) == .milliseconds(100))
    #expect(EscapeDelay.variables.contains(name))
  }

  @Test(arguments: [
    ("60", 60), ("200", 200), ("1000", 1000), ("0", 5), ("3", 5), ("60000", 1000), ("x", 25),
    ("", 25), ("-1", 25), ("99999999999999999999", 25),
  ])
  func `ESCDELAY is honored within bounds`(value: String, milliseconds: Int) {
    #expect(EscapeDelay.duration(in: ["ESCDELAY": value]) == .milliseconds(milliseconds))
  }
}
