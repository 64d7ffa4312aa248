/// Follows a prediction: each element is a change that polling found, and the last one is its end.
///
/// A prediction that has already ended is returned once. Transient errors (no network, too many
/// calls, an error of the service) are retried; other errors are thrown.
public struct PredictionUpdates: AsyncSequence, Sendable {
  public typealias Element = Prediction
  public typealias Failure = ReplicateError

  let client: Client
  let prediction: Prediction

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let client: Client
    fileprivate var watch: PredictionPoller.Watch
    fileprivate var isAtEnd = false

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Prediction? {
      if isAtEnd { return nil }
      if !watch.last.status.isTerminal {
        watch = try await client.core.poller.change(of: watch, client)
      }
      isAtEnd = watch.last.status.isTerminal
      return watch.last
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(client: client, watch: PredictionPoller.Watch(last: prediction))
  }
}

/// Follows a training: each element is a change that polling found, and the last one is its end.
public struct TrainingUpdates: AsyncSequence, Sendable {
  public typealias Element = Training
  public typealias Failure = ReplicateError

  let client: Client
  let training: Training

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let client: Client
    fileprivate var last: Training
    fileprivate var schedule = PollSchedule()
    fileprivate var isAtEnd = false

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Training? {
      if isAtEnd { return nil }
      while !last.status.isTerminal {
        try await client.core.sleep(schedule.nextDelay())
        do throws(ReplicateError) {
          let (now, size) = try await client.core.exchange(.training(last.id))
          schedule.answered(size: size)
          if now == last { continue }
          last = now
          break
        } catch {
          guard schedule.mayPass(error) else { throw error }
        }
      }
      isAtEnd = last.status.isTerminal
      return last
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(client: client, last: training)
  }
}

/// The waits between polls: short at first, when most predictions end, and longer with age, after
/// failures, and for large answers.
struct PollSchedule: Sendable, Hashable {
  private(set) var waited: Duration = .zero
  private(set) var failures = 0
  /// The size of the last answer, in bytes.
  private(set) var size = 0

  /// The bandwidth that polling a prediction may use, in bytes per second.
  private static let bytesPerSecond = 256.0 * 1024

  /// Returns the wait before the next poll and adds it to the time waited.
  mutating func nextDelay() -> Duration {
    let delay = self.delay
    waited += delay
    return delay
  }

  var delay: Duration {
    if failures > 0 { return .seconds(min(30, 2 << min(failures, 4))) }
    let byAge: Duration =
      switch waited {
      case ..<Duration.seconds(10): .milliseconds(500)
      case ..<Duration.seconds(60): .seconds(1)
      case ..<Duration.seconds(300): .seconds(2)
      default: .seconds(5)
      }
    return max(byAge, min(.seconds(60), .seconds(Double(size) / Self.bytesPerSecond)))
  }

  mutating func answered(size: Int) {
    failures = 0
    self.size = size
  }

  /// Counts a failure. Returns false if waiting can't help.
  mutating func mayPass(_ error: ReplicateError) -> Bool {
    failures += 1
    // A web page instead of an answer may be transient, too, but not forever.
    if case .unreadable = error.reason { return failures < 5 }
    return error.isTransient
  }
}
