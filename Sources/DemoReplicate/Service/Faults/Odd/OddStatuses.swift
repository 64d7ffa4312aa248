import OrderedCollections
import ReplicateAPI

/// Gives runs statuses that no document names, and ends that only their date shows.
package enum OddStatuses {
  /// - Parameter mayEnd: Whether a run that has ended may lose its final status.
  package static func change(
    _ members: inout JSONObject, _ random: inout SeededRandom, mayEnd: Bool
  ) {
    let waiting = random.pick(["starting", "queued", "booting", ""])
    let working = random.pick(["processing", "processing", "running", ""])
    let isStuck = random.integer(0...5) == 0
    let stuck = random.pick(["processing", "processing", "starting", "complete", ""])
    switch members["status"]?.string {
    case "starting": members["status"] = .string(waiting)
    case "processing": members["status"] = .string(working)
    default:
      guard isStuck, mayEnd, isFinal(members["status"]),
        members["completed_at"]?.string?.isEmpty == false
      else { return }
      members["status"] = .string(stuck)
    }
  }

  package static func isFinal(_ status: JSONValue?) -> Bool {
    status?.string.map { Prediction.Status(rawValue: $0).isTerminal } ?? false
  }

  /// Whether only its date shows that a run has ended.
  static func endsByDate(_ members: JSONObject) -> Bool {
    members["status"] != nil && !isFinal(members["status"])
      && members["completed_at"]?.string?.isEmpty == false
  }
}
