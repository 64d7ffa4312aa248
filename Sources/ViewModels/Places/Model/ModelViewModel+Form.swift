import ReplicateAPI
import Running

// The form, and sending it.
extension ModelViewModel {
  /// Opens a form with values filled in, once the model and its version are there.
  func openForm(_ request: FormRequest) {
    closeForm()
    show(request.model, version: request.version)
    wantedForm = request
    if model.value != nil, !model.isLoading {
      loaded()
    } else {
      session.host?.say(Notice(.working, "Reading the model’s inputs…"))
    }
  }

  /// The model or another of its versions is there now.
  func loaded() {
    guard let request = wantedForm, request.model == shown else { return }
    wantedForm = nil
    if let obstacle {
      session.host?.say(Notice(.failed, obstacle))
    } else {
      session.host?.clearNotice()
      showForm(request)
    }
  }

  private func showForm(_ request: FormRequest) {
    guard let id = shown, let schema else { return }
    let version = pinned?.id
    if request.input == nil, let draft = drafts[id], draft.version == version {
      form = draft
    } else {
      let opened = InputForm(
        model: id, version: version, schema: schema, prefill: request.input ?? [:])
      if let measure = session.host?.measure { opened.typesetting.width = measure }
      drafts[id] = opened
      form = opened
    }
    if let remark = request.remark { session.host?.say(Notice(.failed, remark)) }
  }

  func closeForm() {
    form = nil
    wantedForm = nil
  }

  public var unsaved: String? {
    guard let draft = drafts.values.first(where: \.hasChanges) else { return nil }
    return "The form of \(draft.model) holds values that were never run. They are lost if you "
      + "leave now."
  }

  /// What a command does while the form is open; nil where it isn't meant for the form.
  func perform(_ command: Command, in form: InputForm) -> Outcome? {
    switch command {
    case .form(let command):
      if !form.perform(command), command == .activate { sayHowToRun() }
    case .edit(let edit): form.perform(.edit(edit))
    case .run: launch()
    case .runAgain: launch(evenIfIdentical: true)
    case .editText: editField(form)
    case .back: if !form.perform(.escape) { closeForm() }
    case .scroll(_, let rows): form.perform(rows > 0 ? .next : .previous)
    case .move, .select, .open, .accept, .filter: break
    default: return nil
    }
    return .done
  }

  private func sayHowToRun() {
    session.host?.say(Notice(.done, "That was the last field. Ctrl-R runs the model."))
  }

  /// Opens the text of the field in focus in the person's editor.
  private func editField(_ form: InputForm) {
    guard let field = form.focusedField, let text = field.control.buffer?.text,
      field.control.allowsNewlines
    else {
      session.host?.say(Notice(.failed, "Only long text and JSON open in the editor."))
      return
    }
    let kind = if case .json = field.control { "json" } else { "txt" }
    activity.start("editor") { [session] in
      do throws(DesktopFailure) {
        let edited = try await session.desktop.edit(text, named: "\(field.name).\(kind)")
        if edited != text { form.replaceText(of: field.name, with: edited) }
      } catch {
        session.host?.say(Notice(.failed, error.message))
      }
    }
  }

  // MARK: Launching

  /// How soon after a run the very same asks first, in seconds.
  static let identicalRunWindow = 2.0

  /// Sends the form, unless something in it is wrong, one create is under way already, or the very
  /// same was sent a moment ago.
  func launch(evenIfIdentical: Bool = false) {
    // What is sent must be what the form was made for.
    guard let form, form.model == shown, form.version == pinned?.id, let target,
      !session.runs.isCreating
    else { return }
    guard form.validate() else {
      session.host?.say(
        Notice(.failed, "Something in the form isn’t right yet; nothing was sent."))
      return
    }
    let input = form.payload
    let now = session.now
    if !evenIfIdentical, let last = lastLaunch, last.target == target, last.input == input,
      now - last.sentAt < Self.identicalRunWindow
    {
      session.host?.ask(
        Confirmation(
          title: "Run the same again?",
          message: "The very same run was started a moment ago. Each run is billed.",
          choices: [
            .init("Don’t run", key: "n"), .init("Run again", key: "y", .runAgain),
          ]))
      return
    }
    lastLaunch = Launch(target: target, input: input, sentAt: now)
    session.host?.say(Notice(.working, "Sending…"))
    send(RunPlan(target, of: form.model, input: input, schema: schema), form)
  }

  /// Sends a create. It belongs to no activity: nothing that happens here cancels it.
  private func send(_ plan: RunPlan, _ form: InputForm) {
    let session = session
    let commands = session.host?.commandCount
    let (began, finish) = AsyncStream<Void>.makeStream()
    Task { [weak self] in
      defer { finish.finish() }
      do throws(ReplicateError) {
        let run = try await session.runs.create(plan)
        session.host?.clearNotice()
        self?.lastLaunch = Launch(target: plan.target, input: plan.input, sentAt: session.now)
        form.endFieldFilter()
        form.markSent()
        guard let host = session.host else { return }
        if host.commandCount == commands, self?.form === form, host.focus == Self.id {
          host.perform(.openAddress(.prediction(run.id)))
        } else {
          // Someone who has gone on working keeps the keys.
          host.offerRun(run)
        }
      } catch {
        self?.lastLaunch = nil
        self?.refused(error, form)
      }
    }
    // Tests wait for the create as for everything else.
    activity.start("create") { for await _ in began {} }
  }

  private func refused(_ error: ReplicateError, _ form: InputForm) {
    guard let host = session.host else { return }
    if case .invalidInput(let fields, _) = error.reason {
      let elsewhere = form.apply(fields)
      let rest = elsewhere.map(\.description).joined(separator: "; ")
      host.say(
        Notice(
          .failed,
          rest.isEmpty
            ? "Replicate didn’t accept the input; the fields say why. Nothing was run."
            : "Replicate didn’t accept the input: \(rest)"))
      return
    }
    switch error.reason {
    case .paymentRequired, .outcomeUnknown:
      // Too long for one line, and about money.
      host.clearNotice()
      host.ask(
        Confirmation(
          title: "Not started", message: error.inWords, choices: [.init("Back", key: "b")]))
      // What there is can be looked at at once.
      if case .outcomeUnknown = error.reason { session.lookForRuns() }
    default: host.say(Notice(error))
    }
  }
}
