import ReplicateAPI
import Running

/// Two runs of the same input: one by the version that a training has made, and one by what it was made
/// from.
struct TrainingComparison: Sendable {
  var trained: RunPlan
  var base: RunPlan
}

// Trying a version beside its base.
extension TrainingsViewModel {
  /// Finds the input that the base was run with, and asks before two runs are billed.
  func askToTry(_ training: Run) {
    guard let trained = training.trained, let base = ModelID(training.prediction.model) else {
      session.host?.notify(Notice(.failed, "This training doesn’t say what it was made from."))
      return
    }
    session.host?.notify(Notice(.working, "Looking for an input…"))
    let baseVersion = training.prediction.version
    activity.start("try") { [session, weak self] in
      do throws(ReplicateError) {
        let own = try await session.client.send(.version(trained.version, of: trained.model))
        let model = try await session.client.send(.model(base))
        let input = try await session.lastInput(of: base) ?? model.defaultExample?.input ?? [:]
        guard !Task.isCancelled, let self else { return }
        session.host?.endWorkNotice()
        guard let schema = own.schema, let baseSchema = model.latestVersion?.schema else {
          session.host?.notify(Notice(.failed, "One of the two has no inputs, so it can’t be run."))
          return
        }
        let version = baseVersion.map { ModelVersion.ID(rawValue: $0) }
        let comparison = TrainingComparison(
          trained: RunPlan(
            .version(trained.version), of: trained.model, input: schema.fitting(input),
            schema: schema),
          base: RunPlan(
            model.isOfficial ? .model(base) : .version(version ?? model.latestVersion?.id ?? ""),
            of: base, input: baseSchema.fitting(input), schema: baseSchema))
        ask(comparison)
      } catch {
        guard !Task.isCancelled else { return }
        session.host?.endWorkNotice()
        session.host?.notify(Notice(error))
      }
    }
  }

  private func ask(_ comparison: TrainingComparison) {
    let problems = comparison.trained.problems + comparison.base.problems
    guard problems.isEmpty else {
      session.host?.notify(
        Notice(
          .failed,
          "No input is known that fits both. Press m to open the version and fill in its form."))
      return
    }
    self.comparison = comparison
    let summary = comparison.trained.input.summary
    let words = summary.isEmpty ? "the defaults" : "“\(summary.prefix(80))”"
    session.host?.ask(
      Confirmation(
        title: "Run both?",
        message:
          "The version and its base run with the same input, \(words). Both runs are billed.",
        choices: [
          .init("Don’t run", key: "n"), .init("Run both", key: "y", .own(Self.tryNow)),
        ]))
  }

  /// Sends both runs, and shows them together.
  func tryBoth() {
    guard let comparison else { return }
    self.comparison = nil
    session.host?.notify(Notice(.working, "Sending both runs…"))
    let session = session
    activity.startForGood("create") {
      do throws(ReplicateError) {
        let base = try await session.runs.create(comparison.base)
        let trained = try await session.runs.create(comparison.trained)
        session.host?.endWorkNotice()
        session.runs.keepTogether([trained, base])
        session.host?.show(.prediction(trained.id))
        session.host?.notify(
          Notice(.done, "Both run. n and p change between the version’s run and its base’s."))
      } catch {
        session.host?.endWorkNotice()
        session.host?.notify(Notice(error))
      }
    }
  }
}

extension Session {
  /// The input of the newest run of a model that is known here or in the newest predictions.
  fileprivate func lastInput(of model: ModelID) async throws(ReplicateError) -> JSONObject? {
    func isUsable(_ run: Run) -> Bool { !run.prediction.input.isEmpty }
    if let run = runs.runs(of: model).first(where: isUsable) { return run.prediction.input }
    let page = try await client.send(.predictions())
    return page.results.first { $0.model == model.description && !$0.input.isEmpty }?.input
  }
}

extension ModelSchema {
  /// The members of an input that this schema has.
  fileprivate func fitting(_ input: JSONObject) -> JSONObject {
    let names = Set(inputs.map(\.name))
    return input.filter { names.contains($0.key) && !$0.value.isNull }
  }
}
