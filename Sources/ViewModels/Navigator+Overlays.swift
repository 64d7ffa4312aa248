import ReplicateAPI
import Running

extension Navigator {
  /// Performs a command in the overlay. Returns false if the command is meant for the panes.
  func performInOverlay(_ command: Command) -> Bool {
    if command == .interrupt { return interruptOverlay() }
    switch overlay {
    case .help(let help): return perform(command, in: help)
    case .question(let question): return perform(command, in: question)
    case .palette(let palette): return perform(command, in: palette)
    case .token(let prompt): return perform(command, in: prompt)
    case .columns(let columns): return perform(command, in: columns)
    case .request(let request): return perform(command, in: request)
    case .files(let chooser): return perform(command, in: chooser)
    case .chooser(let chooser): return perform(command, in: chooser)
    case .text(let prompt): return perform(command, in: prompt)
    case nil: return false
    }
  }

  /// Ctrl-C closes the overlay. In the dialog about quitting, it quits.
  private func interruptOverlay() -> Bool {
    if case .question(let question) = overlay, let command = question.interrupt {
      overlay = nil
      route(command)
      return true
    }
    // What was edited isn't lost.
    if case .request(let request) = overlay, request.isEditing {
      request.leaveEditing()
      return true
    }
    activity.cancel("prompt")
    overlay = nil
    return true
  }

  // MARK: Dialogs

  private func perform(_ command: Command, in question: Confirmation) -> Bool {
    var question = question
    let count = question.choices.count
    switch command {
    case .back:
      forgetSwitch()
      overlay = nil
    case .nextChoice:
      question.focused = (question.focused + 1) % count
      overlay = .question(question)
    case .previousChoice:
      question.focused = (question.focused + count - 1) % count
      overlay = .question(question)
    case .move(.pageDown), .move(.pageUp):
      question.page = max(0, question.page + (command == .move(.pageDown) ? 1 : -1))
      overlay = .question(question)
    case .accept: answer(question.choices[question.focused])
    case .choose(let index), .chooseAndAccept(let index):
      if question.choices.indices.contains(index) { answer(question.choices[index]) }
    default:
      // Any other command closes the dialog. It's performed only if nothing can be lost by that.
      overlay = nil
      return command.isRisky
    }
    return true
  }

  private func answer(_ choice: Confirmation.Choice) {
    overlay = nil
    if choice.command != .switchAccount { forgetSwitch() }
    if let command = choice.command { route(command) }
  }

  // MARK: Help

  private func perform(_ command: Command, in help: HelpViewModel) -> Bool {
    switch command {
    case .back, .help, .quit: overlay = nil
    case .edit(let edit): help.edit(edit)
    case .move(let movement): help.move(movement)
    case .choose(let row): help.select(row)
    case .chooseAndAccept(let row):
      help.select(row)
      fallthrough
    case .accept:
      overlay = nil
      guard let entry = help.selected else { break }
      // Enter may only have been meant to close the help.
      if entry.command.isRisky, availability(of: entry.command) == .yes {
        overlay = .question(
          Confirmation(
            title: "\(entry.title.prefix(1).uppercased())\(entry.title.dropFirst())?",
            message: "You chose it in the help.",
            choices: [.init("No", key: "n"), .init("Yes", key: "y", entry.command)]))
      } else {
        route(entry.command)
      }
    default: break
    }
    return true
  }

  // MARK: The palette

  /// - Parameter offered: Text that was pasted where nothing is typed.
  func openPalette(offering offered: String = "", isSearch: Bool = false) {
    var keys: [CommandID: String] = [:]
    for entry in keyEntries() where keys[entry.id] == nil || entry.isHere {
      keys[entry.id] = entry.keys
    }
    let commands = catalog.rows.filter(\.isListed).map {
      ($0, keys: keys[$0.id] ?? "", availability(of: $0.command))
    }
    var names: [CommandID: [String]] = [:]
    for descriptor in descriptors { names[.focus(descriptor.id)] = descriptor.names }
    overlay = .palette(
      PaletteViewModel(
        commands: commands, names: names, history: entered, height: screen.overlayRows,
        offering: offered, isSearch: isSearch
      ) { [weak self] text in
        self?.places.values.flatMap { $0.completions(of: text) } ?? []
      })
  }

