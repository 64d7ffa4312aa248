import TerminalKit

/// A program that runs into a trap once its first frame is on the screen: the tests of the restore
/// need a crash that is Swift's own.
@MainActor
final class CrashAfterStart: TerminalApplication {
  private let application: any TerminalApplication
  private var hasDrawn = false

  init(_ application: any TerminalApplication) {
    self.application = application
  }

  func frame() -> Canvas {
    if hasDrawn { fatalError("--crash-after-start was given") }
    hasDrawn = true
    return application.frame()
  }

  /// Asks for the frame after the first.
  var needsFrame: Bool { true }
  var nextDeadline: ContinuousClock.Instant? { application.nextDeadline }
  var isFinished: Bool { application.isFinished }

  func start(on terminal: any Terminal) { application.start(on: terminal) }
  func handle(_ event: TerminalEvent) { application.handle(event) }
  func terminate(_ signal: Int32) { application.terminate(signal) }
}
