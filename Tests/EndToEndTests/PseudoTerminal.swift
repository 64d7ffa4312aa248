import Foundation

/// The built program (or any other) in a real pseudo-terminal, as a person would sit before it.
///
///     try await withTerminal([Replicant.path, "--demo"]) { terminal in
///       try await terminal.waits(for: "Collections")
///       try await terminal.press("Down", "Enter")
///       let screen = try await terminal.waits { $0.contains("prompt") && !$0.contains("loading") }
///       try await terminal.type("q")
///       #expect(try await terminal.exitStatus() == 0)
///     }
///
/// Waiting is waiting for events: the screen is looked at again whenever the program has written
/// something. Only a program that never shows what is waited for runs into the deadline, and then
/// the failure shows the last screen.
final class PseudoTerminal: Sendable {
  /// A wait that ended without what was waited for.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// How long anything may take before the test fails; generous, as nothing waits for it to pass.
  static let patience = Duration.seconds(60)

  /// A folder of this terminal's own: the program's home is in it.
  let folder: URL
  private let control: TmuxControl

  private init(folder: URL, control: TmuxControl) {
    self.folder = folder
    self.control = control
  }

  /// Starts a command in a terminal of a size. The command sees only the environment given, a home
  /// of its own, a UTF-8 locale and the terminal's name.
  static func start(
    _ command: [String], columns: Int = 120, rows: Int = 40, environment: [String: String] = [:]
  ) async throws -> PseudoTerminal {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("replicant-terminal-\(UUID().uuidString.prefix(8))")
    let home = folder.appendingPathComponent("home")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let script = folder.appendingPathComponent("session")
    try sessionScript(command, folder: folder, home: home, environment: environment)
      .write(to: script, atomically: true, encoding: .utf8)

    let socket = folder.appendingPathComponent("socket").path
    let control = try await TmuxControl.start(socket: socket, columns: columns, rows: rows)
    let terminal = PseudoTerminal(folder: folder, control: control)
    do {
      try await control.send("respawn-pane -k -c \(home.path) 'exec /bin/sh \(script.path)'")
      try await terminal.waits("the program's start") { $0 != .starting }
    } catch {
      await terminal.close()
      throw error
    }
    return terminal
  }

  /// Ends what runs in the terminal, and removes its folder.
  func close() async {
    await control.stop()
  }

  // MARK: Keys

  /// Types text as it is, byte for byte; "\r" is Enter, "\u{1b}" Escape.
  func type(_ text: String) async throws {
    try await send(bytes: Array(text.utf8))
  }

  /// Presses keys by tmux's names for them: `Up`, `Enter`, `Escape`, `Tab`, `BTab`, `BSpace`,
  /// `PPage`, `F2`, `C-r`, `M-x`, or a single letter.
  func press(_ keys: String...) async throws {
    for key in keys { try await control.send("send-keys -- '\(key)'") }
  }

  /// Pastes as a terminal does: bracketed where the program has asked for that, newlines as returns.
  func paste(_ text: String) async throws {
    let file = folder.appendingPathComponent("paste")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try await control.send("load-buffer \(file.path)")
    try await control.send("paste-buffer -p -d")
  }

  /// Clicks with the left button where a text begins.
  func click(on text: String) async throws {
    let screen = try await waits(for: text)
    guard let position = screen.position(of: text) else { return }
    try await click(x: position.x, y: position.y)
  }

  /// Clicks with the left button in a cell, counted from 0.
  func click(x: Int, y: Int) async throws {
    try await type("\u{1b}[<0;\(x + 1);\(y + 1)M\u{1b}[<0;\(x + 1);\(y + 1)m")
  }

  /// Turns the wheel over a cell: down for a positive number of notches, up for a negative one.
  func wheel(_ notches: Int, x: Int, y: Int) async throws {
    let notch = "\u{1b}[<\(notches < 0 ? 64 : 65);\(x + 1);\(y + 1)M"
    try await type(String(repeating: notch, count: abs(notches)))
  }

