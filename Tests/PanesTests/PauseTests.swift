import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// How a wait that the service asks for looks, and what ends it.
@MainActor
struct PauseTests {
  let stage = Stage()

  private func refuse(_ status: Int, _ seconds: String) {
    for call in ["GET /models", "GET /collections", "GET /predictions", "GET /account"] {
      stage.transport.answer(call, status: status, headers: [("retry-after", seconds)], "{}")
    }
  }

  private func allow() {
    let other = Stage()
    for (call, body) in other.transport.answers { stage.transport.answer(call, body) }
  }

  private func count(_ call: String) -> Int { stage.transport.sent.count { $0 == call } }

  @Test(arguments: [
    (429, "rate limited; retrying in"), (503, "Replicate asks to wait; retrying in"),
  ])
  func `it's counted down in the header, and ends by itself`(status: Int, words: String) async {
    refuse(status, "3600")
    let (screen, _) = stage.screen(160, 48)
    stage.navigator.start()
    await stage.passing { stage.navigator.session.outage != nil }
    #expect(screen.headerText.contains(words), "\(screen.headerText)")
    let seconds = screen.headerText.matches(of: #/(\d+) s/#).last.flatMap { Int($0.output.1) }
    #expect(seconds.map { (1...300).contains($0) } == true, "\(screen.headerText)")
    let before = count("GET /models")
    allow()
    await stage.passing { stage.models.models.hasLoaded && stage.navigator.session.outage == nil }
    #expect(count("GET /models") == before + 1)
    #expect(!screen.headerText.contains("retrying"))
  }

  @Test func `Ctrl-R tries once at once`() async {
    let (screen, _) = await stage.started(160, 48)
    refuse(429, "99999")
    await stage.press(screen, .character("2"))
    stage.models.models.load()
    await stage.models.models.settled()
    #expect(stage.models.models.failure != nil)
    let before = count("GET /models")
    // What loads by itself isn't sent.
    stage.models.models.load()
    await stage.models.models.settled()
    #expect(count("GET /models") == before)
    screen.handle(.key(.control("r")))
    await stage.models.models.settled()
    #expect(count("GET /models") == before + 1)
    allow()
    screen.handle(.key(.control("r")))
    await stage.models.models.settled()
    #expect(count("GET /models") == before + 2)
    #expect(stage.models.models.failure == nil)
    #expect(stage.navigator.session.outage == nil)
  }
}
