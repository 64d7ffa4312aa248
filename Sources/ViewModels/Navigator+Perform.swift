import ReplicateAPI
import Running

extension Navigator {
  /// Performs a command. Everything the user changes on the screen goes through here.
  ///
  /// A command is offered to the overlay, then to the focused place, then to Navigator itself. The
  /// first that doesn't pass handles it.
  public func perform(_ command: Command) {
    switch command {
    case .laidOut(let layout): return take(layout)
    case .drawn(let id, let size):
      places[id]?.drawn(size)
      return
    case .terminalFocus(let isFocused):
      hasTerminalFocus = isFocused
      if isFocused, session.hasToken { place.arrive() }
      return
    case .notify(let notice):
      notify(notice)
      return
    case .repaint, .suspend, .toggleMouse:
      // Whoever repaints the screen still wants to read it.
      onScreenCommand(command)
      return
    default: break
    }
    // While a run is being sent, the run key does nothing.
    if command == .run, session.runs.isCreating { return }
    let wasPerforming = isPerforming
    isPerforming = true
    defer {
      isPerforming = wasPerforming
      showWhatWaits()
      previewLater()
    }
    // Pressing the run key again is impatience, not a new command.
    if command != .run { commandCount += 1 }
    if command != .interrupt { resetInterrupt() }
    dismissNotice()
    if overlay != nil, performInOverlay(command) { return }
    route(command)
  }

  /// Explains why a command isn't available, instead of doing nothing. Returns false if it is.
  private func refuse(_ command: Command) -> Bool {
    guard case .no(let reason) = availability(of: command), catalog.id(of: command) != nil else {
      return false
    }
    notice = Notice(.failed, reason)
    return true
  }

  /// Offers a command to the focused place, then to its list, then to Navigator.
  func route(_ command: Command) {
    // The wheel, for one, turns over a place that needn't have the focus.
    if let addressee = command.addressee, addressee != focus { return performHere(command) }
    if refuse(command) { return }
    switch place.perform(command) {
    case .done: return
    case .open(let address): return open(address)
    case .back: return backAlongTrail()
    case .pass: break
    }
    if let list = place.list, list.perform(command) {
      (place.detail as? DetailViewModel)?.reset()
      return
    }
    performHere(command)
  }

  private func performHere(_ command: Command) {
    switch command {
    case .focus(let id): focusOn(id)
    case .focusNext: step(by: 1)
    case .focusPrevious: step(by: -1)
    case .zoom: stepZoom()
    case .moveBorder(let border, let share): moveBorder(border, to: share)
    case .saveBorders: onBordersMoved(borders)
    case .resetPanes: resetPanes()
    case .back: goBack()
    case .interrupt: interrupt()
    case .quit: askToQuit()
    case .leave: isFinished = true
    case .cancelAllAndLeave: cancelAllAndLeave()
    case .select(let id, let row): at(id) { self.route(in: $0, .select(id, row: row)) }
    case .selectTab(let id, let tab): at(id) { self.route(in: $0, .selectTab(id, tab)) }
    case .scroll, .runDespite, .finishEdit:
      if let place = command.addressee.flatMap({ places[$0] }) { route(in: place, command) }
    case .sort(let id, let column): places[id]?.list?.sort(by: column)
    case .toggleColumn(let id, let column): places[id]?.list?.toggleColumn(column)
    case .chooseColumns: chooseColumns()
    case .openAddress(let address): open(address)
    case .openLink(let address): openInBrowser(address)
    case .refresh: refresh()
    case .cancelRun(let id): cancel(id)
    case .group(let command): perform(command)
    case .openOnWeb: openOnWeb()
    case .copy: copy(place.subject?.text())
    case .copyAddress: copy(place.subject?.address)
    case .page: page()
    case .help: overlay = .help(HelpViewModel(keyEntries(), height: screen.overlayRows))
    case .palette: openPalette()
    case .offer(let text, let isSearch): openPalette(offering: text, isSearch: isSearch)
    case .enterToken: askForToken()
    case .useProfile(let name): use(profile: name)
    case .switchAccount: switchAccount()
    case .resizePane: onScreenCommand(command)
    // Only a place, its list, or an overlay knows what to do with these.
    case .open, .move, .filter, .accept, .edit, .editText, .form, .request, .files, .values, .own,
      .nextTab, .previousTab, .run, .send, .rerun, .cancel, .saveToken, .useOfferedToken, .choose,
      .chooseAndAccept,
      .nextChoice, .previousChoice, .toggle, .dismiss:
      break
    // `perform` has handled these.
    case .laidOut, .drawn, .terminalFocus, .notify, .repaint, .suspend, .toggleMouse: break
    }
  }

