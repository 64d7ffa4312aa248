import OrderedCollections
import ReplicateAPI

/// Makes answers odd, in the ways in which the real world's have been seen to be.
///
/// All of it is a function of the answer, the seed and the occasion. What belongs to a thing, such
/// as the odd output of a prediction, depends on the thing's ID, so that every answer about it
/// agrees. Good rows stay, and their IDs; a run's end can always be seen.
package struct OddAnswers: Sendable {
  /// The call that is answered.
  package struct Occasion: Sendable {
    /// Such as `http://127.0.0.1:8080/v1`.
    package var base: String
    /// The path and query after the base.
    package var target: String
    /// How many calls to the same address came before.
    package var call: Int
    /// Whether the call changed something. Such an answer stays true in everything that shows what
    /// was made.
    package var isChange: Bool
    /// The output host, such as `http://127.0.0.1:8081`.
    package var origin: String

    package init(
      base: String = "http://127.0.0.1:8/v1", target: String, call: Int = 0,
      isChange: Bool = false, origin: String = "http://127.0.0.1:9"
    ) {
      self.base = base
      self.target = target
      self.call = call
      self.isChange = isChange
      self.origin = origin
    }
  }

  package let faults: Set<DemoFault>
  package let seed: UInt64

  package init(_ faults: Set<DemoFault>, seed: UInt64) {
    self.faults = faults.intersection(DemoFault.odd)
    self.seed = seed
  }

  /// A generator for one fault and something that it hits, such as a prediction's ID.
  package func random(_ fault: DemoFault, _ object: String) -> SeededRandom {
    SeededRandom("\(fault.rawValue) \(object)", seed)
  }

  /// The members of an answer that hold lists.
  static let listKeys: Set<String> = ["results", "models", "collections", "pages"]
  /// The members that hold a model's or a person's data, which has no shape of the service's own.
  private static let opaqueKeys: Set<String> = [
    "input", "output", "openapi_schema", "metadata", "metrics", "logs",
  ]

  /// The answer with all of the oddities.
  package func changed(_ answer: JSONValue, on occasion: Occasion) -> JSONValue {
    let isExample = occasion.target.hasSuffix("/examples")
    var answer = walked(answer, at: occasion.target, occasion, isExample: isExample)
    guard !occasion.isChange else { return answer }
    // Asking again gives something else.
    let place = "\(occasion.target) \(occasion.call)"
    if faults.contains(.oddPages), let page = answer.object {
      var random = random(.oddPages, place)
      var lasting = self.random(.oddPages, occasion.target)
      let odd = OddPages.changed(
        page, at: occasion.base + occasion.target, &random, lasting: &lasting)
      answer = .object(odd.page)
      if odd.isHeldBack { return answer }
    }
    if faults.contains(.oddRows) {
      var random = random(.oddRows, place)
      answer = OddRows.sprinkled(over: answer, &random)
    }
    return answer
  }

  /// Changes all objects, the inner ones first.
  ///
  /// - Parameter place: Where the value stands, for objects without an identity.
  private func walked(
    _ value: JSONValue, at place: String, _ occasion: Occasion, isExample: Bool
  ) -> JSONValue {
    switch value {
    case .array(let elements):
      return .array(
        elements.enumerated().map {
          walked($1, at: "\(place) \($0)", occasion, isExample: isExample)
        })
    case .object(var members):
      let place = Self.identity(of: members) ?? place
      for (key, member) in members where !Self.opaqueKeys.contains(key) {
        guard member.array != nil || member.object != nil else { continue }
        members[key] = walked(
          member, at: "\(place) \(key)", occasion,
          isExample: isExample || key == "default_example")
      }
      change(&members, at: place, occasion, isExample: isExample)
      return .object(members)
    default: return value
    }
  }

  private func change(
    _ members: inout JSONObject, at place: String, _ occasion: Occasion, isExample: Bool
  ) {
    if let id = members["id"]?.string, members["status"] != nil {
      changeRun(&members, id, occasion, isExample: isExample)
    }
    if faults.contains(.oddDates) {
      var random = random(.oddDates, place)
      OddDates.change(&members, &random, onlyFormat: occasion.isChange)
    }
    if faults.contains(.oddNumbers), !occasion.isChange {
      var random = random(.oddNumbers, place)
      OddNumbers.change(&members, &random)
    }
    if faults.contains(.oddMembers) {
      var random = random(.oddMembers, "\(place) \(occasion.target) \(occasion.call)")
      OddMembers.change(&members, &random, isChange: occasion.isChange)
    }
  }

  /// Changes a prediction or a training.
  private func changeRun(
    _ members: inout JSONObject, _ id: String, _ occasion: Occasion, isExample: Bool
  ) {
    let hasEnded = OddStatuses.isFinal(members["status"])
    if faults.contains(.oddOutputs), hasEnded, !occasion.isChange,
      members["status"] == "succeeded", let output = members["output"], !output.isNull
    {
      var random = random(.oddOutputs, id)
      members["output"] = OddOutputs.changed(
        output, origin: occasion.origin, isAlone: occasion.target.hasSuffix(id), &random)
    }
    if faults.contains(.oddLogs), let logs = members["logs"]?.string {
      var random = random(.oddLogs, id)
      members["logs"] = .string(OddLogs.changed(logs, hasEnded: hasEnded, &random))
    }
    if faults.contains(.oddInputs), let input = members["input"]?.object {
      var random = random(.oddInputs, id)
      let seeded = isExample ? OddInputs.seeded(input, &random) : input
      members["input"] = OddInputs.reordered(.object(seeded), &random)
    }
    if faults.contains(.oddStatuses) {
      var random = random(.oddStatuses, id)
      OddStatuses.change(&members, &random, mayEnd: !occasion.isChange)
    }
  }

  /// What tells an object from others of its kind.
  private static func identity(of members: JSONObject) -> String? {
    if let id = members["id"]?.string { return id }
    if let owner = members["owner"]?.string, let name = members["name"]?.string {
      return "\(owner)/\(name)"
    }
    return members["slug"]?.string ?? members["sku"]?.string
  }
}
