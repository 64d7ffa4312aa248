import CNcurses
import TerminalKit

/// The attributes and color pairs of styles, created when a style is first shown.
struct Palette {
  struct Entry {
    var attributes: UInt32 = 0
    var pair: Int32 = 0
  }

  private struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  /// By `Style.index`; a pair of −1 hasn't been created yet.
  private var entries = [Entry](
    repeating: Entry(attributes: 0, pair: -1), count: Style.indexCount)
  private var pairs: [Colors: Int32] = [:]

  mutating func entry(for style: Style, in theme: CursesTheme) -> Entry {
    let known = entries[style.index]
    if known.pair >= 0 { return known }
    let look = theme.look(of: style)
    var entry = Entry()
    if look.isBold { entry.attributes |= NC_BOLD }
    if look.isDim { entry.attributes |= NC_DIM }
    if look.isUnderlined { entry.attributes |= NC_UNDERLINE }
    if look.isReversed { entry.attributes |= NC_REVERSE }
    if look.isItalic { entry.attributes |= NC_ITALIC }
    entry.pair = pair(Colors(foreground: look.foreground, background: look.background))
    entries[style.index] = entry
    return entry
  }

  /// The number of a pair. Pair 0 is the terminal's own colors, also used when no pairs are left.
  private mutating func pair(_ colors: Colors) -> Int32 {
    if colors.foreground == -1, colors.background == -1 { return 0 }
    if let pair = pairs[colors] { return pair }
    let number = Int32(pairs.count + 1)
    guard number < nc_pairs(),
      init_extended_pair(number, colors.foreground, colors.background) == OK
    else { return 0 }
    pairs[colors] = number
    return number
  }
}
