import Running
import Testing

@Suite struct `Patterns of texts` {
  @Test(arguments: [
    ("^[A-Z]{2}[0-9]{3}$", ["AB123"], ["AB1234", "ab123", "AB123\n", ""]),
    ("b", ["abc", "b"], ["", "ac"]),
    ("^(a|bc)*$", ["", "a", "bca", "abcbc"], ["b", "ac"]),
    ("^a{2,}$", ["aa", "aaaa"], ["a", ""]),
    ("^a{0,2}?b+?$", ["b", "aabb"], ["aaab", "aa"]),
    (#"^\d+\.\d*$"#, ["1.", "12.5"], ["1", "١.٢"]),
    (#"^\w+$"#, ["a_1"], ["ä", "a b"]),
    (#"^\S+\s\S+$"#, ["a b", "ä\u{A0}漢"], ["a", " a"]),
    (#"\bcat\b"#, ["a cat sat", "cat"], ["concat", "cats"]),
    (#"\Bcat"#, ["concat"], ["cat"]),
    (#"^[^\s,]+(,[^\s,]+)*$"#, ["a,b", "漢字"], ["a, b", ",a"]),
    (#"^[\w.+-]+@[\w-]+\.[a-z]{2,}$"#, ["a.b+c@d-e.org"], ["a@b", "a b@c.de"]),
    ("^[]a-]+$", ["]", "a-"], ["b"]),
    (#"^[\]\\\d-]+$"#, ["]\\1-"], ["a"]),
    ("^.$", ["a", "漢", "👩"], ["", "\n", "ab", "e\u{301}"]),
    ("(?i)^abc$", ["aBC"], ["abd"]),
    ("(?s)^a.b$", ["a\nb"], ["ab"]),
    ("(?m)^b$", ["a\nb\nc"], ["abc"]),
    (#"^\x41\u0042\u{43}\t$"#, ["ABC\t"], ["ABC"]),
    (#"\Aa\z"#, ["a"], ["a\n", "ba"]),
    ("^(?:ab)+(?<name>c)(?P<other>d)$", ["ababcd"], ["abab"]),
    ("^a{x}$", ["a{x}"], ["a"]),
    ("", ["", "a"], []),
    ("a||b", ["", "x"], []),
  ])
  func `it matches what ECMAScript does`(pattern: String, yes: [String], no: [String]) {
    for text in yes { #expect(InputRules.matches(text, pattern), "\(pattern) \(text)") }
    for text in no { #expect(!InputRules.matches(text, pattern), "\(pattern) \(text)") }
  }

  @Test(arguments: [
    "(", ")", "[", "a**", "*a", "a{2}{3}", "(?=a)b", "(?<=a)b", "(?!a)b", #"(a)\1"#, #"\p{L}"#,
    #"\"#, "[z-a]", "[[:alpha:]]", "a{1001}", "(a{900}){900}", "^*", #"[\d-x]"#,
  ])
  func `one that isn't understood is left to the service`(pattern: String) {
    #expect(InputRules.matches("", pattern))
    #expect(InputRules.matches("anything", pattern))
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      "^(a+)+$", "^(a|aa)+$", "^(a*)*b$", "(.*)(.*)(.*)(.*)x$", "^((a?){30}){30}a{30}$",
      "(a|b|ab)*c", "^(([a-z])+.)+[A-Z]([a-z])+$", "(((((a*)*)*)*)*)*$",
      String(repeating: "(", count: 300) + String(repeating: ")*", count: 300),
      "((((){1000}){1000}){1000}){1000}", "((((){0,1000}){0,1000}){0,1000}){0,1000}",
      String(repeating: "(a?", count: 50) + String(repeating: ")*", count: 50),
    ])
  func `none keeps the form busy`(pattern: String) {
    for text in [
      String(repeating: "a", count: 30), String(repeating: "a", count: 5_000) + "!",
      String(repeating: "ab漢", count: 100_000),
    ] {
      _ = InputRules.matches(text, pattern)
    }
  }
}
