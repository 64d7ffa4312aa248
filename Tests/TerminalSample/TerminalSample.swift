import CursesTerminal
import Glibc
import Settings
import TerminalKit

/// A small full-screen app for testing the terminal layer. It lists the events it receives and
/// responds to a few keys.
///
///     TerminalSample SCRIPT LOG
///
/// `e` lends the terminal to a shell that runs SCRIPT. The shell's descriptor 3 receives a line
/// from the app's main actor. `m` toggles the mouse, `p` shows progress, `!` crashes while drawing
/// the next frame, and `q` quits.
@main
enum TerminalSample {
  static func main() {
    MainLoop.prepare()
    let arguments = CommandLine.arguments
    let status = MainActor.assumeIsolated {
      return try? MainLoop.run(
        SampleApplication(script: arguments.count > 1 ? arguments[1] : ""),
        config: Settings.Config(), logPath: arguments.count > 2 ? arguments[2] : nil)
    }
    exit(status ?? 1)
  }
}

@MainActor
private final class SampleApplication: TerminalApplication {
  private let script: String
  private var terminal: (any Terminal)?
  private var told = ["ready"]
  private var crashesInNextFrame = false
  private(set) var needsFrame = true
  private(set) var isFinished = false
  let nextDeadline: ContinuousClock.Instant? = nil

  init(script: String) {
    self.script = script
  }

  func start(on terminal: any Terminal) {
    self.terminal = terminal
  }

  func frame() -> Canvas {
    if crashesInNextFrame { fatalError("the sample was asked to crash") }
    needsFrame = false
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
