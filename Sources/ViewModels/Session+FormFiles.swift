import ReplicateAPI
import Running

// Choosing the files that the fields of a form name.
extension Session {
  /// Performs a command about the focused file of a form. Returns false if the form should handle it.
  ///
  /// - Parameters:
  ///   - activity: The owner's, which ends what takes its time.
  ///   - takeFolder: Takes a folder in place of a file, where the field can be made from one.
  func perform(
    _ command: Command, onFilesOf form: InputForm, _ activity: Activity,
    takeFolder: (@MainActor (LocalPath, _ field: String) -> Void)? = nil
  ) -> Bool {
    switch command {
    case .form(.chooseFile) where form.takesFile: break
    case .form(.activate) where form.takesFile && form.files.completion == nil: break
    case .form(.pastePicture) where form.takesFile:
      pastePicture(into: form, activity)
      return true
    default: return false
    }
    chooseFile(for: form, takeFolder: takeFolder)
    return true
  }

  private func chooseFile(
    for form: InputForm, takeFolder: (@MainActor (LocalPath, _ field: String) -> Void)?
  ) {
    guard let host, let field = form.focusedField, let file = form.focusedFile else { return }
    form.files.completion = nil
    let chooser = FileChooserViewModel(
      field.name, accept: file.rules.accept, current: file.text, session: self,
      place: form.files.place, height: host.overlayRows
    ) { [weak form] text in
      guard let form, form.focusedField?.name == field.name else { return }
      form.setFile(text)
      form.moveOn()
    }
    if let takeFolder { chooser.onFolder = { takeFolder($0, field.name) } }
    host.choose(chooser)
  }

  private func pastePicture(into form: InputForm, _ activity: Activity) {
    guard let field = form.focusedField else { return }
    host?.notify(Notice(.working, "Reading the clipboard…"))
    activity.start("clipboard") { [weak self, desktop, weak form] in
      do throws(DesktopFailure) {
        let path = try await desktop.savePictureFromClipboard()
        guard !Task.isCancelled else { return }
        self?.host?.endWorkNotice()
        guard let form, form.focusedField?.name == field.name else { return }
        form.setFile(LocalPath(path).text(in: form.files.place))
      } catch {
        guard !Task.isCancelled else { return }
        self?.host?.endWorkNotice()
        self?.host?.notify(Notice(.failed, error.message))
      }
    }
  }
}
