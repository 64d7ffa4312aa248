import ReplicateAPI
import TerminalKit
import ViewModels

// Handles keys, pastes, and the mouse.
extension Screen {
  public func handle(_ event: TerminalEvent) {
    // Ignore commands whose effects can't be seen: runs cost money.
    if isTooSmall {
      switch event {
      case .burst: burstEnd = clock() + Burst.rest
      case .key(let key) where isResting(key): break
      case .key(.control("c")): navigator.leave()
      case .key(.control("l")): performOnScreen(.repaint)
      case .key(.control("z")): performOnScreen(.suspend)
      case .key, .paste, .mouse: break
      case .resize, .focus, .reply: handleAlways(event)
      }
      return
    }
    handleAlways(event)
  }

  private var isTooSmall: Bool {
    if isLayoutStale, let terminal { return !Layout.hasRoom(terminal.size) }
    return layout?.shape == .tooSmall
  }

  private func handleAlways(_ event: TerminalEvent) {
    switch event {
    case .key(let key):
      if !isResting(key) { handle(key) }
    case .paste(let text): paste(text)
    case .burst(let text):
      if !text.isEmpty { paste(text) }
      burstEnd = clock() + Burst.rest
    case .mouse(let mouse): handle(mouse)
    case .resize: markLayout()
    case .focus(let isFocused): navigator.perform(.terminalFocus(isFocused))
    case .reply: break
    }
  }

  /// How long a question that no key has asked for doesn't take keys, which were meant for what it
  /// covers.
  private static let questionRest = Duration.milliseconds(500)

  private func handle(_ key: Key) {
    if navigator.hasUnaskedQuestion,
      unaskedSince.map({ clock() < $0 + Self.questionRest }) ?? true
    {
      return
    }
    let scopes = navigator.modalScopes ?? scopes(of: navigator.owner)
    if let id = keys.id(for: key, in: scopes), let row = navigator.catalog[id] {
      navigator.perform(row.command)
    } else if navigator.isTyping, let typed = key.typed {
      type(String(typed))
    } else if case .question(let question) = navigator.overlay {
      if let typed = key.typed,
        let index = question.choices.firstIndex(where: { $0.key == typed })
      {
        navigator.perform(.choose(index))
      } else {
        // Any key the dialog doesn't use closes it and then does what it normally does, unless that
        // would cost or lose something.
        navigator.perform(.back)
        let command = keys.id(for: key, in: navigator.scopes)
          .flatMap { navigator.catalog[$0]?.command }
        if command?.isRisky != true { handle(key) }
      }
    } else if navigator.notice != nil {
      navigator.perform(.dismiss)
    }
  }

  private func scopes(of place: PlaceID) -> [KeyScope] {
    if let placeScopes, placeScopes.place == place { return placeScopes.scopes }
    let scopes = KeyScope.all(of: place)
    placeScopes = (place, scopes)
    return scopes
  }

  private func type(_ text: String) {
    let edit = TextEdit.insert(text)
    navigator.perform(
      navigator.overlay == nil && !navigator.place.modes.isEmpty ? .form(.edit(edit)) : .edit(edit))
  }

  /// A paste is always text. Where nothing is being typed, a pasted address is opened, and other
  /// text is offered as a search.
  private func paste(_ text: String) {
    guard !text.isEmpty else { return }
    if navigator.isTyping { return type(text) }
    guard navigator.overlay == nil else { return }
    var words = text.trimmingBlanks()
    // Whoever types `/cats` or `:log` that fast means what follows.
    let entry = words.first.flatMap { $0 == "/" || $0 == ":" ? $0 : nil }
    if entry != nil { words = words.dropFirst() }
    if let address = Address(words) {
      navigator.perform(.openAddress(address))
    } else if !words.isEmpty {
      navigator.perform(.offer(String(words), isSearch: entry != ":"))
    }
  }

  /// Whether a key has to be ignored, because it may belong to a burst and would cost or lose
  /// something.
  private func isResting(_ key: Key) -> Bool {
    guard let end = burstEnd else { return false }
    guard clock() < end else {
      burstEnd = nil
      return false
    }
    let scopes = navigator.modalScopes ?? scopes(of: navigator.owner)
    let command = keys.id(for: key, in: scopes).flatMap { navigator.catalog[$0]?.command }
    switch navigator.overlay {
    case .question: return true
    case .palette(let palette) where command == .accept: return palette.isRisky
    case .help(let help) where command == .accept: return help.selected?.command.isRisky ?? false
    // Choosing a file costs nothing.
    case .files where command == .accept: return false
    case nil where command == .accept: return false
    default: return command?.isRisky ?? false
    }
  }

  private func handle(_ mouse: Mouse) {
    guard let layout else { return }
    switch mouse.kind {
    case .wheelUp, .wheelDown:
      let rows = mouse.kind == .wheelUp ? -3 : 3
      switch navigator.overlay {
      case .question, .token, .text: return
      case .help, .palette, .columns, .files, .chooser:
        return navigator.perform(.move(rows < 0 ? .up : .down))
      case .request: return navigator.perform(.request(.scroll(rows)))
      case nil: break
      }
      if let place = place(at: mouse.point, layout) {
        navigator.perform(.scroll(place, by: rows))
      }
    case .press where mouse.button == .left:
      draggedBorder = navigator.overlay == nil ? layout.border(at: mouse.point) : nil
      if let command = command(at: mouse.point, clicks: mouse.clickCount) {
        click(command, at: mouse.point, layout)
      }
    case .drag:
      if let border = draggedBorder, navigator.overlay == nil {
        navigator.perform(.moveBorder(border.id, to: layout.share(of: border, at: mouse.point)))
      }
    case .release:
      if draggedBorder != nil { navigator.perform(.saveBorders) }
      draggedBorder = nil
    default: break
    }
  }

  private func click(_ command: Command, at point: Point, _ layout: Layout) {
    if navigator.overlay == nil, let place = place(at: point, layout), place != navigator.focus {
      navigator.perform(.focus(place))
    }
    navigator.perform(command)
  }

  // MARK: Commands for the screen and its terminal

  func performOnScreen(_ command: Command) {
    switch command {
    case .repaint:
      drawAgain()
      terminal?.repaint()
    case .suspend: terminal?.suspend()
    case .toggleMouse:
      terminal?.hasMouse.toggle()
      markHeader()
      navigator.perform(
        .notify(
          terminal?.hasMouse == true
            ? Notice(.done, "Mouse captured.")
            : Notice(.done, "Mouse released so that you can select text. F9 captures it again.")))
    case .resizePane(let step): resizePane(step)
    default: break
    }
  }

  /// Moves a border to make the focused pane larger or smaller.
  private func resizePane(_ step: PaneStep) {
    // Several keys can arrive between two frames.
    if isLayoutStale, let terminal { updateLayout(terminal.size) }
    guard let layout, let (border, grows) = layout.border(of: navigator.focus, step: step)
    else { return }
    let isMore = step == .wider || step == .taller
    let change = isMore == grows ? PaneStep.share : -PaneStep.share
    navigator.perform(.moveBorder(border.id, to: layout.share(of: border) + change))
    navigator.perform(.saveBorders)
    markLayout()
  }

  /// The keys as shown in the help and the palette.
  func keyEntries() -> [KeyEntry] {
    let here = navigator.scopes
    return keys.rows.compactMap { row in
      guard let command = navigator.catalog[row.id] else { return nil }
      return KeyEntry(
        id: row.id, command: command.command, keys: row.keyNames,
        title: row.title ?? command.title, section: row.scope.title,
        isHere: here.contains(row.scope))
    }
  }
}
