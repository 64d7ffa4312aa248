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
    session.host?.endWorkNotice()
    if let obstacle {
      session.host?.notify(Notice(.failed, obstacle))
    } else {
      showForm(request)
    }
  }

  private func showForm(_ request: FormRequest) {
    guard let id = shown, let schema, let target else { return }
    let version = pinned?.id
    let earlier = drafts[id]
    if request.input == nil, let earlier, earlier.version == version, earlier.target == target {
      form = earlier
      takeWantedFile()
      return
    }
    var remarks = [request.remark].compactMap(\.self)
    if let versionProblem, request.version != nil { remarks.append(versionProblem) }
    let opened = InputForm(
      model: id, version: version, target: target, schema: schema, prefill: request.input ?? [:],
      remark: remarks.isEmpty ? nil : remarks.joined(separator: " "))
    if let measure = session.host?.measure { opened.typesetting.width = measure }
    connect(opened)
    opened.take(request)
    drafts[id] = opened
    form = opened
    bringBack(opened, earlier, isFilledIn: request.input != nil)
    takeWantedFile()
  }

  /// Shows what a form refuses later, when a file has been looked at.
  func connect(_ form: InputForm) {
    form.files.onRefusal = { [weak self, weak form] in
      if let refusal = form?.takeRefusal() {
        self?.session.host?.notify(Notice(.failed, refusal))
      }
    }
  }

  func closeForm() {
    cancelSendingFiles()
    form = nil
    optionsForm = nil
    wantedForm = nil
  }

  public var unsaved: String? {
    for draft in drafts.values where draft.hasChanges {
      if session.drafts.failure != nil {
        return "The form for \(draft.model) has values that haven’t been run. They’ll be lost if "
          + "you quit."
      }
      let omitted = draft.snapshot.omitted
      if !omitted.isEmpty {
        return "The form for \(draft.model) is kept, but not \(omitted.joined(separator: ", ")): "
          + "secrets and very long texts are lost if you quit."
      }
    }
    return nil
  }

  /// Performs a command while the form is open. Returns nil if it isn't meant for the form.
  func perform(_ command: Command, in form: InputForm) -> Outcome? {
    if performOnFiles(command, in: form) { return .done }
    switch command {
    case .form(let command):
      if command == .resetAll { session.drafts.keepReplaced(form) }
      if !form.perform(command) {
        if command == .activate { showHowToRun() }
        if command == .readSweep { readSweep(form) }
        if command == .randomSeed, let problem = form.seedProblem {
          session.host?.notify(Notice(.failed, problem))
        }
      }
      if let refusal = form.takeRefusal() { session.host?.notify(Notice(.failed, refusal)) }
      if command == .resetAll {
        session.host?.notify(Notice(.done, "The form is as the model has it. Ctrl-Y undoes that."))
      }
    case .edit(let edit): form.perform(.edit(edit))
    case .run: launch()
    case .editText: editField(form)
    case .request(.show): showRequest(form)
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
    guard !field.isSecret else {
      session.host?.notify(
        Notice(.failed, "Secrets don’t open in the editor, because it works on a file."))
      return
    }
    let row = field.control.list?.selected
    let open = openEdits.first {
      $0.value.form === form && $0.value.field == field.name && $0.value.row == row
    }
    if let open {
      return askAboutEdit(open.key, "The editor may still have this field’s text open.")
    }
    let kind = field.editorFileType
    activity.start("editor") { [session, weak self] in
      do throws(DesktopFailure) {
        switch try await session.desktop.edit(text, named: "\(field.name).\(kind)") {
        case .saved(let edited):
          if edited != text { form.replaceText(of: field.name, row: row, with: edited) }
        case .maybeOpen(let file):
          guard let self else { return }
          editCount += 1
          openEdits[editCount] = OpenEdit(
            form: form, field: field.name, row: row, text: text, file: file)
          askAboutEdit(editCount, "The editor returned at once, and nothing has changed.")
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
    /// The row of a list that the text belongs to.
    var row: Int?
    var text: String
    var file: OpenText
  }

  private func askAboutEdit(_ number: Int, _ words: String) {
    guard let edit = openEdits[number] else { return }
    session.host?.ask(
      Confirmation(
        title: "Is the editor still open?",
        message: "\(words) Save the text in the editor, then read the file again: "
          + edit.file.path,
        choices: [
          .init("Read the file again", key: "r", .finishEdit(number, reading: true)),
          .init("Discard", key: "d", .finishEdit(number, reading: false)),
        ]))
  }

  func finishEdit(_ number: Int, reading: Bool) {
    guard let edit = openEdits[number] else { return }
    guard reading else {
      edit.file.discard()
      openEdits[number] = nil
      return
    }
    do throws(DesktopFailure) {
      let text = try edit.file.read()
      guard text != edit.text else { return askAboutEdit(number, "The file hasn’t changed yet.") }
      edit.form.replaceText(of: edit.field, row: edit.row, with: text)
      edit.file.discard()
      openEdits[number] = nil
    } catch {
      session.host?.notify(Notice(.failed, error.message))
    }
  }

  // MARK: Running

  /// How soon an identical run asks for confirmation, in seconds.
  static let identicalRunWindow = 2.0

  /// Sends the form, unless it has an error or a create is already in progress. Asks first where the
  /// run may not be what the user wants.
  ///
  /// - Parameter consent: What the user has been asked already.
  func launch(_ consent: RunConsent = []) {
    guard let form, !session.runs.isCreating, !isSendingFiles else { return }
    // The form must belong to the model that is shown.
    guard form.model == shown else {
      session.host?.notify(
        Notice(.failed, "This form is for \(form.model). Nothing was sent. Open its model again."))
      return
    }
    guard form.picker == nil else {
      session.host?.notify(
        Notice(.failed, "\(Self.choicePending) Nothing was sent."))
      return
    }
    guard form.validate() else {
      session.host?.notify(
        Notice(.failed, "Fix the marked fields first. Nothing was sent."))
      return
    }
    guard form.runOptions?.isValid != false else {
      refuseOptions()
      return
    }
    let plan = form.plan
    let now = session.now
    if !consent.contains(.incomplete), !form.notes.isComplete || !form.extras.isEmpty {
      let reasons = [form.notes.isComplete ? nil : form.notes.summary, form.extrasProblem]
      return ask(
        form, "Run anyway?",
        (reasons.compactMap(\.self) + ["Each run is billed."]).joined(separator: " "),
        "Run it", consent, .incomplete)
    }
    if form.isSwept { return launchGroup(form, consent) }
    if !consent.contains(.identical), let last = lastLaunch, last.target == plan.target,
      last.options == plan.options, last.input.hasSameMembers(as: plan.input),
      now - last.sentAt < Self.identicalRunWindow
    {
      return ask(
        form, "Run again?", "You started an identical run a moment ago. Each run is billed.",
        "Run again", consent, .identical)
    }
    lastLaunch = Launch(plan, sentAt: now)
    let wait = plan.options.wait.map { " Replicate answers within \($0.components.seconds) s." }
    session.host?.notify(Notice(.working, "Sending…\(wait ?? "")"))
    let sent = form.sending
    sendFiles(of: RunBatch(plan: plan), form) { [weak self] batch in
      self?.send(batch.plan, plan.input, form, sent, consent)
    }
  }

  /// Sends the form after a question, if it is still what the question was about.
  func launchAsAsked(_ consent: RunConsent, _ question: Int) {
    guard let asked = asked.removeValue(forKey: question), asked.form === form else {
      session.host?.notify(
        Notice(.failed, "The form that this was about isn’t open anymore. Nothing was sent."))
      return
    }
    // Other values are another question.
    launch(asked.input.hasSameMembers(as: asked.form.asking) ? consent : [])
  }

  /// Asks before a run. The harmless choice comes first.
  func ask(
    _ form: InputForm, _ title: String, _ message: String, _ label: String, _ consent: RunConsent,
    _ missing: RunConsent
  ) {
    questionCount += 1
    asked[questionCount] = (form, form.asking)
    // Most questions are answered no.
    asked[questionCount - 20] = nil
    session.host?.ask(
      Confirmation(
        title: title, message: message,
        choices: [
          .init("Don’t run", key: "n"),
          .init(label, key: "y", .runDespite(consent.union(missing), question: questionCount)),
        ]))
  }

  /// Sends a create. Nothing that happens here can cancel it.
  ///
  /// - Parameter input: The input as the form has it, with files by their paths.
  func send(
    _ plan: RunPlan, _ input: JSONObject, _ form: InputForm, _ sent: InputForm.Sending,
    _ consent: RunConsent
  ) {
    let session = session
    session.client.tryAtOnce()
    let commands = session.host?.commandCount
    activity.startForGood("create") { [weak self] in
      do throws(ReplicateError) {
        let run = try await session.runs.create(plan, consent)
        session.host?.endWorkNotice()
        var launched = plan
        launched.input = input
        self?.lastLaunch = Launch(launched, sentAt: session.now)
        form.endFieldFilter()
        form.markSent(sent)
        session.drafts.end(form, sent)
        guard let host = session.host else { return }
        if host.commandCount == commands, self?.form === form, host.focus == Self.id {
          host.show(.prediction(run.id))
        } else {
          // Don't take the focus from a user who has moved on.
          host.offerRun(run)
        }
      } catch {
        self?.lastLaunch = nil
        self?.refused(error, form, consent)
      }
    }
  }

  private func refused(_ error: ReplicateError, _ form: InputForm, _ consent: RunConsent) {
    guard let host = session.host else { return }
    host.endWorkNotice()
    switch error.reason {
    case .invalidInput(let fields, _):
      let elsewhere = form.apply(fields)
      let rest = elsewhere.map(\.description).joined(separator: "; ")
      host.notify(
        Notice(
          .failed,
          rest.isEmpty
            ? "Replicate rejected the input, so nothing was run. See the marked fields."
            : "Replicate rejected the input: \(rest)"))
    case .mayHaveStarted:
      ask(form, "Run it again?", error.inWords, "Run again", consent, .uncertain)
    case .notRecorded(let reason):
      ask(
        form, "Run it without a record?",
        "The run couldn’t be noted on this machine: \(reason). If Replicant ends before Replicate "
          + "has answered, you’d have to look for the run yourself. Nothing was sent yet.",
        "Run it", consent, .unrecorded)
    case .paymentRequired:
      // This is about money and too long for one line.
      host.ask(
        Confirmation(
          title: "Not started", message: error.inWords, choices: [.init("Back", key: "b")]))
    case .outcomeUnknown:
      host.ask(
        Confirmation(
          title: "It may have started", message: error.inWords,
          choices: [.init("Back", key: "b")]))
      // Reload the runs, in case one was started.
      session.lookForRuns()
    default: host.notify(Notice(error))
    }
  }
}
