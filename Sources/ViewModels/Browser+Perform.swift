import ReplicateAPI

extension Browser {
  /// Does what was asked for; the only way in which anything that is shown changes by request.
  public func perform(_ command: Command) {
    defer { previewLater() }
    // The run key again is impatience, and no other wish.
    if case .run = command {} else { asked += 1 }
    if notice != nil { notice = nil }
    if overlay != nil, performInOverlay(command) { return }
    switch command {
    case .focus(let place): focusOn(place)
    case .focusNext: step(by: 1)
    case .focusPrevious: step(by: -1)
    case .zoom: stepZoom()
    case .moveBorder(let border, let share): shares[border] = share
    case .resetPanes: resetPanes()
    case .back: goBack()
    case .quit: askToQuit(always: false)
    case .move(let movement): move(movement)
    case .select(let place, let row): select(place, row)
    case .scroll(let place, let rows): scroll(place, by: rows)
    case .open: open()
    case .openAddress(let address): open(address)
    case .selectTab(let place, let tab): selectTab(place, tab)
    case .nextTab: stepTab(by: 1)
    case .previousTab: stepTab(by: -1)
    case .filter: startFilter()
    case .refresh: refresh()
    case .run: form == nil || focus != .detail ? openForm() : launch()
    case .rerun: rerun()
    case .cancelPrediction: askToCancel()
    case .openInBrowser: openInBrowser()
    case .openLink(let address): openInBrowser(address)
    case .copy: copy()
    case .copyAddress: copyAddress()
    case .page: page()
    case .editField: editField()
    case .edit(let edit): self.edit(edit)
    case .form(let command): performInForm(command)
    case .accept: accept()
    case .help:
      help.open()
      overlay = .help
    case .goTo: overlay = .goTo(TextBuffer(), problem: nil)
    case .enterToken: overlay = .token(TextBuffer(), problem: nil)
    case .choose, .nextChoice, .previousChoice, .repaint, .suspend, .resizePane, .toggleMouse:
      break
    }
  }

  // MARK: Moving about

  private func focusOn(_ place: Place) {
    stopTyping()
    trail = []
    focus = place
    if place == .predictions { history.load() }
  }

  private func step(by step: Int) {
    let all = Place.allCases
    let index = (focus.rawValue - 1 + step + all.count) % all.count
    focusOn(all[index])
  }

  private func stopTyping() {
    collections.stopFilter()
    models.stopTyping()
    history.stopFilter()
  }

  /// One step back: out of what is being typed, the form, a search, the zoom, to the place before.
  private func goBack() {
    if isTyping, form == nil || focus != .detail {
      switch focus {
      case .collections: collections.clearFilter()
      case .predictions: history.clearFilter()
      case .models:
        models.stopTyping()
        if case .search = models.source { _ = models.goBack() }
      default: break
      }
      return
    }
    if models.stopLoadingOn() || history.stopLoadingOn() { return }
    if focus == .detail, let form {
      if !form.perform(.escape) { closeForm() }
      return
    }
    if zoom != .none {
      zoom = .none
      rememberPanes()
      return
    }
    switch focus {
    case .collections where !collections.filter.text.isEmpty: return collections.clearFilter()
    case .predictions where !history.filter.text.isEmpty: return history.clearFilter()
    case .models where models.source != .everything:
      if models.goBack(), trail.last == .collections { focus = trail.removeLast() }
      return
    default: break
    }
    if let earlier = trail.popLast() {
      focus = earlier
    } else {
      askToQuit(always: true)
    }
  }

  private func move(_ movement: Movement) {
    switch focus {
    case .collections: collections.move(movement)
    case .models: models.move(movement)
    case .detail: detail.move(movement)
    case .predictions: history.move(movement)
    case .live: live.move(movement)
    }
  }

  private func select(_ place: Place, _ row: Int) {
    if focus != place {
      stopTyping()
      focus = place
    }
    switch place {
    case .collections: collections.select(row)
    case .models: models.select(row)
    case .detail: detail.select(row)
    case .predictions: history.select(row)
    case .live: live.selectFile(row)
    }
  }

