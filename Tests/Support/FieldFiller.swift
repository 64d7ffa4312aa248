import ReplicateAPI
import Running
import ViewModels

/// What a person types into a form's fields, for tests that fill in any form.
public enum FieldFiller {
  /// The keys for another value than the field has, once it's in focus, and the value that is to be
  /// sent then. Nil if there is no other value.
  public static func keys(for field: FormField) -> (keys: [FormCommand], value: JSONValue)? {
    let kind = field.input.kind
    guard let value = values(of: kind, field.name).first(where: { fits($0, kind, field) }) else {
      return nil
    }
    switch (kind, value) {
    case (.boolean, _): return ([.toggle], value)
    case (.enumeration, _):
      return ([FormCommand].typing(field.label(of: value)) + [.activate], value)
    case (.array, _):
      // The rows of the default go first.
      let rows = field.control.list?.rows.count ?? 0
      return (
        Array(repeating: .removeRow, count: rows) + [.edit(.insert(value.serialized()))], value
      )
    case (_, .string(let text)): return (.typing(text), value)
    default: return (.typing(value.serialized()), value)
    }
  }

  private static func fits(_ value: JSONValue, _ kind: InputKind, _ field: FormField) -> Bool {
    InputRules.problem(of: value, kind) == nil && value != field.value
      && value != field.input.defaultValue
  }

  /// Values that may be allowed, the most telling first.
  private static func values(of kind: InputKind, _ name: String) -> [JSONValue] {
    switch kind {
    case .text(let rules):
      return ["“Ä” & <b>\\n 漢字 👩‍👩‍👧‍👦,\n typed into \(name)", "typed", "1", "AB123"].map { .string($0) }
        + (rules.format.map { [.string($0.example)] } ?? [])
    case .secret: return [.string("s3cret for \(name)")]
    case .file: return [.string("https://example.com/\(name).png")]
    case .integer(let rules):
      let bounds = NumberText.wholeBounds(rules) ?? 0...1
      let numbers = [
        12_345_678_901_234, bounds.lowerBound + 1, bounds.upperBound, bounds.lowerBound,
      ]
      return numbers.compactMap { JSONNumber(literal: String($0)).map { .number($0) } }
    case .number(let rules):
      let (low, high) = (rules.low?.number.double ?? 0, rules.high?.number.double ?? 7)
      return [.number(JSONNumber(low + (high - low) * 0.3125)), 0.125, 7.25, 1, 2]
    case .boolean: return [true, false]
    case .enumeration(let choices): return choices.reversed()
    case .array(let element, let least, let most):
      let count = max(least ?? 0, min(2, most ?? 2))
      let some = values(of: element, name)
      return some.indices.map { first in
        .array((0..<count).map { some[(first + $0) % some.count] })
      }
    case .object(let rules):
      let members = rules.members.filter(\.isRequired).compactMap { member in
        values(of: member.kind, member.name).first.map { (member.name, $0) }
      }
      let object = JSONObject(members) { first, _ in first }
      guard rules.others == .json else { return [.object(object)] }
      return [.object(object.merging(["typed": [1, "x", .null]]) { own, _ in own })]
    case .union(let kinds): return kinds.flatMap { values(of: $0, name) }
    case .json: return [["typed": [1, "x", .null]]]
    }
  }
}
