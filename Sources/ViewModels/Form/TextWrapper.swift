/// Breaks a text into rows, one after the other. Common characters are recognized by their bytes,
/// because finding the borders of all others takes a hundred times as long.
struct TextWrapper {
  private let text: String
  private let bytes: UnsafeBufferPointer<UInt8>
  private let columns: Int
  private let keepsWords: Bool
  /// Nil after the last row.
  private var start: Int?
  private var widths = PlainWidths()

  /// - Parameters:
  ///   - bytes: The UTF-8 of `text`.
  ///   - start: Where the first row begins.
  init(
    _ text: String, _ bytes: UnsafeBufferPointer<UInt8>, columns: Int, keepsWords: Bool = true,
    start: Int = 0
  ) {
    self.text = text
    self.bytes = bytes
    self.columns = max(1, columns)
    self.keepsWords = keepsWords
    self.start = start
  }

  /// The next row in UTF-8 offsets, without its line break; nil after the last one.
  mutating func next(_ width: (Character) -> Int) -> Range<Int>? {
    guard let start else { return nil }
    if let row = plainRow(from: start, width) { return row }
    var index = start
    var wordStart = start
    var used = 0
    while index < bytes.count {
      let glyph = glyph(at: index, width)
      if glyph.isNewline {
        self.start = glyph.end
        return start..<index
      }
      if !glyph.isBlank, used + glyph.columns > columns, start < index {
        let cut = keepsWords && wordStart > start ? wordStart : index
        self.start = cut
        return start..<cut
      }
      used += glyph.columns
      index = glyph.end
      if glyph.isBlank { wordStart = index }
    }
    self.start = nil
    return start..<bytes.count
  }

  /// The fast path for rows of printable ASCII, where every byte is a column; nil for other rows.
  private mutating func plainRow(from start: Int, _ width: (Character) -> Int) -> Range<Int>? {
    guard widths.arePlain(width) else { return nil }
    let (edge, overflows) = start.addingReportingOverflow(columns)
    let end = overflows ? bytes.count : min(bytes.count, edge)
    var index = start
    while index < end, bytes[index] &- 0x20 < 0x5F { index += 1 }
    // Blanks hang over the edge.
    if index == end { while index < bytes.count, bytes[index] == 0x20 { index += 1 } }
    if index == bytes.count {
      self.start = nil
      return start..<index
    }
    if bytes[index] == 0x0A {
      self.start = index + 1
      return start..<index
    }
    // What follows must not be part of the character before it.
    guard index >= end, bytes[index] &- 0x20 < 0x5F, index > start else { return nil }
    var cut = index
    if keepsWords {
      while cut > start, bytes[cut - 1] != 0x20 { cut -= 1 }
      if cut == start { cut = index }
    }
    self.start = cut
    return start..<cut
  }

  private struct Glyph {
    var end: Int
    var columns = 0
    var isBlank = false
    var isNewline = false
  }

  /// The scalar that was read to see whether the one before it stands alone.
  private var ahead: (index: Int, scalar: Unicode.Scalar, end: Int)?

  @inline(__always)
  private mutating func glyph(at index: Int, _ width: (Character) -> Int) -> Glyph {
    if let (scalar, end) = ahead?.index == index
      ? ahead.map({ ($0.scalar, $0.end) }) : plainScalar(at: index),
      end == bytes.count || readsPlain(at: end)
    {
      return Glyph(
        end: end, columns: widths.width(of: scalar, width),
        isBlank: scalar.value == 0x20 || scalar.value == 0x09, isNewline: scalar.value == 0x0A)
    }
    let character = text[text.utf8.index(text.startIndex, offsetBy: index)]
    let end = min(bytes.count, index + max(1, character.utf8.count))
    if character.isNewline { return Glyph(end: end, isNewline: true) }
    return Glyph(
      end: end, columns: max(0, width(character)), isBlank: character == " " || character == "\t")
  }

  @inline(__always)
  private mutating func readsPlain(at index: Int) -> Bool {
    if let (scalar, end) = plainScalar(at: index) {
      ahead = (index, scalar, end)
      return true
    }
    return bytes[index] < 0x80 && bytes[index] != 0x0D
  }

  /// A scalar that is a character of its own if such a scalar follows, too; nil for all others.
  @inline(__always)
  private func plainScalar(at index: Int) -> (Unicode.Scalar, end: Int)? {
    let byte = bytes[index]
    if byte < 0x80 {
      // Other control characters are rare, and some of them break lines.
      return byte >= 0x20 || byte == 0x0A || byte == 0x09
        ? (Unicode.Scalar(byte), index + 1) : nil
    }
    let length = byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4
    guard index + length <= bytes.count else { return nil }
    var value = UInt32(byte) & (0xFF >> UInt32(length + 1))
    for place in index + 1..<index + length { value = value << 6 | UInt32(bytes[place] & 0x3F) }
    guard PlainWidths.isPlain(value), let scalar = Unicode.Scalar(value) else { return nil }
    return (scalar, index + length)
  }
}

/// The widths of scalars that are characters of their own, each asked for once.
private struct PlainWidths {
  private var known: [Int8] = Array(repeating: -1, count: 0x80)
  private var isPlain: Bool?

  /// Whether all of printable ASCII takes one column each, as in every terminal.
  mutating func arePlain(_ width: (Character) -> Int) -> Bool {
    if let isPlain { return isPlain }
    let isPlain = (0x20...0x7E).allSatisfy { self.width(of: Unicode.Scalar($0), width) == 1 }
    self.isPlain = isPlain
    return isPlain
  }

  @inline(__always)
  mutating func width(of scalar: Unicode.Scalar, _ width: (Character) -> Int) -> Int {
    let value = Int(scalar.value)
    if value < known.count, known[value] >= 0 { return Int(known[value]) }
    return ask(scalar, width)
  }

  private mutating func ask(_ scalar: Unicode.Scalar, _ width: (Character) -> Int) -> Int {
    let columns = max(0, width(Character(scalar)))
    let value = Int(scalar.value)
    if value < 0x10000 {
      if value >= known.count {
        known += Array(repeating: -1, count: max(0, 0x10000 - known.count))
      }
      known[value] = Int8(clamping: columns)
    }
    return columns
  }

  /// Whether a scalar beyond ASCII never combines with a neighbor that is like it, nor breaks a line:
  /// letters of scripts without combining marks, ideographs, and symbols.
  static func isPlain(_ value: UInt32) -> Bool {
    switch value {
    case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x3041...0x3096, 0x309B...0x30FF,
      0x3001...0x3029, 0xFF01...0xFF60, 0xA1...0xAC, 0xAE...0x2FF, 0x370...0x482, 0x48A...0x52F,
      0x2010...0x2027, 0x2030...0x205E, 0x2190...0x23FF, 0x2500...0x27BF, 0xF900...0xFAD9:
      true
    default: false
    }
  }
}
