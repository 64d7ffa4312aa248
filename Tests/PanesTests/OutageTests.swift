import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// How one outage looks that keeps every list from loading.
@MainActor
struct OutageTests {
  let stage = Stage()

  private var lists: [any ListViewModel] {
    [stage.collections.collections, stage.models.models, stage.predictions.predictions]
  }

  /// Cells outside of header and footer that are drawn as errors.
  private func redTexts(_ screen: Screen) -> [String] {
    let frame = screen.frame()
    return (1..<frame.size.height - 1).filter { y in
      (0..<frame.size.width).contains { x in
        frame[x, y].style.role == .error && frame[x, y].text != " "
      }
    }.map(frame.text(row:))
  }

  @Test func `an outage is said once, in the header, and ends by itself`() async {
    stage.transport.fail(.unreachable("no route to host"))
    let (screen, _) = stage.screen(160, 48)
    stage.navigator.start()
    await stage.passing { lists.allSatisfy { $0.failure != nil } }
    #expect(stage.navigator.session.outage != nil)
    #expect(screen.headerText.contains("offline; retrying in"))
    #expect(screen.frame().text().ranges(of: "offline").count == 1)
    #expect(redTexts(screen).isEmpty, "\(redTexts(screen))")

    stage.transport.fail(nil)
    await stage.passing {
      lists.allSatisfy { $0.hasLoaded && $0.failure == nil }
        && stage.navigator.session.outage == nil
    }
    await stage.passing { stage.navigator.session.account.value != nil }
    #expect(!screen.headerText.contains("offline"))
    #expect(screen.headerText.contains("acme"))
    #expect(lists.map(\.loadedCount) == [3, 30, 3])
  }

  @Test func `panes keep what they had while nothing can be reached`() async {
    let (screen, _) = await stage.started(160, 48)
    let places: [PlaceID] = [.collections, .models, .predictions]
    let before = places.map { screen.text(of: $0) }
    stage.transport.fail(.interrupted("connection reset"))
    for list in lists { list.load() }
    await stage.passing { lists.allSatisfy { $0.failure != nil } }
    #expect(places.map { screen.text(of: $0) } == before)
    #expect(redTexts(screen).isEmpty, "\(redTexts(screen))")
    #expect(screen.frame().text().ranges(of: "offline").count == 1)
  }

  @Test(arguments: [(120, 40), (80, 24), (40, 12)])
  func `an outage is in the header at every size`(width: Int, height: Int) async {
    stage.transport.fail(.timedOut)
    let (screen, _) = stage.screen(width, height)
    stage.navigator.start()
    await stage.passing { stage.navigator.session.outage != nil }
    #expect(screen.headerText.contains("offline"))
  }

  @Test func `a mistake that only one list has is said in its pane`() async {
    stage.transport.answer("GET /models", status: 400, #"{"detail":"No such list."}"#)
    let (screen, _) = await stage.started(160, 48)
    #expect(stage.navigator.session.outage == nil)
    #expect(screen.text(of: .models).contains("No such list."))
    #expect(!screen.headerText.contains("offline"))
    #expect(stage.collections.collections.loadedCount == 3)
  }
}
