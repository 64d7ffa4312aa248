/// A snapshot of a terminal's text, styles, and cursor.
struct TerminalScreen: Sendable, CustomStringConvertible {
  /// The appearance of some text. Colors are given as tmux reports them ("5", "bright 2", "208",
  /// "#ff0000").
  struct Style: Sendable, Equatable {
    var isBold = false
    var isDim = false
    var isItalic = false
    var isUnderlined = false
    var isReversed = false
    var foreground: String?
    var background: String?
  }

  /// tmux's information about the terminal besides its cells.
  struct Modes: Sendable, Equatable {
    var cursorX = 0
    var cursorY = 0
    var isCursorVisible = false
    var isAlternateScreen = false
    var wantsMouse = false
    var columns = 0
    var rows = 0
  }

  /// One string per row, without trailing spaces.
  let lines: [String]
  let modes: Modes
  private let styles: [[Style]]

  /// The screen as text, with a line per row.
  var text: String { lines.joined(separator: "\n") }

  /// The screen in a frame, for failure messages.
  var description: String {
    let edge = "+" + String(repeating: "-", count: modes.columns) + "+"
    let rows = lines.map { line in
      let blanks = max(0, modes.columns - Self.columns(of: line))
      return "|" + line + String(repeating: " ", count: blanks) + "|"
    }
    return ([edge] + rows + [edge]).joined(separator: "\n")
  }

  func contains(_ text: String) -> Bool { lines.contains { $0.contains(text) } }

  /// The first row that contains a text.
  func line(containing text: String) -> String? { lines.first { $0.contains(text) } }

  /// The position of a text: column and row, counted from 0.
  func position(of text: String) -> (x: Int, y: Int)? {
    for (y, line) in lines.enumerated() {
      if let range = line.firstRange(of: text) {
        return (Self.columns(of: line[..<range.lowerBound]), y)
      }
    }
    return nil
  }

  /// The style of the first character of a text, at its first occurrence.
  func style(of text: String) -> Style? {
    for (line, styles) in zip(lines, styles) {
      guard let range = line.firstRange(of: text) else { continue }
      return styles[line.distance(from: line.startIndex, to: range.lowerBound)]
    }
    return nil
  }
}

extension TerminalScreen {
  /// Parses the output of `capture-pane -p -e`: text with SGR sequences that stay in effect across
  /// lines.
  init(captured: [[UInt8]], modes: Modes) {
    var style = Style()
    var usesLineDrawing = false
    var lines: [String] = []
    var styles: [[Style]] = []
    for bytes in captured {
      var line = ""
      var lineStyles: [Style] = []
      var rest = Substring(String(decoding: bytes, as: UTF8.self))
      while let character = rest.popFirst() {
        switch character {
        case "\u{1b}" where rest.first == "[":
          rest.removeFirst()
          let parameters = rest.prefix { $0.isNumber || $0 == ";" || $0 == ":" }
          rest = rest.dropFirst(parameters.count + 1)
          style.apply(parameters)
        case "\u{e}": usesLineDrawing = true
        case "\u{f}": usesLineDrawing = false
        default:
          line.append(usesLineDrawing ? Self.lineDrawing[character] ?? character : character)
          lineStyles.append(style)
        }
      }
      while line.last == " " { line.removeLast() }
      lines.append(line)
      styles.append(lineStyles)
    }
    self.lines = lines
    self.styles = styles
    self.modes = modes
  }

  /// The part of the VT100's line-drawing set that programs use.
  private static let lineDrawing: [Character: Character] = [
    "j": "┘", "k": "┐", "l": "┌", "m": "└", "n": "┼", "q": "─",
    "t": "├", "u": "┤", "v": "┴", "w": "┬", "x": "│", "a": "▒", "~": "·",
  ]

  /// The width in columns: 2 for East Asian wide characters and emoji, 1 for all others.
  static func columns(of text: some StringProtocol) -> Int {
    text.reduce(0) { columns, character in
      let first = character.unicodeScalars.first.map(\.value) ?? 0
      let isWide =
        switch first {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
          0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
          0x1F900...0x1F9FF, 0x20000...0x3FFFD:
          true
        default: false
        }
      return columns + (isWide ? 2 : 1)
    }
  }
}

extension TerminalScreen.Style {
  fileprivate mutating func apply(_ parameters: Substring) {
    var codes = parameters.split(separator: ";", omittingEmptySubsequences: false)[...]
    while let text = codes.popFirst() {
      let code = Int(text.prefix { $0 != ":" }) ?? 0
      switch code {
      case 0: self = Self()
      case 1: isBold = true
      case 2: isDim = true
      case 3: isItalic = true
      case 4: isUnderlined = true
      case 7: isReversed = true
      case 22: (isBold, isDim) = (false, false)
      case 23: isItalic = false
      case 24: isUnderlined = false
      case 27: isReversed = false
      case 30...37: foreground = "\(code - 30)"
      case 90...97: foreground = "bright \(code - 90)"
      case 39: foreground = nil
      case 38: foreground = Self.colour(&codes)
      case 40...47: background = "\(code - 40)"
      case 100...107: background = "bright \(code - 100)"
      case 49: background = nil
      case 48: background = Self.colour(&codes)
      default: break
      }
    }
  }

  /// Parses what follows 38 or 48: `5;N` or `2;R;G;B`.
  private static func colour(_ codes: inout ArraySlice<Substring>) -> String? {
    guard codes.popFirst() == "2" else { return codes.popFirst().map(String.init) }
    let parts = codes.prefix(3).map { part in
      let hex = String(Int(part) ?? 0, radix: 16)
      return hex.count == 1 ? "0" + hex : hex
    }
    codes = codes.dropFirst(3)
    return "#" + parts.joined()
  }
}
