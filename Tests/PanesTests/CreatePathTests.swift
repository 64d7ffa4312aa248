import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Every way from a key, a click, a paste or a command to a create. Whatever is added must be added
/// to the list here, on purpose.
@MainActor
struct `Paths to a create` {
  /// A situation, with what leads from there to a create.
  enum Scene: CaseIterable {
    case collections, model, predictions, live, textField, choice, switchField, openChoice, palette,
      help, request, requestText, runQuestion, quitQuestion, sweptField, groupQuestion, leftGroup,
      goOnQuestion, values, runOptions, versions

    /// Whether keys that no table names do something.
    var takesLetters: Bool {
      switch self {
      case .collections, .model, .predictions, .live, .leftGroup: false
      default: true
      }
    }

    /// The keys and the commands of the palette. A form is run with one key. The question about an
    /// identical run is answered by y, or by Enter on that answer.
    var paths: Set<String> {
      switch self {
      case .textField, .choice, .switchField, .runOptions: ["key Ctrl-R", "key F5", "command run"]
      case .runQuestion, .groupQuestion, .goOnQuestion: ["key y"]
      default: []
      }
    }
  }

  private static let created = #"{"id":"new1","model":"acme/painter","status":"starting"}"#

  /// A group that a program has left before it has sent anything.
  private static let left = PredictionGroup(
    createdAt: "2026-11-24T02:59:00Z", target: .version(ModelVersion.ID(rawValue: "v")),
    model: ModelID("acme/painter"), input: ["prompt": "a fox"],
    sweeps: [PredictionGroup.Sweep("steps", [1, 2])])

  private func stage(
    _ scene: Scene, _ width: Int = 160, _ height: Int = 48
  ) async -> (Stage, Screen) {
    let groups = MemoryGroupStore()
    if scene == .leftGroup || scene == .goOnQuestion { try? await groups.add(Self.left) }
    let stage = Stage(groups: groups)
    stage.transport.answer("POST /predictions", Self.created)
    let (screen, _) = await stage.started(width, height)
    let navigator = stage.navigator
    switch scene {
    case .collections: navigator.perform(.focus(.collections))
    case .model: await stage.openPainter()
    case .predictions: navigator.perform(.focus(.predictions))
    case .live: navigator.perform(.focus(.live))
    case .leftGroup:
      navigator.perform(.back)
      navigator.perform(.focus(.predictions))
    case .goOnQuestion: break
    case .textField, .choice, .switchField, .openChoice, .runQuestion, .palette, .help, .request,
      .requestText, .quitQuestion, .sweptField, .groupQuestion, .values, .runOptions, .versions:
      await stage.openPainter()
      navigator.perform(.run)
      navigator.perform(.form(.edit(.insert("a fox"))))
      switch scene {
      case .choice: navigator.perform(.form(.focus(2)))
      case .openChoice: navigator.perform(.form(.press(2)))
      case .switchField: navigator.perform(.form(.focus(3)))
      case .palette: navigator.perform(.palette)
      case .help: navigator.perform(.help)
      case .request: navigator.perform(.request(.show))
      case .requestText:
        navigator.perform(.request(.show))
        navigator.perform(.request(.edit))
      case .quitQuestion:
        _ = navigator.session.runs.run(
          for: Prediction(
            id: "elsewhere", model: "acme/painter", status: .processing,
            createdAt: Timestamp("2026-11-24T02:59:40Z")))
        navigator.perform(.quit)
      case .values: navigator.perform(.values(.choose))
      case .runOptions: navigator.perform(.values(.options))
      case .versions: navigator.perform(.values(.version))
      case .sweptField: navigator.perform(.form(.sweep))
      case .groupQuestion:
        navigator.perform(.form(.sweep))
        navigator.perform(.form(.edit(.insert("a hen"))))
        navigator.perform(.run)
      case .runQuestion:
        navigator.perform(.run)
        await navigator.settled()
        await stage.openPainter()
        navigator.perform(.run)
        navigator.perform(.run)
      default: break
      }
    }
    await navigator.settled()
    _ = screen.frame()
    // A question that no key has asked for takes keys only after a while.
    if scene == .goOnQuestion { screen.unaskedSince = .now - .seconds(1) }
    return (stage, screen)
  }

  private func creates(_ stage: Stage) -> Int {
    stage.transport.sent.count { $0.hasPrefix("POST /") && $0.hasSuffix("predictions") }
  }

  @Test(arguments: Scene.allCases)
  func `only these lead to a create`(scene: Scene) async {
    var paths: Set<String> = []
    func attempt(_ name: String, _ body: (Stage, Screen) -> Void) async {
      let (stage, screen) = await stage(scene, 80, 24)
      let before = creates(stage)
      body(stage, screen)
      await stage.navigator.settled()
      if creates(stage) > before { paths.insert(name) }
    }
    var keys = Set(KeyMap.standard.rows.flatMap(\.keys))
    if scene.takesLetters {
      keys.formUnion("abcdefghijklmnopqrstuvwxyzLRXYW0189 ".map { .character($0) })
    }
    for key in keys { await attempt("key \(key)") { $1.handle(.key(key)) } }
    for text in ["r", "y", "rr", "y\n", "a\tr\tr\n", "true", "acme/painter"] {
      await attempt("paste \(text)") { $1.handle(.paste(text)) }
      await attempt("burst \(text)") {
        $1.handle(.burst(""))
        $1.handle(.burst(text))
        for key in [Key.control("r"), .enter, .character("y")] { $1.handle(.key(key)) }
      }
    }
    for row in CommandCatalog(PlaceTable.places).rows where row.isListed {
      await attempt("command \(row.id)") { stage, _ in stage.navigator.perform(row.command) }
    }
    #expect(paths == scene.paths)
  }

  @Test(arguments: Scene.allCases)
  func `no click leads to a create, but for the button of the question`(scene: Scene) async {
    let (stage, screen) = await stage(scene)
    var commands: Set<String> = []
    for y in 0..<48 {
      for x in 0..<160 {
        for clicks in 1...2 {
          guard let command = screen.command(at: Point(x: x, y: y), clicks: clicks),
            command.mayCreate(in: stage.navigator)
          else { continue }
          commands.insert("\(command)")
        }
      }
    }
    // The footer of a form offers Ctrl-R, as the key does.
    let allowed: Set<String> =
      switch scene {
      case .textField, .choice, .switchField, .openChoice, .sweptField, .runOptions: ["run"]
      case .runQuestion, .groupQuestion, .goOnQuestion: ["choose(1)", "chooseAndAccept(1)"]
      default: []
      }
    #expect(commands.isSubset(of: allowed), "\(commands)")
  }
}

extension Command {
  @MainActor
  fileprivate func mayCreate(in navigator: Navigator) -> Bool {
    switch self {
    case .runDespite, .group(.goOn), .group(.sendAgain): return true
    case .run: return navigator.place.modes.contains(.form) && navigator.overlay == nil
    case .choose(let index), .chooseAndAccept(let index):
      guard case .question(let question) = navigator.overlay,
        question.choices.indices.contains(index)
      else { return false }
      return question.choices[index].command?.mayCreate(in: navigator) ?? false
    default: return false
    }
  }
}
