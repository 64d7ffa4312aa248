import OrderedCollections
import ReplicateAPI

/// Leaves out optional members of objects, or makes them null.
package enum OddMembers {
  /// The members without which an object isn't what it is.
  private static let needed: Set<String> = [
    "id", "owner", "name", "slug", "sku", "status", "key", "username", "next",
  ]
  /// What an answer to a create may lack: nothing that shows what was made.
  private static let spare: Set<String> = [
    "logs", "metrics", "source", "data_removed", "error", "webhook", "webhook_completed",
    "description", "readme", "github_url", "paper_url", "license_url", "weights_url",
    "cover_image_url", "default_example", "web", "etag", "checksums",
  ]

  package static func change(
    _ members: inout JSONObject, _ random: inout SeededRandom, isChange: Bool
  ) {
    guard random.integer(0...1) == 0 else { return }
    let showsEnd = OddStatuses.endsByDate(members)
    for (key, value) in members {
      let fate = random.integer(0...7)
      // The lists themselves, and the model of a search result.
      let isRow =
        OddAnswers.listKeys.contains(key) && value.array != nil
        || key == "model" && value.object != nil
      guard fate < 2, !needed.contains(key), !isRow, !(showsEnd && key == "completed_at"),
        !isChange || spare.contains(key)
      else { continue }
      members[key] = fate == 0 ? nil : .null
    }
  }
}
