extension TerminalMessage {
  /// What stands between the program and the terminal, and has to be told to let a sequence through.
  public enum Multiplexer: Hashable, Sendable {
    case none, tmux, screen
  }

  /// What is known of a terminal that decides how it is told things.
  public struct Receiver: Hashable, Sendable {
    public var multiplexer: Multiplexer
    public var notice: TerminalPreferences.Notice
    public var showsProgress: Bool

    public init(
      multiplexer: Multiplexer = .none, notice: TerminalPreferences.Notice = .bell,
      showsProgress: Bool = false
    ) {
      self.multiplexer = multiplexer
      self.notice = notice
      self.showsProgress = showsProgress
    }

    /// Tells from the environment's variables and the person's choices.
    public init(_ preferences: TerminalPreferences, environment: (String) -> String?) {
      func isSet(_ name: String) -> Bool { environment(name).map { !$0.isEmpty } ?? false }
      let name = environment("TERM") ?? ""
      let program = environment("TERM_PROGRAM") ?? ""
      multiplexer =
        isSet("TMUX") ? .tmux : isSet("STY") || name.hasPrefix("screen") ? .screen : .none
      notice = preferences.notice
      if notice == .auto {
        if name == "xterm-kitty" || isSet("KITTY_WINDOW_ID") {
          notice = .osc99
        } else if ["ghostty", "WezTerm"].contains(program) || name.hasPrefix("foot")
          || name.hasPrefix("rxvt")
        {
          notice = .osc777
        } else {
          notice = program == "iTerm.app" ? .osc9 : .bell
        }
      }
      showsProgress =
        switch preferences.tabProgress {
        case .on: true
        case .off: false
        // Others take OSC 9;4 for a notice.
        case .auto:
          ["ghostty", "WezTerm", "iTerm.app"].contains(program) || isSet("WT_SESSION")
            || environment("ConEmuANSI") == "ON"
        }
    }
  }

  /// The bytes that tell a terminal this; empty where it wouldn't understand.
  public func sequence(for receiver: Receiver) -> String {
    switch self {
    case .bell: return "\u{07}"
    case .clipboard(let text):
      let plain = "\u{1B}]52;c;\(Self.base64(text.utf8))\u{1B}\\"
      // tmux takes the plain one where it is allowed to, and passes the other one on.
      return receiver.multiplexer == .tmux
        ? plain + Self.passed(plain, .tmux) : Self.passed(plain, receiver.multiplexer)
    case .notice(let title, let body):
      let title = Self.plain(title)
      let body = Self.plain(body)
      switch receiver.notice {
      case .auto, .off: return ""
      case .bell: return "\u{07}"
      case .osc9: return Self.passed("\u{1B}]9;\(title): \(body)\u{1B}\\", receiver.multiplexer)
      case .osc777:
        let words = "\u{1B}]777;notify;\(title);\(body)\u{1B}\\"
        return Self.passed(words, receiver.multiplexer)
      case .osc99:
        return Self.passed("\u{1B}]99;i=replicant:d=0;\(title)\u{1B}\\", receiver.multiplexer)
          + Self.passed("\u{1B}]99;i=replicant:p=body;\(body)\u{1B}\\", receiver.multiplexer)
      }
    case .progress(let progress):
      guard receiver.showsProgress else { return "" }
      let state =
        switch progress {
        case nil: "0;0"
        case .indeterminate: "3;0"
        case .percent(let percent): "1;\(min(max(percent, 0), 100))"
        }
      return Self.passed("\u{1B}]9;4;\(state)\u{1B}\\", receiver.multiplexer)
    }
  }

  /// Words without control characters and what separates parts of a sequence, of a length to read.
  private static func plain(_ text: String) -> String {
    let words = TextLayout.sanitize(text).map { $0.isNewline || $0 == "\t" ? " " : $0 }
    return String(words.filter { $0 != ";" }.prefix(200))
  }

  /// The longest string that GNU screen passes on.
  private static let screenLimit = 256

  private static func passed(_ sequence: String, _ multiplexer: Multiplexer) -> String {
    switch multiplexer {
    case .none: return sequence
    case .tmux:
      let doubled = sequence.reduce(into: "") { $0 += $1 == "\u{1B}" ? "\u{1B}\u{1B}" : String($1) }
      return "\u{1B}Ptmux;\(doubled)\u{1B}\\"
    case .screen:
      // ESC \ would end what wraps it, so the sequence ends with BEL there.
      var rest = (sequence.hasSuffix("\u{1B}\\") ? sequence.dropLast(2) : sequence[...]) + "\u{07}"
      var text = ""
      while !rest.isEmpty {
        text += "\u{1B}P\(rest.prefix(screenLimit))\u{1B}\\"
        rest = rest.dropFirst(screenLimit)
      }
      return text
    }
  }

  static func base64(_ bytes: some Collection<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var held: UInt32 = 0
    var count = 0
    func put(_ shift: UInt32) { text.append(digits[Int(held >> shift & 63)]) }
    for byte in bytes {
      held = held << 8 | UInt32(byte)
      count += 1
      guard count == 3 else { continue }
      for shift: UInt32 in [18, 12, 6, 0] { put(shift) }
      (held, count) = (0, 0)
    }
    if count > 0 {
      held <<= UInt32(8 * (3 - count))
      for shift: UInt32 in [18, 12, 6, 0].prefix(count + 1) { put(shift) }
      text += Array("==".utf8.prefix(3 - count))
    }
    return String(decoding: text, as: UTF8.self)
  }
}
