import ReplicateAPI

/// Follows one run: polls its state and reads its output stream, never more than one of each.
///
/// ``Runs`` decides which of the two are wanted at the moment. When and how the service is asked is
/// up to the poller that all followers of a client share.
@MainActor
final class RunFollower {
  private let run: Run
  private let client: Client
  private let onUpdate: @MainActor (Run, Prediction) -> Void
  private let onFailure: @MainActor (Run, ReplicateError) -> Void

  private var polling: Task<Void, Never>?
  /// Incremented per polling task. A task that was replaced doesn't clear its successor.
  private var pollingNumber = 0
  private var streaming: Task<Void, Never>?
  private var streamingNumber = 0
  /// Where the stream stopped when it was last paused.
  private var position: OutputStream.AsyncIterator?
  /// The stream has said all it has to say, or can't be continued.
  private var isStreamOver = false

  init(
    _ run: Run, client: Client,
    onUpdate: @escaping @MainActor (Run, Prediction) -> Void,
    onFailure: @escaping @MainActor (Run, ReplicateError) -> Void
  ) {
    self.run = run
    self.client = client
    self.onUpdate = onUpdate
    self.onFailure = onFailure
  }

  isolated deinit {
    polling?.cancel()
    streaming?.cancel()
  }

  /// One of the tasks under way, for tests that wait for all of them.
  var work: Task<Void, Never>? { polling ?? streaming }

  /// Starts and stops so that just what is wanted is under way.
  func set(polls: Bool, streams: Bool) {
    if !polls {
      polling?.cancel()
      polling = nil
    } else if polling == nil {
      startPolling()
    }
    if !streams {
      streaming?.cancel()
    } else if streaming == nil || streaming?.isCancelled == true {
      startStreaming()
    }
  }

  func stop() { set(polls: false, streams: false) }

  // MARK: Polling

  private func startPolling() {
    pollingNumber += 1
    let number = pollingNumber
    polling = Task { [weak self, client, run] in
      do {
        if run.isTraining {
          for try await training in client.updates(of: Training(run.prediction)) {
            guard !Task.isCancelled, let self else { return }
            onUpdate(run, Prediction(training))
          }
        } else {
          for try await prediction in client.updates(of: run.prediction) {
            guard !Task.isCancelled, let self else { return }
            onUpdate(run, prediction)
          }
        }
        self?.pollingEnded(number)
      } catch {
        guard !Task.isCancelled, let self else { return }
        pollingEnded(number)
        onFailure(run, .of(error))
      }
    }
  }

  private func pollingEnded(_ number: Int) {
    if pollingNumber == number { polling = nil }
  }

  // MARK: The stream

  private func startStreaming() {
    guard !isStreamOver, let output = client.output(of: run.prediction) else { return }
    streamingNumber += 1
    let number = streamingNumber
    let previous = streaming
    streaming = Task { [weak self, run] in
      // The one before leaves the position behind that this one goes on from.
      await previous?.value
      var events = self?.position ?? output.makeAsyncIterator()
      var isOver = false
      while !isOver, !Task.isCancelled {
        do {
          guard let event = try await events.next(isolation: #isolation) else {
            isOver = true
            break
          }
          // After the last event the iterator is asked once more: it has the poller look at once.
          if case .output(let text) = event { run.receive(text) }
        } catch {
          // A broken stream is no failure of the run, since polling goes on by itself. The iterator
          // waits longer and longer between its tries.
          isOver = !ReplicateError.of(error).isTransient && !Task.isCancelled
        }
      }
      self?.streamingEnded(number, at: events, isOver: isOver)
    }
  }

  private func streamingEnded(
    _ number: Int, at position: OutputStream.AsyncIterator, isOver: Bool
  ) {
    self.position = position
    if isOver { isStreamOver = true }
    if streamingNumber == number { streaming = nil }
  }
}
