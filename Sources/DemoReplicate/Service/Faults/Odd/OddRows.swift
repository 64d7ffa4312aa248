import OrderedCollections
import ReplicateAPI

/// Puts elements that can't be read into lists, between the good rows.
package enum OddRows {
  /// The answer with odd elements in its lists. Some answers stay as they are.
  package static func sprinkled(over answer: JSONValue, _ random: inout SeededRandom) -> JSONValue {
    switch answer {
    case .array(let rows): return .array(sprinkled(over: rows, &random))
    case .object(var members):
      for key in members.keys where OddAnswers.listKeys.contains(key) {
        if let rows = members[key]?.array {
          members[key] = .array(sprinkled(over: rows, &random))
        }
      }
      return .object(members)
    default: return answer
    }
  }

  private static func sprinkled(
    over rows: [JSONValue], _ random: inout SeededRandom
  ) -> [JSONValue] {
    guard random.integer(0...2) > 0 else { return rows }
    let sample = rows.first?.object ?? [:]
    var rows = rows
    for _ in 0..<random.integer(1...3) {
      rows.insert(row(like: sample, &random), at: random.integer(0...rows.count))
    }
    return rows
  }

  /// An element that can't be what the list is of.
  package static func row(like sample: JSONObject, _ random: inout SeededRandom) -> JSONValue {
    let others: [JSONValue] = [
      .null, "row", "", 42, -1.5, true, [], [[]], ["id", "x"], [:], ["error": "internal"],
      ["id": .null, "status": "aborted"], ["id": 17], ["id": ["$oid": "65a1"]], ["id": []],
    ]
    let variant = random.integer(0...(others.count + 3))
    if others.indices.contains(variant) { return others[variant] }
    return .object(broken(sample, variant - others.count, &random))
  }

  /// A row like the others that has lost its identity, in one of four ways.
  private static func broken(
    _ sample: JSONObject, _ variant: Int, _ random: inout SeededRandom
  ) -> JSONObject {
    var row = sample
    let keys = ["id", "owner", "name", "slug", "sku", "model"].filter { row[$0] != nil }
    for key in keys {
      switch variant {
      case 0: row[key] = nil
      case 1: row[key] = 12
      case 2: row[key] = ["value": row[key] ?? .null]
      default: row[key] = .null
      }
    }
    // What is nested is of other types than it should be, too.
    let wrong: [JSONValue] = [7, "text", [], [[:]], ["a": ["b": 1]], true]
    for key in row.keys where !keys.contains(key) && random.integer(0...2) == 0 {
      row[key] = random.pick(wrong)
    }
    return row
  }
}
