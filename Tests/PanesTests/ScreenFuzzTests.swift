import Foundation
import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Whatever is typed, pasted, clicked and resized in whatever order, the screen can draw what comes of
/// it. FUZZ_SEEDS and FUZZ_EVENTS make it longer; FUZZ_MODEL is a file with another model's object.
@MainActor struct ScreenFuzzTests {
  @Test(
    arguments: 1...(ProcessInfo.processInfo.environment["FUZZ_SEEDS"].flatMap(UInt64.init) ?? 4))
  func `random keys, clicks and sizes are survived`(seed: UInt64) async {
    let many = ProcessInfo.processInfo.environment["FUZZ_EVENTS"].flatMap(Int.init) ?? 2000
    var random = SplitMix(seed: seed &+ UInt64(many) &* 7919)
    let stage = Stage()
    if let path = ProcessInfo.processInfo.environment["FUZZ_MODEL"],
      let text = try? String(contentsOfFile: path, encoding: .utf8)
    {
      stage.transport.answer("GET /models/acme/painter", text)
    }
    await stage.started()
    let navigator = stage.navigator
    let terminal = RecordingTerminal(width: 120, height: 40)
    let screen = Screen(navigator: navigator)
    screen.start(on: terminal)
    var parser = InputParser()
    _ = screen.frame()
    for step in 0..<many {
      if screen.isFinished { break }
      if step % 400 == 0 {
        navigator.perform(.openAddress(.model(Stage.painterID, version: nil)))
        await Self.pause()
        _ = screen.frame()
        navigator.perform(.run)
      }
      for event in parser.feed(Self.bytes(&random)) + parser.timeOut() { screen.handle(event) }
      if Int.random(in: 0..<4, using: &random) == 0 {
        terminal.size = Size(
          width: Int.random(in: 1...210, using: &random),
          height: Int.random(in: 1...70, using: &random))
        screen.handle(.resize(terminal.size))
      }
      if Int.random(in: 0..<2, using: &random) == 0 {
        let frame = screen.frame()
        #expect(frame.size == terminal.size)
        // What is drawn piece by piece must be what is drawn all at once.
        if step % 8 == 0 {
          screen.drawAgain()
          let whole = screen.frame()
          #expect(frame.text() == whole.text(), "step \(step)")
          #expect(frame.styles() == whole.styles(), "step \(step)")
        }
      }
      if step % 20 == 0 { await Self.pause() }
    }
  }

  /// Lets what was asked for arrive; what waits for the clock waits on.
  private static func pause() async {
    for _ in 0..<30 { await Task.yield() }
  }

  private static let keys = [
    "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}[H", "\u{1B}[F", "\u{1B}[5~",
    "\u{1B}[6~",
    "\t", "\u{1B}[Z", "\r", "\u{7F}", "\u{1B}[3~", "\u{0B}", "\u{15}", "\u{17}", "\u{06}",
    "\u{1B}r",
    "\u{1B}u", "\u{1B}[1;3A", "\u{1B}[1;3B", "\u{1B}[1;5H", "\u{1B}[1;5F", "\u{1B}[1;3H",
    "\u{1B}[1;3F",
    "\u{1B}OP", "\u{0A}", "\u{1B}[1;5C", "\u{1B}[1;5D",
  ]
  private static let texts = [
    "flux", "画像を直す", "👩‍👩‍👧 family", "line\nafter line\n", "1e400", "-9223372036854775808",
    "9223372036854775807", "0.00000001", "🇯🇵🇺🇸", "e\u{301}\u{302}\u{303}", "[1,2",
    "https://example.com/a.png",
    "/etc/hostname", String(repeating: "a long paste, ", count: 200),
  ]

  private static func bytes(_ random: inout SplitMix) -> [UInt8] {
    let letters = Array("abcdefghijklmnoprstuvwxyz0123456789:/?.,+-<>=[]{}!@#~GNPYZ ".utf8)
    switch Int.random(in: 0..<100, using: &random) {
    case ..<45: return [letters.randomElement(using: &random) ?? 0x20]
    case ..<80: return Array((keys.randomElement(using: &random) ?? "").utf8)
    case ..<84: return [0x1B]
    case ..<90:
      return Array("\u{1B}[200~\(texts.randomElement(using: &random) ?? "")\u{1B}[201~".utf8)
    default:
      let button = [0, 0, 0, 32, 64, 65, 2].randomElement(using: &random) ?? 0
      let x = Int.random(in: 1...220, using: &random)
      let y = Int.random(in: 1...75, using: &random)
      let end = Bool.random(using: &random) ? "M" : "m"
      return Array("\u{1B}[<\(button);\(x);\(y)\(end)".utf8)
    }
  }
}
