import HTTPTypes
import ReplicateAPI
import Synchronization

/// Makes the service's answers odd, and counts the calls that they depend on.
final class OddInjector: Sendable {
  let odd: OddAnswers
  private let isActive: Bool
  /// Calls by the hash of their address. Addresses may share a count; the memory stays the same.
  private let counts = Mutex([UInt32](repeating: 0, count: 4096))
  /// The odd forms of large answers that never change.
  private let constants = Mutex<[String: [UInt8]]>([:])

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    odd = OddAnswers(faults, seed: seed)
    isActive = !odd.faults.isEmpty
  }

  /// How many calls there were to an address before this one.
  func count(_ address: String) -> Int {
    guard isActive else { return 0 }
    return counts.withLock { counts in
      let slot = Int(SeededRandom.hash(address) % UInt64(counts.count))
      defer { counts[slot] &+= 1 }
      return Int(counts[slot])
    }
  }

  /// The waits to add to an answer.
  func waits(_ address: String, call: Int, now: Double) -> OddWaits? {
    guard odd.faults.contains(.oddWaits) else { return nil }
    var random = odd.random(.oddWaits, "\(address) \(call)")
    return OddWaits(call: call, now: now, &random)
  }

  /// The answer with odd data; errors and what isn't JSON stay.
  func changed(_ answer: DemoAnswer, on occasion: OddAnswers.Occasion) -> DemoAnswer {
    guard isActive, (200..<300).contains(answer.status), !answer.body.isEmpty,
      answer.type.hasPrefix("application/json")
    else { return answer }
    if let name = answer.constantName {
      if let body = constants.withLock({ $0[name] }) { return answer.with(body) }
    }
    guard let value = try? JSONValue(parsing: answer.body) else { return answer }
    var body = Array(odd.changed(value, on: occasion).serialized().utf8)
    if answer.body.last == UInt8(ascii: "\n") { body.append(UInt8(ascii: "\n")) }
    if let name = answer.constantName { constants.withLock { $0[name] = body } }
    return answer.with(body)
  }

  /// Nil if streams aren't odd.
  func stream(_ id: String) -> OddStream? {
    guard odd.faults.contains(.oddStreams) else { return nil }
    let connection = count("stream \(id)")
    return OddStream(connection: connection, odd.random(.oddStreams, "\(id) \(connection)"))
  }

  /// The text that a streaming run begins with: sometimes something that looks like a file.
  func opening(_ id: String, origin: String) -> String? {
    guard odd.faults.contains(.oddStreams) else { return nil }
    var random = odd.random(.oddStreams, "opening \(id)")
    return random.integer(0...2) == 0 ? "\(origin)/xezq/none/first.png" : nil
  }

  /// An earlier run with an odd seed. A run that was created through the API keeps what was sent.
  func earlier(_ record: PredictionRecord) -> PredictionRecord {
    guard odd.faults.contains(.oddInputs) else { return record }
    var record = record
    var random = odd.random(.oddInputs, "earlier \(record.id)")
    record.input = OddInputs.seeded(record.input, &random)
    return record
  }

  /// By how many seconds the service's clock is wrong.
  var clockShift: Double {
    guard odd.faults.contains(.oddClock) else { return 0 }
    var random = odd.random(.oddClock, "")
    return Double(random.pick([-780, -420, 540, 660]) ?? 660)
  }
}

extension DemoAnswer {
  fileprivate func with(_ body: [UInt8]) -> DemoAnswer {
    var answer = self
    answer.body = body
    return answer
  }
}
