import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// Groups of runs, from the form to their row in Predictions.
@MainActor
@Suite struct `Groups on the screen` {
  private let service = CountingService()
  private let intents = MemoryIntentStore()
  private let store = MemoryGroupStore()

  private func stage() async -> Stage {
    let stage = Stage(intents: intents, groups: store, service: service)
    service.answer("/account", #"{"type":"organization","username":"acme","name":"Acme"}"#)
    service.answer("/models/acme/painter", Stage.painter)
    service.answer("/collections", Stage.page([]))
    service.answer("/models", Stage.page([]))
    stage.layOut()
    await stage.started()
    return stage
  }

  private func openForm(_ stage: Stage, _ steps: String = "1..3") async {
    await stage.openPainter()
    let navigator = stage.navigator
    navigator.perform(.run)
    navigator.perform(.form(.edit(.insert("a fox"))))
    navigator.perform(.form(.focus(1)))
    navigator.perform(.form(.unset))
    navigator.perform(.form(.sweep))
    navigator.perform(.form(.removeRow))
    sweep(stage, ["steps": [.string(steps)]])
  }

  private func sweep(_ stage: Stage, _ values: [String: [JSONValue]]) {
    guard let form = stage.form else { return }
    form.take(FormRequest(model: form.model, sweeps: values))
  }

  private func question(_ stage: Stage) throws -> ViewModels.Confirmation {
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("nothing is asked: \(stage.navigator.notice?.text ?? "")")
      throw NoQuestion()
    }
    return question
  }

  private struct NoQuestion: Error {}

  private func group(_ stage: Stage) throws -> RunGroup {
    try #require(stage.navigator.session.runs.groups.all.first)
  }

  @Test func `the number is asked about before anything is sent`() async throws {
    let stage = await stage()
    await openForm(stage)
    stage.navigator.perform(.run)
    let question = try question(stage)
    #expect(question.title == "Run it 3 times?")
    #expect(question.message.contains("Each run is billed"))
    #expect(service.attempts == 0)
    stage.navigator.perform(.accept)
    await stage.navigator.settled()
    #expect(service.attempts == 0)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    #expect(service.inputs.map { $0["steps"] } == [1, 2, 3])
    #expect(service.inputs.allSatisfy { $0["prompt"] == "a fox" })
    #expect(stage.navigator.focus == .predictions)
  }

