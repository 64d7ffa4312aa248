import OrderedCollections
import ReplicateAPI

/// Returns inputs with their keys in another order, as services do that keep them in hash tables, and
/// earlier inputs with seeds that only 64 bits can hold.
package enum OddInputs {
  /// The value with the members of all its objects in another order.
  package static func reordered(_ value: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    switch value {
    case .array(let elements): return .array(elements.map { reordered($0, &random) })
    case .object(let members):
      let shuffled = members.shuffled(using: &random)
      return .object(
        JSONObject(
          shuffled.map { ($0.key, reordered($0.value, &random)) },
          uniquingKeysWith: { _, last in last }))
    default: return value
    }
  }

  private static let seeds = [
    "18446744073709551615", "-9223372036854775808", "9223372036854775807", "9007199254740993",
  ].compactMap { JSONNumber(literal: $0) }

  /// The input with another seed, if it has one. It isn't true to what was sent, so it is for runs
  /// that nobody has a record of.
  package static func seeded(_ input: JSONObject, _ random: inout SeededRandom) -> JSONObject {
    let isHit = random.integer(0...1) == 0
    guard isHit, let seed = random.pick(seeds), input["seed"] != nil else { return input }
    var input = input
    input["seed"] = .number(seed)
    return input
  }
}
