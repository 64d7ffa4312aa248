import Foundation

/// Runs the built program (or any other) in a real pseudo-terminal, as a user would see it.
///
///     try await withTerminal([Replicant.path, "--demo"]) { terminal in
///       try await terminal.waits(for: "Collections")
///       try await terminal.press("Down", "Enter")
///       let screen = try await terminal.waits { $0.contains("prompt") && !$0.contains("loading") }
///       try await terminal.type("q")
///       #expect(try await terminal.exitStatus() == 0)
///     }
///
/// Waits respond to events: the screen is checked whenever the program has written something. Only
/// a program that never shows the expected screen reaches the deadline, and then the failure
/// includes the last screen.
final class PseudoTerminal: Sendable {
  /// A wait that failed.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The timeout for any single step. Generous, because no test waits for it to pass.
  static let patience = Duration.seconds(240)

  /// A folder for this terminal only, with the program's home in it.
  let folder: URL
  private let control: TmuxControl

  private init(folder: URL, control: TmuxControl) {
    self.folder = folder
    self.control = control
  }

  /// Starts a command in a terminal of a given size. The command's environment has only the given
  /// variables, a home of its own, a UTF-8 locale, and the terminal's name.
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

  /// Terminates everything that runs in the terminal, and removes its folder.
  func close() async {
    await control.stop()
  }

  // MARK: Keys

  /// Types text exactly as given; "\r" is Enter, and "\u{1b}" is Escape.
  func type(_ text: String) async throws {
    try await send(bytes: Array(text.utf8))
  }

  /// Presses keys, using tmux's names for them: `Up`, `Enter`, `Escape`, `Tab`, `BTab`, `BSpace`,
  /// `PPage`, `F2`, `C-r`, `M-x`, or a single letter.
  func press(_ keys: String...) async throws {
    for key in keys { try await control.send("send-keys -- '\(key)'") }
  }

  /// Pastes text as a terminal does: bracketed if the program has enabled that, and with carriage
  /// returns for line breaks.
  func paste(_ text: String) async throws {
    let file = folder.appendingPathComponent("paste")
    try text.write(to: file, atomically: true, encoding: .utf8)
    try await control.send("load-buffer \(file.path)")
    try await control.send("paste-buffer -p -d")
  }

  /// Clicks the left button at the start of a text.
  func click(on text: String) async throws {
    let screen = try await waits(for: text)
    guard let position = screen.position(of: text) else { return }
    try await click(x: position.x, y: position.y)
  }

  /// Clicks the left button in a cell, counted from 0.
  func click(x: Int, y: Int) async throws {
    try await type("\u{1b}[<0;\(x + 1);\(y + 1)M\u{1b}[<0;\(x + 1);\(y + 1)m")
  }

  /// Turns the wheel over a cell. Positive numbers of notches scroll down.
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

  /// The process ID of the program.
  func programID() async throws -> Int32 {
    guard case .running(let pid) = await control.state else {
      throw Failure(description: "no program is running")
    }
    return pid
  }

  /// Brings a stopped program back to the foreground, as a user would at the shell's prompt.
  func foreground() async throws {
    try await type("fg\r")
    try await waits("the program's return") { if case .running = $0 { true } else { false } }
  }

  // MARK: Screen

  /// The current screen.
  func screen() async throws -> TerminalScreen {
    async let modeLines = control.send(
      "display-message -p '#{cursor_x} #{cursor_y} #{cursor_flag} #{alternate_on}"
        + " #{mouse_any_flag} #{pane_width} #{pane_height}'")
    async let captured = control.send("capture-pane -p -e")
    let numbers = try await String(decoding: modeLines.first ?? [], as: UTF8.self)
      .split(separator: " ").map { Int($0) ?? 0 }
    guard numbers.count == 7 else {
      throw Failure(description: "tmux reported no modes: \(numbers)")
    }
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

  /// Waits until a text has disappeared from the screen.
  @discardableResult
  func waits(
    forEndOf text: String, within limit: Duration = patience, file: String = #fileID,
    line: Int = #line
  ) async throws -> TerminalScreen {
    try await waits(until: "“\(text)” is gone", within: limit, file: file, line: line) {
      !$0.contains(text)
    }
  }

  /// Waits until the screen meets a condition. Returns that screen.
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

  /// Everything written to the terminal so far, including escape sequences.
  func written() async -> String { String(decoding: await control.written, as: UTF8.self) }

  // MARK: The shell around the program

  /// Waits for the program to exit. Returns its status as a shell does (128 plus the signal number
  /// after a signal).
  func exitStatus(within limit: Duration = patience) async throws -> Int32 {
    let state = try await waits("the program's end", within: limit) {
      if case .exited = $0 { true } else { false }
    }
    guard case .exited(let status) = state else { return -1 }
    return status
  }

  /// Waits until the program has stopped itself, as after Ctrl-Z. Returns the signal number.
  func stopSignal(within limit: Duration = patience) async throws -> Int32 {
    let state = try await waits("the program's stop", within: limit) {
      if case .stopped = $0 { true } else { false }
    }
    guard case .stopped(let signal) = state else { return -1 }
    return signal
  }

  /// The terminal's settings (`stty -a` without its size) before the program started.
  var settingsBefore: String { get throws { try settings("before") } }
  /// The settings while the program is stopped.
  var settingsWhileStopped: String { get throws { try settings("stopped") } }
  /// The settings after the program has exited.
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

  /// Checks again after each change until `look` succeeds. Returns nil after the timeout.
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
    // tmux rejects long lines, so send the hexadecimal bytes in chunks.
    for start in stride(from: 0, to: bytes.count, by: 500) {
      let piece = bytes[start..<min(start + 500, bytes.count)]
      let hex = piece.map { String($0, radix: 16) }.joined(separator: " ")
      try await control.send("send-keys -H \(hex)")
    }
  }
}

/// Runs the body of a test with a terminal, which is always closed.
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
  /// The shell around the program. It records the terminal's settings, reports the program's state
  /// with marks that no terminal shows, and keeps running so that the final screen can be checked.
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
