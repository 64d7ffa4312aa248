/// Splits text into glyphs that fill cells, and filters out whatever must never reach a terminal.
///
/// A glyph is a scalar with a width and the zero-width marks that follow it. Complete escape
/// sequences are dropped, and so are control characters, bidi controls, variation selectors, skin
/// tones, and anything joined to an emoji by a zero-width joiner. A flag becomes its two letters,
/// and anything unprintable becomes U+FFFD. Line breaks and tabs become spaces.
struct GlyphReader {
  struct Glyph {
    /// Packed as in `Cell`.
    var scalars: UInt64
    var width: Int
    /// The range of its bytes. Dropped bytes lie between glyphs.
    var start: Int
    var end: Int
    var kind: Kind

    enum Kind { case text, blank, tab, newline }
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private let widths: WidthTable
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, widths: WidthTable, from position: Int = 0) {
    self.bytes = bytes
    self.widths = widths
    self.position = position
  }

  /// The number of printable ASCII bytes ahead that can't have combining marks.
  func plainRun(atMost limit: Int) -> Int {
    let end = min(bytes.count, position + max(0, limit))
    var index = position
    while index < end, bytes[index] &- 0x20 < 0x5F { index += 1 }
    // A combining mark may follow the last byte, so leave that to the slow path.
    if index > position, index < bytes.count, bytes[index] >= 0x80 { index -= 1 }
    return index - position
  }

  /// Passes a plain run to `body` and skips it.
  @inline(__always)
  mutating func copyPlain(_ count: Int, _ body: (_ index: Int, _ byte: UInt8) -> Void) {
    for index in 0..<count { body(index, bytes[position + index]) }
    position += count
  }

  mutating func next() -> Glyph? {
    while position < bytes.count {
      let start = position
      let byte = bytes[position]
      if byte < 0x80 {
        position += 1
        switch byte {
        case 0x20: return blank(.blank, from: start)
        case 0x21..<0x7F:
          var glyph = Glyph(
            scalars: UInt64(byte), width: 1, start: start, end: position, kind: .text)
          addMarks(to: &glyph, pictographic: false)
          return glyph
        case 0x0A: return blank(.newline, from: start)
        case 0x09: return blank(.tab, from: start)
        case 0x1B: Self.skipEscape(bytes, &position)
        default: break
        }
        continue
      }
      let value = Self.decode(bytes, &position)
      switch Self.fate(of: value) {
      case .dropped: continue
      case .blank: return blank(.blank, from: start)
      case .introducer:
        Self.skipSequence(bytes, &position, introducer: UInt8(truncatingIfNeeded: value - 0x40))
      case .regionalIndicator:
        return Glyph(
          scalars: UInt64(value - 0x1F1E6 + 0x41), width: 1, start: start, end: position,
          kind: .text)
      case .shown:
        let width = Unicode.Scalar(value).map(widths.width(of:)) ?? -1
        var glyph =
          switch width {
          case 0:
            Glyph(
              scalars: 0x20 | UInt64(value) << 21, width: 1, start: start, end: position,
              kind: .text)
          case 1...:
            Glyph(
              scalars: UInt64(value), width: min(width, 2), start: start, end: position, kind: .text
            )
          default: Glyph(scalars: 0xFFFD, width: 1, start: start, end: position, kind: .text)
          }
        addMarks(to: &glyph, pictographic: value >= 0x203C)
        return glyph
      }
    }
    return nil
  }

  private func blank(_ kind: Glyph.Kind, from start: Int) -> Glyph {
    Glyph(scalars: 0x20, width: 1, start: start, end: position, kind: kind)
  }

