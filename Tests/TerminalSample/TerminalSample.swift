import CursesTerminal
import Glibc
import Settings
import TerminalKit

/// A small full-screen app for testing the terminal layer. It lists the events it receives and
/// responds to a few keys.
///
///     TerminalSample SCRIPT LOG EXPECTED
///
/// `w` draws the next mosaic of wide and narrow characters with links, and writes its text to the
/// file EXPECTED. `a` waits for a key on the screen of the shell that `e` ran. `e` lends the terminal to a shell that runs SCRIPT. The shell's descriptor 3 receives a line
/// from the app's main actor. `m` toggles the mouse, `p` shows progress, `!` crashes while drawing
/// the next frame, and `q` quits.
@main
enum TerminalSample {
  static func main() {
    MainLoop.prepare()
    let arguments = CommandLine.arguments
    let status = MainActor.assumeIsolated {
      return try? MainLoop.run(
        SampleApplication(
          script: arguments.count > 1 ? arguments[1] : "",
          expected: arguments.count > 3 ? arguments[3] : nil),
        config: Settings.Config(), logPath: arguments.count > 2 ? arguments[2] : nil)
    }
    exit(status ?? 1)
  }
}

@MainActor
private final class SampleApplication: TerminalApplication {
  private let script: String
  private let expected: String?
  private var mosaic: Mosaic?
  private var pauses = false
  private var terminal: (any Terminal)?
  private var told = ["ready"]
  private var crashesInNextFrame = false
  private(set) var needsFrame = true
  private(set) var isFinished = false
  let nextDeadline: ContinuousClock.Instant? = nil

  init(script: String, expected: String?) {
    self.script = script
    self.expected = expected
  }

  func start(on terminal: any Terminal) {
    self.terminal = terminal
  }

  func frame() -> Canvas {
    if crashesInNextFrame { fatalError("the sample was asked to crash") }
    needsFrame = false
    if let mosaic { return mosaic.canvas }
    var canvas = Canvas(size: terminal?.size ?? Size(width: 1, height: 1))
    for (y, line) in told.suffix(canvas.size.height).enumerated() {
      canvas.write(line, x: 0, y: y, style: .normal)
    }
    return canvas
  }

  func handle(_ event: TerminalEvent) {
    switch event {
    case .key(.character("q")): isFinished = true
    case .key(.character("e")): Task { await runScript() }
    case .key(.character("w")): drawMosaic()
    case .key(.character("a")):
      pauses = true
      tell("pauses")
    case .key(.character("l")): terminal?.repaint()
    case .key(.character("m")):
      terminal?.hasMouse.toggle()
      tell("mouse \(terminal?.hasMouse == true)")
    case .key(.character("p")):
      terminal?.send(.progress(.indeterminate))
      tell("progress")
    case .key(.character("!")):
      crashesInNextFrame = true
      needsFrame = true
    case .key(.enter): tell("key enter")
    case .key(let key):
      if case .character(let character) = key.code { tell("key \(character)") }
    case .resize(let size): tell("size \(size.width)x\(size.height)")
    default: break
    }
  }

  func terminate(_ signal: Int32) {
    isFinished = true
  }

  private func drawMosaic() {
    let size = terminal?.size ?? Size(width: 1, height: 1)
    var next = mosaic ?? Mosaic(size: size, widths: terminal?.widths ?? .builtIn)
    next.change()
    mosaic = next
    needsFrame = true
    guard let expected else { return }
    let draft = expected + ".draft"
    let file = open(draft, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    let text = Array(next.canvas.text().utf8)
    guard file >= 0, write(file, text, text.count) == text.count else { fatalError("no file") }
    close(file)
    rename(draft, expected)
  }

  private func tell(_ line: String) {
    told.append(line)
    needsFrame = true
  }

  private func runScript() async {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return }
    terminal?.handOver()
    let child = start(input: ends[0])
    close(ends[0])
    // Runs on the main actor again, which only works if the loop is running.
    await Task.detached {}.value
    _ = write(ends[1], "go\n", 3)
    let status = await Task.detached {
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0, errno == EINTR {}
      return status >> 8
    }.value
    close(ends[1])
    if pauses { await terminal?.pause("a pause") }
    terminal?.takeBack()
    tell("back \(status)")
  }

  /// Starts the script in this process's group, with the default signal handling.
  private func start(input: Int32) -> pid_t {
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_adddup2(&files, input, 3)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let words = ["/bin/sh", "-c", script]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { for argument in arguments { free(argument) } }
    var child = pid_t()
    posix_spawn(&child, "/bin/sh", &files, &attributes, arguments, environ)
    return child
  }
}

/// A picture of wide and narrow characters side by side, with links that begin and end anywhere. The
/// changes are the same in every run.
private struct Mosaic {
  private(set) var canvas: Canvas
  private var frame = 0
  private var seed: UInt64 = 1

  private static let pieces = [
    "a", "b", "-", " ", "é", "e\u{301}", "│", "画", "狐", "한", "🦊", "画画", "a狐", "狐b", "  ",
  ]

  init(size: Size, widths: WidthTable) {
    canvas = Canvas(size: size, widths: widths)
  }

  /// Writes over some places, so that all kinds of neighbors meet.
  mutating func change() {
    frame += 1
    canvas.beginFrame()
    let size = canvas.size
    if frame % 50 == 0 { canvas.fill(canvas.bounds) }
    for _ in 0..<1 + pick(12) {
      let (x, y) = (pick(size.width) - 1, 1 + pick(max(1, size.height - 1)))
      let text = (0..<1 + pick(8)).map { _ in Self.pieces[pick(Self.pieces.count)] }.joined()
      let style = [Style.normal, .accent, .title.bold(), .dim][pick(4)]
      let width = canvas.write(text, x: x, y: y, style: style)
      guard pick(2) == 0 else { continue }
      let address = "https://example.com/\(pick(3))"
      canvas.link(
        Rect(x: x + pick(3) - 1, y: y, width: max(1, width - pick(3)), height: 1), to: address)
    }
    canvas.write("frame \(frame) ", x: 0, y: 0, style: .normal)
  }

  private mutating func pick(_ count: Int) -> Int {
    seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int((seed >> 33) % UInt64(count))
  }
}
