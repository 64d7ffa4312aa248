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
      if !watch.last.hasEnded {
        watch = try await client.core.poller.change(of: watch, client)
      }
      isAtEnd = watch.last.hasEnded
      return watch.last
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    let schedule = PollSchedule(
      since: prediction.startedAt ?? prediction.createdAt, now: client.serviceTime)
    return AsyncIterator(
      client: client, watch: PredictionPoller.Watch(last: prediction, schedule: schedule))
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
    fileprivate var schedule: PollSchedule
    fileprivate var isAtEnd = false

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Training? {
      if isAtEnd { return nil }
      while !last.hasEnded {
        try await client.core.sleep(schedule.nextDelay())
        do throws(ReplicateError) {
          let (now, size) = try await client.core.exchange(.training(last.id))
          schedule.answered(size: size)
          if now == last { continue }
          last = now
          schedule.foundNews()
          break
        } catch {
          guard schedule.mayPass(error) else { throw error }
        }
      }
      isAtEnd = last.hasEnded
      return last
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    let schedule = PollSchedule(
      since: training.startedAt ?? training.createdAt, now: client.serviceTime)
    return AsyncIterator(client: client, last: training, schedule: schedule)
  }
}

/// The waits between polls: short at first, when most predictions end, and longer with age, after
/// failures, and for large answers.
struct PollSchedule: Sendable, Hashable {
  private(set) var waited: Duration = .zero
  private(set) var failures = 0
  /// The wait that the service asked for with its last failure.
  private var requested: Duration = .zero
  /// The size of the last answer, in bytes.
  private(set) var size = 0

  /// The bandwidth that polling a prediction may use, in bytes per second.
  private static let bytesPerSecond = 256.0 * 1024

  init() {}

  /// A schedule for what has been under way for a while already.
  ///
  /// - Parameters:
  ///   - beginning: When it started, or was created.
  ///   - now: The service's time, in seconds since 1970. Where it isn't known, polling starts as for
  ///     something new.
  init(since beginning: Timestamp?, now: Double?) {
    guard let beginning = beginning?.secondsSince1970, let now else { return }
    waited = Duration(clampingSeconds: max(0, now - beginning))
  }

  /// Returns the wait before the next poll and adds it to the time waited.
  mutating func nextDelay() -> Duration {
    let delay = self.delay
    waited += delay
    return delay
  }

  var delay: Duration {
    if failures > 0 { return max(requested, .seconds(min(30, 2 << min(failures, 4)))) }
    let byAge: Duration =
      switch waited {
      case ..<Duration.seconds(10): .milliseconds(500)
      case ..<Duration.seconds(60): .seconds(1)
      case ..<Duration.seconds(300): .seconds(2)
      case ..<Duration.seconds(3600): .seconds(5)
      case ..<Duration.seconds(6 * 3600): .seconds(30)
      case ..<Duration.seconds(24 * 3600): .seconds(60)
      // It will hardly end anymore.
      default: .seconds(600)
      }
    return max(
      byAge, min(.seconds(60), Duration(clampingSeconds: Double(size) / Self.bytesPerSecond)))
  }

  /// Something old that still moves is asked for more often again.
  mutating func foundNews() {
    waited = min(waited, .seconds(300))
  }

  mutating func answered(size: Int) {
    failures = 0
    requested = .zero
    self.size = size
  }

  /// Counts a failure. Returns false if waiting can't help.
  mutating func mayPass(_ error: ReplicateError) -> Bool {
    failures += 1
    requested = min(error.retryAfter ?? .zero, RetryPolicy.longestPause)
    // A web page instead of an answer may be transient, too, but not forever.
    if case .unreadable = error.reason { return failures < 5 }
    return error.isTransient
  }
}