  private func perform(_ command: Command, in palette: PaletteViewModel) -> Bool {
    switch command {
    case .back, .palette, .quit: overlay = nil
    case .edit(let edit): palette.edit(edit)
    case .move(let movement): palette.move(movement)
    case .nextChoice: palette.complete()
    case .choose(let row): palette.select(row)
    case .chooseAndAccept(let row):
      palette.select(row)
      accept(palette)
    case .accept: accept(palette)
    default: break
    }
    return true
  }

  private func accept(_ palette: PaletteViewModel) {
    switch palette.selected {
    case .address(let address, let text):
      overlay = nil
      remember(text)
      open(address)
    case .search(let words):
      overlay = nil
      remember(words)
      open(.searchFor(words))
    case .command(_, _, .no(let reason)): palette.show(problem: reason)
    case .command(let row, _, _):
      overlay = nil
      let typed = String(palette.text.text.trimmingBlanks())
      if !typed.isEmpty { remember(typed) }
      route(row.command)
    case nil:
      if !palette.text.isEmpty {
        palette.show(
          problem: "No match. To open something, type owner/name, p/ID, or a web address.")
      }
    }
  }

  private func remember(_ text: String) {
    entered.removeAll { $0 == text }
    entered.insert(text, at: 0)
    if entered.count > 50 { entered.removeLast() }
  }

  // MARK: The token

  private func perform(_ command: Command, in prompt: TokenPrompt) -> Bool {
    var prompt = prompt
    switch command {
    case .back: overlay = nil
    case .edit(let edit):
      _ = prompt.text.apply(edit)
      prompt.problem = nil
      overlay = .token(prompt)
    case .useOfferedToken:
      guard prompt.offeredFrom != nil, let offered = offeredToken else { break }
      overlay = nil
      use(token: offered.token, origin: offered.path)
    case .accept, .saveToken:
      guard let token = TokenText.token(in: prompt.text.text) else {
        prompt.problem = "That doesn’t look like an API token."
        overlay = .token(prompt)
        return true
      }
      overlay = nil
      use(token: token, isSaved: command == .saveToken)
    default: break
    }
    return true
  }

  // MARK: The request

  private func perform(_ command: Command, in request: RequestViewModel) -> Bool {
    switch command {
    case .copy: copy(request.copied)
    case .back, .quit: if !request.perform(command) { overlay = nil }
    case .request(.take):
      _ = request.perform(command)
      if request.isEditing { break }
      notice =
        request.notes.isEmpty
        ? Notice(.done, "The form has these values now.")
        : Notice(.failed, "Not everything fits the form.")
    default: _ = request.perform(command)
    }
    return true
  }

  // MARK: Lists to choose from

  private func perform(_ command: Command, in chooser: ChooserViewModel) -> Bool {
    switch command {
    case .back:
      if !chooser.endQuestion() { overlay = chooser.parent }
    case .quit: overlay = chooser.parent
    case .edit(let edit): chooser.edit(edit)
    case .move(let movement): chooser.move(movement)
    case .choose(let row): chooser.select(row)
    case .chooseAndAccept(let row):
      chooser.select(row)
      accept(chooser)
    case .accept:
      if !chooser.answer() { accept(chooser) }
    case .values(let command):
      // Its key closes the list as well.
      if !chooser.onCommand(command), command == .choose { overlay = chooser.parent }
    default: break
    }
    return true
  }

  private func accept(_ chooser: ChooserViewModel) {
    guard let row = chooser.selected, let onAccept = chooser.onAccept else {
      if chooser.onAccept == nil { overlay = chooser.parent }
      return
    }
    overlay = nil
    onAccept(row)
  }

  // MARK: Columns

  private func perform(_ command: Command, in columns: ColumnsViewModel) -> Bool {
    switch command {
    case .back, .quit, .chooseColumns: overlay = nil
    case .move(let movement): columns.move(movement)
    case .nextChoice: columns.move(.down)
    case .previousChoice: columns.move(.up)
    case .choose(let row): columns.select(row)
    case .chooseAndAccept(let row):
      columns.select(row)
      fallthrough
    case .accept:
      if let column = columns.selected, column.isSortable { columns.list.sort(by: column.id) }
    case .toggle:
      if let column = columns.selected { columns.list.toggleColumn(column.id) }
    default: break
    }
    return true
  }
}
