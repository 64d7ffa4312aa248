import ReplicateAPI
import Running

// What leaves the screen: copies, the pager, the web browser, announcements.
extension Navigator {
  func copy(_ text: String?) {
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

  func openOnWeb() {
    guard let address = place.subject?.address else {
      notice = Notice(.failed, "There is no web address here yet.")
      return
    }
    openInBrowser(address)
  }

  func openInBrowser(_ address: String) {
    activity.start { [weak self, desktop] in
      do throws(DesktopFailure) {
        try await desktop.openInBrowser(address)
        self?.notice = Notice(.done, "Opened \(address) in the web browser.")
      } catch {
        self?.notice = Notice(.failed, "\(error.message) The address: \(address)")
      }
    }
  }

  /// Shows the text of the place in focus in the person's pager.
  func page() {
    guard let text = place.subject?.page?(), !text.text.isEmpty else {
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

  // MARK: Runs

  func cancel(_ id: Prediction.ID) {
    let runs = session.runs
    guard let run = runs.run(id) else { return }
    notice = Notice(.working, "Asking Replicate to cancel…")
    activity.start { [weak self] in
      do throws(ReplicateError) {
        try await runs.cancel(run)
      } catch {
        self?.notice = Notice(error)
      }
    }
  }

  /// A run of this account has changed in a way that lists show.
  func note(_ run: Run) {
    for place in places.values { (place as? any RunWatcher)?.note(run) }
    guard run.isOwn, !run.isUnderWay else { return }
    announceEnd(of: run)
    switch run.prediction.status {
    case .succeeded: notice = Notice(.done, "\(run.modelName) succeeded.")
    case .canceled: notice = Notice(.done, "\(run.modelName) was canceled, Replicate confirms.")
    case .failed:
      notice = Notice(
        .failed, "\(run.modelName) failed: \(run.prediction.error ?? "no reason given")")
    case .aborted:
      notice = Notice(.failed, "\(run.modelName) ended before it started; it isn’t billed.")
    default: break
    }
  }

  /// Announces the end of a long run to a person who looks elsewhere.
  private func announceEnd(of run: Run) {
    guard !hasTerminalFocus, let created = run.prediction.createdAt?.secondsSince1970,
      now - created >= noticeAfter
    else { return }
    desktop.announce(
      title: "Replicant", body: "\(run.modelName): \(run.prediction.status.rawValue)")
  }

  /// How far the run is that a tab or a task bar shows: the one in front, or else any of one's own.
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

/// A place that shows runs as they change.
@MainActor
protocol RunWatcher {
  func note(_ run: Run)
  /// The run that is shown in full, if one is.
  var watched: Run? { get }
}

/// How far a run is, for what shows it outside the screen.
public enum RunProgress: Hashable, Sendable {
  case unknown
  /// 0…1.
  case fraction(Double)
}
