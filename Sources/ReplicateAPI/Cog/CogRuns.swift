import OrderedCollections

/// Makes the runs on a cog server and remembers them.
///
/// Such a server answers a run only when it has ended, most run one at a time, and none remembers any.
/// So each run has a task here that holds its call, the runs wait for each other here, and their
/// list is kept here.
actor CogRuns {
  private let server: CogServer
  private let clock: any Clock<Duration>
  private let now: @Sendable () -> Timestamp
  /// By ID, oldest first.
  private var runs: OrderedDictionary<String, CogRun> = [:]
  private var tasks: [String: Task<Void, Never>] = [:]
  private var helpers: [Int: Task<Void, Never>] = [:]
  private var lastHelper = 0
  /// The run that may be sent next. It keeps its turn until the server has accepted it.
  private var turn: String?
  /// The runs that wait for their turn, in order.
  private var line: [(id: String, wakeUp: AsyncStream<Void>.Continuation)] = []
  /// The runs that the server has accepted.
  private var accepted: Set<String> = []
  private var isShutDown = false

  /// How many runs are remembered.
  private static let maximumCount = 500
  /// How many bytes their inputs, outputs, and logs may take, apart from the newest’s.
  private static let maximumSize = 64 << 20
  /// How many may be at the server at once. Each takes a connection.
  private static let maximumAccepted = 16
  /// How many runs a list looks at. Those that the server took last are looked at.
  private static let maximumLooks = 4
  /// How long a create waits for a refusal. After that the run counts as accepted.
  static let grace = Duration.milliseconds(300)
  /// How long a cancel waits for the run’s end.
  private static let cancelGrace = Duration.seconds(1)
  /// How long a health check may take.
  private static let longestSilence = Duration.seconds(2)
  private static let firstPause = Duration.milliseconds(250)
  private static let longestPause = Duration.seconds(2)

  init(
    _ server: CogServer, clock: any Clock<Duration>, now: @escaping @Sendable () -> Timestamp
  ) {
    self.server = server
    self.clock = clock
    self.now = now
  }

  /// Whether the server has a run.
  var isBusy: Bool { !accepted.isEmpty }

  /// Starts a run.
  ///
  /// - Throws: If the server can’t be reached. Then there is no run.
  func create(
    _ request: CogRequest, model: CogModel, headers: CogServer.Headers
  ) async throws(TransportError) -> CogAnswer {
    if isShutDown { throw .unreachable("the connection was closed") }
    guard makeRoom() else {
      return .problem(
        429, "Too many runs",
        "\(Self.maximumCount) runs wait for this cog server. Another can be made when one has ended."
      )
    }
    let isFirst = turn == nil && line.isEmpty && accepted.count < Self.maximumAccepted
    var run = CogRun(request, model: model, headers: headers, at: now())
    let id = run.id
    if let cancelAfter = request.cancelAfter, let start = run.createdAt.secondsSince1970 {
      run.deadline = Timestamp(secondsSince1970: start + cancelAfter / .seconds(1))
      help { [clock] runs in
        do { try await clock.sleep(for: cancelAfter) } catch { return }
        runs.endAtDeadline(id)
      }
    }
    runs[id] = run
    tasks[id] = Task { await perform(id, request.body(id: id), headers) }
    // One that waits in line can’t be refused soon.
    let wait = max(request.wait, isFirst ? Self.grace : .zero)
    if wait > .zero { await settle(id, within: wait) }
    guard let refusal = runs[id]?.refusal else {
      runs[id]?.isBeingCreated = false
      if Task.isCancelled { throw .canceled }
      return runs[id].map { .json($0.json(server.baseURL), status: 201) } ?? Self.unknown
    }
    runs[id] = nil
    switch refusal {
    case .answer(let answer): return answer
    case .failure(let error): throw error
    }
  }

  /// What is known of a run.
  func prediction(_ id: String) async -> CogAnswer {
    await look(id)
    return runs[id].map { .json($0.json(server.baseURL)) } ?? Self.unknown
  }

  /// Ends a run, and waits a moment for its end.
  func cancel(_ id: String) async -> CogAnswer {
    guard runs[id] != nil else { return Self.unknown }
    requestCancel(id, as: .canceled)
    await settle(id, within: Self.cancelGrace)
    return runs[id].map { .json($0.json(server.baseURL)) } ?? Self.unknown
  }

  /// The runs, newest first.
  ///
  /// - Parameter query: `created_after`, `created_before`, and the `cursor` of another page.
  func list(_ query: [String: String]) async -> CogAnswer {
    for run in runs.values.filter(\.isVisible).suffix(Self.maximumLooks) { await look(run.id) }
    let after = query["created_after"].flatMap { Timestamp($0).secondsSince1970 }
    let before = query["created_before"].flatMap { Timestamp($0).secondsSince1970 }
    let start = query["cursor"].flatMap { runs.index(forKey: $0) } ?? runs.count
    var page: [JSONValue] = []
    var size = 0
    var next: String?
    for run in runs.values[..<start].reversed() {
      let time = run.createdAt.secondsSince1970 ?? 0
      if let after, time < after { break }
      if let before, time >= before { continue }
      if !page.isEmpty, page.count >= 100 || size + run.size > Self.maximumSize { break }
      page.append(run.json(server.baseURL))
      size += run.size
      next = run.id
    }
    let isLast = page.isEmpty || next == runs.keys.first
    return .page(
      page, next: isLast ? nil : next.map { "\(server.baseURL)/predictions?cursor=\($0)" })
  }

  /// Ends all calls. A server that notices it ends the runs, too.
  func shutdown() async {
    isShutDown = true
    let all = Array(tasks.values) + Array(helpers.values)
    for task in all { task.cancel() }
    for task in all { await task.value }
    for id in Array(runs.keys) where isOpen(id) {
      end(id, .failed, "The connection to the cog server was closed.")
      wake(id)
    }
  }

  private static let unknown = CogAnswer.missing(
    """
    A cog server doesn’t remember its runs, and this one wasn’t made since the program started.
    """)
}

