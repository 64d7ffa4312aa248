/// Measures, wraps, and sanitizes text in terminal columns.
public enum TextLayout {
  public enum Truncation: Sendable { case end, middle }

  /// The number of columns that `Canvas.write` uses for a text.
  public static func width(of text: some StringProtocol, _ widths: WidthTable = .builtIn) -> Int {
    withUTF8(of: text) { bytes in
      var reader = GlyphReader(bytes, widths: widths)
      var columns = 0
      while true {
        let run = reader.plainRun(atMost: Int.max / 2)
        columns += run
        reader.copyPlain(run) { _, _ in }
        guard let glyph = reader.next() else { return columns }
        columns += glyph.width
      }
    }
  }

  /// Splits a text into lines of at most `width` columns. Breaks between words if possible, inside
  /// words that are longer than a line, and at every line break.
  public static func wrap(
    _ text: String, width: Int, widths: WidthTable = .builtIn
  ) -> [Substring] {
    withUTF8(of: text) { rows(of: $0, width: width, widths) }.map { range in
      let start = text.utf8.index(text.startIndex, offsetBy: range.lowerBound)
      let end = text.utf8.index(start, offsetBy: range.count)
      return text[start..<end]
    }
  }

  private static func rows(
    of text: UnsafeBufferPointer<UInt8>, width: Int, _ widths: WidthTable
  ) -> [Range<Int>] {
    let breaker = RowBreaker(widths: widths)
    var rows: [Range<Int>] = []
    var lineStart = 0
    while true {
      let lineEnd = text[lineStart...].firstIndex(of: 0x0A) ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[lineStart..<lineEnd])
      var next: Int? = 0
      while let start = next {
        let row = breaker.row(in: line, from: start, width: width)
        rows.append(lineStart + start..<lineStart + max(start, row.end))
        next = row.next
      }
      guard lineEnd < text.count else { return rows }
      lineStart = lineEnd + 1
    }
  }

  /// Truncates a text to `width` columns, with an ellipsis where something was left out.
  public static func truncate(
    _ text: some StringProtocol, width: Int, ellipsis: String = "…",
    position: Truncation = .end, widths: WidthTable = .builtIn
  ) -> String {
    truncate(String(text), width: width, ellipsis: ellipsis, position: position, widths: widths)
  }

  /// Truncates a text to `width` columns, with an ellipsis where something was left out.
  public static func truncate(
    _ text: String, width: Int, ellipsis: String = "…", position: Truncation = .end,
    widths: WidthTable = .builtIn
  ) -> String {
    guard width > 0 else { return "" }
    // No byte takes more than one column.
    if text.utf8.count <= width || self.width(of: text, widths) <= width { return text }
    let room = width - self.width(of: ellipsis, widths)
    guard room >= 0 else { return prefix(of: text, width: width, widths) }
    switch position {
    case .end: return prefix(of: text, width: room, widths) + ellipsis
    case .middle:
      let tail = suffix(of: text, width: room / 2, widths)
      return prefix(of: text, width: room - self.width(of: tail, widths), widths) + ellipsis + tail
    }
  }

  /// Removes everything that could control a terminal or hide in a text: escape sequences, control
  /// characters, bidi controls, and invisible characters. Line breaks and tabs stay.
  ///
  /// Every text that leaves the program passes through this: to the clipboard, to the pager, in a
  /// notification, and to stderr.
  public static func sanitize(_ text: some StringProtocol) -> String {
    withUTF8(of: text) { bytes in
      var result: [UInt8] = []
      result.reserveCapacity(bytes.count)
      var position = 0
      while position < bytes.count {
        let start = position
        let byte = bytes[position]
        if byte < 0x80 {
          position += 1
          switch byte {
          case 0x09, 0x0A, 0x20..<0x7F: result.append(byte)
          case 0x1B: GlyphReader.skipEscape(bytes, &position)
          default: break
          }
          continue
        }
        let value = GlyphReader.decode(bytes, &position)
        switch GlyphReader.fate(of: value) {
        case .shown, .regionalIndicator: result += bytes[start..<position]
        case .blank: result.append(0x0A)
        case .introducer:
          GlyphReader.skipSequence(
            bytes, &position, introducer: UInt8(truncatingIfNeeded: value - 0x40))
        case .dropped:
          // Joiners and variation selectors are part of the text, although they never reach a cell.
          switch value {
          case 0x200C, 0x200D, 0xFE00...0xFE0F: result += bytes[start..<position]
          default: break
          }
        }
      }
      return String(decoding: result, as: UTF8.self)
    }
  }

  /// Sanitizes a text and puts it on one line, with an ellipsis after `length` scalars.
  public static func sanitizedLine(_ text: some StringProtocol, atMost length: Int) -> String {
    var result = String.UnicodeScalarView()
    var isBlank = true
    for scalar in sanitize(text).unicodeScalars {
      if result.count == length {
        result.append("…")
        break
      }
      if scalar.properties.isWhitespace {
        if !isBlank { result.append(" ") }
        isBlank = true
      } else {
        result.append(scalar)
        isBlank = false
      }
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }

  private static func prefix(
    of text: some StringProtocol, width: Int, _ widths: WidthTable
  ) -> String {
    withUTF8(of: text) { bytes in
      var reader = GlyphReader(bytes, widths: widths)
      var columns = 0
      var end = 0
      while let glyph = reader.next(), columns + glyph.width <= width {
        columns += glyph.width
        end = glyph.end
      }
      return String(decoding: bytes[..<end], as: UTF8.self)
    }
  }

  private static func suffix(
    of text: some StringProtocol, width: Int, _ widths: WidthTable
  ) -> String {
    withUTF8(of: text) { bytes in
      var excess = self.width(of: text, widths) - width
      var reader = GlyphReader(bytes, widths: widths)
      var start = 0
      while excess > 0, let glyph = reader.next() {
        excess -= glyph.width
        start = glyph.end
      }
      return String(decoding: bytes[start...], as: UTF8.self)
    }
  }
}
