extension Client {
  /// Creates a prediction, and never two, whatever goes wrong.
  ///
  /// The intent is stored first. A call that was refused with 429 or never sent is sent again. If
  /// the answer is lost (a lost connection, a timeout, an error of the service), the account's
  /// predictions are searched for one that was created since, matches the target and the input, and
  /// belongs to no other intent. If there is exactly one, it is returned. Otherwise nothing is
  /// guessed or sent again.
  ///
  /// - Parameters:
  ///   - request: What to run.
  ///   - store: Where the intent is stored. All programs of an account should share one.
  ///   - isRepeated: Sends it even though an identical run may have started already. The doubt about
  ///     that one is dropped.
  ///   - id: The intent's ID, for a caller that has to find out later what became of it.
  /// - Throws: ``ReplicateError/Reason/outcomeUnknown(candidates:)`` if the search isn't
  ///   conclusive. If nothing was sent: ``ReplicateError/Reason/mayHaveStarted(at:)`` if nobody
  ///   knows whether an identical run has started, and
  ///   ``ReplicateError/Reason/notRecorded(reason:)`` if the store fails.
  @concurrent
  public func create(
    _ request: PredictionRequest, recording store: any PredictionIntentStore,
    evenIfUncertain isRepeated: Bool = false, as id: PredictionIntent.ID = PredictionIntent.ID()
  ) async throws(ReplicateError) -> Prediction {
    let endpoint = Endpoint.createPrediction(request)
    let intent = PredictionIntent(
      request, id: id, key: core.configuration.token ?? "", serverTime: core.serverTime.now,
      notedAt: core.localTime())
    var doubts: [PredictionIntent] = []
    do {
      doubts = try await store.unsettled().filter {
        $0.state != .underWay && $0.isIdentical(to: intent)
      }
      if let latest = doubts.last, !isRepeated {
        throw ReplicateError(.mayHaveStarted(at: latest.notedAt), route: endpoint.route)
      }
      try await store.record(intent)
    } catch let error as ReplicateError {
      throw error
    } catch {
      throw ReplicateError(.notRecorded(reason: "\(error)"), route: endpoint.route)
    }
    let prediction: Prediction
    do throws(ReplicateError) {
      prediction = try await core.send(endpoint)
    } catch {
      guard error.isAmbiguous else {
        await settle(intent, as: .refused, in: store)
        throw error
      }
      await drop(doubts, in: store)
      // A canceled task doesn't wait for a search. The intent stays open and can be sought later.
      if error.reason == .canceled {
        await settle(intent, as: .sought, in: store)
        throw error
      }
      do throws(ReplicateError) {
        return try await seek(intent, in: store)
      } catch {
        var error = error
        if error.route == nil { error.route = endpoint.route }
        if error.reason == .canceled { throw error }
        if case .outcomeUnknown = error.reason { throw error }
        // The list couldn't be read either.
        await settle(intent, as: .unknown(candidates: []), in: store)
        error.reason = .outcomeUnknown(candidates: [])
        throw error
      }
    }
    await drop(doubts, in: store)
    if await !settle(intent, as: .created(prediction.id), in: store) {
      // Another intent has it. The answer says that it is this one's.
      await settle(intent, as: .refused, in: store)
    }
    return prediction
  }

  /// Forgets doubts about runs that the caller has sent again, knowing of them. Those that are still
  /// being searched for stay.
  private func drop(_ doubts: [PredictionIntent], in store: any PredictionIntentStore) async {
    for doubt in doubts where !doubt.state.isOpen {
      await settle(doubt, as: .refused, in: store)
    }
  }

  /// Searches for the prediction of an intent whose answer was lost, such as in a crash.
  ///
  /// - Returns: The prediction, which belongs to the intent from now on.
  /// - Throws: ``ReplicateError/Reason/outcomeUnknown(candidates:)`` if the search isn't
  ///   conclusive.
  @concurrent
  public func seek(
    _ intent: PredictionIntent, in store: any PredictionIntentStore
  ) async throws(ReplicateError) -> Prediction {
    // One that couldn't be settled stays in doubt until it is found.
    if intent.state.isOpen { await settle(intent, as: .sought, in: store) }
    var round = 0
    var failures = 0
    while true {
      let before = round + failures
      if before > 0 { try await core.sleep(IntentSearch.delay(beforeRound: before)) }
      guard
        let found = try await candidates(
          for: intent, in: store, isLast: failures + 1 >= IntentSearch.rounds)
      else {
        failures += 1
        continue
      }
      switch IntentSearch.verdict(
        candidates: found.candidates.count,
        rivals: found.isWhole ? await rivals(of: intent, in: store) : .indistinct, round: round)
      {
      case .wait: break
      case .adopt:
        for candidate in found.candidates
        where await settle(intent, as: .created(candidate.id), in: store) {
          return candidate
        }
      // Another intent has just taken it, or the store failed.
      case .giveUp:
        let ids = found.candidates.map(\.id)
        await settle(intent, as: .unknown(candidates: ids), in: store)
        throw ReplicateError(.outcomeUnknown(candidates: ids))
      }
      round += 1
    }
  }

