import ReplicateAPI
import Running
import Settings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// More than one run from one form.
extension ModelViewModel: GroupWatcher {
  /// Sends the form once for every combination of its swept fields' values, after a question.
  func launchGroup(_ form: InputForm, _ consent: RunConsent) {
    guard let count = form.runCount else { return }
    let number = NumberText.grouped(count)
    guard count <= PredictionGroup.largest else {
      let most = NumberText.grouped(PredictionGroup.largest)
      let size = count == .max ? "far too many" : number
      session.host?.notify(
        Notice(
          .failed, "That would be \(size) runs, and a group has at most \(most). Nothing was sent.")
      )
      return
    }
    let batch = RunBatch(plan: form.plan, sweeps: form.validSweeps)
    guard consent.contains(.group) else {
      let repeated = PredictionGroup(batch, createdAt: "").repeatedCount
      let note =
        repeated > 0
        ? " \(NumberText.grouped(repeated)) of them have the same input as another one." : ""
      return ask(
        form, "Run it \(count == 1 ? "once" : "\(number) times")?",
        "\(form.sweepWords).\(note) They’re sent one after another. Each run is billed.",
        "Run \(number)", consent, .group)
    }
    let sent = form.sending
    sendFiles(of: batch, form) { [weak self] batch in
      self?.startGroup(batch, form, sent)
    }
  }

  private func startGroup(_ batch: RunBatch, _ form: InputForm, _ sent: InputForm.Sending) {
    session.client.tryAtOnce()
    let (began, finish) = AsyncStream<Void>.makeStream()
    Task { [weak self, session] in
      defer { finish.finish() }
      do throws(ReplicateError) {
        let group = try await session.runs.groups.start(batch)
        self?.groupForms[group.id] = (form, sent.snapshot)
        form.endFieldFilter()
        form.markSent(sent)
        session.drafts.end(form, sent)
        session.host?.endWorkNotice()
        session.host?.show(.group(group.id))
      } catch {
        guard let self, case .notRecorded(let reason) = error.reason else { return }
        // Without a record, nobody could go on with it.
        self.session.host?.notify(
          Notice(
            .failed, "The group couldn’t be kept on this machine, so nothing was sent: \(reason)."))
      }
    }
    activity.start("create") { for await _ in began {} }
  }

  /// Marks what was refused in the form that a group was started from, if that still says the same.
  func note(_ group: RunGroup) {
    switch group.phase {
    case .sent: groupForms[group.id] = nil
    case .paused(.failed(_, let error)):
      guard case .invalidInput(let fields, _) = error.reason,
        let (form, sent) = groupForms.removeValue(forKey: group.id),
        form.snapshot == sent, !form.situation.isElsewhere
      else { return }
      form.applyFileProblems(fields.filter { $0.type == "file" })
      _ = form.apply(fields.filter { $0.type != "file" })
    default: break
    }
  }

  // MARK: Values from a file

  /// Asks for a text file, the lines of which become values of the focused field.
  func readSweep(_ form: InputForm) {
    guard let field = form.focusedField, field.isSwept else {
      session.host?.notify(
        Notice(.failed, "Press F8 first, so that the field takes several values."))
      return
    }
    session.host?.present(
      .text(
        TextPrompt(
          "Values from a file",
          "Each line of a text file becomes a value of \(field.name). Its path:"
        ) { [session] path in
          switch await SweepFile.lines(of: path) {
          case .failure(let problem): return problem.words
          case .success(let lines):
            // Esc, or a second Enter.
            guard !Task.isCancelled else { return nil }
            if let problem = form.addSweepValues(lines, to: field.name) { return problem }
            session.host?.notify(
              Notice(.done, "\(lines.count) \(lines.count == 1 ? "value" : "values") added."))
            return nil
          }
        }))
  }
}

/// A text file with a value on each line.
enum SweepFile {
  struct Problem: Error {
    var words: String
  }

  /// A longer file is none of values.
  private static let longest = 8 << 20

  /// The lines that aren't empty.
  @concurrent
  static func lines(of typed: String) async -> Result<[String], Problem> {
    var path = typed.trimming(while: { $0.isWhitespace })
    if path.count > 1, let quote = path.first, quote == "\"" || quote == "'", path.last == quote {
      path = path.dropFirst().dropLast()
    }
    guard !path.isEmpty else { return .failure(Problem(words: "Type the path of a text file.")) }
    var name = String(path)
    if name == "~" || name.hasPrefix("~/"), let home = getenv("HOME") {
      name = String(cString: home) + name.dropFirst()
    }
    let opened: Int32?
    do {
      opened = try PrivateFile.open(name)
    } catch {
      return .failure(Problem(words: "The file \(error.reason)."))
    }
    guard let file = opened else { return .failure(Problem(words: "There is no such file.")) }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: longest) else {
      return .failure(
        Problem(words: "The file can’t be read: \(String(cString: strerror(errno)))."))
    }
    guard bytes.count <= longest else {
      return .failure(Problem(words: "The file is too long: it has more than 8 MiB."))
    }
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      return .failure(Problem(words: "The file isn’t a text in UTF-8."))
    }
    let lines = text.split(whereSeparator: \.isNewline)
      .map { String($0.trimming(while: { $0 == "\u{FEFF}" || $0.isWhitespace })) }
      .filter { !$0.isEmpty }
    guard !lines.isEmpty else { return .failure(Problem(words: "The file has no lines.")) }
    return .success(lines)
  }
}
