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
    guard let ids = members else { return .no(because: "This run isn’t part of a group.") }
    return ids.count > 1
      ? .yes : .no(because: "No other run of this group has started yet.")
  }

  /// Shows another member of the group, after the last one the first.
  func stepMember(by step: Int) {
    guard let ids = members, let shown else { return }
    guard let index = ids.firstIndex(of: shown.id) else { return }
    _ = open(.prediction(ids[(index + step + ids.count) % ids.count]))
  }

  /// The runs that are stepped through: those of the group, or those that were made together.
  private var members: [Prediction.ID]? {
    guard let shown else { return nil }
    if let group { return group.predictions.map(\.id) }
    let companions = session.runs.companions(of: shown.id)
    return companions.isEmpty ? nil : companions
  }

  /// Where the run is in its group: "3 of 12".
  public var placeInGroup: String? {
    if group == nil, let shown, let ids = members, let index = ids.firstIndex(of: shown.id) {
      return "\(index + 1) of \(ids.count)"
    }
    guard let group, let shown, let member = session.runs.groups.member(of: shown.id) else {
      return nil
    }
    return "\(member + 1) of \(group.group.members.count)"
  }
}
