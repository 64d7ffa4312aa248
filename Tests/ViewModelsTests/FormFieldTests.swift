import ReplicateAPI
import Running
import Testing

@testable import ViewModels

@Suite struct FormFieldTests {
  private func field(
    _ kind: InputKind, required: Bool = false, default value: JSONValue? = nil,
    typed text: String? = nil
  ) -> FormField {
    var field = FormField(
      InputField(name: "x", kind: kind, isRequired: required, defaultValue: value))
    if let text { field.enter(text) }
    return field
  }

  // MARK: The three states

  @Test(arguments: [
    InputKind.text(), .secret(), .file(), .integer(), .number(), .boolean, .enumeration(["a"]),
    .array(.text()), .json,
  ])
  func `an optional input without default is unset and isn't sent`(kind: InputKind) {
    let field = field(kind)
    #expect(field.state == .unset)
    #expect(field.mark == .none)
    #expect(field.payload == nil)
  }

  static let defaults: [(InputKind, JSONValue)] = [
    (.text(), "hello"), (.file(), "https://a.example/b.png"), (.integer(), 4), (.number(), 3.5),
    (.boolean, true), (.enumeration(["a", "b"]), "b"), (.array(.text()), ["a"]), (.json, ["a": 1]),
  ]

  @Test(arguments: defaults)
  func `a default stands there and isn't sent, unless the input is required`(
    kind: InputKind, value: JSONValue
  ) {
    let optional = field(kind, default: value)
    #expect(optional.state == .byDefault)
    #expect(optional.mark == .none)
    #expect(optional.value == value)
    #expect(optional.payload == nil)
    #expect(field(kind, required: true, default: value).payload == value)
  }

  static let values: [(InputKind, JSONValue)] = [
    (.text(), "new"), (.secret(), "s3"), (.file(), "data:text/plain,x"), (.integer(), 7),
    (.number(), 0.25), (.boolean, false), (.enumeration([512, 768]), 768),
    (.array(.file()), ["https://a.example/1"]), (.json, [1, ["b": .null]]),
  ]

  @Test(arguments: values)
  func `a value that is set is sent`(kind: InputKind, value: JSONValue) {
    var field = field(kind)
    let fits = field.set(value)
    #expect(fits)
    #expect(field.state == .explicit)
    #expect(field.mark == .changed)
    #expect(field.payload == value)
    field.reset()
    #expect(field.state == .unset)
    #expect(field.payload == nil)
  }

  @Test func `a value put back to the default counts as the default`() {
    var number = field(.number(), default: 7.5, typed: "8")
    #expect(number.mark == .changed)
    number.update { $0.buffer?.text = "7.50" }
    #expect(number.state == .byDefault)
    #expect(number.payload == nil)
  }

  @Test func `an emptied number is unset and left out, its default shows in its place`() {
    let number = field(.integer(), default: 4, typed: "")
    #expect(number.state == .unset)
    #expect(number.payload == nil)
    #expect(number.placeholder == "4")
  }

  @Test func `an emptied text that has a default is sent as empty`() {
    #expect(field(.text(), default: "ugly", typed: "").payload == "")
    #expect(field(.text(), default: "", typed: "").state == .byDefault)
    #expect(field(.text(), typed: "").payload == nil)
    #expect(field(.file(), default: "https://a.example", typed: "").payload == nil)
  }

  @Test func `a null default is none`() {
    let field = field(.text(), default: .null)
    #expect(field.state == .unset)
    #expect(field.placeholder == "")
  }

  @Test func `a required input that is empty is marked, and told of once asked`() {
    var prompt = field(.text(), required: true)
    #expect(prompt.mark == .required)
    #expect(prompt.isMissing)
    #expect(prompt.problem == nil)
    prompt.showMissing()
    #expect(prompt.problem == "is required")
    prompt.update { $0.buffer?.text = "a cat" }
    #expect(prompt.mark == .changed)
    #expect(prompt.problem == nil)
    #expect(field(.text(), required: true, default: "a dog", typed: "").isMissing)
  }

  @Test func `a required switch starts off and counts as set`() {
    let field = field(.boolean, required: true)
    #expect(field.payload == false)
    #expect(!field.isMissing)
    #expect(field.state == .byDefault)
  }

  @Test func `a required choice without default starts with the first`() {
    #expect(field(.enumeration(["a", "b"]), required: true).payload == "a")
    #expect(field(.enumeration([]), required: true).isMissing)
  }

  @Test func `a default that doesn't fit is shown but not taken`() {
    let choice = field(.enumeration(["a", "b"]), default: "c")
    #expect(choice.state == .unset)
    #expect(choice.placeholder == "c")
    #expect(choice.payload == nil)
  }

  // MARK: Rules

