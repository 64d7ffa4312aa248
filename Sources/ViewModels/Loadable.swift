import ReplicateAPI

/// Something that is asked of the service: on its way, there, or failed; the last good value stays.
public struct Loadable<Value: Sendable>: Sendable {
  public private(set) var value: Value?
  public private(set) var isLoading = false
  public private(set) var failure: ReplicateError?

  public init(_ value: Value? = nil) {
    self.value = value
  }

  public mutating func begin() {
    isLoading = true
  }

  public mutating func finish(_ newValue: Value) {
    value = newValue
    isLoading = false
    failure = nil
  }

  public mutating func fail(_ error: ReplicateError) {
    isLoading = false
    failure = error
  }

  /// Forgets what was loaded; for when something else is asked for.
  public mutating func reset() {
    self = Loadable()
  }

  /// Changes the value in place, where there is one.
  public mutating func update(_ change: (inout Value) -> Void) {
    if var changed = value {
      change(&changed)
      value = changed
    }
  }
}

/// What is under way for a view-model: tasks that end with it, answers that may come too late, and
/// a way for tests to wait for quiet.
@MainActor
public final class Activity {
  private var tasks: [Int: Task<Void, Never>] = [:]
  private var nextTask = 0
  private var generations: [String: Int] = [:]
  private var waiters: [CheckedContinuation<Void, Never>] = []

  public init() {}

  isolated deinit {
    for task in tasks.values { task.cancel() }
  }

  public var isQuiet: Bool { tasks.isEmpty }

  /// Starts a task that is cancelled when this goes away.
  @discardableResult
  public func start(_ work: @escaping @MainActor () async -> Void) -> Task<Void, Never> {
    let number = nextTask
    nextTask += 1
    let task = Task { [weak self] in
      await work()
      self?.ended(number)
    }
    tasks[number] = task
    return task
  }

  /// Starts a task that replaces the one asked for under the same name: `work` is handed a question
  /// that is false once a newer one was started, so that a late answer can be dropped.
  public func restart(
    _ name: String, _ work: @escaping @MainActor (_ isCurrent: @MainActor () -> Bool) async -> Void
  ) {
    let generation = (generations[name] ?? 0) + 1
    generations[name] = generation
    start { [weak self] in
      await work { self?.generations[name] == generation }
    }
  }

  /// Answers that are still on their way under this name will be dropped.
  public func drop(_ name: String) {
    generations[name, default: 0] += 1
  }

  public func cancelAll() {
    for task in tasks.values { task.cancel() }
  }

  /// Waits for what is under way; tests use it instead of sleeping.
  package func settled() async {
    while !tasks.isEmpty {
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  private func ended(_ number: Int) {
    tasks[number] = nil
    guard tasks.isEmpty else { return }
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}
