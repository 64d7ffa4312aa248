import Foundation
import Support
import Testing

/// Whatever is typed, pasted, clicked and resized in whatever order: the program stays alive, what it
/// shows is what a repaint shows, and it leaves the terminal as it found it.
///
/// STORM=200000 in the environment says how many events, STORM_SEED makes it another storm. Without
/// STORM it isn't run: tmux 3.3a itself ends in some storms.
@Suite(.serialized) struct StormTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["STORM"] != nil, "STORM isn’t set"))
  func `a storm of keys, pastes, clicks and resizes`() async throws {
    let environment = ProcessInfo.processInfo.environment
    let count = environment["STORM"].flatMap(Int.init) ?? 1500
    let seed = environment["STORM_SEED"].flatMap(UInt64.init) ?? 1
    try await withDemoServer("--speed", "4") { server in
      var variables = server.environment
      variables["EDITOR"] = "/bin/true"
      variables["PAGER"] = "/bin/true"
      var storm = Storm(seed: seed)
      var done = 0
      var starts = 0
      while done < count {
        starts += 1
        let (events, compared, changed) = try await withTerminal(
          [Replicant.path], columns: 100, rows: 30, environment: variables
        ) { terminal in
          try await terminal.waits(for: "Collections")
          return try await storm.rage(in: terminal, count: count - done)
        }
        done += events
        print("storm of seed \(seed): \(done) events, \(compared) repaints compared")
        #expect(changed.isEmpty, "rows that a repaint changed: \(changed)")
      }
      print("storm of seed \(seed): \(starts) starts")
    }
  }
}

/// Random input, always the same for one seed.
private struct Storm {
  private var random: SplitMix

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  private static let keys = [
    "\u{1B}[A", "\u{1B}[B", "\u{1B}[C", "\u{1B}[D", "\u{1B}[H", "\u{1B}[F", "\u{1B}[5~",
    "\u{1B}[6~", "\u{1B}OP", "\u{1B}[15~", "\t", "\u{1B}[Z", "\r", "\u{7F}", "\u{1B}[3~",
    "\u{0B}", "\u{15}", "\u{17}", "\u{12}", "\u{06}", "\u{0C}", "\u{1B}r", "\u{1B}u", "\u{1B}e",
    "\u{1B}[1;3A", "\u{1B}[1;3B", "\u{1B}[1;5H", "\u{1B}[I", "\u{1B}[O",
  ]
  private static let texts = [
    "flux", "画像を直す", "👩‍👩‍👧 family", "q\r\u{03}", "line\nafter line\n", "p/nothing",
    "https://replicate.com/demo/painter", "\u{1B}[31mred\u{1B}[0m", "🇯🇵🇺🇸", "e\u{301}\u{302}\u{303}",
  ]

  /// One event as a terminal sends it.
  private mutating func event() -> String {
    switch Int.random(in: 0..<100, using: &random) {
    case ..<50:
      // Not the keys that end the program or open what isn't there.
      let letters = Array("abcdefghijklmnprstuvwxyz0123456789:/?.,;+-<>=[]{}()!@#$%^&*~GNPZ ")
      return String(letters.randomElement(using: &random) ?? " ")
    case ..<80: return Self.keys.randomElement(using: &random) ?? ""
    case ..<84: return "\u{1B}\u{1B}"
    case ..<88: return "\u{1B}[200~\(Self.texts.randomElement(using: &random) ?? "")\u{1B}[201~"
    case ..<90:
      let bytes = (0..<Int.random(in: 1...12, using: &random)).map { _ in
        UInt8.random(in: 0x20...0x7E, using: &random)
      }
      return "\u{1B}[" + String(decoding: bytes, as: UTF8.self).filter { $0 != "q" }
    default:
      let button = [0, 0, 0, 32, 64, 65, 2, 35].randomElement(using: &random) ?? 0
      let x = Int.random(in: 1...240, using: &random)
      let y = Int.random(in: 1...60, using: &random)
      let end = Bool.random(using: &random) ? "M" : "m"
      return "\u{1B}[<\(button);\(x);\(y)\(end)"
    }
  }

  /// Sends events until there were enough or the program has been told to leave, which is clean.
  mutating func rage(
    in terminal: PseudoTerminal, count: Int
  ) async throws -> (events: Int, compared: Int, changed: [String]) {
    var events = 0
    var compared = 0
    var changed: [String] = []
    while events < count {
      let batch = min(count - events, Int.random(in: 1...120, using: &random))
      try await terminal.type((0..<batch).map { _ in event() }.joined())
      events += batch
      // tmux itself can end at sizes below these.
      let columns = Int.random(in: 10...200, using: &random)
      let rows = Int.random(in: 4...60, using: &random)
      try await terminal.resize(columns: columns, rows: rows)
      guard Int.random(in: 0..<4, using: &random) == 0 else { continue }

      // What is compared has been drawn piece by piece, at one size.
      guard try await settles(terminal) else { break }
      try await terminal.type((0..<40).map { _ in event() }.joined())
      events += 40
      guard let before = try await mouse(isOff: true, terminal) else { break }
      try await terminal.type("\u{0C}")
      guard let after = try await mouse(isOff: false, terminal) else { break }
      // While something runs the rows change by themselves.
      if before.lines[0].contains("▶") || after.lines[0].contains("▶") { continue }
      compared += 1
      for (old, new) in zip(before.lines, after.lines).dropFirst()
      where Self.still(old) != Self.still(new) {
        changed.append("\(old) → \(new)")
      }
    }
    try await terminal.resize(columns: 100, rows: 30)
    if try await settles(terminal) { try await terminal.signal(SIGTERM) }
    let status = try await terminal.exitStatus()
    #expect(status == 0 || status == 128 + SIGTERM)
    #expect(try terminal.settingsAfter == terminal.settingsBefore)
    #expect(try await !terminal.screen().modes.isAlternateScreen)
    return (events, compared, changed)
  }

  /// Lets go of the mouse or takes it again, which the first row tells once it has been read and drawn;
  /// nil if the program has ended.
  private func mouse(isOff: Bool, _ terminal: PseudoTerminal) async throws -> TerminalScreen? {
    try await terminal.type("\u{1B}[20~")
    let screen = try await terminal.waits(until: isOff ? "the mouse is off" : "it is on") {
      ($0.lines.first?.contains("mouse off") ?? false) == isOff || !$0.modes.isAlternateScreen
    }
    return screen.modes.isAlternateScreen ? screen : nil
  }

  /// Waits until all that was sent has been read and drawn at a size; false if the program has ended.
  private func settles(_ terminal: PseudoTerminal) async throws -> Bool {
    // A size that is too small says itself; what came before it has been read by then.
    try await terminal.resize(columns: 30, rows: 5)
    var screen = try await terminal.waits(until: "the small size is told") {
      $0.text.contains("30×5") || !$0.modes.isAlternateScreen
    }
    guard screen.modes.isAlternateScreen else { return false }
    try await terminal.resize(columns: 100, rows: 30)
    screen = try await terminal.waits(until: "the panes are back") {
      $0.lines.first?.hasPrefix(" Replicant") ?? false || !$0.modes.isAlternateScreen
    }
    return screen.modes.isAlternateScreen
  }

  /// A row without its numbers: ages and times go on.
  private static func still(_ row: String) -> String {
    row.filter { !$0.isNumber && $0 != " " }
  }
}
