import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing

@testable import Panes
@testable import ViewModels

/// How a swept field and a group of runs look, and what keys do with them.
@MainActor @Suite struct `Sweeps and groups on the screen` {
  nonisolated static let sizes = [
    Size(width: 160, height: 48), Size(width: 80, height: 24), Size(width: 40, height: 12),
  ]

  private let service = CountingService()

  init() {
    service.answer("/account", #"{"type":"organization","username":"acme","name":"Acme"}"#)
    service.answer("/models/acme/painter", Stage.painter)
    service.answer("/collections", Stage.page([]))
    service.answer("/models", Stage.page([]))
  }

  private func picture(_ screen: Screen) -> String {
    let canvas = screen.frame()
    let cursor = canvas.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
    return canvas.text() + "\n" + cursor + "\n"
  }

  private func opened(
    _ size: Size, groups: any PredictionGroupStore = MemoryGroupStore()
  ) async -> (Stage, Screen) {
    let stage = Stage(groups: groups, service: service)
    let (screen, _) = await stage.started(size.width, size.height)
    await stage.openPainter()
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    _ = screen.frame()
    return (stage, screen)
  }

  private func sweep(_ stage: Stage, _ screen: Screen) async {
    await stage.type(screen, "a fox")
    await stage.press(screen, .function(8))
    await stage.type(screen, "a hen")
    await stage.press(screen, .tab, .function(8))
    await stage.type(screen, "30..34")
    _ = screen.frame()
  }

  @Test(arguments: sizes)
  func `a swept field and the number of runs`(size: Size) async {
    let (stage, screen) = await opened(size)
    await sweep(stage, screen)
    var pictures = picture(screen)
    await stage.press(screen, .enter)
    await stage.type(screen, "60..70")
    pictures += picture(screen)
    await stage.press(screen, .backspace, .control("x"), .control("r"))
    pictures += picture(screen)
    expectSnapshot(pictures, "Groups/sweep-\(size.width)")
    #expect(service.attempts == 0)
  }

  /// A group with members in every state.
  private static var group: PredictionGroup {
    var group = PredictionGroup(
      createdAt: "2026-11-24T02:50:00Z", target: .version(ModelVersion.ID(rawValue: "v")),
      model: ModelID("acme/painter"), input: ["prompt": "a fox"],
      sweeps: [
        PredictionGroup.Sweep("seed", [1, 2, 3, 4]),
        PredictionGroup.Sweep("style", ["ink", "oil"]),
      ])
    let attempt = PredictionGroup.Attempt(
      intent: PredictionIntent.ID(rawValue: "i"), record: "r", at: "2026-11-24T02:51:00Z")
    group[0] = .created("a1", .succeeded)
    group[1] = .created("a2", .failed)
    group[2] = .refused(reason: "Replicate rejected the input: seed: too odd.")
    group[3] = .doubtful(attempt, candidates: [])
    group[6] = .dropped
    return group
  }

  @Test(arguments: sizes)
  func `a group is a row that opens`(size: Size) async throws {
    let store = MemoryGroupStore()
    try await store.add(Self.group)
    let stage = Stage(groups: store, service: service)
    let (screen, _) = await stage.started(size.width, size.height)
    var pictures = picture(screen)
    stage.navigator.perform(.back)
    stage.navigator.perform(.focus(.predictions))
    await stage.navigator.settled()
    pictures += picture(screen)
    await stage.press(screen, .enter)
    pictures += picture(screen)
    await stage.press(screen, .down, .down, .enter)
    #expect(stage.navigator.notice?.text == "Replicate rejected the input: seed: too odd.")
    expectSnapshot(pictures, "Groups/group-\(size.width)")
    await stage.press(screen, .escape)
    #expect(stage.predictions.shownGroup == nil)
    await stage.press(screen, .character("p"))
    guard case .question(let question) = stage.navigator.overlay else {
      Issue.record("nothing is asked")
      return
    }
    #expect(
      question.choices.map(\.label) == ["Not now", "Send the other 3", "Send that one again, too"])
    #expect(service.attempts == 0)
  }

  @Test func `secrets are asked for again, masked, before a group goes on`() async throws {
    let store = MemoryGroupStore()
    var group = Self.group
    group.secrets = ["key"]
    try await store.add(group)
    let stage = Stage(groups: store, service: service)
    let (screen, _) = await stage.started(100, 30)
    stage.navigator.perform(.choose(1))
    await stage.navigator.settled()
    await stage.type(screen, "hush")
    let shown = picture(screen)
    #expect(shown.contains("••••"))
    #expect(!shown.contains("hush"))
    expectSnapshot(shown, "Groups/secret")
    await stage.press(screen, .enter)
    await stage.navigator.settled()
    #expect(service.inputs.count == 3)
    #expect(service.inputs.allSatisfy { $0["key"] == "hush" })
    #expect(stage.navigator.overlay == nil)
  }

  @Test func `a path that isn't one says so and stays`() async {
    let (stage, screen) = await opened(Size(width: 100, height: 30))
    await stage.press(screen, .function(8), .alt("o"))
    await stage.type(screen, "/nowhere/at/all.txt")
    await stage.press(screen, .enter)
    guard case .text(let prompt) = stage.navigator.overlay else {
      Issue.record("the prompt is gone")
      return
    }
    #expect(prompt.problem == "There is no such file.")
    expectSnapshot(picture(screen), "Groups/file")
  }
}
