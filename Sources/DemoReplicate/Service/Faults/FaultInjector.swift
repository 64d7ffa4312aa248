import Synchronization

/// Shares one fault plan among all of the service's connections.
final class FaultInjector: Sendable {
  private let plan: Mutex<FaultPlan>

  init(_ faults: Set<DemoFault>, seed: UInt64) {
    plan = Mutex(FaultPlan(faults, seed: seed))
  }

  func verdict(changes: Bool) -> FaultPlan.Verdict {
    plan.withLock { $0.verdict(changes: changes) }
  }

  func outputVerdict() -> FaultPlan.Verdict {
    plan.withLock { $0.outputVerdict() }
  }

  func eventsUntilBreak() -> Int? {
    plan.withLock { $0.eventsUntilBreak() }
  }
}
