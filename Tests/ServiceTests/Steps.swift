import ReplicateAPI
import Synchronization

/// Remembers how a transfer went on.
final class Steps: Sendable {
  private let steps = Mutex<[TransferProgress]>([])

  var all: [TransferProgress] { steps.withLock(\.self) }

  func add(_ step: TransferProgress) {
    steps.withLock { $0.append(step) }
  }
}
