import Observation
import ReplicateAPI
import Running

/// Keeps what is in the forms of an account that hasn't been sent, so that it is there again after
/// the program has ended, however it ended.
///
/// The first change of a form is written at once, later ones at most twice a second. Nothing is
/// written on the main thread.
@MainActor @Observable
public final class Drafts {
  /// Why the values can't be kept, the last time that failed.
  public private(set) var failure: String?

  @ObservationIgnored private let store: any SavedInputStore
  @ObservationIgnored private let time: TimeSource
  @ObservationIgnored private var watches: [ObjectIdentifier: Watch] = [:]
  @ObservationIgnored private var isFinishing = false
  @ObservationIgnored private var hasReported = false
  /// Called with the reason the first time that values can't be kept.
  @ObservationIgnored var onFailure: @MainActor (String) -> Void = { _ in }

  /// The pause between two writes.
  static let pause = Duration.milliseconds(500)

  /// One form that is watched.
  @MainActor
  private final class Watch {
    let form: InputForm
    var id = SavedInput.ID()
    /// The drafts whose values are in the form. They are removed once its own is kept.
    var sources: [SavedInput] = []
    /// Whether something of the sources isn't in the form, so that they are kept otherwise.
    var isPartial = false
    /// With these values there is no draft.
    var baseline: FormSnapshot
    /// The values that were kept last.
    var stored: FormSnapshot
    var isStored = false
    var isStale = false
    var work: Task<Void, Never>?
    var pause: Task<Void, Never>?

    init(_ form: InputForm, _ baseline: FormSnapshot) {
      self.form = form
      self.baseline = baseline
      stored = baseline
    }

    /// Whether nothing of the drafts fits this version, and nothing was done about it.
    func isUntouched(_ snapshot: FormSnapshot) -> Bool {
      snapshot.isEmpty && snapshot == stored && isPartial
    }
  }

  init(_ store: any SavedInputStore, time: TimeSource) {
    self.store = store
    self.time = time
  }

  isolated deinit {
    for watch in watches.values { watch.pause?.cancel() }
  }

  // MARK: Reading

  /// What is kept for a model, newest first. A failure isn't worth more than a message.
  func saved(of model: ModelID) async -> [SavedInput] {
    do {
      return try await store.saved(of: model)
    } catch {
      failure = "\(error)"
      return []
    }
  }

  func identify(as account: String) async {
    do { try await store.identify(as: account) } catch { failure = "\(error)" }
  }

  // MARK: Following forms

  /// Keeps the values of a form from now on.
  ///
  /// - Parameters:
  ///   - sources: The drafts that the form was filled in from.
  ///   - isPartial: Whether something of these isn't in the form.
  func follow(_ form: InputForm, from sources: [SavedInput] = [], isPartial: Bool = false) {
    let watch = Watch(form, sources.isEmpty ? form.snapshot : FormSnapshot())
    watch.sources = sources
    watch.isPartial = isPartial
    if !sources.isEmpty { watch.stored = form.snapshot }
    watches[ObjectIdentifier(form)] = watch
    observe(watch)
    report()
  }

  /// Ends the draft of a form that was sent. What was typed since is another one.
  func end(_ form: InputForm, _ sent: InputForm.Sending) {
    guard let watch = watches[ObjectIdentifier(form)] else { return }
    watch.baseline = sent.snapshot
    changed(watch)
  }

  /// Stops following a form that another one takes the place of, and keeps its values as those of a
  /// replaced draft, if it has any that weren't sent.
  ///
  /// - Returns: The drafts that a form would be filled in from that takes the values over.
  @discardableResult
  func replace(_ form: InputForm, isTakenOver: Bool = false) -> [SavedInput] {
    guard let watch = watches.removeValue(forKey: ObjectIdentifier(form)) else { return [] }
    let snapshot = form.snapshot
    let isDraft = snapshot != watch.baseline && !snapshot.isEmpty
    var sources = watch.sources
    if isDraft { sources.append(saved(snapshot, watch, .draft)) }
    watch.pause?.cancel()
    guard !isTakenOver else { return sources }
    keep(sources, as: .replaced)
    return []
  }

  /// Keeps the values that are about to be replaced in a form.
  func keepReplaced(_ form: InputForm) {
    guard let watch = watches[ObjectIdentifier(form)] else { return }
    let snapshot = form.snapshot
    guard snapshot != watch.baseline, !snapshot.isEmpty else { return }
    var replaced = saved(snapshot, watch, .replaced)
    replaced.id = SavedInput.ID()
    keep([replaced], as: .replaced)
  }

  private func keep(_ inputs: [SavedInput], as kind: SavedInput.Kind) {
    guard !inputs.isEmpty else { return }
    let now = Timestamp(secondsSince1970: time.now())
    pendingWrites.append(
      Task { [store, weak self] in
        for var input in inputs {
          input.kind = kind
          input.savedAt = max(input.savedAt, now)
          do { try await store.keep(input) } catch { self?.failed(error) }
        }
      })
  }

