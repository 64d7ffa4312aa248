extension Client {
  /// Creates a prediction, and never two, whatever happens on the way.
  ///
  /// The intent is noted down first. What was put off (429) or never sent (no connection) is sent
  /// again. Where the answer is lost (the connection broke, the time ran out, the service failed), the
  /// predictions are searched for one that was created since, fits target and input, and belongs to
  /// no other intent: exactly one is taken for it; otherwise
  /// ``ReplicateError/Reason/outcomeUnknown(candidates:)`` says so, and nothing is guessed or sent
  /// again.
  @concurrent
  public func create(
    _ request: PredictionRequest, recording store: any PredictionIntentStore
  ) async throws(ReplicateError) -> Prediction {
    let endpoint = Endpoint.createPrediction(request)
    let intent = PredictionIntent(
      request, serverTime: core.serverTime.now, notedAt: core.localTime())
    do {
      try await store.record(intent)
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
      // Who cancels wants no more waiting; the intent stays open, and can be sought later.
      if error.reason == .cancelled {
        await settle(intent, as: .sought, in: store)
        throw error
      }
      do throws(ReplicateError) {
        return try await seek(intent, in: store)
      } catch {
        var error = error
        if error.route == nil { error.route = endpoint.route }
        throw error
      }
    }
    await settle(intent, as: .created(prediction.id), in: store)
    return prediction
  }

  /// Looks for what an intent created whose answer never came, as after a crash.
  ///
  /// - Returns: The prediction, which is the intent's from now on.
  /// - Throws: ``ReplicateError/Reason/outcomeUnknown(candidates:)`` where it can't be told.
  @concurrent
  public func seek(
    _ intent: PredictionIntent, in store: any PredictionIntentStore
  ) async throws(ReplicateError) -> Prediction {
    await settle(intent, as: .sought, in: store)
    var round = 0
    var failures = 0
    while true {
      let before = round + failures
      if before > 0 { try await core.sleep(IntentSearch.delay(beforeRound: before)) }
      guard
        let candidates = try await candidates(
          for: intent, in: store, isLast: failures + 1 >= IntentSearch.rounds)
      else {
        failures += 1
        continue
      }
      switch IntentSearch.verdict(
        candidates: candidates.count, rivals: await rivals(of: intent, in: store), round: round)
      {
      case .wait: break
      case .adopt:
        if await settle(intent, as: .created(candidates[0].id), in: store) {
          return candidates[0]
        }
      // Another took it in this very moment, or the store can't say.
      case .giveUp:
        let ids = candidates.map(\.id)
        await settle(intent, as: .unknown(candidates: ids), in: store)
        throw ReplicateError(.outcomeUnknown(candidates: ids))
      }
      round += 1
    }
  }

  /// What ``candidates(for:in:)`` finds, or nil where trouble that may pass kept the list from being
  /// read and it isn't the last time that it is asked.
  private func candidates(
    for intent: PredictionIntent, in store: any PredictionIntentStore, isLast: Bool
  ) async throws(ReplicateError) -> [Prediction]? {
    do throws(ReplicateError) {
      return try await candidates(for: intent, in: store)
    } catch {
      let isUnreadable = if case .unreadable = error.reason { true } else { false }
      guard !isLast, error.isTransient || isUnreadable else { throw error }
      return nil
    }
  }

  /// The predictions of the account that may be the intent's and are no other's, newest first.
  private func candidates(
    for intent: PredictionIntent, in store: any PredictionIntentStore
  ) async throws(ReplicateError) -> [Prediction] {
    let now = core.localTime().secondsSince1970 ?? 0
    let start = intent.window(until: now).lowerBound
    var candidates: [Prediction] = []
    for try await page in pages(of: .predictions(createdAfter: Timestamp(secondsSince1970: start)))
    {
      candidates += page.results.filter { intent.fits($0, now: now) }
    }
    do {
      let claimed = try await store.claimed(candidates.map(\.id), byOthersThan: intent.id)
      return candidates.filter { !claimed.contains($0.id) }
    } catch {
      // Whose they are can't be told; a person may know.
      throw ReplicateError(.outcomeUnknown(candidates: candidates.map(\.id)))
    }
  }

  /// What other intents that are still open might own the same predictions.
  private func rivals(
    of intent: PredictionIntent, in store: any PredictionIntentStore
  ) async -> IntentSearch.Rivals {
    do {
      let others = try await store.open().filter { $0.id != intent.id && $0.isLike(intent) }
      if others.contains(where: { $0.state == .underWay }) { return .underWay }
      // Of two with other secrets or files it can't be told whose one is.
      return others.isEmpty || intent.omitted.isEmpty ? .none : .indistinct
    } catch {
      return .underWay
    }
  }

  /// Notes down what became of an intent. A store that fails here takes nothing from the caller: what
  /// was created is created, and the intent, still open, can be sought.
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

/// How a lost create is looked for: several times, since it may show late, and patiently where a like
/// one is still under way.
enum IntentSearch {
  enum Verdict: Hashable {
    case wait, adopt, giveUp
  }

  /// Like intents that are still open.
  enum Rivals: Hashable {
    case none, underWay, indistinct
  }

  static let rounds = 40
  /// After so many rounds without a candidate there will be none.
  static let roundsForNone = 5

  static func delay(beforeRound round: Int) -> Duration {
    round < 3 ? .milliseconds(500 << (round - 1)) : .seconds(2)
  }

  static func verdict(candidates: Int, rivals: Rivals, round: Int) -> Verdict {
    if candidates == 0 { return round + 1 >= roundsForNone ? .giveUp : .wait }
    switch rivals {
    // A like one that waits for its answer may own what was found: its end decides.
    case .underWay: return round + 1 >= rounds ? .giveUp : .wait
    case .indistinct: return .giveUp
    case .none: break
    }
    if candidates > 1 || round + 1 >= rounds { return .giveUp }
    return .adopt
  }
}
