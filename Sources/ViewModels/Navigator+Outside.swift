import ReplicateAPI
import Running

// Actions outside the screen: clipboard, pager, web browser, notifications.
extension Navigator {
  func copy(_ text: String?) {
    guard let text, !text.isEmpty else {
      notice = Notice(.failed, "There’s nothing to copy here yet.")
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

  func openOnWeb() {
    guard let address = place.subject?.address else {
      notice = Notice(.failed, "There’s no web address here yet.")
      return
    }
    openInBrowser(address)
  }

  /// Offers to open a page that isn't shown here.
  func offerInBrowser(_ address: String) {
    overlay = .question(
      Confirmation(
        title: "Open in the web browser?",
        message: "Replicant doesn’t show this page: \(address)",
        choices: [
          .init("Not now", key: "n"), .init("Open it", key: "w", .openLink(address)),
        ]))
  }

  func openInBrowser(_ address: String) {
    if let file = DataURI(address) { return openFile(file) }
    notice = Notice(.working, "Opening \(address)…")
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        try await desktop.openInBrowser(address)
        self?.notice = Notice(.done, "Opened \(address) in the web browser.")
      } catch {
        self?.notice = Notice(.failed, "\(error.message) Web address: \(address)")
      }
    }
  }

  /// Opens a file that came as a data URI, which no web browser would take from another program.
  private func openFile(_ file: DataURI) {
    guard let content = file.content else {
      notice = Notice(.failed, "This file can’t be decoded.")
      return
    }
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        self?.notice = Notice(.done, try await desktop.openFile(content, type: file.mediaType))
      } catch {
        self?.notice = Notice(.failed, error.message)
      }
    }
  }

  /// Opens the text of the focused place in the user's pager.
  func page() {
    guard let text = place.subject?.page?(), !text.text.isEmpty else {
      notice = Notice(.failed, "There’s no text to read here yet.")
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

  // MARK: Runs

  func cancel(_ id: Prediction.ID) {
    let runs = session.runs
    guard let run = runs.run(id) else { return }
    notice = Notice(.working, "Canceling…")
    activity.start { [weak self] in
      do throws(ReplicateError) {
        try await runs.cancel(run)
      } catch {
        self?.notice = Notice(error)
      }
    }
  }

  /// Updates lists and notices after one of the account's runs has changed.
  func note(_ run: Run) {
    for place in places.values { (place as? any RunWatcher)?.note(run) }
    guard run.isOwn, !run.isUnderWay else { return }
    // Of a group, only the end of all of it is news.
    if let group = session.runs.groups.group(of: run.id) { return noteEnd(of: group) }
    announce(
      "\(run.modelName): \(run.prediction.status.rawValue)",
      startedAt: run.prediction.createdAt?.secondsSince1970)
    let name = run.isTraining ? "The training of \(run.modelName)" : run.modelName
    switch run.prediction.status {
    case .succeeded: notice = Notice(.done, "\(name) succeeded.")
    case .canceled: notice = Notice(.done, "\(name) was canceled.")
    case .failed:
      notice = Notice(.failed, "\(name) failed: \(run.prediction.error ?? "no reason given")")
    case .aborted:
      notice = Notice(.failed, "\(name) was aborted before it started. It isn’t billed.")
    default: break
    }
  }

  private func noteEnd(of group: RunGroup) {
    guard group.group.isOver else { return }
    let words = group.progressWords
    notice = Notice(
      group.progress.failed > 0 ? .failed : .done,
      "The group of \(group.modelName) has ended: \(words).")
    announce("\(group.modelName): \(words)", startedAt: group.group.createdAt.secondsSince1970)
  }

  /// Sends a notification about the end of something long if the user is looking at something else.
  private func announce(_ words: String, startedAt: Double?) {
    guard !hasTerminalFocus, let startedAt, now - startedAt >= noticeAfter else { return }
    desktop.announce(title: "Replicant", body: words)
  }

  /// The progress to show in the terminal's tab or a taskbar: the visible run's, or else any of the
  /// user's own.
  public var shownProgress: RunProgress? {
    let own = session.runs.ownUnderWay
    guard session.runs.underWay > 0, !own.isEmpty else { return nil }
    let shown = places.values.lazy.compactMap { ($0 as? any RunWatcher)?.watched }
      .first { run in own.contains { $0 === run } }
    guard let run = shown ?? own.first(where: { $0.progress != nil }) ?? own.first else {
      return nil
    }
    return run.progress.map { .fraction($0.fraction) } ?? .unknown
  }
}

/// A place that shows runs and updates as they change.
@MainActor
protocol RunWatcher {
  func note(_ run: Run)
  /// The run shown in full, if any.
  var watched: Run? { get }
}

/// A run's progress, for display outside the screen.
public enum RunProgress: Hashable, Sendable {
  case unknown
  /// From 0 to 1.
  case fraction(Double)
}
