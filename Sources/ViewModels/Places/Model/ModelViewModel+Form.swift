import ReplicateAPI
import Running

// The form and running the model.
extension ModelViewModel {
  /// Opens a form with values filled in, once the model and its version have loaded.
  func openForm(_ request: FormRequest) {
    closeForm()
    show(request.model, version: request.version)
    wantedForm = request
    if model.value != nil, !model.isLoading {
      loaded()
    } else {
      session.host?.notify(Notice(.working, "Loading the model’s inputs…"))
    }
  }

  /// Updates the form after the model or one of its versions has loaded.
  func loaded() {
    guard let request = wantedForm, request.model == shown else { return }
    wantedForm = nil
    if let obstacle {
      session.host?.notify(Notice(.failed, obstacle))
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
    if let remark = request.remark { session.host?.notify(Notice(.failed, remark)) }
  }

  func closeForm() {
    form = nil
    wantedForm = nil
  }

  public var unsaved: String? {
    guard let draft = drafts.values.first(where: \.hasChanges) else { return nil }
    return "The form for \(draft.model) has values that haven’t been run. They’ll be lost if you "
      + "quit."
  }

  /// Performs a command while the form is open. Returns nil if it isn't meant for the form.
  func perform(_ command: Command, in form: InputForm) -> Outcome? {
    switch command {
    case .form(let command):
      if !form.perform(command), command == .activate { showHowToRun() }
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

  private func showHowToRun() {
    session.host?.notify(Notice(.done, "This is the last field. Press Ctrl-R to run the model."))
  }

  /// Opens the focused field's text in the user's editor.
  private func editField(_ form: InputForm) {
    guard let field = form.focusedField, let text = field.control.buffer?.text,
      field.control.allowsNewlines
    else {
      session.host?.notify(Notice(.failed, "Only long text and JSON fields open in the editor."))
      return
    }
    if let openEdit, openEdit.form === form, openEdit.field == field.name {
      return askAboutEdit("The editor may still have this field’s text open.")
    }
    let kind = if case .json = field.control { "json" } else { "txt" }
    activity.start("editor") { [session, weak self] in
      do throws(DesktopFailure) {
        switch try await session.desktop.edit(text, named: "\(field.name).\(kind)") {
        case .saved(let edited):
          if edited != text { form.replaceText(of: field.name, with: edited) }
        case .maybeOpen(let file):
          self?.openEdit = OpenEdit(form: form, field: field.name, text: text, file: file)
          self?.askAboutEdit("The editor returned at once, and nothing has changed.")
        }
      } catch {
        session.host?.notify(Notice(.failed, error.message))
      }
    }
  }

  /// A field's text that an editor may still have open in a window of its own.
  struct OpenEdit {
    var form: InputForm
    var field: String
    var text: String
    var file: OpenText
  }

  private func askAboutEdit(_ words: String) {
    guard let openEdit else { return }
    session.host?.ask(
      Confirmation(
        title: "Is the editor still open?",
        message: "\(words) Save the text in the editor, then read the file again: "
          + openEdit.file.path,
        choices: [
          .init("Read the file again", key: "r", .finishEdit(reading: true)),
          .init("Discard", key: "d", .finishEdit(reading: false)),
        ]))
  }

  func finishEdit(reading: Bool) {
    guard let edit = openEdit else { return }
    guard reading else {
      edit.file.discard()
      openEdit = nil
      return
    }
    do throws(DesktopFailure) {
      let text = try edit.file.read()
      guard text != edit.text else { return askAboutEdit("The file hasn’t changed yet.") }
      edit.form.replaceText(of: edit.field, with: text)
      edit.file.discard()
      openEdit = nil
    } catch {
      session.host?.notify(Notice(.failed, error.message))
    }
  }

  // MARK: Running

  /// How soon an identical run asks for confirmation, in seconds.
  static let identicalRunWindow = 2.0

  /// Sends the form, unless it has an error, a create is already in progress, or identical input
  /// was sent a moment ago.
  func launch(evenIfIdentical: Bool = false) {
    // The form must belong to the model and version that will run.
    guard let form, form.model == shown, form.version == pinned?.id, let target,
      !session.runs.isCreating
    else { return }
    guard form.validate() else {
      session.host?.notify(
        Notice(.failed, "Fix the marked fields first. Nothing was sent."))
      return
    }
    let input = form.payload
    let now = session.now
    if !evenIfIdentical, let last = lastLaunch, last.target == target, last.input == input,
      now - last.sentAt < Self.identicalRunWindow
    {
      session.host?.ask(
        Confirmation(
          title: "Run again?",
          message: "You started an identical run a moment ago. Each run is billed.",
          choices: [
            .init("Don’t run", key: "n"), .init("Run again", key: "y", .runAgain),
          ]))
      return
    }
    lastLaunch = Launch(target: target, input: input, sentAt: now)
    session.host?.notify(Notice(.working, "Sending…"))
    send(RunPlan(target, of: form.model, input: input, schema: schema), form)
  }

  /// Sends a create. It isn't part of any activity, so nothing that happens here can cancel it.
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
          // Don't take the focus from a user who has moved on.
          host.offerRun(run)
        }
      } catch {
        self?.lastLaunch = nil
        self?.refused(error, form)
      }
    }
    // Lets tests wait for the create, too.
    activity.start("create") { for await _ in began {} }
  }

  private func refused(_ error: ReplicateError, _ form: InputForm) {
    guard let host = session.host else { return }
    if case .invalidInput(let fields, _) = error.reason {
      let elsewhere = form.apply(fields)
      let rest = elsewhere.map(\.description).joined(separator: "; ")
      host.notify(
        Notice(
          .failed,
          rest.isEmpty
            ? "Replicate rejected the input, so nothing was run. See the marked fields."
            : "Replicate rejected the input: \(rest)"))
      return
    }
    switch error.reason {
    case .paymentRequired, .outcomeUnknown:
      // This is about money and too long for one line.
      host.clearNotice()
      host.ask(
        Confirmation(
          title: "Not started", message: error.inWords, choices: [.init("Back", key: "b")]))
      // Reload the runs, in case one was started.
      if case .outcomeUnknown = error.reason { session.lookForRuns() }
    default: host.notify(Notice(error))
    }
  }
}
