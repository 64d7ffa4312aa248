/// Polls predictions for everything that follows them: one at a time, or many at once with a page
/// of the list, whichever has been measured to cost less.
actor PredictionPoller {
  /// A prediction that is being followed, in its last known state.
  struct Watch: Sendable {
    var last: Prediction
    var schedule = PollSchedule()
  }

  private struct Follower {
    var watch: Watch
    /// The time of the next poll, since the poller was created.
    var due: Duration
    var isAsked = false
    /// Whether to poll again at once, because the prediction seems to have ended.
    var isHurried = false
    var asking: Task<Void, Never>?
    let client: Client
    let continuation: CheckedContinuation<Result<Watch, ReplicateError>, Never>
  }

  /// A call for a page of the list, and the followers that wait for it.
  private struct ListPoll {
    var followers: Set<Int>
    let task: Task<Void, Never>
  }

  private let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration
  private var followers: [Int: Follower] = [:]
  /// When those were due that nobody follows for the moment: whoever follows them again, as when
  /// their row scrolls back into view, neither asks too early nor starts waiting all over.
  private var paused: [Prediction.ID: Duration] = [:]
  private var lastNumber = 0
  private var listPolls: [Int: ListPoll] = [:]
  private var loop: Task<Void, Never>?
  private var sleep: Task<Void, Never>?
  private var wakesAt: Duration = .zero
  private(set) var costs = PollCosts()

  var followerCount: Int { followers.count }

  /// Predictions that are due within this time are polled together.
  static let slack: Duration = .milliseconds(100)

  /// How many predictions are waited for at the moment.
  var count: Int { followers.count }

  init(clock: any Clock<Duration>) {
    self.clock = clock
    elapsed = clock.stopwatch()
  }

  /// Waits until a prediction changes.
  func change(of watch: Watch, _ client: Client) async throws(ReplicateError) -> Watch {
    lastNumber += 1
    let number = lastNumber
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation {
        (continuation: CheckedContinuation<Result<Watch, ReplicateError>, Never>) in
        if Task.isCancelled {
          continuation.resume(
            returning: .failure(ReplicateError(.canceled, route: .getPrediction)))
          return
        }
        var watch = watch
        let now = elapsed()
        var due = now + watch.schedule.nextDelay()
        if let earlier = paused.removeValue(forKey: watch.last.id) {
          due = min(due, max(now, earlier))
        }
        followers[number] = Follower(
          watch: watch, due: due, client: client, continuation: continuation)
        wake(by: due)
      }
    } onCancel: {
      Task { await self.cancel(number) }
    }
    return try outcome.get()
  }

  /// Polls a prediction at once, because it seems to have ended.
  func hurry(_ id: Prediction.ID) {
    let now = elapsed()
    for (number, follower) in followers where follower.watch.last.id == id {
      if follower.isAsked {
        followers[number]?.isHurried = true
      } else {
        followers[number]?.due = now
        wake(by: now)
      }
    }
  }

  private func cancel(_ number: Int) {
    if let follower = followers[number] {
      paused[follower.watch.last.id] =
        follower.isAsked ? elapsed() + follower.watch.schedule.delay : follower.due
    }
    end(number, .failure(ReplicateError(.canceled, route: .getPrediction)))
  }

  private func end(_ number: Int, _ outcome: Result<Watch, ReplicateError>) {
    let follower = followers.removeValue(forKey: number)
    follower?.asking?.cancel()
    follower?.continuation.resume(returning: outcome)
    for id in listPolls.keys {
      listPolls[id]?.followers.remove(number)
      if let poll = listPolls[id], poll.followers.isEmpty { poll.task.cancel() }
    }
    // There is nothing to wake up for.
    if followers.isEmpty { sleep?.cancel() }
  }

  // MARK: The loop

  private func wake(by due: Duration) {
    if loop == nil {
      loop = Task { await run() }
    } else if due < wakesAt {
      sleep?.cancel()
    }
  }

  /// Sleeps until a follower is due. Ends when there are none.
  private func run() async {
    while let due = followers.values.filter({ !$0.isAsked }).map(\.due).min() {
      let now = elapsed()
      if due > now {
        wakesAt = due
        let clock = clock
        let sleep = Task { _ = try? await clock.sleep(for: due - now) }
        self.sleep = sleep
        await sleep.value
        continue
      }
      ask(followers.filter { !$0.value.isAsked && $0.value.due <= now + Self.slack })
    }
    loop = nil
    sleep = nil
  }

  private func ask(_ due: [Int: Follower]) {
    for number in due.keys { followers[number]?.isAsked = true }
    guard let client = due.values.first?.client else { return }
    if costs.prefersList(for: due.count) {
      lastNumber += 1
      let id = lastNumber
      let task = Task { await askList(due, client, id) }
      listPolls[id] = ListPoll(followers: Set(due.keys), task: task)
    } else {
      askSingly(due)
    }
  }

  private func askSingly(_ due: [Int: Follower]) {
    for (number, follower) in due {
      followers[number]?.asking = Task {
        do throws(ReplicateError) {
          let (now, size) = try await follower.client.core.exchange(
            .prediction(follower.watch.last.id))
          costs.took(bytesForOne: size)
          take(now, size: size, for: number)
        } catch {
          fail(number, error)
        }
      }
    }
  }

  /// Gets a page of the list, and polls singly what isn't on it.
  private func askList(_ due: [Int: Follower], _ client: Client, _ id: Int) async {
    defer { listPolls[id] = nil }
    do throws(ReplicateError) {
      let (page, size) = try await client.core.exchange(.predictions(), policy: .never)
      listPolls[id] = nil
      var found: [Prediction.ID: Prediction] = [:]
      for prediction in page.results { found[prediction.id] = prediction }
      var missing: [Int: Follower] = [:]
      for (number, follower) in due {
        if let now = found[follower.watch.last.id] {
          take(now, size: size / max(1, page.results.count), for: number)
        } else {
          missing[number] = follower
        }
      }
      costs.took(bytesForPage: size, found: due.count - missing.count, of: due.count)
      askSingly(missing)
    } catch {
      if error.reason == .canceled { return }
      // The list has its own rate limit, so single calls may still succeed.
      costs.listFailed()
      askSingly(due)
    }
  }

  private func take(_ now: Prediction, size: Int, for number: Int) {
    guard var follower = followers[number] else { return }
    follower.watch.schedule.answered(size: size)
    if now.hasNews(since: follower.watch.last) {
      follower.watch.last = now
      follower.watch.schedule.foundNews()
      end(number, .success(follower.watch))
    } else {
      askAgain(number, follower)
    }
  }

  private func fail(_ number: Int, _ error: ReplicateError) {
    guard var follower = followers[number] else { return }
    if follower.watch.schedule.mayPass(error) {
      askAgain(number, follower)
    } else {
      end(number, .failure(error))
    }
  }

  private func askAgain(_ number: Int, _ follower: Follower) {
    var follower = follower
    follower.due = elapsed() + (follower.isHurried ? .zero : follower.watch.schedule.nextDelay())
    follower.isHurried = false
    follower.isAsked = false
    follower.asking = nil
    followers[number] = follower
    wake(by: follower.due)
  }
}