  private func scroll(_ place: Place, by rows: Int) {
    switch place {
    case .collections: collections.scroll(by: rows)
    case .models: models.scroll(by: rows)
    case .detail:
      if let form {
        _ = form.perform(rows > 0 ? .next : .previous)
      } else {
        detail.scroll(by: rows)
      }
    case .predictions: history.scroll(by: rows)
    case .live: live.scroll(by: rows)
    }
  }

  private func selectTab(_ place: Place, _ tab: Int) {
    focus = place
    switch place {
    case .detail: ModelDetailViewModel.Tab(rawValue: tab).map(detail.select)
    case .live: LivePredictionViewModel.Tab(rawValue: tab).map(live.select)
    default: break
    }
  }

  private func stepTab(by step: Int) {
    switch focus {
    case .detail: detail.nextTab(by: step)
    case .live: live.nextTab(by: step)
    default: break
    }
  }

  private func open() {
    switch focus {
    case .collections:
      guard let collection = collections.selected else { return }
      collections.stopFilter()
      models.show(.collection(slug: collection.slug, name: collection.name))
      go(to: .models)
    case .models:
      models.stopTyping()
      guard let model = models.selected else { return }
      closeForm()
      detail.show(model)
      go(to: .detail)
    case .detail:
      if detail.tab == .versions { detail.pinSelectedVersion() } else { openForm() }
    case .predictions:
      history.stopFilter()
      guard let run = history.selected else { return }
      live.show(run)
      go(to: .live)
    case .live:
      openInBrowser()
    }
  }

  private func refresh() {
    switch focus {
    case .collections: collections.load()
    case .models: models.load()
    case .detail: detail.load()
    case .predictions: history.load()
    case .live: if let run = live.shown { runs.follow(run) }
    }
    if account.failure != nil || account.value == nil { loadAccount() }
  }

  /// The terminal has the keyboard again: runs that were started elsewhere appear.
  public func refreshHistory() { history.load() }

  /// The layout gave a pane this many rows inside its frame.
  public func setHeight(of place: Place, _ rows: Int) {
    switch place {
    case .collections: collections.setHeight(rows)
    case .models: models.setHeight(rows)
    // A row of tabs stands above the text.
    case .detail: detail.setHeight(rows - 1)
    case .predictions: history.setHeight(rows)
    case .live: break
    }
  }

  // MARK: Typing

  private func startFilter() {
    switch focus {
    case .collections: collections.startFilter()
    case .predictions: history.startFilter()
    case .models: models.startTyping()
    case .detail, .live:
      go(to: .models)
      models.startTyping()
    }
  }

  private func edit(_ edit: TextEdit) {
    switch focus {
    case .collections: collections.edit(edit)
    case .models: models.edit(edit)
    case .predictions: history.edit(edit)
    case .detail: _ = form?.perform(.edit(edit))
    case .live: break
    }
  }

  /// Enter while typing in a list: the typing ends, the list stays filtered.
  private func accept() {
    switch focus {
    case .models where models.query.text.isEmpty: models.stopTyping()
    default: open()
    }
  }

  // MARK: Leaving

  private func askToQuit(always: Bool) {
    let own = runs.ownUnderWay.count
    if own > 0 {
      let runs = own == 1 ? "A run is" : "\(own) runs are"
      overlay = .confirmation(
        Confirmation(
          title: "Leave Replicant?",
          message: "\(runs) under way. Left running, they go on at Replicate (and are billed); "
            + "they are found again in Predictions next time.",
          choices: [
            .init("Stay", key: "s", .nothing),
            .init("Leave them running", key: "L", .quit),
            .init("Cancel them", key: "X", .cancelAllAndQuit),
          ]))
    } else if always {
      overlay = .confirmation(
        Confirmation(
          title: "Leave Replicant?", message: "Nothing that was started here is under way.",
          choices: [.init("Stay", key: "s", .nothing), .init("Leave", key: "Y", .quit)]))
    } else {
      isFinished = true
    }
  }
}
