import ReplicateAPI
import Running

// Groups of runs: questions about them, and what the answers do.
extension Navigator {
  /// Listens to the session's groups.
  func connectGroups() {
    let groups = session.runs.groups
    groups.limit = runsAtOnce
    groups.onPause = { [weak self] group in
      self?.tell(of: group)
      self?.askAbout(group)
    }
    groups.onChange = { [weak self] in self?.tell(of: $0) }
  }

  private func tell(of group: RunGroup) {
    for place in places.values { (place as? any GroupWatcher)?.note(group) }
  }

  /// What leaving and switching accounts have to say about groups.
  var groupsWords: String? {
    let sending = session.runs.groups.all.filter { $0.phase == .sending }
    guard !sending.isEmpty else { return nil }
    let left = sending.reduce(0) { $0 + $1.progress.waiting }
    let total = sending.reduce(0) { $0 + $1.progress.total }
    let subject = sending.count == 1 ? "A group of runs is" : "\(sending.count) groups of runs are"
    guard left > 0 else { return "\(subject) being sent." }
    return "\(subject) being sent: \(NumberText.grouped(left)) of \(NumberText.grouped(total)) "
      + "remain. If you leave, they aren’t sent until you start Replicant again and say so."
  }

  // MARK: Questions

  /// Asks how to go on with a group that has stopped.
  public func askAbout(_ group: RunGroup) {
    let pause: RunGroup.Pause
    switch group.phase {
    case .paused(let reason): pause = reason
    case .elsewhere, .sent: pause = .left
    case .sending, .canceling: return
    }
    let progress = group.progress
    let left = progress.waiting
    let size = "\(NumberText.grouped(progress.total)) runs of \(group.modelName)"
    var message: String
    var title = "The group has stopped"
    switch pause {
    case .left:
      title = "Go on with the group?"
      message = "A group of \(size) isn’t finished."
    case .failed(let member, let error):
      message =
        "Run \(member + 1) of \(size) wasn’t created, and nothing of it runs. \(error.inWords)"
    case .doubtful(let member, let error):
      title = "It may have started"
      message = "Run \(member + 1) of \(size): \(error.inWords)"
    case .unkept(let reason):
      message =
        "The state of a group of \(size) couldn’t be kept on this machine: \(reason). Nothing more "
        + "is sent."
    }
    message += " " + Self.remaining(progress)
    if !group.missingSecrets.isEmpty, left > 0 {
      message += " You’ll be asked for \(group.missingSecrets.joined(separator: ", ")) again."
    }
    var choices = [Confirmation.Choice(pause == .left ? "Not now" : "Stop here", key: "n")]
    if left > 0 {
      choices.append(
        .init(left == 1 ? "Send it" : "Send the other \(left)", key: "y", .group(.goOn(group.id))))
    }
    if progress.doubtful > 0 {
      choices.append(
        .init(
          (progress.doubtful == 1 ? "Send that one again" : "Send those in doubt again")
            + (left > 0 ? ", too" : ""),
          key: "d",
          .group(.sendAgain(group.id))))
    }
    ask(Confirmation(title: title, message: message, choices: choices))
  }

  private static func remaining(_ progress: PredictionGroup.Progress) -> String {
    var words: [String] = []
    let left = progress.waiting
    if left > 0 {
      let made = progress.total - left - progress.doubtful
      words.append(
        "\(NumberText.grouped(made)) \(made == 1 ? "is" : "are") sent, \(NumberText.grouped(left)) "
          + "\(left == 1 ? "isn’t" : "aren’t"). Each run is billed.")
    }
    switch progress.doubtful {
    case 0: break
    case 1: words.append("Nobody knows whether one of them has started: look in Predictions.")
    case let count:
      words.append("Nobody knows whether \(count) of them have started: look in Predictions.")
    }
    return words.joined(separator: " ")
  }

  // MARK: Answers

  func perform(_ command: GroupCommand) {
    switch command {
    case .goOn(let id): goOn(id, .rest)
    case .sendAgain(let id): goOn(id, .doubtfulToo)
    case .cancel(let id): cancelGroup(id)
    }
  }

  private func goOn(_ id: PredictionGroup.ID, _ continuation: RunGroups.Continuation) {
    guard let group = session.runs.groups[id] else { return }
    if let name = group.missingSecrets.first {
      return promptForSecret(name, group, continuation)
    }
    session.client.tryAtOnce()
    activity.start { [weak self, session] in
      if let problem = await session.runs.groups.goOn(group, continuation) {
        self?.notice = Notice(.failed, problem)
      }
    }
  }

