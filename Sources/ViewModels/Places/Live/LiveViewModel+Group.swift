import ReplicateAPI
import Running

// Stepping through the members of a group.
extension LiveViewModel {
  static let nextMember: CommandID = "live.next-member"
  static let previousMember: CommandID = "live.previous-member"

  public static let commands: [CommandRow] = [
    CommandRow(nextMember, "next run of the group", .own(nextMember)),
    CommandRow(previousMember, "previous run of the group", .own(previousMember)),
  ]

  /// The group of the run that is shown.
  public var group: RunGroup? { shown.flatMap { session.runs.groups.group(of: $0.id) } }

  var availabilityOfMembers: Availability {
    guard let group else { return .no(because: "This run isn’t part of a group.") }
    return group.predictions.count > 1
      ? .yes : .no(because: "No other run of this group has started yet.")
  }

  /// Shows another member of the group, after the last one the first.
  func stepMember(by step: Int) {
    guard let group, let shown else { return }
    let ids = group.predictions.map(\.id)
    guard let index = ids.firstIndex(of: shown.id) else { return }
    _ = open(.prediction(ids[(index + step + ids.count) % ids.count]))
  }

  /// Where the run is in its group: "3 of 12".
  public var placeInGroup: String? {
    guard let group, let shown, let member = session.runs.groups.member(of: shown.id) else {
      return nil
    }
    return "\(member + 1) of \(group.group.members.count)"
  }
}