  @Test func `a group that is too large is refused with the reason`() async throws {
    let stage = await stage()
    await openForm(stage, "1..50")
    sweep(
      stage, ["steps": ["1..50"], "prompt": (0..<21).map { .string("fox \($0)") }])
    stage.navigator.perform(.run)
    #expect(
      stage.navigator.notice?.text
        == "That would be 1,050 runs, and a group has at most 1,000. Nothing was sent.")
    #expect(stage.navigator.overlay == nil)
    #expect(service.attempts == 0)
  }

  @Test func `the answer counts only for the values that the question was about`() async throws {
    let stage = await stage()
    await openForm(stage)
    stage.navigator.perform(.run)
    sweep(stage, ["steps": ["1..40"]])
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    #expect(service.attempts == 0)
    #expect(try question(stage).title == "Run it 40 times?")
  }

  @Test func `a group is one row that opens`() async throws {
    let stage = await stage()
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    let list = stage.predictions.predictions
    #expect(list.rows.count == 1)
    #expect(list.selected?.group?.id == (try group(stage)).id)
    service.end()
    await stage.passing { stage.navigator.session.runs.groups.all.first?.progress.succeeded == 3 }
    #expect(list.rows.count == 1)
    stage.navigator.perform(.open)
    await stage.navigator.settled()
    #expect(list.rows.map { $0.run?.prediction.status } == [.succeeded, .succeeded, .succeeded])
    #expect(stage.predictions.title == "×3 painter")
    stage.navigator.perform(.move(.down))
    stage.navigator.perform(.open)
    #expect(stage.live.shown?.id == "made2")
    #expect(stage.live.placeInGroup == "2 of 3")
    stage.navigator.perform(.own("live.next-member"))
    #expect(stage.live.shown?.id == "made3")
    stage.navigator.perform(.own("live.next-member"))
    #expect(stage.live.shown?.id == "made1")
    stage.navigator.perform(.own("live.previous-member"))
    #expect(stage.live.shown?.id == "made3")
    stage.navigator.perform(.focus(.predictions))
    await stage.navigator.settled()
    stage.navigator.perform(.back)
    await stage.navigator.settled()
    #expect(list.rows.count == 1)
    #expect(stage.predictions.shownGroup == nil)
  }

  @Test func `a group is canceled as one, after a question`() async throws {
    let stage = await stage()
    stage.navigator.runsAtOnce = 1
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.passing {
      service.attempts == 1 && stage.navigator.session.runs.groups.all.first?.progress.running == 1
    }
    await stage.passing { stage.navigator.focus == .predictions }
    stage.navigator.perform(.cancel)
    let question = try question(stage)
    #expect(question.message.contains("1 run is under way"))
    #expect(question.message.contains("2 haven’t been sent and never will be"))
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    #expect(service.attempts == 1)
    #expect(service.canceled == ["made1"])
    #expect(try group(stage).progress.dropped == 2)
  }

  @Test func `the end of a group is news, the ends of its runs aren't`() async throws {
    let stage = await stage()
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    #expect(stage.navigator.place.previewed?.address == .prediction("made1"))
    service.end("made1")
    let group = try group(stage)
    await stage.passing { group.progress.succeeded == 1 }
    #expect(stage.navigator.notice?.text.contains("succeeded") != true)
    service.end("made2")
    service.end("made3", "failed")
    await stage.passing { group.progress.ended == 3 }
    #expect(
      stage.navigator.notice
        == Notice(.failed, "The group of painter has ended: 2 done, 1 failed."))
  }

  @Test func `leaving says how many remain`() async throws {
    let stage = await stage()
    stage.navigator.runsAtOnce = 1
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.passing {
      service.attempts == 1 && stage.navigator.session.runs.groups.all.first?.progress.running == 1
    }
    await stage.passing { stage.navigator.focus == .predictions }
    stage.navigator.perform(.quit)
    #expect(try question(stage).message.contains("2 of 3 remain"))
    stage.navigator.perform(.accept)
    #expect(!stage.navigator.isFinished)
    stage.navigator.perform(.quit)
    stage.navigator.perform(.choose(2))
    await stage.passing { stage.navigator.isFinished }
    #expect(service.canceled == ["made1"])
    #expect(service.attempts == 1)
  }

  @Test func `a start asks once whether a group goes on`() async throws {
    let first = await stage()
    first.navigator.runsAtOnce = 1
    await openForm(first)
    first.navigator.perform(.run)
    first.navigator.perform(.choose(1))
    await first.passing {
      service.attempts == 1 && first.navigator.session.runs.creates.underWay == 0
    }
    await first.navigator.settled()
    first.navigator.session.end()

    let second = await stage()
    let asked = try question(second)
    #expect(asked.title == "Go on with the group?")
    #expect(asked.message.contains("1 is sent, 2 aren’t"))
    #expect(asked.isUnasked)
    second.navigator.perform(.accept)
    await second.navigator.settled()
    #expect(service.attempts == 1)
    // It can be taken up later.
    second.navigator.perform(.focus(.predictions))
    await second.navigator.settled()
    #expect(second.predictions.predictions.selected?.group != nil)
    second.navigator.perform(.own("predictions.go-on"))
    second.navigator.perform(.choose(1))
    await second.navigator.settled()
    #expect(service.inputs.map { $0["steps"] } == [1, 2, 3])
  }

  @Test func `running a group again opens the form with its values`() async throws {
    let stage = await stage()
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    stage.navigator.perform(.rerun)
    await stage.navigator.settled()
    #expect(stage.form?.runCount == 3)
    #expect(stage.form?.payload["prompt"] == "a fox")
    #expect(service.attempts == 3)
  }

  @Test func `a refused member says so, with the choice to go on`() async throws {
    let stage = await stage()
    service.fate(
      of: 2, .refused(status: 402, body: #"{"title":"Insufficient credit","detail":"Buy."}"#))
    await openForm(stage)
    stage.navigator.perform(.run)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    let question = try question(stage)
    #expect(question.title == "The group has stopped")
    #expect(question.message.contains("Run 2 of 3"))
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    #expect(service.inputs.map { $0["steps"] } == [1, 2, 3])
  }
}
