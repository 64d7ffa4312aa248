// The file chooser.
extension Navigator {
  public var overlayRows: Int { screen.overlayRows }

  public func choose(_ chooser: FileChooserViewModel) { overlay = .files(chooser) }

  public func closeChooser(_ chooser: FileChooserViewModel) {
    if case .files(let open) = overlay, open === chooser { overlay = nil }
  }

  func perform(_ command: Command, in chooser: FileChooserViewModel) -> Bool {
    switch command {
    case .back, .quit, .form(.chooseFile): overlay = nil
    case .edit(let edit): chooser.edit(edit)
    case .move(let movement): chooser.move(movement)
    case .nextChoice: chooser.step(by: 1)
    case .previousChoice: chooser.step(by: -1)
    case .files(let command): chooser.perform(command)
    case .form(.pastePicture): chooser.takePicture()
    case .selectTab(_, let tab): FileSource(rawValue: tab).map(chooser.show)
    case .choose(let row): chooser.select(row)
    case .chooseAndAccept(let row):
      if chooser.select(row), chooser.take() { overlay = nil }
    case .accept:
      if chooser.take() { overlay = nil }
    default: break
    }
    return true
  }
}
