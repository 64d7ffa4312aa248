import Observation
import ReplicateAPI
import Running

/// The open form about something of the account, such as a new deployment.
@MainActor @Observable
public final class PropertiesViewModel: PlaceViewModel {
  public static let id = PlaceID("properties")
  private static let sendNow: CommandID = "properties.send-now"
  private static let sending = "send"

  public static let commands = [
    CommandRow("properties.send", "send the form", .send),
    CommandRow(sendNow, "send it without a question", .own(sendNow), isListed: false),
  ]

  public private(set) var shown: PropertyForm?

  @ObservationIgnored private let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored private let activity = Activity()
  /// The fields that were marked because of others.
  @ObservationIgnored private var rejected: [String] = []

  public init(_ session: Session) {
    self.session = session
    detailViewModel = DetailViewModel(of: self, title: "About") { [weak self] in
      guard let shown = self?.shown else { return [] }
      return shown.about(shown.form)
    }
  }

  public var id: PlaceID { Self.id }
  public var title: String { shown?.title ?? "Form" }
  public var subject: Subject? { nil }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var isTyping: Bool { shown != nil }
  public var modes: [KeyMode] { shown.map { [.properties] + $0.form.modes } ?? [] }

  public func load() {}

  public func arrive() {
    if shown !== session.properties.shown { shown = session.properties.shown }
  }