  /// Offers a command to the place it names.
  func route(in place: any PlaceViewModel, _ command: Command) {
    switch place.perform(command) {
    case .done, .back: return
    case .open(let address): return open(address)
    case .pass: _ = place.list?.perform(command)
    }
  }

  /// Focuses a clicked place and performs `body` there.
  private func at(_ id: PlaceID, _ body: (any PlaceViewModel) -> Void) {
    guard let place = places[id] else { return }
    setFocus(id)
    body(place)
  }

  private func step(by step: Int) {
    let all = deskPlaces.filter { isTabStop($0) }
    guard let index = all.firstIndex(of: focus) else { return }
    focusOn(all[(index + step + all.count) % all.count])
  }

  /// Whether Tab stops at a place. One that shares its slot with another counts only while visible.
  private func isTabStop(_ id: PlaceID) -> Bool {
    descriptor(of: id)?.key != nil || screen.visible[id] != nil || id == focus
      || descriptor(of: id)?.desk != .browse
  }

  private func refresh() {
    session.client.tryAtOnce()
    place.load()
    if session.account.value == nil { session.loadAccount() }
  }

  private func chooseColumns() {
    guard let list = place.list, list.columns.count > 1 else {
      notice = Notice(.failed, "There’s no list to sort here.")
      return
    }
    overlay = .columns(ColumnsViewModel(place.id, list))
  }

  // MARK: Availability

  /// Whether a command is available now, and if not, why.
  public func availability(of command: Command) -> Availability {
    if let absence = absence(of: command) { return .no(because: absence) }
    let there = place.availability(of: command)
    if there != .notMine { return there }
    switch command {
    case .filter:
      return place.list == nil ? .no(because: "There’s no list to filter here.") : .yes
    case .chooseColumns:
      return (place.list?.columns.count ?? 0) > 1
        ? .yes : .no(because: "There’s no list to sort here.")
    case .open:
      return place.list?.cursor.count ?? 0 > 0 ? .yes : .no(because: "There’s nothing to open.")
    case .run: return .no(because: "Open a model to run it.")
    case .rerun: return .no(because: "Select a prediction to run it again.")
    case .cancel: return .no(because: "There’s no run in progress here.")
    case .editText: return .no(because: "Only long text and JSON fields open in the editor.")
    case .nextTab, .previousTab: return .no(because: "There are no tabs here.")
    case .copy:
      return place.subject == nil ? .no(because: "There’s nothing to copy here yet.") : .yes
    case .copyAddress, .openOnWeb:
      return place.subject?.address == nil
        ? .no(because: "There’s no web address here.") : .yes
    case .page:
      return place.subject?.page == nil ? .no(because: "There’s no text to read here.") : .yes
    case .form, .request, .values, .send: return .no(because: "No form is open.")
    case .useProfile(let name): return availability(ofProfile: name)
    case .own(let id):
      let owner = descriptors.first { $0.commands.contains { $0.id == id } }
      return .no(because: "Only in \(owner?.title ?? "another place").")
    default: return .yes
    }
  }

  // MARK: Quitting

  /// Quits without confirmation, for example because of a signal. Runs continue on Replicate.
  public func leave() {
    isFinished = true
    desktop.endProgramInTerminal()
  }

