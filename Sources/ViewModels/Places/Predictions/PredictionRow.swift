import ReplicateAPI
import Running

/// A row of Predictions: a run, a group of runs, or a member of the group that is shown.
@MainActor
public enum PredictionRow: Identifiable {
  case run(Run)
  case group(RunGroup)
  /// A member, with its run once that is known.
  case member(RunGroup, Int, Run?)

  /// The prediction's ID. For anything else, one that no prediction has.
  public nonisolated var id: Prediction.ID {
    switch self {
    case .run(let run): run.id
    case .group(let group): Prediction.ID(rawValue: "group/\(group.id.rawValue)")
    case .member(let group, let index, _):
      Prediction.ID(rawValue: "group/\(group.id.rawValue)/\(index)")
    }
  }

  public var run: Run? {
    switch self {
    case .run(let run): run
    case .group: nil
    case .member(_, _, let run): run
    }
  }

  /// The prediction, whether or not its run is known.
  var prediction: Prediction.ID? {
    if case .member(let group, let index, nil) = self,
      case .created(let id, _) = group.group[index]
    {
      return id
    }
    return run?.id
  }

  public var group: RunGroup? { if case .group(let group) = self { group } else { nil } }

  /// What sorting by status goes by.
  var status: String {
    switch self {
    case .run(let run): run.prediction.status.rawValue
    case .group(let group): group.isUnderWay ? "processing" : "succeeded"
    case .member(let group, let index, let run):
      run?.prediction.status.rawValue ?? group.word(for: index)
    }
  }

  public var modelName: String {
    switch self {
    case .run(let run): run.modelName
    case .group(let group): "×\(group.group.members.count) \(group.modelName)"
    case .member(let group, let index, _): "\(index + 1) of \(group.group.members.count)"
    }
  }

  /// What tells rows of the same model apart.
  public var inputSummary: String {
    switch self {
    case .run(let run): run.inputSummary
    case .group(let group): "\(group.progressWords) · \(group.sweepSummary)"
    case .member(let group, let index, _): group.valuesSummary(of: index)
    }
  }

  /// When it was created, in seconds since 1970.
  public var createdAt: Double? {
    switch self {
    case .run(let run): run.prediction.createdAt?.secondsSince1970
    case .group(let group): group.group.createdAt.secondsSince1970
    case .member(_, _, let run): run?.prediction.createdAt?.secondsSince1970
    }
  }

  func elapsed(now: Double) -> Double { run?.elapsed(now: now) ?? 0 }

  /// What the filter searches.
  var texts: [String] {
    switch self {
    case .run(let run):
      let prediction = run.prediction
      return [prediction.model, prediction.status.rawValue, prediction.id.rawValue]
        + run.inputTexts
    case .group(let group):
      return [group.group.model?.description ?? group.modelName, "group", group.sweepSummary]
        + group.group.input.values.compactMap { $0.string.map { String($0.prefix(4000)) } }
    case .member(let group, let index, let run):
      return [status, inputSummary, group.word(for: index), run?.id.rawValue ?? ""]
    }
  }
}

extension RunGroup {
  /// How far it is, in words: "118 done, 2 failed, 5 running, 75 to come".
  public var progressWords: String {
    let progress = progress
    var parts: [String] = []
    switch phase {
    case .paused(.left): parts.append("not finished")
    case .paused: parts.append("stopped")
    case .canceling: parts.append("canceling")
    case .elsewhere: parts.append("sent by another program")
    case .sending where isWaiting: parts.append("waiting")
    case .sending, .sent: break
    }
    for (count, word) in [
      (progress.succeeded, "done"), (progress.failed, "failed"), (progress.canceled, "canceled"),
      (progress.running, "running"),
      (progress.doubtful, "in doubt"), (progress.waiting, "to come"),
      (progress.dropped, "never sent"),
    ] where count > 0 {
      parts.append("\(NumberText.grouped(count)) \(word)")
    }
    return parts.joined(separator: ", ")
  }

  /// The values of the sweeps, in few words: "seed 1, 2, 3".
  public var sweepSummary: String {
    group.sweeps.map { sweep in
      let values = sweep.values.prefix(12).map { String($0.plainText.prefix(40)) }
      let more = sweep.values.count > values.count ? ", …" : ""
      return "\(sweep.name) \(values.joined(separator: ", "))\(more)"
    }.joined(separator: " · ")
  }

  /// The values that a member has of its own.
  public func valuesSummary(of index: Int) -> String {
    let isSingle = group.sweeps.count == 1
    let values = group.values(at: index).map { name, value in
      let text = String(value.plainText.prefix(200))
      return isSingle ? text : "\(name) \(text)"
    }.joined(separator: " · ")
    if case .refused(let reason) = group[index] { return "\(reason) · \(values)" }
    return values
  }

  /// What has become of a member that there is no run to ask about.
  public func word(for index: Int) -> String {
    switch group[index] {
    case .waiting: "to come"
    case .sending: "sending"
    case .created(_, let status): status?.rawValue ?? "started"
    case .refused: "refused"
    case .doubtful: "in doubt"
    case .dropped: "never sent"
    }
  }
}
