import Foundation

/// A tmux server for a single test, controlled through tmux's control mode.
///
/// Control mode lets a test wait for events instead of time: tmux reports when the pane has written
/// something (`%output`), and answers commands in the order they were sent. The server has its
/// socket in its own folder and reads no configuration. It exits when this process does, for
/// whatever reason, and its folder is removed.
actor TmuxControl {
  /// The state of the program in the pane, as reported by the shell around it.
  enum ProgramState: Equatable {
    case starting
    case running(pid: Int32)
    case stopped(signal: Int32)
    case exited(status: Int32)
  }

  /// A command that tmux rejected, or a server that has exited.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// The mark that the shell around the program writes before the name of a state. No terminal
  /// shows it.
  static let mark = "\u{1b}]9999;"

  /// Everything the pane has written since it started, including escape sequences.
  private(set) var written: [UInt8] = []
  private(set) var state = ProgramState.starting
  /// Incremented whenever the screen may have changed.
  private(set) var changes = 0

  private let process = Process()
  /// A shell that kills tmux when this pipe is closed, by us or because we have exited. On its own,
  /// a tmux server with output for a client that no longer reads it would run forever.
  private let leashHolder = Process()
  private let leash = Pipe()
  private let input = Pipe()
  private let output = Pipe()
  private var unfinishedLine: [UInt8] = []
  private var openBlock: (number: String, isOurs: Bool, lines: [[UInt8]])?
  private var waitingForReply: [CheckedContinuation<[[UInt8]], any Error>] = []
  private var waitingForChange: [CheckedContinuation<Void, Never>] = []
  private var markSearchStart = 0
  private var programID: Int32 = 0
  private var hasEnded = false

  /// Starts the server with one empty pane of a given size.
  static func start(socket: String, columns: Int, rows: Int) async throws -> TmuxControl {
    let control = TmuxControl()
    try await control.launch(socket: socket)
    try await control.send("set-option -g default-terminal tmux-256color")
    try await control.send("set-option -g status off")
    try await control.send("set-option -s escape-time 0")
    try await control.send("set-option -s focus-events on")
    try await control.resize(columns: columns, rows: rows)
    return control
  }

  /// Sends a command, which must not contain a newline. Returns the lines of the answer.
  @discardableResult
  func send(_ command: String) async throws -> [[UInt8]] {
    guard !hasEnded else { throw Failure(description: "tmux has exited; not sent: \(command)") }
    return try await withCheckedThrowingContinuation { continuation in
      waitingForReply.append(continuation)
      do {
        try input.fileHandleForWriting.write(contentsOf: Data((command + "\n").utf8))
      } catch {
        end()
      }
    }
  }

  func resize(columns: Int, rows: Int) async throws {
    try await send("refresh-client -C \(columns)x\(rows)")
  }

  /// Returns once something may have changed since the count was `seen`, or after `wakeAll`.
  func change(since seen: Int) async {
    guard changes == seen, !hasEnded else { return }
    await withCheckedContinuation { waitingForChange.append($0) }
  }

  /// Makes everyone who is waiting for a change check again, because a deadline has passed.
  func wakeAll() {
    let waiting = waitingForChange
    waitingForChange = []
    for continuation in waiting { continuation.resume() }
  }

  /// Kills the server and whatever runs in it, and removes the folder of its socket.
  func stop() {
    end()
    try? leash.fileHandleForWriting.close()
    if leashHolder.isRunning { leashHolder.waitUntilExit() }
  }

  /// Makes sure that no exit from this process leaves a server or its folder behind.
  private func holdLeash(socket: String) throws {
    let script = """
      cat
      server=$(timeout 5 tmux -S "$1" display-message -p '#{pid}') && kill -KILL "$server"
      rm -rf "${1%/*}"
      """
    leashHolder.executableURL = URL(fileURLWithPath: "/bin/sh")
    leashHolder.arguments = ["-c", script, "sh", socket]
    leashHolder.standardInput = leash
    leashHolder.standardOutput = FileHandle.nullDevice
    leashHolder.standardError = FileHandle.nullDevice
    try leashHolder.run()
  }

  private func launch(socket: String) throws {
    try holdLeash(socket: socket)
    let (chunks, continuation) = AsyncStream.makeStream(of: Data.self)
    output.fileHandleForReading.readabilityHandler = { handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
        continuation.finish()
      } else {
        continuation.yield(data)
      }
    }
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["tmux", "-u", "-S", socket, "-f", "/dev/null", "-C", "new-session", "cat"]
    var environment = ProcessInfo.processInfo.environment
    environment["TMUX"] = nil
    environment["LC_ALL"] = "C.UTF-8"
    environment["SHELL"] = "/bin/sh"
    process.environment = environment
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    Task {
      for await chunk in chunks { self.receive(chunk) }
      self.end()
    }
  }

  private func end() {
    guard !hasEnded else { return }
    hasEnded = true
    try? input.fileHandleForWriting.close()
    let waiting = waitingForReply
    waitingForReply = []
    for continuation in waiting {
      continuation.resume(throwing: Failure(description: "tmux exited before it answered"))
    }
    wakeAll()
  }

  private func receive(_ data: Data) {
    for byte in data {
      if byte == UInt8(ascii: "\n") {
        receive(line: unfinishedLine)
        unfinishedLine = []
      } else {
        unfinishedLine.append(byte)
      }
    }
  }

  private func receive(line: [UInt8]) {
    if let block = openBlock {
      let words = line.starts(with: Array("%e".utf8)) ? Self.words(line) : []
      guard words.count == 4, words[2] == block.number, ["%end", "%error"].contains(words[0]) else {
        openBlock?.lines.append(line)
        return
      }
      openBlock = nil
      guard block.isOurs, !waitingForReply.isEmpty else { return }
      let continuation = waitingForReply.removeFirst()
      if words[0] == "%end" {
        continuation.resume(returning: block.lines)
      } else {
        let text = block.lines.map { String(decoding: $0, as: UTF8.self) }
        continuation.resume(throwing: Failure(description: text.joined(separator: "\n")))
      }
    } else if line.starts(with: Array("%begin ".utf8)) {
      let words = Self.words(line)
      openBlock = (words[2], words[3] == "1", [])
    } else if line.starts(with: Array("%output ".utf8)) {
      receive(output: line.drop { $0 != UInt8(ascii: " ") }.dropFirst())
    } else if line.starts(with: Array("%layout-change ".utf8)) {
      changed()
    }
  }

  /// Parses the pane's number, a space, and its output, in which special bytes are backslash
  /// escapes with octal digits.
  private func receive(output: some Swift.Collection<UInt8>) {
    var bytes = output.drop { $0 != UInt8(ascii: " ") }.dropFirst()
    while let byte = bytes.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        written.append(byte)
        continue
      }
      let digits = String(decoding: bytes.prefix(3), as: UTF8.self)
      written.append(UInt8(digits, radix: 8) ?? byte)
      bytes = bytes.dropFirst(3)
    }
    findMarks()
    changed()
  }

  private func findMarks() {
    let mark = Array(Self.mark.utf8)
    while let start = written[markSearchStart...].firstRange(of: mark),
      let end = written[start.upperBound...].firstIndex(of: 7)
    {
      let words = Self.words(Array(written[start.upperBound..<end]))
      markSearchStart = end
      guard words.count == 2, let number = Int32(words[1]) else { continue }
      switch words[0] {
      case "running":
        programID = number
        state = .running(pid: number)
      case "resumed": state = .running(pid: programID)
      case "stopped": state = .stopped(signal: number)
      case "exited": state = .exited(status: number)
      default: break
      }
    }
    if written[markSearchStart...].firstRange(of: mark) == nil {
      markSearchStart = max(markSearchStart, written.count - mark.count)
    }
  }

  private func changed() {
    changes += 1
    wakeAll()
  }

  private static func words(_ line: [UInt8]) -> [String] {
    String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
  }
}
