import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Numbers and clocks that make no sense.
@MainActor
struct OddNumberTests {
  let stage = Stage()

  nonisolated static let odd: [Double] = [
    -1e19, 1e19, -12.34, -0.04, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, 1e300, 0,
  ]

  @Test(arguments: odd)
  func `no number ends the program, and none is shown as negative`(number: Double) {
    let texts = [
      Formatting.duration(number), Formatting.ticking(number), Formatting.age(number),
      Formatting.percent(number), Formatting.count(Int(clamping: number)),
      Formatting.bytes(Int(clamping: number)),
    ]
    #expect(!texts.dropLast(3).contains { $0.contains("-") }, "\(texts)")
    #expect(!Formatting.count(Int(clamping: number)).contains("-"))
    #expect(!Formatting.bytes(.min).contains("-"))
    _ = Formatting.milliseconds(.seconds(1e18) * 90)
    _ = Formatting.seconds(until: .now - .seconds(1e12))
  }

  private func prediction(_ id: String, _ status: String, _ more: String) -> String {
    """
    {"id":"\(id)","model":"acme/painter","input":{},"status":"\(status)","logs":"",\(more)}
    """
  }

  @Test func `odd measurements are drawn, without a sign`() async {
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        prediction(
          "back1", "succeeded",
          #""created_at":"2026-11-24T02:58:00Z","started_at":"2026-11-24T02:58:10Z","#
            + #""completed_at":"2026-11-24T02:57:58Z","metrics":{"predict_time":-12.34,"total_time":-2.5}"#
        ),
        prediction(
          "back2", "succeeded",
          #""created_at":"2026-11-24T02:57:00Z","metrics":{"predict_time":-1e19,"total_time":1e400}"#
        ),
      ]))
    let (screen, _) = await stage.started(160, 48)
    let text = screen.text(of: .predictions)
    #expect(text.contains("0.0 s") && !text.contains("-"), "\(text)")
    await stage.press(screen, .character("4"), .enter)
    #expect(!screen.text(of: .live).contains("-1"))
    #expect(!screen.text(of: .live).contains("total time -"))
  }

  @Test func `a run that began by a clock ahead of ours counts from its beginning`() async {
    // The service is ten minutes ahead of this machine, where it is 03:00.
    stage.transport.answer(
      "GET /predictions", headers: [("date", "Tue, 24 Nov 2026 03:10:00 GMT")],
      Stage.page([
        prediction(
          "ahead", "processing",
          #""created_at":"2026-11-24T03:09:00Z","started_at":"2026-11-24T03:09:48Z""#)
      ]))
    let (screen, _) = await stage.started(160, 48)
    #expect(screen.text(of: .predictions).contains("12 s"), "\(screen.text(of: .predictions))")
    stage.clock.advance(by: .seconds(20))
    screen.drawAgain()
    #expect(screen.text(of: .predictions).contains("32 s"), "\(screen.text(of: .predictions))")
    #expect(screen.text(of: .predictions).contains("1 min"))
  }

  @Test func `the filter of Predictions finds prompts, and says where it looked`() async {
    let next = "http://127.0.0.1:1/v1/predictions?cursor=2"
    stage.transport.answer(
      "GET /predictions",
      Stage.page(
        [
          Stage.prediction("aaa1", "succeeded", "2026-11-24T02:55:00Z")
            .replacing("a fox", with: String(repeating: "long ", count: 200) + "lighthouse"),
          Stage.prediction("aaa2", "succeeded", "2026-11-24T02:54:00Z"),
        ], next: next))
    let (screen, _) = await stage.started(160, 48)
    await stage.press(screen, .character("4"), .character("/"))
    await stage.type(screen, "lighth")
    #expect(stage.predictions.predictions.visible.map(\.id.rawValue) == ["aaa1"])
    #expect(screen.frame().text().contains("1 of 2 loaded"))
    #expect(screen.text(of: .predictions).contains("Only loaded rows. G loads the rest."))
  }

  @Test(arguments: [(160, 48), (80, 24)])
  func `a bound of 64 bits can be read whole, and a seed without room says so`(
    width: Int, height: Int
  ) async {
    stage.transport.answer(
      "GET /models/acme/painter",
      """
      {"owner":"acme","name":"painter","latest_version":{"id":"v","openapi_schema":{"components":\
      {"schemas":{"Input":{"properties":{"seed":{"type":"integer","minimum":0,\
      "maximum":18446744073709551615,"x-order":0},"tiny_seed":{"type":"integer","minimum":0.2,\
      "maximum":0.7,"x-order":1}}}}}}}}
      """)
    let (screen, _) = await stage.started(width, height)
    await stage.openPainter()
    stage.navigator.perform(.run)
    await stage.navigator.settled()
    #expect(screen.frame().text().contains("0…18446744073709551615"))
    await stage.press(screen, .alt("r"))
    #expect(stage.form?.payload["seed"] != nil)
    await stage.press(screen, .tab, .alt("r"))
    #expect(screen.footerText.contains("No whole number is within the bounds of tiny_seed."))
  }
}