// MARK: One run

extension CogRuns {
  private enum Outcome {
    case ended
    /// The server is busy or not ready yet.
    case again
  }

  private func perform(_ id: String, _ body: [UInt8], _ headers: CogServer.Headers) async {
    var pause = Self.firstPause
    while isOpen(id), await hasTurn(id), isOpen(id) {
      if await isBlocked(for: id) {
        do { try await clock.sleep(for: pause) } catch { break }
        continue
      }
      guard isOpen(id) else { break }
      runs[id]?.phase = .sent
      runs[id]?.sentAt = now()
      let acceptance = Task { [clock] in
        do { try await clock.sleep(for: Self.grace) } catch { return }
        accept(id)
      }
      let result: Result<CogServer.Answer, TransportError>
      do throws(TransportError) {
        result = .success(try await server.run(id, body, headers))
      } catch {
        result = .failure(error)
      }
      acceptance.cancel()
      accepted.remove(id)
      guard !Task.isCancelled, await take(result, id) == .again, isOpen(id) else { break }
      if runs[id]?.isCancelRequested == true {
        end(id, .canceled)
        break
      }
      runs[id]?.phase = .waiting
      runs[id]?.status = .starting
      runs[id]?.startedAt = nil
      do { try await clock.sleep(for: pause) } catch { break }
      pause = min(pause * 2, Self.longestPause)
    }
    accepted.remove(id)
    tasks[id] = nil
    if turn == id { turn = nil }
    passTurn()
    wake(id)
  }

  /// Takes what the server shows of a run that is under way.
  private func look(_ id: String) async {
    guard let run = runs[id], run.isVisible else { return }
    var state: JSONValue?
    // If this fails, the run’s own answer will say why.
    do { state = try await server.state(of: id, run.headers) } catch {}
    if let state, runs[id]?.phase == .accepted { runs[id]?.show(state) }
  }

  private func isOpen(_ id: String) -> Bool {
    runs[id].map { $0.phase != .ended } ?? false
  }

  /// Counts a run as accepted and lets the next one try.
  private func accept(_ id: String) {
    guard !Task.isCancelled, runs[id]?.phase == .sent else { return }
    runs[id]?.accept()
    accepted.insert(id)
    if turn == id { turn = nil }
    passTurn()
  }

  private func take(_ result: Result<CogServer.Answer, TransportError>, _ id: String) async
    -> Outcome
  {
    switch result {
    case .failure(let error): lose(id, error)
    case .success(let answer):
      switch answer.status {
      // An answer before the end means that the server has a run of this ID, which nobody made.
      case 202, 409, 503:
        if let failure = await failure(runs[id]?.headers ?? []) {
          end(id, .failed, failure)
        } else {
          return .again
        }
      case 200..<300:
        guard let document = answer.document, document.object != nil else {
          end(id, .failed, "The cog server’s answer can’t be read.")
          break
        }
        runs[id]?.end(with: document, size: answer.body.count, at: now())
      case 400..<500:
        if runs[id]?.isBeingCreated == true {
          refuse(id, .answer(CogAnswer(status: answer.status, body: answer.body)))
        } else {
          end(id, .failed, Self.words(answer))
        }
      default: end(id, .failed, Self.words(answer))
      }
    }
    return .ended
  }

  /// Whether the server is one that answers nothing while it runs, and has a run now.
  ///
  /// The oldest ones (0.9) do that. They would take another run, but couldn’t cancel it anymore.
  private func isBlocked(for id: String) async -> Bool {
    guard !accepted.isEmpty, let run = runs[id], !run.model.isCoglet else { return false }
    do {
      _ = try await server.health(run.headers, within: Self.longestSilence)
      return false
    } catch {
      return error == .timedOut
    }
  }

