import Observation

/// Observes a list as a whole.
@MainActor @Observable
final class ListChanges {
  private var count = 0

  func access() { _ = count }
  func mark() { count &+= 1 }
}