  public var unsaved: String? {
    guard let form = session.properties.unsent.first else { return nil }
    return form.isSending
      ? "“\(form.title)” is being sent." : "What you typed in “\(form.title)” wasn’t sent."
  }

  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await shown?.form.files.settled()
  }

  public func drawn(_ size: DrawnSize) {
    guard case .form(let fields, let columns) = size else { return }
    shown?.form.typesetting.fieldsPerPage = fields
    shown?.form.typesetting.textColumns = columns
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    guard let shown else {
      return command == .send ? .no(because: "No form is open.") : .notMine
    }
    switch command {
    case .send, .own(Self.sendNow):
      if shown.isSending { return .no(because: "It is being sent.") }
      return shown.form.situation.isPicking
        ? .no(because: "\(ModelViewModel.choicePending) Nothing was sent.") : .yes
    case .form(.chooseFile), .form(.pastePicture):
      return shown.form.takesFile
        ? .yes : .no(because: "Only a field for a file takes one. Move to it first.")
    case .form(.sweep), .form(.readSweep), .request, .values:
      return .no(because: "Only the inputs of a model’s run have that.")
    case .form: return .yes
    case .editText:
      return shown.form.situation.allowsNewlines
        ? .yes : .no(because: "Only long text and JSON fields open in the editor.")
    case .filter: return .no(because: "Press Ctrl-F to find a field.")
    case .run: return .no(because: "Press Ctrl-R to \(shown.action).")
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    guard let shown else { return command == .back ? .back : .pass }
    let form = shown.form
    if session.perform(command, onFilesOf: form, activity, takeFolder: shown.takeFolder) {
      return .done
    }
    switch command {
    case .form(let command):
      if !form.perform(command), command == .activate {
        session.host?.notify(
          Notice(.done, "This is the last field. Press Ctrl-R to \(shown.action)."))
      }
      if let refusal = form.takeRefusal() { session.host?.notify(Notice(.failed, refusal)) }
    case .edit(let edit): form.perform(.edit(edit))
    case .send: askOrSend(shown)
    case .own(Self.sendNow): send(shown)
    case .editText: edit(form)
    case .back:
      if activity.isUnderWay("files") {
        cancelFiles(shown)
      } else if !form.perform(.escape) {
        close(shown)
        return .back
      }
    case .scroll(_, let rows): form.perform(rows > 0 ? .next : .previous)
    case .move, .select, .open, .accept, .filter: break
    default: return .pass
    }
    return .done
  }

  /// Closes the form. What was typed is there when it is opened again.
  private func close(_ form: PropertyForm) {
    session.properties.leave(form)
    shown = nil
    if form.hasChanges, !form.isSending {
      session.host?.notify(
        Notice(.done, "What you typed is kept until you quit. Opening the form brings it back."))
    }
  }

  /// Opens the focused field's text in the user's editor.
  private func edit(_ form: InputForm) {
    guard let field = form.focusedField, let text = field.control.buffer?.text,
      field.control.allowsNewlines, !field.isSecret
    else { return }
    activity.start("editor") { [session] in
      do throws(DesktopFailure) {
        let kind = field.editorFileType
        switch try await session.desktop.edit(text, named: "\(field.name).\(kind)") {
        case .saved(let edited):
          if edited != text { form.replaceText(of: field.name, row: nil, with: edited) }
        case .maybeOpen(let file):
          session.host?.notify(
            Notice(
              .failed,
              "Your editor didn’t wait. Set one that does, such as [\"code\", \"--wait\"]: its text "
                + "isn’t read. \(file.path)"))
        }
      } catch {
        session.host?.notify(Notice(.failed, error.message))
      }
    }
  }

  // MARK: Sending

  private func askOrSend(_ shown: PropertyForm) {
    guard isValid(shown) else { return }
    guard let words = shown.question(shown.form.payload) else { return send(shown) }
    let action = shown.action
    session.host?.ask(
      Confirmation(
        title: "\(action.prefix(1).uppercased())\(action.dropFirst())?", message: words,
        choices: [
          .init("Not yet", key: "n"), .init("Do it", key: "y", .own(Self.sendNow)),
        ]))
  }

  /// Whether everything in the form can be sent. Marks what can’t.
  private func isValid(_ shown: PropertyForm) -> Bool {
    let form = shown.form
    // What was wrong because of another field may be right now.
    for field in rejected { form.accept(field) }
    rejected = []
    var isValid = form.validate()
    if isValid {
      for (field, problem) in shown.check(form.payload) {
        if field.isEmpty {
          session.host?.notify(Notice(.failed, problem))
          return false
        }
        form.reject(field, problem)
        rejected.append(field)
        isValid = false
      }
      if !isValid { _ = form.validate() }
    }
    if !isValid {
      session.host?.notify(Notice(.failed, "Fix the marked fields first. Nothing was sent."))
    }
    return isValid
  }

  /// Sends the files that the form names, and then the form.
  private func send(_ shown: PropertyForm) {
    guard !shown.isSending, isValid(shown) else { return }
    let plan = shown.form.plan
    shown.isSending = true
    session.client.tryAtOnce()
    activity.start("files") { [session, weak self] in
      let result = await showing { (progress: FileProgress) in
        shown.form.files.progress = progress
        session.host?.notify(Notice(.working, progress.words + " Esc cancels."))
      } during: { report -> Result<RunPlan, ReplicateError> in
        do throws(ReplicateError) {
          return .success(try await session.runs.prepare(plan, progress: report))
        } catch {
          return .failure(error)
        }
      }
      guard !Task.isCancelled, let self else { return }
      shown.form.files.progress = nil
      session.host?.endWorkNotice()
      switch result {
      case .success(let plan): send(shown, plan.input)
      case .failure(let error):
        shown.isSending = false
        if case .invalidInput(let problems, _) = error.reason {
          shown.form.applyFileProblems(problems)
        }
        session.host?.notify(Notice(.failed, "Nothing was sent. \(error.inWords)"))
      }
    }
  }

  private func cancelFiles(_ shown: PropertyForm) {
    activity.cancel("files")
    shown.isSending = false
    shown.form.files.progress = nil
    session.host?.endWorkNotice()
    session.host?.notify(Notice(.failed, "Sending the files was canceled. Nothing was sent."))
  }

  /// Sends what the form says. Nothing that happens here can cancel it halfway.
  private func send(_ shown: PropertyForm, _ values: JSONObject) {
    session.host?.notify(Notice(.working, "Sending…"))
    activity.startForGood(Self.sending) { [session, weak self] in
      do throws(ReplicateError) {
        let sent = try await shown.send(values)
        shown.isSending = false
        session.properties.end(shown)
        session.host?.endWorkNotice()
        let isWaitedFor = self?.shown === shown && session.host?.focus == Self.id
        if self?.shown === shown { self?.shown = nil }
        if isWaitedFor { session.host?.leave(Self.id) }
        if isWaitedFor { sent.show() }
        // Last, because commands take notices away.
        session.host?.notify(Notice(.done, sent.notice))
      } catch {
        shown.isSending = false
        session.host?.endWorkNotice()
        self?.refused(error, shown)
      }
    }
  }

  private func refused(_ error: ReplicateError, _ shown: PropertyForm) {
    if case .invalidInput(let fields, _) = error.reason {
      let elsewhere = shown.form.apply(fields)
      let rest = elsewhere.map(\.description).joined(separator: "; ")
      session.host?.notify(
        Notice(
          .failed,
          rest.isEmpty
            ? "Replicate rejected it. See the marked fields." : "Replicate rejected it: \(rest)"))
      return
    }
    session.host?.notify(Notice(error))
  }
}