/// The measured costs of the two ways to poll, which decide between them.
struct PollCosts: Sendable, Hashable {
  /// The cost of a call without its answer, in bytes: the headers, and the work of the service.
  static let call = 1_500.0
  /// The fewest predictions for which the list is considered.
  static let fewest = 6

  private(set) var bytesForOne = 2_000.0
  /// Nil until a page has been read. Until then, a page counts as a hundred predictions.
  private(set) var bytesForPage: Double?
  /// The share of polled predictions that were on the page, from 0 to 1.
  private(set) var share = 1.0
  /// How many more times the list isn't considered, after a failure.
  private(set) var pause = 0

  mutating func prefersList(for count: Int) -> Bool {
    guard count >= Self.fewest else { return false }
    if pause > 0 {
      pause -= 1
      return false
    }
    let one = bytesForOne + Self.call
    let page = (bytesForPage ?? bytesForOne * 100) + Self.call
    return page + (1 - share) * Double(count) * one < Double(count) * one
  }

  mutating func took(bytesForOne size: Int) {
    bytesForOne += (Double(size) - bytesForOne) / 4
  }

  mutating func took(bytesForPage size: Int, found: Int, of count: Int) {
    let old = bytesForPage ?? Double(size)
    bytesForPage = old + (Double(size) - old) / 4
    share += (Double(found) / Double(max(1, count)) - share) / 2
    // Later the list gets another chance.
    if share < 0.5 { pause = 20 }
  }

  mutating func listFailed() { pause = 20 }
}

extension Prediction {
  /// Whether this answer differs from an older one. The service's two back ends write times and
  /// missing values differently, so those differences don't count.
  package func hasNews(since other: Self) -> Bool {
    status != other.status || output != other.output || logs != other.logs
      || error != other.error || metrics != other.metrics
      || (startedAt == nil) != (other.startedAt == nil)
      || (completedAt == nil) != (other.completedAt == nil)
      || (urls.stream == nil) != (other.urls.stream == nil)
      || isDataRemoved != other.isDataRemoved
  }
}