  /// Why the server runs nothing; nil if it may, or if it doesn’t say.
  private func failure(_ headers: CogServer.Headers) async -> String? {
    do { return try await server.health(headers)?.failure } catch { return nil }
  }

  /// Ends a run whose call failed.
  private func lose(_ id: String, _ error: TransportError) {
    if runs[id]?.isCancelRequested == true { return end(id, .canceled) }
    switch error {
    case .unreachable, .misconfigured, .untrusted:
      if runs[id]?.isBeingCreated == true { return refuse(id, .failure(error)) }
    default: break
    }
    let words =
      switch error {
      case .unreachable(let reason): "The cog server couldn’t be reached: \(reason)."
      case .unreadable(let what): "The cog server’s answer can’t be read: \(what)."
      case .timedOut: "The cog server didn’t answer in time."
      default: "The connection to the cog server was lost before it gave the output."
      }
    end(id, .failed, words)
  }

  private func refuse(_ id: String, _ refusal: CogRun.Refusal) {
    runs[id]?.refusal = refusal
    runs[id]?.phase = .ended
  }

  private func end(_ id: String, _ status: Prediction.Status, _ error: String? = nil) {
    runs[id]?.end(status, error, at: now())
  }

  private static func words(_ answer: CogServer.Answer) -> String {
    let problem = ErrorAnswer(status: answer.status, headers: answer.headers, body: answer.body)
    let fields = problem.invalidFields.prefix(20).map {
      $0.field.isEmpty ? $0.description : "\($0.field): \($0.description)"
    }
    let detail = fields.isEmpty ? problem.detail : fields.joined(separator: "; ")
    if answer.status == 422 || answer.status == 400 {
      return "The cog server rejected the input: \(detail)"
    }
    return "The cog server answered with status \(answer.status). \(detail)"
  }
}

// MARK: The end of a run

extension CogRuns {
  private func endAtDeadline(_ id: String) {
    guard isOpen(id) else { return }
    requestCancel(id, as: .aborted)
  }

  /// - Parameter status: The status of a run that the server doesn’t have yet.
  private func requestCancel(_ id: String, as status: Prediction.Status) {
    guard let run = runs[id] else { return }
    switch run.phase {
    case .ended: return
    case .waiting:
      end(id, status)
      tasks[id]?.cancel()
      wake(id)
    case .sent, .accepted:
      runs[id]?.isCancelRequested = true
      // The oldest servers answer nothing while they run.
      help { [server] _ in
        do { try await server.cancel(id, run.headers) } catch {}
      }
    }
  }

  /// Waits until a run has ended or was refused, but no longer than a duration.
  private func settle(_ id: String, within limit: Duration) async {
    guard isOpen(id) else { return }
    let (ends, continuation) = AsyncStream<Void>.makeStream()
    runs[id]?.waiters.append(continuation)
    await withTaskGroup(of: Void.self) { [clock] group in
      group.addTask { for await _ in ends {} }
      group.addTask {
        do { try await clock.sleep(for: limit) } catch {}
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func wake(_ id: String) {
    guard !isOpen(id) else { return }
    for waiter in runs[id]?.waiters ?? [] { waiter.finish() }
    runs[id]?.waiters = []
    saveMemory()
  }

  /// Does something in a task that ends with the runs.
  private func help(_ work: @escaping @Sendable (isolated CogRuns) async -> Void) {
    lastHelper += 1
    let number = lastHelper
    helpers[number] = Task {
      await work(self)
      helpers[number] = nil
    }
  }
}

// MARK: Turns and memory

extension CogRuns {
  /// Waits for a run’s turn.
  ///
  /// - Returns: Whether it has it; if not, it was canceled.
  private func hasTurn(_ id: String) async -> Bool {
    if turn == id { return true }
    let (turns, continuation) = AsyncStream<Void>.makeStream()
    line.append((id, continuation))
    passTurn()
    for await _ in turns {}
    line.removeAll { $0.id == id }
    return turn == id
  }

  private func passTurn() {
    guard turn == nil, accepted.count < Self.maximumAccepted, !line.isEmpty else { return }
    let next = line.removeFirst()
    turn = next.id
    next.wakeUp.finish()
  }

  /// Forgets the oldest run that has ended if there are too many.
  ///
  /// - Returns: Whether there is room for another one.
  private func makeRoom() -> Bool {
    guard runs.count >= Self.maximumCount else { return true }
    guard let oldest = runs.values.firstIndex(where: { $0.phase == .ended }) else { return false }
    runs.remove(at: oldest)
    return true
  }

  /// Drops the data of the oldest runs that have ended if it takes too much memory.
  private func saveMemory() {
    var total = 0
    for index in runs.values.indices.reversed() {
      let run = runs.values[index]
      total += run.size
      guard total > Self.maximumSize, index < runs.count - 1, run.phase == .ended else { continue }
      total -= run.size
      runs.values[index].removeData()
    }
  }
}
