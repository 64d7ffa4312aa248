import Settings
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// The config's `[keys]`: what holds, and what is reported with its line.
@MainActor
struct KeySettingsTests {
  private func configured(
    _ settings: (String, [String])...
  ) -> (map: KeyMap, problems: [KeyMap.Problem]) {
    KeyMap.configured(
      settings.enumerated().map {
        Settings.KeySetting(command: $1.0, keys: $1.1, line: $0 + 1)
      })
  }

  private let panes: [KeyScope] = [.place(ModelsViewModel.id), .panes, .always]

  @Test func `a command gets the keys of the config, and loses its own`() {
    let (map, problems) = configured(("rerun", ["X", "alt-x"]))
    #expect(problems.isEmpty)
    let predictions: [KeyScope] = [.place(PredictionsViewModel.id), .panes, .always]
    #expect(map.id(for: .character("X"), in: predictions) == "rerun")
    #expect(map.id(for: .alt("x"), in: predictions) == "rerun")
    #expect(map.id(for: .character("r"), in: predictions) == "run")
  }

  @Test func `a command can be left without a key`() {
    let (map, problems) = configured(("quit", []))
    #expect(problems.isEmpty)
    #expect(map.id(for: .character("q"), in: panes) == nil)
    #expect(map.id(for: .control("c"), in: panes) == "interrupt")
  }

  @Test func `two commands can trade their keys`() {
    let (map, problems) = configured(("run", ["o"]), ("open-on-web", ["r"]))
    #expect(problems.isEmpty)
    #expect(map.id(for: .character("o"), in: panes) == "run")
    #expect(map.id(for: .character("r"), in: panes) == "open-on-web")
  }

  @Test func `a key bound twice in one place is reported, and the rest holds`() {
    let (map, problems) = configured(("zoom", ["q"]), ("refresh", ["R"]))
    #expect(problems.map(\.line) == [1])
    #expect(problems.first?.message.contains("already bound to quit") == true)
    #expect(map.id(for: .character("q"), in: panes) == "quit")
    #expect(map.id(for: .character("R"), in: panes) == "refresh")
  }

  @Test func `unknown commands and keys are reported with their lines`() {
    let (map, problems) = configured(
      ("zooom", ["Z"]), ("zoom", ["ctrl-nothing"]), ("zoom", ["Z"]))
    #expect(problems.map(\.line) == [1, 2])
    #expect(problems[0].message.contains("zooom"))
    #expect(problems[1].message.contains("ctrl-nothing"))
    #expect(map.id(for: .character("Z"), in: panes) == "zoom")
  }

  @Test func `a letter is never taken from where text is typed`() {
    let (map, problems) = configured(("form.unset", ["u", "f10"]))
    #expect(problems.map(\.line) == [1])
    #expect(map.id(for: .character("u"), in: [.form, .always]) == nil)
    #expect(map.id(for: .function(10), in: [.form, .always]) == "form.unset")
  }

  @Test func `where text is typed a command keeps its keys when it gets only letters elsewhere`() {
    let (map, problems) = configured(("zoom", ["Z"]))
    #expect(problems.isEmpty)
    #expect(map.id(for: .character("Z"), in: panes) == "zoom")
    #expect(map.id(for: .character("z"), in: panes) == nil)
    #expect(map.id(for: .alt("z"), in: [.form, .always]) == "zoom")
  }

  @Test func `the way out can't be bound away`() {
    let (map, problems) = configured(("interrupt", ["x"]), ("back", []))
    #expect(problems.map(\.line) == [1])
    #expect(map.id(for: .control("c"), in: panes) == "interrupt")
  }

  @Test func `a command of one place is bound in that place`() {
    let (map, problems) = configured(("log.copy-curl", ["K"]))
    #expect(problems.isEmpty)
    #expect(map.id(for: .character("K"), in: [.place(LogViewModel.id), .panes]) == "log.copy-curl")
    #expect(map.id(for: .character("K"), in: panes) == nil)
  }

  @Test(arguments: [
    ("r", Key.character("r")), ("G", .character("G")), ("ctrl-r", .control("r")),
    ("Ctrl-R", .control("r")), ("alt-enter", Key(.enter, .alt)), ("alt-R", .alt("R")),
    ("f5", .function(5)), ("space", .space), ("shift-tab", .shiftTab), ("pgup", .pageUp),
    ("-", .character("-")), ("ctrl-alt-x", Key(.character("x"), [.control, .alt])),
    (":", .character(":")), ("esc", .escape),
  ])
  func `keys are written as people write them`(name: String, key: Key) {
    #expect(Key(name: name) == key)
  }

  @Test(arguments: ["", "ctrl-", "hyper-x", "f0", "f25", "ab", "ctrl", "--", "ctrl--x"])
  func `what is no key is refused`(name: String) {
    #expect(Key(name: name) == nil)
  }
}
