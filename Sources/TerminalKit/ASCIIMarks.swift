/// The ASCII characters that stand for the marks which this program draws: ellipses, bullets, arrows,
/// bars, frames, and typographic punctuation. Each takes one column, like the mark.
public enum ASCIIMarks {
  /// The substitute for a mark; nil for any other character.
  public static func substitute(for value: UInt32) -> UInt32? {
    let character: Unicode.Scalar
    switch value {
    case 0x2500, 0x2501, 0x2504, 0x2013, 0x2014, 0x2212: character = "-"
    case 0x2502, 0x2503, 0x258F...0x2595: character = "|"
    case 0x250C...0x254B, 0x256D...0x2570: character = "+"
    case 0x2588...0x258E, 0x2593: character = "#"
    case 0x2591, 0x2592, 0x25CC: character = "."
    // Also a range, as in 0.1…1.
    case 0x2026: character = "~"
    case 0xB7: character = "-"
    case 0x2022, 0x25CF, 0x25C6, 0x2605: character = "*"
    case 0x2713, 0x2714: character = "v"
    case 0x2715...0x2718, 0xD7: character = "x"
    case 0x25B6...0x25BB, 0x203A, 0x2192: character = ">"
    case 0x25C0...0x25C5, 0x2039, 0x2190: character = "<"
    case 0x25B2...0x25B5, 0x2191: character = "^"
    case 0x25BC...0x25BF, 0x2193: character = "v"
    case 0x25CB, 0x25C7, 0x2606, 0x25A1: character = "o"
    case 0x25A0, 0x2684: character = "#"
    case 0x2018, 0x2019: character = "'"
    case 0x201C, 0x201D: character = "\""
    case 0x2264: character = "<"
    case 0x2265: character = ">"
    default: return nil
    }
    return character.value
  }

  /// The names of keys, with words for those that are shown as arrows: a substitute of one character
  /// would be the name of another key.
  public static func keyNames(_ names: String) -> String {
    let words = ["↵": "Enter", "↑": "Up", "↓": "Down", "←": "Left", "→": "Right"]
    return words.reduce(names) { $0.replacing($1.key, with: $1.value) }
  }
}
