import ReplicateAPI
import Running

// Uploading and downloading.
extension FilesViewModel {
  func chooseFiles() {
    guard progress == nil, let host = session.host else { return }
    let chooser = FileChooserViewModel(
      "Files to upload", accept: [], current: "", session: session, place: .current,
      height: host.overlayRows
    ) { [weak self] text in self?.upload(text) }
    chooser.onFiles = { [weak self] in self?.upload($0) }
    chooser.onFolder = { [weak self] in self?.upload(folder: $0) }
    host.choose(chooser)
  }

  /// Uploads a file on this machine.
  func upload(_ text: String) {
    guard FileText(text) == .local, let path = LocalPath.candidates(text).first else {
      session.host?.notify(
        Notice(.failed, "Only a file on this machine can be uploaded. That one has an address."))
      return
    }
    upload([path])
  }

  /// Uploads the files in a folder.
  private func upload(folder: LocalPath) {
    activity.start("folder") { [session, weak self] in
      let result = await InputFiles.files(in: folder)
      guard !Task.isCancelled, let self else { return }
      switch result {
      case .failure(let problem):
        session.host?.notify(Notice(.failed, "\(folder.name) \(problem.words)."))
      case .success(let paths) where paths.isEmpty:
        session.host?.notify(Notice(.failed, "\(folder.name) has no files."))
      case .success(let paths): upload(paths)
      }
    }
  }

  func upload(_ paths: [LocalPath]) {
    guard let first = paths.first, progress == nil else { return }
    progress = FileProgress(
      field: "", name: first.name, number: 1, count: paths.count, done: 0, total: 0)
    session.client.tryAtOnce()
    activity.start(Self.uploading) { [session, weak self] in
      let report = await showing { (progress: FileProgress) in
        self?.progress = progress
        session.host?.notify(Notice(.working, progress.words + " Esc cancels."))
      } during: { report in
        await session.runs.files.upload(paths, progress: report)
      }
      guard !Task.isCancelled, let self else { return }
      progress = nil
      session.host?.endWorkNotice()
      session.host?.notify(Self.notice(of: report))
      if !report.uploaded.isEmpty { files.load() }
    }
  }

  private static func notice(of report: UploadReport) -> Notice {
    let count = report.uploaded.count
    guard let failure = report.failures.first else {
      let name = report.uploaded.first?.name ?? "The file"
      return Notice(
        .done,
        count == 1
          ? "\(name) is uploaded. Replicate keeps it for a day."
          : "\(NumberText.grouped(count)) files are uploaded. Replicate keeps them for a day.")
    }
    let words = "\(failure.name) couldn’t be uploaded. \(failure.error.inWords)"
    let others = report.failures.count - 1
    if count == 0, others == 0 { return Notice(.failed, words) }
    return Notice(
      .failed,
      "\(NumberText.grouped(count)) uploaded, \(NumberText.grouped(others + 1)) not. \(words)")
  }

  func cancelUpload() {
    activity.cancel(Self.uploading)
    progress = nil
    session.host?.endWorkNotice()
    session.host?.notify(
      Notice(.failed, "The upload was canceled. What had arrived by then is listed."))
    files.load()
  }

  // MARK: Downloading

  /// Downloads a file into the folder that Replicant was started in, under a name that is free.
  func download(_ file: File) {
    guard let read = session.filesSecret, let owner = session.account.value?.username else {
      session.host?.notify(Notice(.failed, "The account isn’t known yet."))
      return
    }
    let name = file.name ?? file.id.rawValue
    session.host?.notify(Notice(.working, "Downloading \(name)…"))
    activity.start("download") { [session, downloads] in
      let secret: FilesSigningSecret
      do throws(DesktopFailure) {
        secret = FilesSigningSecret(try await read())
      } catch {
        session.host?.endWorkNotice()
        session.host?.notify(Notice(.failed, error.message))
        return
      }
      do throws(ReplicateError) {
        let path = await FreePath.path(for: name, in: downloads)
        let saved = try await session.client.download(
          file, of: owner, secret, now: session.runs.serviceNow, to: path)
        session.host?.endWorkNotice()
        let checked = file.checksums["sha256"] == nil ? "" : " Its checksum is right."
        session.host?.notify(Notice(.done, "Saved as \(saved.path).\(checked)"))
      } catch {
        session.host?.endWorkNotice()
        session.host?.notify(Notice(.failed, "\(name) couldn’t be downloaded. \(error.inWords)"))
      }
    }
  }
}

// Looking again.
extension FilesViewModel {
  /// Asks whether the service still has a file, and what it knows about it.
  func refresh(_ file: File) {
    activity.start("file") { [session, weak self] in
      do throws(ReplicateError) {
        let current = try await session.client.send(.file(file.id))
        guard !Task.isCancelled, let self else { return }
        files.set(files.rows.map { $0.id == current.id ? current : $0 })
        await preview(current)
      } catch {
        guard !Task.isCancelled else { return }
        if case .notFound = error.reason {
          session.host?.notify(
            Notice(.failed, "Replicate has \(file.name ?? "this file") no longer."))
          self?.files.load()
        }
      }
    }
  }

  /// The largest file that is fetched for a preview, in bytes.
  private static let previewLimit = 1 << 20

  /// Finds out what is in a file: from where it was uploaded from, or, with the secret, from Replicate.
  private func preview(_ file: File) async {
    if let path = await session.runs.files.origin(of: file.url),
      case .success(let facts) = await FileInspector.facts(at: path)
    {
      let size = facts.dimensions.map { ", \($0.width) × \($0.height)" } ?? ""
      return setPreview("\(facts.mediaType)\(size), from \(path.text())", of: file.id)
    }
    guard let read = session.filesSecret, let owner = session.account.value?.username,
      file.size <= Self.previewLimit
    else { return }
    do {
      let secret = FilesSigningSecret(try await read())
      let expiry = Int(clamping: session.runs.serviceNow) + 600
      let content = try await session.client.send(
        .fileContent(
          file.id, owner: owner, expiry: expiry,
          signature: secret.signature(of: file.id, owner: owner, expiry: expiry)))
      setPreview(await FilePreview.words(of: content), of: file.id)
    } catch {
      // It is only a preview: a download says what is wrong.
    }
  }
}