  /// Looks once more for the prediction of an intent that a search couldn't settle.
  ///
  /// - Returns: The prediction, which belongs to the intent from now on; nil if there is still doubt.
  @concurrent
  public func reconsider(
    _ intent: PredictionIntent, in store: any PredictionIntentStore
  ) async throws(ReplicateError) -> Prediction? {
    let found = try await candidates(for: intent, in: store)
    guard found.isWhole, let first = found.candidates.first else { return nil }
    let rivals = await rivals(of: intent, in: store)
    let verdict = IntentSearch.verdict(
      candidates: found.candidates.count, rivals: rivals, round: 0)
    guard verdict == .adopt, await settle(intent, as: .created(first.id), in: store) else {
      return nil
    }
    return first
  }

  /// The result of ``candidates(for:in:)``, or nil after a transient error unless this is the last
  /// round.
  private func candidates(
    for intent: PredictionIntent, in store: any PredictionIntentStore, isLast: Bool
  ) async throws(ReplicateError) -> (candidates: [Prediction], isWhole: Bool)? {
    do throws(ReplicateError) {
      return try await candidates(for: intent, in: store)
    } catch {
      let isUnreadable = if case .unreadable = error.reason { true } else { false }
      guard !isLast, error.isTransient || isUnreadable else { throw error }
      return nil
    }
  }

  /// The predictions that may belong to the intent and belong to no other, newest first, and
  /// whether the whole list could be read. An unreadable prediction might be the intent's.
  private func candidates(
    for intent: PredictionIntent, in store: any PredictionIntentStore
  ) async throws(ReplicateError) -> (candidates: [Prediction], isWhole: Bool) {
    let now = core.localTime().secondsSince1970 ?? 0
    let start = intent.window(until: now).lowerBound
    var candidates: [Prediction] = []
    var isWhole = true
    for try await page in pages(of: .predictions(createdAfter: Timestamp(secondsSince1970: start)))
    {
      candidates += page.results.filter { intent.fits($0, now: now) }
      if !page.unreadable.isEmpty || page.leadsBack { isWhole = false }
    }
    do {
      let claimed = try await store.claimed(candidates.map(\.id), byOthersThan: intent.id)
      return (candidates.filter { !claimed.contains($0.id) }, isWhole)
    } catch {
      // Without the store nobody knows whose they are.
      throw ReplicateError(.outcomeUnknown(candidates: candidates.map(\.id)))
    }
  }

  /// Other open intents that might own the same predictions.
  private func rivals(
    of intent: PredictionIntent, in store: any PredictionIntentStore
  ) async -> IntentSearch.Rivals {
    do {
      let others = try await store.unsettled().filter {
        $0.id != intent.id && $0.mayShare(with: intent)
      }
      if others.contains(where: { $0.state == .underWay }) { return .underWay }
      // Predictions that may differ only in secrets or files can't be told apart.
      let isDistinct = others.allSatisfy { $0.isIdentical(to: intent) }
      return isDistinct ? .identical(others.count) : .indistinct
    } catch {
      return .underWay
    }
  }

  /// Stores the state of an intent. A failure of the store is ignored: the prediction exists, and
  /// the intent stays open and can be sought.
  @discardableResult
  private func settle(
    _ intent: PredictionIntent, as state: PredictionIntent.State,
    in store: any PredictionIntentStore
  ) async -> Bool {
    do {
      return try await store.resolve(intent.id, as: state)
    } catch {
      return false
    }
  }
}

/// The rules of the search for a lost create. It takes several rounds, because a prediction may
/// appear late, and more while a similar create is under way.
enum IntentSearch {
  enum Verdict: Hashable {
    case wait, adopt, giveUp
  }

  /// Other open intents with the same target and input.
  enum Rivals: Hashable {
    /// Whichever prediction each of them gets, it is the one that was asked for.
    case identical(Int)
    case underWay, indistinct

    static let none = identical(0)
  }

  static let rounds = 40
  /// The number of rounds without a candidate after which the search ends.
  static let roundsForNone = 5

  static func delay(beforeRound round: Int) -> Duration {
    round < 3 ? .milliseconds(500 << (round - 1)) : .seconds(2)
  }

  static func verdict(candidates: Int, rivals: Rivals, round: Int) -> Verdict {
    if candidates == 0 { return round + 1 >= roundsForNone ? .giveUp : .wait }
    switch rivals {
    // A similar create that waits for its answer may own the candidate. Wait for it to end.
    case .underWay: return round + 1 >= rounds ? .giveUp : .wait
    case .indistinct: return .giveUp
    // More predictions than intents: some were made elsewhere.
    case .identical(let others): return candidates > others + 1 ? .giveUp : .adopt
    }
  }
}