  private mutating func addMarks(to glyph: inout Glyph, pictographic: Bool) {
    var isJoined = false
    while position < bytes.count, bytes[position] >= 0x80 {
      var after = position
      let value = Self.decode(bytes, &after)
      if value == 0x200D {
        isJoined = pictographic
      } else if isJoined, value >= 0x203C, Self.fate(of: value) == .shown {
        isJoined = false
      } else if pictographic, (0x1F3FB...0x1F3FF).contains(value) {
      } else if Self.fate(of: value) == .dropped {
      } else if Self.fate(of: value) == .shown, let scalar = Unicode.Scalar(value),
        widths.width(of: scalar) == 0
      {
        if glyph.scalars >> 21 == 0 {
          glyph.scalars |= UInt64(value) << 21
        } else if glyph.scalars >> 42 == 0 {
          glyph.scalars |= UInt64(value) << 42
        }
      } else {
        break
      }
      position = after
    }
    glyph.end = position
  }
}

// Shared by glyph reading and text sanitizing.
extension GlyphReader {
  enum Fate { case shown, dropped, blank, introducer, regionalIndicator }

  /// What to do with a scalar beyond ASCII.
  static func fate(of value: UInt32) -> Fate {
    switch value {
    case 0x90, 0x98, 0x9B, 0x9D, 0x9E, 0x9F: .introducer
    case 0x85: .blank
    case 0x80..<0xA0: .dropped
    case 0xA0..<0xAD: .shown
    case 0xAD: .dropped
    case 0xAE..<0x61C: .shown
    case 0x61C: .dropped
    case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F: .dropped
    case 0x2028, 0x2029: .blank
    case 0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB: .dropped
    case 0x1D173...0x1D17A, 0xE0000...0xE0FFF: .dropped
    case 0x1F1E6...0x1F1FF: .regionalIndicator
    default: .shown
    }
  }

  /// Reads one scalar. Invalid UTF-8 gives U+FFFD and advances by one byte.
  static func decode(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) -> UInt32 {
    let first = bytes[position]
    position += 1
    let count: Int
    var value: UInt32
    switch first {
    case 0..<0x80: return UInt32(first)
    case 0xC2..<0xE0: (count, value) = (1, UInt32(first & 0x1F))
    case 0xE0..<0xF0: (count, value) = (2, UInt32(first & 0x0F))
    case 0xF0..<0xF5: (count, value) = (3, UInt32(first & 0x07))
    default: return 0xFFFD
    }
    guard position + count <= bytes.count else { return 0xFFFD }
    for index in position..<position + count {
      guard bytes[index] & 0xC0 == 0x80 else { return 0xFFFD }
      value = value << 6 | UInt32(bytes[index] & 0x3F)
    }
    position += count
    return value
  }

  /// Skips what follows an ESC: a control sequence, a string, or a two-character sequence.
  static func skipEscape(_ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int) {
    guard position < bytes.count else { return }
    let byte = bytes[position]
    switch byte {
    case 0x50, 0x58, 0x5B, 0x5D, 0x5E, 0x5F:
      position += 1
      skipSequence(bytes, &position, introducer: byte)
    case 0x20..<0x30:
      while position < bytes.count, (0x20..<0x30).contains(bytes[position]) { position += 1 }
      if position < bytes.count, (0x30..<0x7F).contains(bytes[position]) { position += 1 }
    case 0x30..<0x7F:
      position += 1
    default: break
    }
  }

  /// Skips the rest of a sequence that started with ESC and `introducer`. An unterminated string
  /// ends at the next control character, so that it hides no more than its line.
  static func skipSequence(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, introducer: UInt8
  ) {
    if introducer == 0x5B {
      while position < bytes.count, (0x20..<0x40).contains(bytes[position]) { position += 1 }
      if position < bytes.count, (0x40..<0x7F).contains(bytes[position]) { position += 1 }
      return
    }
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x07 {
        position += 1
        return
      }
      if byte == 0x1B {
        if position + 1 < bytes.count, bytes[position + 1] == 0x5C { position += 2 }
        return
      }
      if byte < 0x20 { return }
      if byte == 0xC2, position + 1 < bytes.count, bytes[position + 1] == 0x9C {
        position += 2
        return
      }
      position += 1
    }
  }
}

/// Calls `body` with a text's UTF-8 bytes. This rarely needs a copy.
func withUTF8<Text: StringProtocol, Result>(
  of text: Text, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
  return Array(text.utf8).withUnsafeBufferPointer(body)
}
