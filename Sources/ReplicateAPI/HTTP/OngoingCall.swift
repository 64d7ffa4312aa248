import Synchronization

/// The record of a call whose answer is still arriving. Sends one record when the head is there and
/// another at the end, at the latest when nobody reads the answer any more.
final class OngoingCall: Sendable {
  private struct State {
    var record: CallRecord
    var isFinished = false
  }

  private let core: ClientCore
  private let start: Duration
  private let state: Mutex<State>

  /// A call that is about to be sent.
  init(_ record: CallRecord, core: ClientCore) {
    self.core = core
    start = core.elapsed()
    state = Mutex(State(record: core.begun(record)))
  }

  deinit { finish(ReplicateError(.canceled)) }

  /// Takes in the head of the answer.
  ///
  /// - Parameter isComplete: Whether nobody will read the body.
  func answered(_ response: TransportResponse, isComplete: Bool) {
    let duration = core.elapsed() - start
    let record = state.withLock { state in
      state.record.answered(
        response, secretHeaders: core.configuration.secretHeaders)
      state.record.duration = duration
      state.record.isOngoing = !isComplete
      state.isFinished = isComplete
      return state.record
    }
    core.record(record)
  }

  func received(_ count: Int) {
    state.withLock { $0.record.byteCount += count }
  }

  /// Ends the call. Only the first end counts.
  func finish(_ error: ReplicateError? = nil, retryDelay: Duration? = nil) {
    let duration = core.elapsed() - start
    let record = state.withLock { state -> CallRecord? in
      if state.isFinished { return nil }
      state.isFinished = true
      state.record.received(state.record.byteCount, isRaw: true)
      state.record.duration = duration
      state.record.error = error
      state.record.retryDelay = retryDelay
      state.record.isOngoing = false
      return state.record
    }
    if let record { core.record(record) }
  }
}
