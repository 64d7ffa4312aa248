import ReplicateAPI
import Settings

// What leaves the screen: copies, the pager, the editor, notices.
extension Browser {
  // MARK: Copying

  /// Copies what the place in focus is about: an id, or in Live what its tab shows.
  func copy() {
    let text: String? =
      switch focus {
      case .collections: collections.selected?.slug
      case .models: models.selected?.id.description
      case .detail:
        detail.shown.map { id in
          detail.pinned.map { "\(id):\($0.id.rawValue)" } ?? id.description
        }
      case .predictions: history.selected?.id.rawValue
      case .live: live.text
      }
    copy(text)
  }

  func copyAddress() { copy(address) }

  private func copy(_ text: String?) {
    guard let text, !text.isEmpty else {
      notice = Notice(.failed, "There is nothing to copy here yet.")
      return
    }
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        self?.notice = Notice(.done, try await desktop.copy(text))
      } catch {
        self?.notice = Notice(.failed, error.message)
      }
    }
  }

  /// The web address of what is in focus.
  var address: String? {
    switch focus {
    case .collections: collections.selected.map { "https://replicate.com/collections/\($0.slug)" }
    case .models: models.selected.flatMap { $0.url ?? "https://replicate.com/\($0.id)" }
    case .detail: detail.shown.map { detail.model.value?.url ?? "https://replicate.com/\($0)" }
    case .predictions: history.selected?.prediction.urls.web
    case .live: live.address
    }
  }

  // MARK: The pager

  /// Shows the text of the place in focus in the person's pager.
  func page() {
    let text: (name: String, text: String)? =
      switch focus {
      case .detail: detail.shown.map { ("\($0.name).txt", detail.plainText) }
      case .live: live.shown.map { ("\($0.id.rawValue).txt", live.text ?? "") }
      case .predictions: history.selected.map { ("\($0.id.rawValue).log", $0.prediction.logs) }
      case .collections, .models: nil
      }
    guard let text, !text.text.isEmpty else {
      notice = Notice(.failed, "There is no text to read here yet.")
      return
    }
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        try await desktop.page(text.text, named: text.name)
      } catch {
        self?.notice = Notice(.failed, error.message)
      }
    }
  }

  // MARK: The editor

  /// Opens the text of the field in focus in the person's editor.
  func editField() {
    guard focus == .detail, let form, let field = form.focusedField,
      let text = field.control.buffer?.text, field.control.allowsNewlines
    else {
      notice = Notice(.failed, "Only long text and JSON open in the editor.")
      return
    }
    let kind = if case .json = field.control { "json" } else { "txt" }
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        let edited = try await desktop.edit(text, named: "\(field.name).\(kind)")
        if edited != text { form.replaceText(of: field.name, with: edited) }
      } catch {
        self?.notice = Notice(.failed, error.message)
      }
    }
  }

  // MARK: Who looks elsewhere

  /// Tells the end of a long run to a person who looks elsewhere.
  func announceEnd(of run: Run) {
    guard !hasTerminalFocus, let created = run.prediction.createdAt?.secondsSince1970,
      now - created >= noticeAfter
    else { return }
    desktop.announce(
      title: "Replicant", body: "\(run.modelName): \(run.prediction.status.rawValue)")
  }

  /// How far the run is that a tab or a task bar shows: the one in Live, or else any.
  public var shownProgress: RunProgress? {
    guard runs.underWay > 0 else { return nil }
    let own = runs.ownUnderWay
    let shown = live.shown.flatMap { shown in own.first { $0 === shown } }
    guard let run = shown ?? own.first(where: { $0.progress != nil }) ?? own.first else {
      return nil
    }
    return run.progress.map { .fraction($0.fraction) } ?? .unknown
  }

  // MARK: The panes' borders

  func resetPanes() {
    shares = PaneShares()
    zoom = .none
    rememberPanes()
  }

  /// Grows the pane in focus to half of the screen where there is room for that, then to all of it,
  /// then back.
  func stepZoom() {
    zoom =
      switch zoom {
      case .none: hasRoomForHalf ? .half : .full
      case .half: .full
      case .full: .none
      }
    rememberPanes()
  }

  /// Keeps how the panes stand for the next start.
  public func rememberPanes() { onPanesMoved(shares, zoom) }

  /// Starts as the person has chosen, with the panes as they were left.
  public func use(_ settings: Settings) {
    for border in PaneBorder.allCases {
      if let share = settings.state.borders[border.rawValue] { shares[border] = share }
    }
    noticeAfter = settings.config.noticeAfter
    guard let problem = settings.problems.first else { return }
    let more = settings.problems.count - 1
    notice = Notice(
      .failed, more > 0 ? "\(problem) (And \(more) more, told when you leave.)" : problem)
  }

  /// Tells what didn't happen outside.
  public func tell(_ failure: DesktopFailure) { notice = Notice(.failed, failure.message) }
}

/// How far a run is, for what shows it outside of the screen.
public enum RunProgress: Hashable, Sendable {
  case unknown
  /// 0…1.
  case fraction(Double)
}

extension ModelDetailViewModel {
  /// The model's page as plain text, for a pager.
  var plainText: String {
    guard let model = model.value else { return "" }
    var lines = ["\(model.id)", ""]
    if let description = model.description { lines += [description, ""] }
    lines.append(model.url)
    for input in schema?.inputs ?? [] {
      lines += ["", "\(input.name)\(input.isRequired ? " (required)" : "")"]
      let words = MarkdownText.plain(input.description)
      if !words.isEmpty { lines.append("    \(words)") }
      if let value = input.defaultValue, !value.isNull {
        lines.append("    default: \(value.serialized())")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension LivePredictionViewModel {
  /// What the tab in front shows, in full, as plain text.
  var text: String? {
    guard let run = shown else { return nil }
    switch tab {
    case .run:
      // As the tab does: the output above, or the log where there is none.
      return [outputText(of: run), run.prediction.logs].compactMap(\.self).first { !$0.isEmpty }
        ?? run.id.rawValue
    case .log: return run.prediction.logs
    case .input: return JSONValue.object(run.prediction.input).serialized()
    case .output: return outputText(of: run)
    }
  }

  private func outputText(of run: Run) -> String? {
    if files.indices.contains(selectedFile) { return files[selectedFile] }
    let parts = run.output.map { part in
      switch part {
      case .text(let text), .json(let text), .file(let text, _): text
      }
    }
    return parts.isEmpty ? run.prediction.error : parts.joined(separator: "\n")
  }
}
