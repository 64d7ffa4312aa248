import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// What keys do in a form, as they are pressed.
@MainActor
struct FormKeysTests {
  let stage = Stage()

  private func openForm(_ field: String = "prompt") async throws -> Screen {
    let (screen, _) = await stage.started(120, 40)
    await stage.openPainter()
    await stage.press(screen, .character("r"))
    let form = try #require(stage.form)
    form.perform(.focus(try #require(form.fields.firstIndex { $0.name == field })))
    return screen
  }

  private var creates: Int { stage.transport.sent.count(where: { $0 == "POST /predictions" }) }

  @Test(arguments: Array("rqzhjklgGcosty:/?<>+-=15"))
  func `a letter on a choice opens its list and narrows it`(letter: Character) async throws {
    let screen = try await openForm("prompt")
    await stage.type(screen, "a fox")
    await stage.press(screen, .tab, .tab)
    #expect(stage.form?.focusedField?.name == "style")
    await stage.press(screen, .character(letter))
    #expect(stage.form?.picker?.filter.text == String(letter))
    #expect(creates == 0 && !screen.isFinished)
    #expect(stage.navigator.overlay == nil && stage.navigator.zoom == .none)
    #expect(stage.navigator.focus == .model && stage.form?.focusedField?.name == "style")
  }

  @Test func `letters choose, and Enter takes the choice and goes on`() async throws {
    let screen = try await openForm("style")
    await stage.type(screen, "ch")
    await stage.press(screen, .enter)
    #expect(stage.form?.payload["style"] == "chalk")
    #expect(stage.form?.picker == nil)
    #expect(stage.form?.focusedField?.name == "fast")
  }

  @Test(arguments: Array("rqzhjklgGcoxst:/?"))
  func `a letter on a switch does nothing outside of it`(letter: Character) async throws {
    let screen = try await openForm("fast")
    await stage.press(screen, .character(letter))
    #expect(creates == 0 && !screen.isFinished)
    #expect(stage.navigator.overlay == nil && stage.navigator.zoom == .none)
    #expect(stage.navigator.focus == .model && stage.form?.focusedField?.name == "fast")
  }

  @Test func `Enter goes to the next field and leaves defaults alone`() async throws {
    let screen = try await openForm()
    var visited: [String] = []
    for _ in 0..<4 {
      visited.append(try #require(stage.form?.focusedField?.name))
      // A choice opens its list, where Enter takes what stands there.
      await stage.press(screen, .enter)
      if stage.form?.picker != nil { await stage.press(screen, .enter) }
    }
    #expect(visited == ["prompt", "steps", "style", "fast"])
    #expect(stage.form?.payload.isEmpty == true)
    #expect(stage.form?.fields[1].control.buffer?.text == "28")
  }

  @Test func `on the last field Enter says how to run`() async throws {
    let screen = try await openForm("fast")
    await stage.press(screen, .enter)
    #expect(stage.form?.focusedField?.name == "fast")
    #expect(stage.form?.payload["fast"] == nil)
    #expect(screen.footerText.contains("Press Ctrl-R to run"))
    #expect(creates == 0)
  }

  @Test(arguments: [Key(.enter, .alt), .control("j")])
  func `a line break is Alt-Enter or Ctrl-J`(key: Key) async throws {
    let screen = try await openForm()
    await stage.press(screen, .character("a"), key, .character("b"))
    #expect(stage.form?.payload["prompt"] == "a\nb")
  }

  @Test func `F1 in the form lists the form's keys first`() async throws {
    let screen = try await openForm()
    await stage.press(screen, .function(1))
    guard case .help(let help) = stage.navigator.overlay else {
      Issue.record("no help")
      return
    }
    let sections = help.rows.map(\.section)
    #expect(sections.first == KeyScope.form.title)
    let here = help.rows.prefix { $0.isHere }
    #expect(Set(here.map(\.section)) == [KeyScope.form.title, KeyScope.always.title])
    #expect(!help.rows.dropFirst(here.count).contains { $0.isHere })
  }

  @Test func `the filter of fields ends when the form was sent`() async throws {
    stage.transport.answer(
      "POST /predictions", status: 201,
      #"{"id":"new1","model":"acme/painter","version":"v","input":{},"status":"succeeded","#
        + #""output":[],"created_at":"2026-11-24T03:00:00Z","urls":{}}"#)
    let screen = try await openForm()
    await stage.type(screen, "a fox")
    await stage.press(screen, .control("f"))
    await stage.type(screen, "prom")
    await stage.press(screen, .enter)
    #expect(stage.form?.visible.count == 1)
    await stage.press(screen, .control("r"))
    #expect(creates == 1)
    await stage.press(screen, .escape)
    #expect(stage.navigator.focus == .model)
    #expect(stage.form?.filter == nil)
    #expect(stage.form?.visible.count == 4)
  }

  @Test func `a second search replaces the first`() async throws {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .character("/"))
    await stage.type(screen, "lang")
    #expect(stage.collections.collections.filter.text == "lang")
    await stage.press(screen, .up, .tab, .shiftTab, .character("/"))
    await stage.type(screen, "gen")
    #expect(stage.collections.collections.filter.text == "gen")
    #expect(stage.collections.collections.visible.map(\.slug) == ["text-to-image"])
  }

  @Test func `a step into the old query lets it be edited`() async throws {
    let (screen, _) = await stage.started(120, 40)
    await stage.press(screen, .character("/"))
    await stage.type(screen, "lang")
    await stage.press(screen, .tab, .shiftTab, .character("/"), .right, .character("u"))
    #expect(stage.collections.collections.filter.text == "langu")
  }

  @Test func `the zoom lasts no longer than the program and is never handed out`() async throws {
    let (screen, _) = await stage.started(160, 48)
    var kept = 0
    stage.navigator.onBordersMoved = { _ in kept += 1 }
    await stage.press(screen, .character("z"))
    #expect(stage.navigator.zoom == .half)
    #expect(kept == 0)
    let next = Navigator(
      client: stage.navigator.session.client, desktop: stage.desktop, places: PlaceTable.places,
      borders: stage.navigator.borders)
    #expect(next.zoom == .none)
  }
}
