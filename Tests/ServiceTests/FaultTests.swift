import DemoReplicate
import Foundation
import ReplicateAPI
import Synchronization
import Testing

/// Predictions created and followed to their end while the service misbehaves: none may be lost, none
/// doubled, none left polling. `FAULT_RUNS=200 swift test --filter FaultTests` makes long runs; each
/// test prints its row of the table.
@Suite(.serialized) struct FaultTests {
  private static let count =
    ProcessInfo.processInfo.environment["FAULT_RUNS"].flatMap { Int($0) } ?? 10

  /// All but those that a person would have to wait for: an hour's refusal isn't sat out in a test.
  private static let faults = DemoFault.allCases.filter { $0 != .oddWaits }

  @Test(arguments: Self.faults)
  func `one client loses nothing and doubles nothing`(fault: DemoFault) async throws {
    try await run(fault, clients: 1) { "one \($0)" }
  }

  @Test(arguments: Self.faults)
  func `two clients with the same inputs at once lose nothing and double nothing`(
    fault: DemoFault
  ) async throws {
    try await run(fault, clients: 2) { "same \($0)" }
  }

  private func run(
    _ fault: DemoFault, clients count: Int, text: @escaping @Sendable (Int) -> String
  ) async throws {
    var options = DemoOptions()
    options.faults = [fault]
    let start = ContinuousClock.now
    try await Service.run(options, speed: 100) { service in
      let clients = (0..<count).map { _ in Service.client(of: service.server) }
      let version = try await service.patientVersion(of: .palindrome)
      let crew = Crew(version: version)
      try await withThrowingTaskGroup(of: Void.self) { group in
        // So many at a time, and where there are two clients both ask for the same at once.
        let width = 16
        var next = 0
        let runs = Self.count / count
        while next < min(width, runs) {
          let number = next
          for client in clients { group.addTask { try await crew.make(text(number), client) } }
          next += 1
        }
        var done = 0
        while try await group.next() != nil {
          done += 1
          guard done.isMultiple(of: count), next < runs else { continue }
          let number = next
          for client in clients { group.addTask { try await crew.make(text(number), client) } }
          next += 1
        }
      }
      for client in clients { await client.shutdown() }
      let made = await service.server.predictions()
      crew.check(made, runs: Self.count / count * count, fault)
      print(crew.row(fault, clients: count, made: made.count, time: ContinuousClock.now - start))
    }
  }
}

/// Makes predictions, and keeps account of what became of them.
private final class Crew: Sendable {
  private struct Account {
    var ended: [Prediction.ID: Prediction.Status] = [:]
    var doubled = 0
    /// Answers that were lost with nothing to be found: created anew, as a person would.
    var anew = 0
    /// Answers that were lost where more than one prediction fits: told, with these.
    var told: [[Prediction.ID]] = []
    var updates = 0
  }

  private let version: ModelVersion.ID
  private let store = MemoryIntentStore()
  private let account = Mutex(Account())

  init(version: ModelVersion.ID) {
    self.version = version
  }

  func make(_ text: String, _ client: Client) async throws {
    let request = PredictionRequest(
      .version(version), of: .palindrome, input: ["text": .string(text)])
    var isRepeated = false
    while true {
      do throws(ReplicateError) {
        let prediction = try await client.create(
          request, recording: store, evenIfUncertain: isRepeated)
        try await follow(prediction, client)
        return
      } catch {
        // The question that a person has to answer with yes.
        isRepeated = true
        if case .mayHaveStarted = error.reason { continue }
        guard case .outcomeUnknown(let candidates) = error.reason else { throw error }
        if candidates.isEmpty {
          account.withLock { $0.anew += 1 }
          continue
        }
        account.withLock { $0.told.append(candidates) }
        return
      }
    }
  }

  private func follow(_ prediction: Prediction, _ client: Client) async throws(ReplicateError) {
    var last = prediction
    var updates = 0
    for try await update in client.updates(of: prediction) {
      last = update
      updates += 1
    }
    let status = last.status
    account.withLock { account in
      if account.ended.updateValue(status, forKey: prediction.id) != nil { account.doubled += 1 }
      account.updates += updates
    }
  }

  func check(_ made: [DemoServer.PredictionSummary], runs: Int, _ fault: DemoFault) {
    let account = account.withLock(\.self)
    #expect(account.doubled == 0)
    #expect(account.ended.count + account.told.count == runs)
    // Where only its date says that a run has ended, its status may be any.
    #expect(fault == .oddStatuses || account.ended.values.allSatisfy { $0 == .succeeded })
    // What the service made and nobody got is what was told of, and no more than that.
    let others = Set(made.map { Prediction.ID($0.id) }).subtracting(account.ended.keys)
    #expect(others.isSubset(of: account.told.flatMap(\.self)))
    #expect(others.count <= account.told.count)
    #expect(made.count == account.ended.count + others.count)
  }

  func row(_ fault: DemoFault, clients: Int, made: Int, time: Duration) -> String {
    let account = account.withLock(\.self)
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
    return """
      | \(fault.rawValue) | \(clients) | \(account.ended.count) | \(account.told.count) \
      | \(account.anew) | \(made) | \(account.doubled) | \(String(format: "%.1f", seconds)) |
      """
  }
}

extension Service {
  /// The newest version, from a service that may fail for longer than a call is tried.
  fileprivate func patientVersion(of model: ModelID) async throws -> ModelVersion.ID {
    for _ in 0..<10 {
      do {
        return try await version(of: model)
      } catch let error as ReplicateError where error.isTransient {
        continue
      }
    }
    return try await version(of: model)
  }
}
