import ReplicateAPI
import Running

// The files that a form's fields name: choosing them, and sending them before a run.
extension ModelViewModel {
  /// Performs a command about the focused file. Returns false if the form should handle it.
  func performOnFiles(_ command: Command, in form: InputForm) -> Bool {
    switch command {
    case .back where isSendingFiles:
      cancelSendingFiles()
    default: return session.perform(command, onFilesOf: form, activity)
    }
    return true
  }

  /// Puts an uploaded file into the form of the model that is shown.
  func useFile(_ address: String) {
    guard shown != nil else {
      session.host?.notify(
        Notice(.failed, "Open a model that takes a file first. Ctrl-O in its form finds uploads."))
      return
    }
    wantedFile = address
    if form == nil { openForm() } else { takeWantedFile() }
  }

  /// Fills in the file that was asked for, where there is a field for it: the one in focus, the first
  /// that is empty, or the first.
  func takeWantedFile() {
    guard let form, let address = wantedFile else { return }
    wantedFile = nil
    let fields = form.fields.indices.filter { index in
      if case .file = form.fields[index].control { true } else { false }
    }
    let focused = form.focusedIndex.flatMap { fields.contains($0) ? $0 : nil }
    let empty = fields.first { form.fields[$0].value == nil }
    guard let index = focused ?? empty ?? fields.first else {
      session.host?.notify(Notice(.failed, "\(form.model) takes no file."))
      return
    }
    form.perform(.focus(index))
    form.setFile(address)
    session.host?.notify(Notice(.done, "The file is filled in as \(form.fields[index].name)."))
  }

  // MARK: Sending

  private static let sending = "files"

  /// Whether files are being sent, before a run is created.
  var isSendingFiles: Bool { activity.isUnderWay(Self.sending) }

  /// Stops sending files. Nothing was created, and the form stays as it is.
  func cancelSendingFiles() {
    guard isSendingFiles else { return }
    activity.cancel(Self.sending)
    form?.files.progress = nil
    lastLaunch = nil
    session.host?.endWorkNotice()
    session.host?.notify(Notice(.failed, "Sending the files was canceled. Nothing was run."))
  }

  /// Sends the files that a run or a group of runs needs, then does what is to be done with it.
  /// Nothing is created before all files are there.
  func sendFiles(
    of batch: RunBatch, _ form: InputForm, then create: @escaping @MainActor (RunBatch) -> Void
  ) {
    guard batch.needsPreparation(by: session.client) else { return create(batch) }
    let place = form.files.place
    session.client.tryAtOnce()
    activity.start(Self.sending) { [session, weak self, weak form] in
      let result = await showing { (progress: FileProgress) in
        form?.files.progress = progress
        session.host?.notify(Notice(.working, progress.words + " Esc cancels; nothing is run yet."))
      } during: { report -> Result<RunBatch, ReplicateError> in
        do throws(ReplicateError) {
          return .success(try await session.runs.prepare(batch, in: place, progress: report))
        } catch {
          return .failure(error)
        }
      }
      guard !Task.isCancelled, let self, let form else { return }
      form.files.progress = nil
      session.host?.endWorkNotice()
      switch result {
      case .success(let prepared) where form.isStill(batch):
        session.host?.notify(Notice(.working, "Sending…"))
        create(prepared)
      case .success:
        // The run that was asked for isn't the one that the form has now.
        lastLaunch = nil
        session.host?.notify(
          Notice(
            .failed,
            "The form was changed while its files were sent, so nothing was run. Press Ctrl-R to "
              + "run it as it is now."))
      case .failure(let error): filesFailed(error, form)
      }
    }
  }

  private func filesFailed(_ error: ReplicateError, _ form: InputForm) {
    lastLaunch = nil
    guard case .invalidInput(let problems, _) = error.reason, !problems.isEmpty else {
      session.host?.notify(
        Notice(.failed, "The files couldn’t be sent, so nothing was run. \(error.inWords)"))
      return
    }
    form.applyFileProblems(problems)
    session.host?.notify(
      Notice(.failed, "A file can’t be sent, so nothing was run. See the marked field."))
  }
}

extension InputForm {
  /// Whether a run of the form would still be this one.
  fileprivate func isStill(_ batch: RunBatch) -> Bool {
    let now = plan
    return now.target == batch.plan.target && now.options == batch.plan.options
      && now.input.hasSameMembers(as: batch.plan.input)
      && (batch.sweeps.isEmpty ? !isSwept : validSweeps == batch.sweeps)
  }
}