  func resize(columns: Int, rows: Int) async throws {
    try await control.resize(columns: columns, rows: rows)
  }

  /// Sends a signal to the program.
  func signal(_ signal: Int32) async throws {
    kill(try await programID(), signal)
  }

  /// The program's process.
  func programID() async throws -> Int32 {
    guard case .running(let pid) = await control.state else {
      throw Failure(description: "no program is running")
    }
    return pid
  }

  /// Brings a stopped program back to the foreground, as a person does at the shell's prompt.
  func foreground() async throws {
    try await type("fg\r")
    try await waits("the program's return") { if case .running = $0 { true } else { false } }
  }

  // MARK: Looking

  /// The screen as it is now.
  func screen() async throws -> TerminalScreen {
    async let modeLines = control.send(
      "display-message -p '#{cursor_x} #{cursor_y} #{cursor_flag} #{alternate_on}"
        + " #{mouse_any_flag} #{pane_width} #{pane_height}'")
    async let captured = control.send("capture-pane -p -e")
    let numbers = try await String(decoding: modeLines.first ?? [], as: UTF8.self)
      .split(separator: " ").map { Int($0) ?? 0 }
    guard numbers.count == 7 else { throw Failure(description: "tmux told no modes: \(numbers)") }
    return try await TerminalScreen(
      captured: captured,
      modes: TerminalScreen.Modes(
        cursorX: numbers[0], cursorY: numbers[1], isCursorVisible: numbers[2] == 1,
        isAlternateScreen: numbers[3] == 1, wantsMouse: numbers[4] == 1, columns: numbers[5],
        rows: numbers[6]))
  }

  /// Waits until a text is on the screen.
  @discardableResult
  func waits(
    for text: String, within limit: Duration = patience, file: String = #fileID, line: Int = #line
  ) async throws -> TerminalScreen {
    try await waits(until: "“\(text)” is shown", within: limit, file: file, line: line) {
      $0.contains(text)
    }
  }

  /// Waits until a text is no longer on the screen.
  @discardableResult
  func waits(
    forEndOf text: String, within limit: Duration = patience, file: String = #fileID,
    line: Int = #line
  ) async throws -> TerminalScreen {
    try await waits(until: "“\(text)” is gone", within: limit, file: file, line: line) {
      !$0.contains(text)
    }
  }

  /// Waits until the screen is as a test wants it, and gives that screen.
  @discardableResult
  func waits(
    until what: String = "the screen is as expected", within limit: Duration = patience,
    file: String = #fileID, line: Int = #line,
    _ isAsExpected: @Sendable (TerminalScreen) throws -> Bool
  ) async throws -> TerminalScreen {
    var last: TerminalScreen?
    let found = try await repeated(within: limit) {
      let screen = try await self.screen()
      last = screen
      return try isAsExpected(screen) ? screen : nil
    }
    if let found { return found }
    throw Failure(
      description: """
        \(file):\(line): waited until \(what), for \(limit); \(await self.control.state)
        \(last.map(String.init(describing:)) ?? "no screen")
        """)
  }

  /// Everything written to the terminal so far, escape sequences included.
  func written() async -> String { String(decoding: await control.written, as: UTF8.self) }

  // MARK: The shell around the program

  /// Waits for the program's end; the status is the shell's (128 and a signal's number after one).
  func exitStatus(within limit: Duration = patience) async throws -> Int32 {
    let state = try await waits("the program's end", within: limit) {
      if case .exited = $0 { true } else { false }
    }
    guard case .exited(let status) = state else { return -1 }
    return status
  }

  /// Waits until the program has stopped itself, as Ctrl-Z makes it; gives the signal's number.
  func stopSignal(within limit: Duration = patience) async throws -> Int32 {
    let state = try await waits("the program's stop", within: limit) {
      if case .stopped = $0 { true } else { false }
    }
    guard case .stopped(let signal) = state else { return -1 }
    return signal
  }

