import ReplicateAPI
import Testing

@testable import Running

@Suite struct SchemaDifferenceTests {
  private func rows(_ old: [InputField], _ new: [InputField]) -> [String] {
    SchemaDifference(from: ModelSchema(inputs: old), to: ModelSchema(inputs: new)).rows.map {
      "\($0.change.rawValue) \($0.name) \($0.aspect): \($0.old) -> \($0.new)"
    }
  }

  @Test func `what was removed comes first, then what was added, then what has changed`() {
    let old = [
      InputField(name: "prompt", isRequired: true), InputField(name: "gone", kind: .boolean),
      InputField(
        name: "steps", kind: .integer(NumberRules(minimum: 1, maximum: 50)),
        defaultValue: 28),
    ]
    let new = [
      InputField(
        name: "steps", kind: .integer(NumberRules(minimum: 1, maximum: 100)),
        defaultValue: 30),
      InputField(name: "image", kind: .file(), isRequired: true), InputField(name: "prompt"),
    ]
    #expect(
      rows(old, new) == [
        "removed gone : boolean -> ",
        "added image :  -> file; required",
        "changed steps default: 28 -> 30",
        "changed steps bounds: 1…50 -> 1…100",
        "changed prompt required: yes -> no",
      ])
  }

  @Test func `each aspect is a row`() {
    let old = InputField(
      name: "x", description: "Old", kind: .text(TextRules(maxLength: 10)), defaultValue: "a")
    let new = InputField(
      name: "x", description: "New", kind: .array(.integer(), minItems: 1, maxItems: 4),
      isNullable: true, isDeprecated: true, defaultValue: nil)
    #expect(
      rows([old], [new]) == [
        "changed x type: text -> list of integer", "changed x null: not allowed -> allowed",
        "changed x default: a -> none", "changed x bounds: ≤ 10 characters -> 1…4 items",
        "changed x deprecated: no -> yes", "changed x description: Old -> New",
      ])
  }

  @Test func `of choices, those that went and those that came are named`() {
    let old = InputField(name: "s", kind: .enumeration(["a", "b", "c"]), defaultValue: "")
    let new = InputField(name: "s", kind: .enumeration(["c", "b", "d", 7]), defaultValue: "b")
    #expect(
      rows([old], [new]) == [
        "changed s default: “” -> b",
        "changed s choices: 3 choices; − a -> 4 choices; + d, 7",
      ])
    let other = InputField(name: "s", kind: .enumeration(["c", "b", "a"]), defaultValue: "")
    #expect(rows([old], [other]).isEmpty)
  }

  @Test func `a change inside of an object isn't lost`() {
    let old = InputField(name: "o", kind: .object(ObjectRules(others: nil)))
    let new = InputField(name: "o", kind: .object())
    #expect(rows([old], [new]).count == 1)
  }

  @Test func `the output counts, and equal schemas have no rows`() {
    let one = ModelSchema(inputs: [InputField(name: "a")], output: .text)
    let two = ModelSchema(inputs: [InputField(name: "a")], output: .files)
    #expect(SchemaDifference(from: one, to: two).rows.map(\.name) == ["output"])
    #expect(SchemaDifference(from: one, to: one).isEmpty)
    #expect(SchemaDifference(from: one, to: one).summary == "The inputs are the same.")
    #expect(SchemaDifference(from: one, to: two).summary == "1 changed")
  }
}