  func askToQuit() {
    let runs = session.runs
    let own = runs.ownUnderWay.count
    let all = max(own, runs.underWay)
    let mine = own + runs.creates.underWay
    if runs.isCreating || all > 0 || runs.groups.isSending {
      let words = [groupsWords, words(own: own, all: all, runs.isCreating)]
      overlay = .question(
        Confirmation(
          title: "Quit Replicant?",
          message: words.compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " "),
          choices: [
            .init("Stay", key: "s"),
            .init(
              all + (runs.isCreating ? 1 : 0) == 1 ? "Leave it running" : "Leave them running",
              key: "L", .leave),
          ]
            + (mine > 0 || runs.groups.isSending
              ? [.init(mine == 1 ? "Cancel it" : "Cancel mine", key: "X", .cancelAllAndLeave)]
              : []),
          interrupt: .leave))
    } else if let unsaved = places.values.lazy.compactMap(\.unsaved).first {
      overlay = .question(
        Confirmation(
          title: "Quit Replicant?", message: unsaved,
          choices: [.init("Stay", key: "s"), .init("Leave", key: "L", .leave)],
          interrupt: .leave))
    } else {
      isFinished = true
    }
  }

  private func words(own: Int, all: Int, _ isCreating: Bool) -> String {
    var parts: [String] = []
    if isCreating {
      parts.append(
        "A run is being sent. If it has reached \(connection.configuration.serviceName), it will be found "
          + "the next time you start Replicant.")
    }
    if all > 0 {
      var text = all == 1 ? "A run is in progress" : "\(all) runs are in progress"
      if own < all {
        text += own == 0 ? ", started elsewhere" : ", \(all - own) of them started elsewhere"
      }
      parts.append(text + ".")
    }
    if all == 0, !isCreating { return "" }
    if all == 0 {
      parts.append("If it has started, it \(goesOn("continues", "is")).")
      return parts.joined(separator: " ")
    }
    parts.append(
      all + (isCreating ? 1 : 0) == 1
        ? "If you leave it running, it \(goesOn("continues", "is")). You’ll find it in "
          + "Predictions next time."
        : "If you leave them running, they \(goesOn("continue", "are")). You’ll find "
          + "them in Predictions next time.")
    return parts.joined(separator: " ")
  }

  /// Cancels this program's runs, including those that are just being sent, then quits.
  private func cancelAllAndLeave() {
    let runs = session.runs
    notice = Notice(
      .working,
      runs.isCreating
        ? "Waiting for the run that is being sent, to cancel it…"
        : "Canceling \(max(1, runs.ownUnderWay.count))…")
    activity.start("leave") { [weak self] in
      let doubts = Set(runs.creates.doubts.map(\.id))
      for group in runs.groups.all where group.phase == .sending {
        _ = await runs.groups.cancel(group)
      }
      await runs.creates.settle()
      let own = runs.ownUnderWay
      var failed = 0
      for run in own {
        do { try await runs.cancel(run) } catch { failed += 1 }
      }
      guard let self, !Task.isCancelled else { return }
      if runs.creates.doubts.contains(where: { !doubts.contains($0.id) }) {
        notice = Notice(
          .failed, "A run may have started that couldn’t be found, so it couldn’t be canceled.")
      } else if failed == 0 {
        isFinished = true
      } else {
        notice = Notice(.failed, "\(failed) of \(own.count) couldn’t be canceled.")
      }
    }
  }
}

extension ListViewModel {
  /// Performs a command that applies to every list. Returns false for any other command.
  func perform(_ command: Command) -> Bool {
    switch command {
    case .move(let movement): move(movement)
    case .select(_, let row): select(row)
    case .scroll(_, let rows): scroll(by: rows)
    case .filter: startFilter()
    case .edit(let edit) where isTyping: self.edit(edit)
    case .back:
      if isTyping || isFiltered {
        clearFilter()
      } else {
        return stopLoadingOn()
      }
    default: return false
    }
    return true
  }
}
