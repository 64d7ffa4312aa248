import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Going on with another token: nothing of the old account stays.
@MainActor
struct AccountTests {
  let stage = Stage()

  private func enter(_ token: String, _ screen: Screen) {
    screen.handle(.key(.character("t")))
    for letter in token { screen.handle(.key(.character(letter))) }
    screen.handle(.key(.enter))
  }

  @Test func `another token leaves nothing of the old account on the screen`() async {
    let secret = "the old account's prompt"
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        Stage.prediction(
          "old1", "succeeded", "2026-11-24T02:55:00Z",
          #""output":["https://replicate.delivery/old.png"],"logs":"old log\n""#
        ).replacing("a fox", with: secret)
      ]))
    let (screen, _) = await stage.started(160, 48)
    await stage.press(screen, .character("4"), .enter, .right)
    let before = screen.frame().text()
    #expect(before.contains("acme") && before.contains("old1"))
    #expect(before.contains("delivery/old.png"))

    let places = stage.navigator.places.mapValues(ObjectIdentifier.init)
    let olds = Array(stage.navigator.places.values)
    let session = stage.navigator.session
    let other = ScriptedTransport()
    other.answer("GET /account", #"{"type":"user","username":"other","name":"Other"}"#)
    other.answer("GET /collections", Stage.page([]))
    other.answer("GET /models", Stage.page([]))
    other.answer("GET /predictions", Stage.page([]))
    stage.navigator.makeClient = { Client($0, transport: other, clock: stage.clock) }
    enter("r8_other", screen)

    // Nothing is left at once, before anything of the new account has arrived.
    for text in [screen.frame().text(), await settledText(screen)] {
      for old in ["acme", "old1", "old.png", "old log", secret, "painter", "Generate images"] {
        #expect(!text.contains(old), "\(old) is still there")
      }
    }
    #expect(screen.headerText.contains("other"))
    #expect(stage.navigator.session !== session)
    for (id, place) in stage.navigator.places {
      #expect(places[id] != ObjectIdentifier(place), "\(id) is the old account's")
    }
    #expect(Set(stage.navigator.places.keys) == Set(places.keys))
    withExtendedLifetime(olds) {}
    #expect(stage.navigator.focus == .collections && stage.navigator.zoom == .none)
    for call in ["GET /account", "GET /collections", "GET /models", "GET /predictions"] {
      #expect(other.sent.contains(call))
    }
  }

  private func settledText(_ screen: Screen) async -> String {
    await stage.navigator.settled()
    return screen.frame().text()
  }

  @Test func `an answer to the old account that comes late is dropped`() async {
    let (screen, _) = await stage.started(160, 48)
    stage.transport.hold("GET /predictions")
    stage.predictions.load()
    while stage.transport.sent.count(where: { $0 == "GET /predictions" }) < 2 {
      await Task.yield()
    }
    let other = ScriptedTransport()
    other.answer("GET /predictions", Stage.page([]))
    stage.navigator.makeClient = { Client($0, transport: other, clock: stage.clock) }
    enter("r8_other", screen)
    stage.transport.release("GET /predictions")
    await stage.navigator.settled()
    #expect(stage.predictions.predictions.rows.isEmpty)
    #expect(!screen.frame().text().contains("painter"))
  }

  @Test func `the prompt for a token comes back by its key and goes by Esc`() async {
    let (screen, _) = await stage.started(120, 40)
    let session = stage.navigator.session
    screen.handle(.key(.character("t")))
    #expect(screen.frame().text().contains("API token"))
    screen.handle(.key(.escape))
    #expect(stage.navigator.overlay == nil)
    #expect(stage.navigator.session === session)
  }
}
