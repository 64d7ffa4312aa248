import OrderedCollections
import ReplicateAPI

/// Replaces numbers of the service by absurd ones.
package enum OddNumbers {
  private static let keys: Set<String> = [
    "run_count", "size", "number", "min_instances", "max_instances", "score",
  ]

  package static let all: [JSONValue] =
    [
      "-1", "-12.34", "-0", "0.5", "1e300", "-1e19", "9.3e18", "18446744073709551616",
      "18446744073709551615", "9223372036854775807", "-9223372036854775808",
      "9007199254740993", "1.7976931348623157e308", "1e400", "5e-324",
      "100000000000000000000000000000000000000",
    ].compactMap { JSONNumber(literal: $0).map(JSONValue.number) }
    + ["12", "-3.5", "", "NaN", "Infinity", "1,234"]

  package static func change(_ members: inout JSONObject, _ random: inout SeededRandom) {
    for (key, value) in members {
      if key == "metrics" {
        members[key] = changed(value, &random)
      } else if keys.contains(key), case .number = value {
        members[key] = changed(value, &random)
      }
    }
  }

  /// The value with some of its numbers replaced, at any depth.
  private static func changed(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    switch value {
    case .number:
      return random.integer(0...2) == 0 ? random.pick(all) ?? value : value
    case .object(var members):
      for (key, member) in members { members[key] = changed(member, &random) }
      return .object(members)
    case .array(let elements): return .array(elements.map { changed($0, &random) })
    default: return value
    }
  }
}
