import ReplicateAPI
import Running

extension Browser {
  // MARK: The form

  /// Opens the form of the model that is shown, or of the one under the cursor.
  func openForm() {
    switch focus {
    case .models:
      guard let model = models.selected else { return }
      models.stopTyping()
      closeForm()
      detail.show(model)
      go(to: .detail)
    case .predictions, .live: return rerun()
    case .collections: return open(focusedCollection)
    case .detail: break
    }
    if let obstacle = detail.obstacle {
      notice = Notice(.failed, obstacle)
    } else if detail.schema == nil {
      wantsForm = detail.shown != nil
      if wantsForm { notice = Notice(.working, "Reading the model’s inputs…") }
    } else {
      showForm()
    }
  }

  private var focusedCollection: Address? {
    collections.selected.map { .collection($0.slug) }
  }

  private func open(_ address: Address?) {
    if let address { open(address) }
  }

  func detailLoaded() {
    guard wantsForm else { return }
    wantsForm = false
    notice = nil
    if let obstacle = detail.obstacle {
      notice = Notice(.failed, obstacle)
    } else {
      showForm()
    }
  }

  private func showForm() {
    guard let id = detail.shown, let schema = detail.schema else { return }
    let version = detail.pinned?.id
    if prefill == nil, let draft = drafts[id], draft.version == version {
      form = draft
    } else {
      let opened = InputForm(
        model: id, version: version, schema: schema, prefill: prefill ?? [:])
      drafts[id] = opened
      form = opened
    }
    prefill = nil
    if focus != .detail { go(to: .detail) }
  }

  func closeForm() {
    form = nil
    wantsForm = false
  }

  func performInForm(_ command: FormCommand) {
    guard let form else { return }
    if !form.perform(command), command == .activate { launch() }
  }

  /// Opens the form of the shown or selected prediction's model, filled in with its input.
  func rerun() {
    let run = focus == .predictions ? history.selected : live.shown
    guard let run else { return }
    guard let model = ModelID(run.prediction.model) else {
      notice = Notice(.failed, "The prediction doesn’t say which model it ran.")
      return
    }
    if run.prediction.isDataRemoved {
      notice = Notice(.failed, "Replicate has removed this prediction’s input; the form is empty.")
    }
    prefill = run.prediction.input
    closeForm()
    let version = run.prediction.version.flatMap { text in
      text.count == 64 ? ModelVersion.ID(rawValue: text) : nil
    }
    detail.show(model, version: version)
    go(to: .detail)
    wantsForm = true
    if detail.schema != nil, !detail.model.isLoading { detailLoaded() }
  }

  // MARK: Launching

  /// Sends the form, unless something in it is wrong, one create is under way already, or the very
  /// same was sent a moment ago.
  func launch(evenIfIdentical: Bool = false) {
    // What is sent must be what the form was made for.
    guard let form, form.model == detail.shown, form.version == detail.pinned?.id,
      let target = detail.target, !runs.isCreating
    else { return }
    guard form.validate() else {
      notice = Notice(.failed, "Something in the form isn’t right yet; nothing was sent.")
      return
    }
    let input = form.payload
    if !evenIfIdentical, let last = lastLaunch, last.target == target, last.input == input,
      now - last.sentAt < Self.identicalRunWindow
    {
      overlay = .confirmation(
        Confirmation(
          title: "Run the same again?",
          message: "The very same run was started a moment ago. Each run is billed.",
          choices: [
            .init("Don’t run", key: "n", .nothing), .init("Run again", key: "y", .launchAgain),
          ]))
      return
    }
    lastLaunch = Launch(target: target, input: input, sentAt: now)
    let plan = RunPlan(target, of: form.model, input: input, schema: detail.schema)
    notice = Notice(.working, "Sending…")
    let asked = asked
    activity.start { [weak self] in
      guard let self else { return }
      do {
        let run = try await runs.create(plan)
        notice = nil
        lastLaunch = Launch(target: target, input: input, sentAt: now)
        live.show(run)
        if self.asked == asked {
          if focus == .detail, self.form === form { go(to: .live) }
        } else {
          // Who types on keeps the keys.
          notice = Notice(.done, "\(run.modelName) was started; Live shows it.")
        }
      } catch {
        lastLaunch = nil
        refused(.of(error), form)
      }
    }
  }

  /// How soon after a run the very same asks first, in seconds.
  static let identicalRunWindow = 2.0

  private func refused(_ error: ReplicateError, _ form: InputForm) {
    if case .invalidInput(let fields, _) = error.reason {
      let elsewhere = form.apply(fields)
      let rest = elsewhere.map(\.description).joined(separator: "; ")
      notice = Notice(
        .failed,
        rest.isEmpty
          ? "Replicate didn’t accept the input; the fields say why. Nothing was run."
          : "Replicate didn’t accept the input: \(rest)")
      return
    }
    switch error.reason {
    case .paymentRequired, .outcomeUnknown:
      // Too long for one line, and about money.
      overlay = .confirmation(
        Confirmation(
          title: "Not started", message: error.inWords,
          choices: [.init("Back", key: "b", .nothing)]))
      notice = nil
      // What there is can be looked at at once.
      if case .outcomeUnknown = error.reason { history.load() }
    default: notice = Notice(error)
    }
  }

  // MARK: Canceling

  func askToCancel() {
    let run = focus == .predictions ? history.selected : live.shown
    guard let run else { return }
    guard run.isUnderWay else {
      notice = Notice(
        .done, "\(run.modelName) has ended already: \(run.prediction.status.rawValue).")
      return
    }
    guard !run.isCanceling else { return }
    overlay = .confirmation(
      Confirmation(
        title: "Cancel this prediction?",
        message: "\(run.prediction.model) is \(run.prediction.status.rawValue). What it has done "
          + "so far is billed; its output may be lost.",
        choices: [
          .init("Let it run", key: "n", .nothing),
          .init("Cancel it", key: "y", .cancelPrediction(run.id)),
        ]))
  }

  func cancel(_ id: Prediction.ID) {
    guard let run = runs.run(id) else { return }
    notice = Notice(.working, "Asking Replicate to cancel…")
    activity.start { [weak self] in
      guard let self else { return }
      do {
        try await runs.cancel(run)
      } catch {
        notice = Notice(.of(error))
      }
    }
  }

  func cancelAllAndQuit() {
    let own = runs.ownUnderWay
    notice = Notice(.working, "Canceling \(own.count)…")
    activity.start { [weak self] in
      var failed = 0
      for run in own {
        do { try await self?.runs.cancel(run) } catch { failed += 1 }
      }
      guard let self else { return }
      if failed == 0 {
        isFinished = true
      } else {
        notice = Notice(.failed, "\(failed) of \(own.count) could not be canceled.")
      }
    }
  }

  // MARK: Outside

  func openInBrowser() {
    guard let address else {
      notice = Notice(.failed, "There is no address to open here yet.")
      return
    }
    openInBrowser(address)
  }

  func openInBrowser(_ address: String) {
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        try await desktop.openInBrowser(address)
        self?.notice = Notice(.done, "Opened \(address) in the web browser.")
      } catch {
        self?.notice = Notice(.failed, "\(error.message) The address: \(address)")
      }
    }
  }
}