  /// The terminal line's settings (`stty -a`, but for its size) before the program began.
  var settingsBefore: String { get throws { try settings("before") } }
  /// The settings while the program is stopped.
  var settingsWhileStopped: String { get throws { try settings("stopped") } }
  /// The settings after the program's end.
  var settingsAfter: String { get throws { try settings("after") } }

  private func settings(_ moment: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent("stty-\(moment)"), encoding: .utf8)
      .replacing(#/rows \d+; columns \d+; /#, with: "")
  }

  @discardableResult
  private func waits(
    _ what: String, within limit: Duration = patience,
    until isReached: @Sendable (TmuxControl.ProgramState) -> Bool
  ) async throws -> TmuxControl.ProgramState {
    let reached = try await repeated(within: limit) {
      let state = await self.control.state
      return isReached(state) ? state : nil
    }
    if let reached { return reached }
    let screen = (try? await screen()).map(String.init(describing:)) ?? "no screen"
    throw Failure(description: "waited for \(what), for \(limit)\n\(screen)")
  }

  /// Looks again after each change until a look succeeds; nil after the limit.
  private func repeated<Found>(
    within limit: Duration, _ look: () async throws -> Found?
  ) async throws -> Found? {
    let deadline = ContinuousClock.now + limit
    let alarm = Task { [control] in
      try await Task.sleep(until: deadline, clock: .continuous)
      await control.wakeAll()
    }
    defer { alarm.cancel() }
    while true {
      let seen = await control.changes
      if let found = try await look() { return found }
      guard ContinuousClock.now < deadline else { return nil }
      await control.change(since: seen)
    }
  }

  private func send(bytes: [UInt8]) async throws {
    // A long line of hexadecimal bytes would be refused, so it goes in pieces.
    for start in stride(from: 0, to: bytes.count, by: 500) {
      let piece = bytes[start..<min(start + 500, bytes.count)]
      let hex = piece.map { String($0, radix: 16) }.joined(separator: " ")
      try await control.send("send-keys -H \(hex)")
    }
  }
}

/// Runs a test's body with a terminal, which is closed on every way out.
func withTerminal<Result>(
  _ command: [String], columns: Int = 120, rows: Int = 40, environment: [String: String] = [:],
  _ body: (PseudoTerminal) async throws -> Result
) async throws -> Result {
  let terminal = try await PseudoTerminal.start(
    command, columns: columns, rows: rows, environment: environment)
  do {
    let result = try await body(terminal)
    await terminal.close()
    return result
  } catch {
    await terminal.close()
    throw error
  }
}

extension PseudoTerminal {
  /// The shell around the program: it keeps the line's settings, tells by marks that no terminal
  /// shows what the program does, and stays, so that what was left on the screen can be looked at.
  private static func sessionScript(
    _ command: [String], folder: URL, home: URL, environment: [String: String]
  ) -> String {
    var variables = [
      "HOME": home.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8",
      "SHELL": "/bin/sh",
    ]
    variables.merge(environment) { _, given in given }
    let assignments = variables.sorted { $0.key < $1.key }
      .map { quoted("\($0.key)=\($0.value)") }.joined(separator: " ")
    let words = command.map(quoted).joined(separator: " ")
    return """
      mark() { printf '\\033]9999;%s %s\\007' "$1" "$2"; }
      set -m
      cd \(quoted(home.path))
      stty -a >\(folder.path)/stty-before
      env -i TERM="$TERM" \(assignments) /bin/sh -c '
        printf "\\033]9999;running %s\\007" $$
        exec "$@"' sh \(words)
      status=$?
      while [ $status -ge 147 ] && [ $status -le 150 ]; do
        stty -a >\(folder.path)/stty-stopped
        mark stopped $((status - 128))
        until read -r line && [ "$line" = fg ]; do :; done
        mark resumed 0
        fg >/dev/null
        status=$?
      done
      stty -a >\(folder.path)/stty-after
      mark exited $status
      exec cat >/dev/null

      """
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacing("'", with: "'\\''") + "'"
  }
}
