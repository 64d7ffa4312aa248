import Settings
import TerminalKit

/// Encodes messages as sequences that the terminal understands: OSC 52, 99, 777, 9 and the bell,
/// wrapped for tmux and screen if one of them is in between.
///
///     let encoder = MessageEncoder(config: config, environment: ["TERM": "xterm-kitty"])
///     encoder.bytes(for: .notice(title: "Done", body: ""))  // ESC ] 99 ; i=replicant ; Done BEL
///
/// Texts are sanitized: none can end a sequence or begin another.
struct MessageEncoder: Hashable, Sendable {
  /// The environment variables that identify terminals and multiplexers.
  static let variables = [
    "TERM", "TERM_PROGRAM", "KITTY_WINDOW_ID", "WT_SESSION", "ConEmuANSI", "TMUX", "STY",
  ]

  /// The longest text sent to the clipboard, in bytes. Longer text isn't sent at all, because part of
  /// it would be wrong. Terminals and tmux give up at 1 MiB of base64.
  static let longestClipboard = 512 * 1024

  /// How to send notifications; never `auto`.
  let notice: Settings.Notice
  /// Whether the terminal shows OSC 9;4 as progress.
  let showsProgress: Bool
  /// Whether links within the screen's text get through: screen prints the end of long ones.
  var passesLinks: Bool { multiplexer != .screen }
  private let multiplexer: Multiplexer

  private enum Multiplexer: Hashable { case none, tmux, screen }

  init(config: Settings.Config, environment: [String: String]) {
    func value(_ name: String) -> String { environment[name] ?? "" }
    let (term, program) = (value("TERM"), value("TERM_PROGRAM"))
    multiplexer =
      if !value("TMUX").isEmpty {
        .tmux
      } else if !value("STY").isEmpty || term.hasPrefix("screen") {
        .screen
      } else {
        .none
      }
    notice =
      if config.notice != .auto {
        config.notice
      } else if term == "xterm-kitty" || !value("KITTY_WINDOW_ID").isEmpty {
        .osc99
      } else if ["ghostty", "WezTerm"].contains(program) || term.hasPrefix("foot")
        || term.hasPrefix("rxvt")
      {
        .osc777
      } else if program == "iTerm.app" {
        .osc9
      } else {
        .bell
      }
    showsProgress =
      switch config.tabProgress {
      case .on: true
      case .off: false
      case .auto:
        ["ghostty", "WezTerm", "iTerm.app"].contains(program) || !value("WT_SESSION").isEmpty
          || value("ConEmuANSI") == "ON"
      }
  }

  /// The bytes to write for a message; none if it can't or shouldn't be sent.
  func bytes(for message: TerminalMessage) -> [UInt8] {
    switch message {
    case .bell: return [Self.bell]
    case .clipboard(let text): return clipboard(text)
    case .notice(let title, let body): return notice(title, body)
    case .progress(let progress):
      return showsProgress ? wrapped(Self.command("9;4;\(Self.state(of: progress))")) : []
    }
  }

  private func clipboard(_ text: String) -> [UInt8] {
    let text = TextLayout.sanitize(text)
    guard text.utf8.count <= Self.longestClipboard else { return [] }
    let plain = Self.command("52;c;" + Self.base64(text.utf8))
    // Depending on its settings, tmux handles it or passes it on; either way the text is the same.
    return multiplexer == .tmux ? plain + wrapped(plain) : wrapped(plain)
  }

  private func notice(_ title: String, _ body: String) -> [UInt8] {
    let title = Self.safe(title, atMost: 100)
    let body = Self.safe(body, atMost: 400)
    switch notice {
    case .off: return []
    case .bell, .auto: return [Self.bell]
    case .osc99:
      if body.isEmpty { return wrapped(Self.command("99;i=replicant;" + title)) }
      return wrapped(Self.command("99;i=replicant:d=0;" + title))
        + wrapped(Self.command("99;i=replicant:p=body;" + body))
    case .osc777:
      // A semicolon ends the title.
      return wrapped(Self.command("777;notify;\(title.replacingSemicolons());\(body)"))
    case .osc9:
      // "4;" and other numbers at the start would be ConEmu commands.
      let text = (body.isEmpty ? title : "\(title): \(body)").replacingSemicolons()
      let isCommand = text.unicodeScalars.first.map { ("0"..."9").contains($0) } ?? false
      return wrapped(Self.command("9;" + (isCommand ? " " : "") + text))
    }
  }

  private static func state(of progress: TerminalProgress?) -> String {
    switch progress {
    case nil: "0;0"
    case .percent(let percent): "1;\(min(max(percent, 0), 100))"
    case .indeterminate: "3;0"
    }
  }

  // MARK: Sequences

  private static let bell: UInt8 = 0x07
  private static let escape: UInt8 = 0x1B
  private static let stringEnd: [UInt8] = [0x1B, 0x5C]

  /// An OSC sequence. It ends with a bell: ESC \ would also end screen's wrapping.
  private static func command(_ text: String) -> [UInt8] {
    [escape, 0x5D] + text.utf8 + [bell]
  }

  private func wrapped(_ bytes: [UInt8]) -> [UInt8] {
    switch multiplexer {
    case .none: return bytes
    case .tmux:
      var result: [UInt8] = [Self.escape, 0x50] + "tmux;".utf8
      for byte in bytes {
        if byte == Self.escape { result.append(byte) }
        result.append(byte)
      }
      return result + Self.stringEnd
    case .screen:
      // screen drops strings longer than its buffer.
      let most = 256 - 4
      return stride(from: 0, to: bytes.count, by: most).flatMap { start in
        [Self.escape, 0x50] + bytes[start..<min(start + most, bytes.count)] + Self.stringEnd
      }
    }
  }

  // MARK: Texts

  /// The text on one line, without anything that a terminal could interpret.
  static func safe(_ text: String, atMost length: Int) -> String {
    TextLayout.sanitizedLine(text, atMost: length)
  }

  /// Base64 as in RFC 4648, with padding.
  static func base64(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    var (value, bits, count) = (0, 0, 0)
    for byte in bytes {
      value = (value << 8 | Int(byte)) & 0xFFFF
      bits += 8
      count += 1
      while bits >= 6 {
        bits -= 6
        result.append(digits[value >> bits & 63])
      }
    }
    if bits > 0 { result.append(digits[value << (6 - bits) & 63]) }
    result.append(contentsOf: repeatElement(UInt8(ascii: "="), count: (3 - count % 3) % 3))
    return String(decoding: result, as: UTF8.self)
  }
}

extension String {
  fileprivate func replacingSemicolons() -> String {
    String(map { $0 == ";" ? "," : $0 })
  }
}
