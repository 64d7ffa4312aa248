import ReplicateAPI
import Running

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// A folder of pictures in place of a zip.
extension TrainingsViewModel {
  private static let zip = "zip"
  /// What the word is called that stands for what is learned, in the schemas of trainers.
  private static let triggers = [
    "trigger_word", "token_string", "trigger", "instance_prompt", "token",
  ]

  /// Looks at a folder of pictures by the trainer's rules, shows what was found, and zips it if the
  /// user wants that.
  func look(
    at folder: LocalPath, for field: String, _ form: PropertyForm, _ inputs: [InputField]
  ) {
    session.host?.notify(Notice(.working, "Looking at \(folder.name)…"))
    let description = inputs.first { $0.name == field }?.description ?? ""
    let trigger = Self.trigger(in: form.form)
    activity.start("folder") { [session, weak self] in
      do throws(FileProblem) {
        let found = try await TrainingFolder.read(folder)
        let look = await Self.look(at: found, description, trigger)
        guard !Task.isCancelled, let self else { return }
        session.host?.endWorkNotice()
        session.host?.present(.chooser(chooser(look, for: field, form)))
      } catch {
        guard !Task.isCancelled else { return }
        session.host?.endWorkNotice()
        session.host?.notify(Notice(.failed, "\(folder.name) \(error.words)."))
      }
    }
  }

  /// What there is to know about a folder before it is zipped.
  private struct Look: Sendable {
    var folder: TrainingFolder
    var rules: TrainingRules
    var findings: [TrainingFinding]
    var size: Int
    var canBePacked: Bool
  }

  @concurrent
  private nonisolated static func look(
    at folder: TrainingFolder, _ description: String, _ trigger: String
  ) async -> Look {
    let rules = TrainingRules(description: description)
    return Look(
      folder: folder, rules: rules, findings: folder.findings(rules, trigger: trigger),
      size: folder.archiveSize(rules), canBePacked: folder.canBePacked(rules))
  }

  private static func trigger(in form: InputForm) -> String {
    for name in triggers {
      let text = form.fields.first { $0.name == name }?.value?.string ?? ""
      if !text.isEmpty { return text }
    }
    return ""
  }

  private func chooser(
    _ look: Look, for field: String, _ form: PropertyForm
  ) -> ChooserViewModel {
    let pictures = look.folder.pictures.count
    let words =
      "\(NumberText.grouped(pictures)) \(pictures == 1 ? "picture" : "pictures"), "
      + "\(NumberText.grouped(look.folder.captions.count)) captions, "
      + "\(NumberText.grouped(look.size)) bytes"
    let chooser = ChooserViewModel(
      "Pictures in \(look.folder.path.name)", placeholder: "type to filter", empty: "")
    var rows = [
      ChooserViewModel.Row(
        id: Self.zip, kind: look.canBePacked ? "zip" : "can’t zip",
        title: look.canBePacked ? "Zip it: \(words)" : words)
    ]
    for (index, finding) in look.findings.enumerated() {
      rows.append(
        ChooserViewModel.Row(id: "\(index)", kind: finding.severity.word, title: finding.words))
    }
    chooser.setRows(rows)
    for (index, finding) in look.findings.enumerated() {
      let names = finding.names.prefix(20).joined(separator: ", ")
      chooser.setPreview(
        [.text(finding.words)] + (names.isEmpty ? [] : [.text(names)]), for: "\(index)")
    }
    let hint =
      look.canBePacked
      ? "Enter zips it on this machine; nothing is sent yet." : "Mend what is wrong first."
    chooser.setPreview([.text(hint)], for: Self.zip)
    chooser.onAccept = { [weak self] _ in
      guard look.canBePacked else {
        self?.session.host?.notify(
          Notice(.failed, look.findings.first?.words ?? "This folder can’t be zipped."))
        return
      }
      self?.pack(look, for: field, form)
    }
    return chooser
  }

  /// Zips a folder, and puts the zip into the form.
  private func pack(_ look: Look, for field: String, _ form: PropertyForm) {
    let entries = look.folder.entries(look.rules)
    let name = look.folder.path.name
    activity.start(Self.zip) { [session] in
      let result = await showing { (progress: TransferProgress) in
        let share = Double(progress.done) / Double(max(1, progress.total ?? 1))
        let percent = Int(clamping: (share * 100).rounded(.down))
        session.host?.notify(Notice(.working, "Zipping \(name): \(percent) %."))
      } during: { report -> Result<ZIPArchive, ZIPArchive.Problem> in
        do throws(ZIPArchive.Problem) {
          return .success(
            try await ZIPArchive.write(
              entries, named: "\(name).zip", in: Self.temporaryFolder, progress: report))
        } catch {
          return .failure(error)
        }
      }
      session.host?.endWorkNotice()
      switch result {
      case .success(let archive):
        form.archives.append(archive)
        form.form.set(field, toFile: archive.path)
        session.host?.notify(
          Notice(
            .done,
            "\(name) is zipped: \(NumberText.grouped(archive.size)) bytes, sent with the training.")
        )
      case .failure(let problem): session.host?.notify(Notice(.failed, problem.words))
      }
    }
  }

  private static var temporaryFolder: LocalPath {
    LocalPath(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")
  }
}

extension TrainingFinding.Severity {
  fileprivate var word: String {
    switch self {
    case .error: "error"
    case .warning: "check"
    case .note: "note"
    }
  }
}

extension InputForm {
  /// Fills in the file of a field, whether or not it has the focus.
  fileprivate func set(_ name: String, toFile path: LocalPath) {
    guard let index = fields.firstIndex(where: { $0.name == name }) else { return }
    perform(.focus(index))
    setFile(path.text(in: files.place))
    moveOn()
  }
}