  @Test(arguments: [
    ("5", "must be 1 to 4"), ("0", "must be 1 to 4"), ("abc", "must be a whole number"),
    ("1.5", "must be a whole number"), ("1e1", "must be a whole number"),
    ("-", "must be a whole number"), ("99999999999999999999", "must be 1 to 4"),
  ])
  func `a wrong integer stays typed and is marked`(text: String, problem: String) {
    let field = field(.integer(NumberRules(minimum: 1, maximum: 4)), typed: text)
    #expect(field.mark == .invalid)
    #expect(field.problem == problem)
    #expect(field.payload == nil)
    #expect(field.control.buffer?.text == text)
  }

  @Test func `bounds on one side are named`() {
    #expect(field(.number(NumberRules(minimum: 0)), typed: "-1").problem == "must be at least 0")
    #expect(
      field(.number(NumberRules(maximum: 1.5)), typed: "2").problem == "must be at most 1.5")
    #expect(field(.number(), typed: "nan").problem == "must be a number")
    #expect(field(.number(), typed: "inf").problem == "must be a number")
    #expect(field(.number(), typed: "1e999").problem == "must be a number")
  }

  @Test func `big integers keep every digit`() {
    let text = "18446744073709551615"
    #expect(field(.integer(), typed: text).payload?.serialized() == text)
  }

  @Test(arguments: [
    (" 7 ", "7"), ("+7", "7"), ("007", "7"), ("-0", "-0"), (".5", "0.5"), ("5.", "5"),
    ("1e-3", "1e-3"), ("-2.50", "-2.50"),
  ])
  func `numbers are taken as people write them`(text: String, literal: String) {
    #expect(field(.number(), typed: text).payload?.serialized() == literal)
  }

  @Test func `a length is counted in code points`() {
    let rules = TextRules(minLength: 2, maxLength: 3)
    #expect(
      field(.text(rules), typed: "a").problem == "must have at least 2 characters; it has 1")
    #expect(
      field(.text(rules), typed: "abcd").problem == "must have at most 3 characters; it has 4")
    #expect(field(.text(rules), typed: "e\u{301}e\u{301}").problem?.contains("it has 4") == true)
    #expect(field(.text(rules), typed: "漢字").problem == nil)
  }

  @Test func `a pattern is asked for where it compiles`() {
    let rules = TextRules(pattern: "^[a-z]+$")
    #expect(field(.text(rules), typed: "abc").problem == nil)
    #expect(field(.text(rules), typed: "ABC").problem == "must match ^[a-z]+$")
    #expect(field(.text(TextRules(pattern: "([")), typed: "x").problem == nil)
    #expect(field(.secret(TextRules(pattern: "^r8_")), typed: "x").mark == .invalid)
  }

  @Test(arguments: [
    ("(a+)+$", false), ("(a|aa)*$", true), ("((a)*b?)*$", true), ("a*a*a*a*a*b", false),
    // Left to the service.
    (#"(a)\1"#, true),
  ])
  func `a pattern that could run for long is matched at once`(pattern: String, matches: Bool) {
    let text = String(repeating: "a", count: 60) + "!"
    let problem = field(.text(TextRules(pattern: pattern)), typed: text).problem
    #expect(problem == (matches ? nil : "must match \(pattern)"))
  }

  @Test(arguments: [
    "https://a.example/x.png", "HTTP://a.example", "data:image/png;base64,AAAA",
    "/home/me/cat.png", "~/cat.png", "my cat.png", "file:///a/b%20c",
  ])
  func `a file is an address or a path`(text: String) {
    #expect(field(.file(), typed: " \(text) ").payload == .string(text))
  }

  @Test(arguments: [
    ("https://", "lacks the host"), ("https://a b", "blanks"), ("data:image/png", "comma"),
    ("ftp://a.example", "http(s)://"), ("file://elsewhere/a", "must be a path"),
  ])
  func `what is neither a path nor an address is marked, with what to do`(
    text: String, words: String
  ) {
    let field = field(.file(), typed: text)
    #expect(field.mark == .invalid)
    #expect(field.problem?.contains(words) == true)
  }

  @Test func `JSON tells the line and column of a mistake`() {
    let field = field(.json, typed: "{\n  \"a\": ,\n}")
    #expect(field.mark == .invalid)
    #expect(field.problem?.contains("line 2, column 8") == true)
  }

  @Test func `null is refused: an unset field is left out`() {
    #expect(field(.json, typed: "null").problem?.contains("leave it empty") == true)
  }

  static let lists: [(InputKind, String, String)] = [
    (.array(.text()), "[1]", "item 1 must be a text in quotes"),
    (.array(.file()), "[\"https://a.example\", \"b://c\"]", "item 2 must be a path"),
    (.array(.integer(NumberRules(minimum: 0, maximum: 9))), "[1, 10]", "item 2 must be 0 to 9"),
    (.array(.integer()), "[1.5]", "item 1 must be a whole number"),
    (.array(.number()), "[true]", "item 1 must be a number"),
    (.array(.boolean), "[0]", "item 1 must be true or false"),
    (.array(.enumeration(["a", "b"])), "[\"c\"]", "item 1 must be one of \"a\", \"b\""),
    (.array(.text(), minItems: 2), "[\"a\"]", "at least 2 items"),
    (.array(.text(), maxItems: 1), "[\"a\", \"b\"]", "at most 1 item; it has 2"),
    (.array(.array(.integer())), "[[1], [\"a\"]]", "item 2, item 1 must be a whole number"),
  ]

  @Test(arguments: lists)
  func `a list is checked against the kind of its elements`(
    kind: InputKind, text: String, words: String
  ) {
    let field = field(kind, typed: text)
    #expect(field.problem?.contains(words) == true, "\(field.problem ?? "nothing")")
    #expect(field.payload == nil)
  }

  @Test func `a list that fits is sent`() {
    #expect(field(.array(.number()), typed: "[1, 2.5]").payload == [1, 2.5])
    #expect(field(.array(.json), typed: "[null, 1]").payload == [.null, 1])
  }

  @Test func `a value of another type doesn't fit`() {
    let misfits: [(InputKind, JSONValue)] = [
      (.text(), 1), (.integer(), "4"), (.boolean, "true"), (.enumeration(["a"]), "b"),
      (.json, .null),
    ]
    for (kind, value) in misfits {
      var field = field(kind)
      let fits = field.set(value)
      #expect(!fits)
      #expect(field.state == .unset)
    }
  }

  @Test func `a default that breaks its own rules is taken as it is`() {
    var odd = field(.integer(NumberRules(maximum: 1)), required: true, default: 1.5)
    #expect(odd.mark == .none)
    #expect(odd.payload == 1.5)
    odd.update { $0.buffer?.text = "2.5" }
    #expect(odd.mark == .invalid)
    odd.reset()
    #expect(odd.payload == 1.5)
  }

  @Test func `4.0 for a whole number is 4`() {
    #expect(field(.integer(), required: true, default: 4.0).payload?.serialized() == "4")
  }

  // MARK: Hints

  @Test func `the hint is the unit or the range`() {
    #expect(field(.integer(NumberRules(minimum: 1, maximum: 4))).hint == "1…4")
    #expect(field(.number(NumberRules(minimum: 0))).hint == "≥ 0")
    #expect(field(.number(NumberRules(maximum: 0.5))).hint == "≤ 0.5")
    #expect(field(.integer()).hint == "integer")
    #expect(field(.text(TextRules(maxLength: 40))).hint == "≤ 40 characters")
    #expect(field(.enumeration([1, 2, 3]), default: 2).hint == "2 of 3")
    #expect(field(.enumeration([1, 2, 3])).hint == "3 choices")
    #expect(field(.array(.file())).hint == "list of files")
    #expect(
      field(.integer(NumberRules(minimum: 0, maximum: 4_294_967_295))).hint == "0…4294967295")
  }

  @Test func `a bounded number knows how far along it stands`() {
    let rules = NumberRules(minimum: 0, maximum: 10)
    #expect(field(.number(rules), typed: "2.5").fraction == 0.25)
    #expect(field(.number(rules), typed: "99").fraction == 1)
    #expect(field(.number(rules), typed: "x").fraction == nil)
    #expect(field(.number(rules), default: 5, typed: "").fraction == 0.5)
    #expect(field(.number(), typed: "1").fraction == nil)
  }

  // MARK: Steps

  @Test(arguments: [
    ("0.1", true, "0.2"), ("0.2", true, "0.3"), ("0", false, "-0.1"), ("7.25", true, "7.35"),
    ("-0.1", true, "0"),
  ])
  func `steps leave no binary dust`(text: String, up: Bool, next: String) {
    #expect(NumberText.stepped(text, up: up, NumberRules()) == next)
  }

  @Test func `steps suit the range and end at the bounds`() {
    #expect(NumberText.stepped("0.8", up: true, NumberRules(minimum: 0, maximum: 1)) == "0.85")
    #expect(NumberText.stepped("0.98", up: true, NumberRules(minimum: 0, maximum: 1)) == "1")
    #expect(NumberText.stepped("7.5", up: true, NumberRules(minimum: 1, maximum: 20)) == "8")
    #expect(NumberText.stepped("50", up: false, NumberRules(minimum: 0, maximum: 900)) == "49")
    #expect(NumberText.stepped("4", by: 1, NumberRules(minimum: 1, maximum: 4)) == "4")
    #expect(NumberText.stepped("99", by: 1, NumberRules(minimum: 1, maximum: 4)) == "4")
    #expect(NumberText.stepped("-7", by: -1, NumberRules(minimum: 1, maximum: 4)) == "1")
    #expect(NumberText.stepped("\(Int.max)", by: 1, NumberRules()) == "9223372036854775808")
    #expect(NumberText.stepped("\(UInt64.max)", by: 1, NumberRules()) == "\(UInt64.max)")
    #expect(NumberText.stepped("abc", by: 1, NumberRules()) == nil)
  }
}