  @ObservationIgnored private var pendingWrites: [Task<Void, Never>] = []

  // MARK: Presets

  /// Keeps a preset, or throws why it can't be kept.
  func keep(_ input: SavedInput) async throws { try await store.keep(input) }

  func remove(_ input: SavedInput) async throws {
    try await store.remove(input.id, of: input.model)
  }

  // MARK: Writing

  private func observe(_ watch: Watch) {
    withObservationTracking {
      _ = watch.form.snapshot
    } onChange: { [weak self, weak watch] in
      // The change itself comes after this.
      Task { @MainActor in
        guard let self, let watch else { return }
        self.changed(watch)
      }
    }
  }

  private func changed(_ watch: Watch) {
    watch.isStale = true
    guard watch.work == nil else { return }
    watch.work = Task { [weak self] in
      while await self?.write(watch) == true {}
      watch.work = nil
    }
  }

  /// Writes a form's values as they are now, and waits a little.
  ///
  /// - Returns: Whether they have changed in the meantime.
  private func write(_ watch: Watch) async -> Bool {
    watch.isStale = false
    observe(watch)
    guard watches[ObjectIdentifier(watch.form)] === watch else { return false }
    let snapshot = watch.form.snapshot
    await write(snapshot, watch)
    if !isFinishing {
      let pause = Task { [clock = time.clock] in
        // Cut short by the end of the program.
        _ = try? await clock.sleep(for: Self.pause)
      }
      watch.pause = pause
      await pause.value
      watch.pause = nil
    }
    return watch.isStale
  }

  private func write(_ snapshot: FormSnapshot, _ watch: Watch) async {
    let isNone = snapshot == watch.baseline || snapshot.isEmpty
    if isNone, !watch.isStored, watch.sources.isEmpty || watch.isUntouched(snapshot) { return }
    if !isNone, snapshot == watch.stored { return }
    do {
      if isNone {
        if watch.isStored { try await store.remove(watch.id, of: watch.form.model) }
        watch.isStored = false
        // A new draft is a new one.
        watch.id = SavedInput.ID()
      } else {
        try await store.keep(saved(snapshot, watch, .draft))
        watch.isStored = true
      }
      watch.stored = snapshot
      for source in watch.sources {
        try await Self.release(source, isPartial: watch.isPartial, in: store)
      }
      watch.sources = []
      failure = nil
    } catch {
      failed(error)
    }
  }

  /// Removes a draft whose values are in a form, or keeps it as a replaced one if some of them aren't.
  private static func release(
    _ source: SavedInput, isPartial: Bool, in store: any SavedInputStore
  ) async throws {
    guard isPartial else { return try await store.remove(source.id, of: source.model) }
    var kept = source
    kept.kind = .replaced
    try await store.keep(kept)
  }

  private func saved(
    _ snapshot: FormSnapshot, _ watch: Watch, _ kind: SavedInput.Kind
  ) -> SavedInput {
    SavedInput(
      snapshot, of: watch.form, id: watch.id, kind: kind,
      savedAt: Timestamp(secondsSince1970: time.now()))
  }

  private func failed(_ error: any Error) {
    failure = "\(error)"
    report()
  }

  /// Says once that nothing can be kept, when there is a form that it matters to.
  private func report() {
    guard let failure, !hasReported else { return }
    hasReported = true
    onFailure(failure)
  }

  // MARK: The end

  /// Writes what hasn't been written. Waits for no pause.
  package func finish() async {
    isFinishing = true
    for watch in watches.values { watch.pause?.cancel() }
    // A change that was just made is known only after its observation was called.
    for watch in watches.values where watch.work == nil { changed(watch) }
    while let work = watches.values.lazy.compactMap(\.work).first { await work.value }
    for write in pendingWrites { await write.value }
    pendingWrites = []
    isFinishing = false
  }

  /// What is left to write when the main thread waits for nothing else anymore. Each returns why it
  /// failed.
  func lastWrites() -> [@Sendable () async -> String?] {
    watches.values.flatMap { watch -> [@Sendable () async -> String?] in
      let snapshot = watch.form.snapshot
      if snapshot == watch.baseline || snapshot.isEmpty {
        if watch.isUntouched(snapshot) { return [] }
        var writes = watch.sources.map { source in
          last { [isPartial = watch.isPartial] in
            try await Self.release(source, isPartial: isPartial, in: $0)
          }
        }
        if watch.isStored {
          writes.append(
            last { [id = watch.id, model = watch.form.model] in try await $0.remove(id, of: model) }
          )
        }
        return writes
      }
      guard snapshot != watch.stored else { return [] }
      let input = saved(snapshot, watch, .draft)
      return [last { try await $0.keep(input) }]
    }
  }

  private func last(
    _ write: @escaping @Sendable (any SavedInputStore) async throws -> Void
  ) -> @Sendable () async -> String? {
    { [store] in
      do {
        try await write(store)
        return nil
      } catch {
        return "\(error)"
      }
    }
  }
}