  private func promptForSecret(
    _ name: String, _ group: RunGroup, _ continuation: RunGroups.Continuation
  ) {
    overlay = .text(
      TextPrompt(
        name, "Secrets aren’t kept. Enter it again to go on with the group of \(group.modelName).",
        isSecret: true
      ) { [weak self] text in
        guard !text.isEmpty else { return "Enter it, or press Esc to leave the group as it is." }
        if let problem = group.enter(text, for: name) { return problem }
        self?.overlay = nil
        self?.goOn(group.id, continuation)
        return nil
      })
  }

  private func cancelGroup(_ id: PredictionGroup.ID) {
    let groups = session.runs.groups
    guard let group = groups[id] else { return }
    notice = Notice(.working, "Canceling the group…")
    activity.start { [weak self] in
      let failed = await groups.cancel(group)
      guard let self else { return }
      if let failed {
        notice = Notice(
          .failed,
          "\(failed.count) of the group’s runs couldn’t be canceled: \(failed.reason)")
      } else if notice?.kind == .working {
        notice = Notice(.done, "The group was canceled.")
      }
    }
  }

  // MARK: The prompt

  func perform(_ command: Command, in prompt: TextPrompt) -> Bool {
    var prompt = prompt
    switch command {
    case .back:
      activity.cancel("prompt")
      overlay = nil
    case .edit(let edit):
      _ = prompt.text.apply(edit)
      prompt.problem = nil
      overlay = .text(prompt)
    case .accept:
      let text = prompt.text.text
      activity.start("prompt") { [weak self] in
        let problem = await prompt.take(text)
        guard let self, !Task.isCancelled, case .text(var open) = overlay, open.text.text == text
        else { return }
        guard let problem else {
          // It may have opened the next one.
          if open.title == prompt.title { overlay = nil }
          return
        }
        open.problem = problem
        overlay = .text(open)
      }
    default: break
    }
    return true
  }
}

/// A place that shows groups of runs.
@MainActor
protocol GroupWatcher {
  func note(_ group: RunGroup)
}

extension Session {
  /// Takes up the groups that programs have left.
  func recoverGroups() async {
    let (problems, sink) = AsyncStream<String>.makeStream()
    do {
      let left = try await runs.groups.recover(account: account.value?.username) {
        sink.yield($0)
      }
      for group in left { runs.groups.onPause(group) }
    } catch {
      sink.yield("\(error)")
    }
    sink.finish()
    for await problem in problems { host?.notify(Notice(.failed, "\(problem).")) }
  }

  /// Asks before a group goes on.
  func askToGoOn(_ group: RunGroup) { host?.askAbout(group) }

  /// Asks for confirmation before canceling a group.
  func askToCancel(_ group: RunGroup) {
    let progress = group.progress
    var parts: [String] = []
    if progress.running > 0 {
      parts.append(
        "\(progress.running) \(progress.running == 1 ? "run is" : "runs are") under way and will be "
          + "canceled. You’ll be billed for the time used.")
    }
    if progress.waiting > 0 {
      parts.append(
        "\(NumberText.grouped(progress.waiting)) \(progress.waiting == 1 ? "hasn’t" : "haven’t") "
          + "been sent and never will be.")
    }
    host?.ask(
      Confirmation(
        title: "Cancel this group?", message: parts.joined(separator: " "),
        choices: [
          .init("Let it run", key: "n"),
          .init("Cancel it", key: "y", .group(.cancel(group.id))),
        ]))
  }

  /// The form filled in with a group's input and values.
  func rerun(_ group: RunGroup) -> Outcome {
    let value = group.group
    return rerun(
      value, input: value.input,
      sweeps: Dictionary(
        value.sweeps.map { ($0.name, $0.values) }, uniquingKeysWith: { first, _ in first }))
  }

  /// The form filled in with the input of a group's member.
  func rerun(_ index: Int, of group: RunGroup) -> Outcome {
    let value = group.group
    return rerun(value, input: value.input.merging(value.values(at: index)) { $1 })
  }

  private func rerun(
    _ group: PredictionGroup, input: JSONObject, sweeps: [String: [JSONValue]] = [:]
  ) -> Outcome {
    guard let model = group.model ?? group.target.model else {
      host?.notify(Notice(.failed, "This group doesn’t name its model."))
      return .done
    }
    let deployment: PredictionTarget? =
      if case .deployment = group.target { group.target } else { nil }
    return .open(
      .form(
        FormRequest(
          model: model, version: group.target.version, input: input, sweeps: sweeps,
          options: RunOptions(target: deployment, prediction: group.options),
          ownFiles: group.fileTexts,
          remark: group.secrets.isEmpty
            ? nil : "Enter \(group.secrets.sorted().joined(separator: ", ")) again.")))
  }
}

extension PredictionTarget {
  fileprivate var model: ModelID? {
    switch self {
    case .model(let model): model
    case .version, .deployment: nil
    }
  }

  fileprivate var version: ModelVersion.ID? {
    if case .version(let version) = self, version.rawValue.utf8.count == 64 { version } else { nil }
  }
}
