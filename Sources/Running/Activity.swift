/// What is under way for one owner: tasks that end with it, and a way for tests to wait for quiet.
///
/// Starting what is already under way under the same name cancels it, down to the network call, so an
/// answer that nobody is waiting for anymore costs nothing. Work that must never be canceled, such as
/// creating a prediction, is started by ``startForGood(_:_:)``.
@MainActor
public final class Activity {
  private var tasks: [Int: Task<Void, Never>] = [:]
  private var named: [String: Int] = [:]
  private var lastTask = 0
  private var waiters: [CheckedContinuation<Void, Never>] = []

  public init() {}

  isolated deinit {
    for task in tasks.values { task.cancel() }
  }

  public var isQuiet: Bool { tasks.isEmpty }

  /// Whether work of this name is under way.
  public func isUnderWay(_ name: String) -> Bool { named[name] != nil }

  /// Starts a task that is canceled when this goes away, or when another of the same name starts.
  ///
  /// After each `await` the work has to look at `Task.isCancelled` before it changes anything: a
  /// canceled task may still be handed its answer.
  public func start(_ name: String? = nil, _ work: @escaping @MainActor () async -> Void) {
    if let name { cancel(name) }
    lastTask += 1
    let number = lastTask
    if let name { named[name] = number }
    tasks[number] = Task { [weak self] in
      if !Task.isCancelled { await work() }
      self?.ended(number, name)
    }
  }

  /// Starts work that nothing here can cancel, such as a create. It only counts as under way.
  public func startForGood(_ name: String, _ work: @escaping @MainActor () async -> Void) {
    let work = Task { await work() }
    start(name) { await work.value }
  }

  /// Cancels the work of this name, if any is under way.
  public func cancel(_ name: String) {
    guard let number = named.removeValue(forKey: name) else { return }
    tasks[number]?.cancel()
  }

  public func cancelAll() {
    named = [:]
    for task in tasks.values { task.cancel() }
  }

  /// Waits for what is under way; tests use it instead of sleeping.
  package func settled() async {
    while !tasks.isEmpty {
      await withCheckedContinuation { waiters.append($0) }
    }
  }

  private func ended(_ number: Int, _ name: String?) {
    tasks[number] = nil
    if let name, named[name] == number { named[name] = nil }
    guard tasks.isEmpty else { return }
    let woken = waiters
    waiters = []
    for waiter in woken { waiter.resume() }
  }
}
