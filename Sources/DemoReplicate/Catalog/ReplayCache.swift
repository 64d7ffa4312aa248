import ReplicateAPI

/// Caches the results of replays.
actor ReplayCache {
  static let shared = ReplayCache()

  private var results: [Replay: Task<ReplayJob.Result, Never>] = [:]

  func result(of replay: Replay, _ model: DemoModel) async -> ReplayJob.Result {
    if let task = results[replay] { return await task.value }
    let task = Task {
      let input = EarlierInputs.input(of: model, variant: replay.variant)
      var random = SeededRandom("\(model.id)", UInt64(replay.variant))
      let job = ReplayJob(
        input: InputValidation.filledIn(input, schema: model.schema), seed: random.next(),
        address: replay.path, endsAfter: replay.endsAfter)
      return await job.run(model)
    }
    results[replay] = task
    return await task.value
  }
}
