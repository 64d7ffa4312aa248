/// What becomes of a prediction: each change that polling finds, the last being its end.
///
/// A prediction that has ended already is given once, as it is. Trouble on the way (no network, too
/// many calls, a fault of the service) is waited out; only what waiting can't mend is thrown.
public struct PredictionUpdates: AsyncSequence, Sendable {
  public typealias Element = Prediction
  public typealias Failure = ReplicateError

  let client: Client
  let prediction: Prediction

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let client: Client
    fileprivate var last: Prediction
    fileprivate var isAtEnd = false
    fileprivate var waited: Duration = .zero
    fileprivate var failures = 0

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Prediction? {
      if isAtEnd { return nil }
      while !last.status.isTerminal {
        let delay = PollSchedule.delay(waited: waited, failures: failures)
        try await client.core.sleep(delay)
        waited += delay
        guard let now = try await poll(isolation: actor), now != last else { continue }
        last = now
        isAtEnd = now.status.isTerminal
        return now
      }
      isAtEnd = true
      return last
    }

    /// The prediction as it stands, or nil where the trouble may pass.
    private mutating func poll(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Prediction? {
      do throws(ReplicateError) {
        let now = try await client.send(.prediction(last.id))
        failures = 0
        return now
      } catch {
        failures += 1
        let mayPass: Bool
        // A page of HTML in place of an answer may pass as well, but not for ever.
        if case .unreadable = error { mayPass = failures < 5 } else { mayPass = error.isTransient }
        guard mayPass else { throw error }
        return nil
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(client: client, last: prediction)
  }
}

/// How long to wait between two polls: short at first, when most ends come, longer with age.
enum PollSchedule {
  static func delay(waited: Duration, failures: Int) -> Duration {
    if failures > 0 { return .seconds(min(30, 2 << min(failures, 4))) }
    switch waited {
    case ..<Duration.seconds(10): return .milliseconds(500)
    case ..<Duration.seconds(60): return .seconds(1)
    case ..<Duration.seconds(300): return .seconds(2)
    default: return .seconds(5)
    }
  }
}
