/// Text on its way to cells: it can't control the terminal, wide characters are never cut, and
/// wrapped lines have the requested width without losing visible text.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzText(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let steering = input.byte()
  let numbers = input.bytes(8).map(Int.init)
  let bytes = input.bytes()
  let text = bytes.utf8Text
  if steering == 0xF8 {
    parseAmplified(bytes) { bytes in
      let text = bytes.utf8Text
      _ = TextLayout.sanitize(text)
      _ = TextLayout.wrap(text, width: 40)
      _ = TextLayout.truncate(text, width: 40, position: .middle)
    }
  }

  checkSanitized(text)
  let width = 1 + (numbers.first ?? 0) % 90
  checkWrapped(text, width: width)
  for position in [TextLayout.Truncation.end, .middle] {
    for ellipsis in ["…", "...", "", "漢"] {
      checkTruncated(text, width: width, ellipsis, position)
    }
  }
  checkCanvas(text, numbers, steering)
  return 0
}

private struct Shown: Equatable {
  var scalars: UInt64
  var width: Int
}

/// The visible glyphs of a text, without spaces.
private func glyphs(_ text: some StringProtocol) -> [Shown] {
  withUTF8(of: text) { bytes in
    var reader = GlyphReader(bytes, widths: .builtIn)
    var glyphs: [Shown] = []
    while let glyph = reader.next() {
      if glyph.kind == .text { glyphs.append(Shown(scalars: glyph.scalars, width: glyph.width)) }
    }
    return glyphs
  }
}

/// Whether a scalar could control a terminal or change the direction of the text.
private func isDangerous(_ value: UInt32) -> Bool {
  switch value {
  case 0..<0x20, 0x7F..<0xA0, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F: true
  default: false
  }
}

private func checkSanitized(_ text: String) {
  let safe = TextLayout.sanitize(text)
  for scalar in safe.unicodeScalars where scalar != "\n" && scalar != "\t" {
    require(!isDangerous(scalar.value), "\(scalar.value) wasn't removed")
  }
  require(
    TextLayout.sanitize(safe).utf8.elementsEqual(safe.utf8), "sanitizing it again changes it")
}

private func checkWrapped(_ text: String, width: Int) {
  let lines = TextLayout.wrap(text, width: width)
  require(!lines.isEmpty, "there are no lines")
  // Only a single wide character may be wider than one column.
  for line in lines {
    let columns = TextLayout.width(of: line)
    require(columns <= max(width, 2), "\(columns) columns for \(width)")
    require(columns <= width || glyphs(line).count == 1, "\(columns) columns for \(width)")
    require(line.last.map { $0 != " " } ?? true, "a space at the end of a line")
  }
  require(lines.flatMap { glyphs($0) } == glyphs(text), "different glyphs on lines of \(width)")
}

private func checkTruncated(
  _ text: String, width: Int, _ ellipsis: String, _ position: TextLayout.Truncation
) {
  let short = TextLayout.truncate(text, width: width, ellipsis: ellipsis, position: position)
  let columns = TextLayout.width(of: short)
  require(columns <= width, "\(columns) columns for \(width)")
  if TextLayout.width(of: text) <= width {
    require(short.utf8.elementsEqual(text.utf8), "a text that fits was changed")
  } else if TextLayout.width(of: ellipsis) <= width {
    require(
      ellipsis.unicodeScalars.allSatisfy(short.unicodeScalars.contains),
      "the ellipsis is missing")
    // A wide character may not fit at the cut, and a mark after it joins the character before it.
    require(columns >= width - 4, "\(columns) columns for \(width)")
  }
}

private func checkCanvas(_ text: String, _ numbers: [Int], _ steering: UInt8) {
  func number(_ index: Int) -> Int { index < numbers.count ? numbers[index] : 0 }
  let size = Size(width: 1 + number(1) % 40, height: 1 + number(2) % 4)
  var canvas = Canvas(size: size)
  // Start with wide characters everywhere, in odd and in even columns.
  for y in 0..<size.height {
    canvas.write(
      String(repeating: "漢", count: 24), x: y % 2 - 1, y: y, style: .dim)
  }
  checkRows(canvas)
  let before = canvas

  let x = number(3) % 48 - 4
  let y = number(4) % size.height
  let clip = Rect(
    x: number(5) % 44 - 2, y: number(6) % 3 - 1, width: number(7) % 40, height: 1 + number(0) % 4)
  let isClipped = steering & 8 != 0
  let columns = canvas.write(text, x: x, y: y, style: .title, in: isClipped ? clip : nil)
  checkRows(canvas)
  let area = isClipped ? canvas.bounds.intersection(clip) : canvas.bounds
  if y >= area.y, y < area.maxY, x < area.maxX, !area.isEmpty {
    require(
      columns == min(TextLayout.width(of: text), area.maxX - x), "\(columns) columns were reported")
  } else {
    require(columns == 0 && canvas == before, "something was written outside the clip")
  }
  for row in 0..<size.height {
    for column in 0..<size.width where !area.contains(Point(x: column, y: row)) || row != y {
      let (old, new) = (before[column, row], canvas[column, row])
      // Outside the clip, wide characters may lose the half that was overwritten inside it.
      require(new == old || (new.isBlank && new.style == old.style), "a cell outside was changed")
    }
  }
  checkChanges(from: before, to: canvas)

  // The other ways to draw on a canvas also keep characters whole.
  let character = text.first ?? " "
  canvas.fill(clip, character, style: .log)
  checkRows(canvas)
  canvas.box(clip, style: .border)
  checkRows(canvas)
  canvas.restyle(clip) { $0.selected }
  checkRows(canvas)
  checkChanges(from: before, to: canvas)
}

private func checkRows(_ canvas: Canvas) {
  for y in 0..<canvas.size.height {
    var x = 0
    while x < canvas.size.width {
      let cell = canvas[x, y]
      require((1...2).contains(cell.width), "half a character at \(x), \(y)")
      for value in [cell.base, cell.firstMark, cell.secondMark] where value != 0 {
        require(Unicode.Scalar(value) != nil, "not a scalar: \(value)")
        require(!isDangerous(value), "a cell contains \(value)")
      }
      require(cell.base != 0, "an empty cell at \(x), \(y)")
      let scalar = Unicode.Scalar(cell.base).map(canvas.widths.width(of:))
      require(scalar == cell.width, "\(cell.base) takes \(cell.width) columns")
      for mark in [cell.firstMark, cell.secondMark] where mark != 0 {
        require(
          Unicode.Scalar(mark).map(canvas.widths.width(of:)) == 0, "\(mark) isn't a combining mark")
      }
      if cell.width == 2 {
        require(x + 1 < canvas.size.width, "a wide character at the edge")
        require(canvas[x + 1, y].isContinuation, "a wide character is cut at \(x), \(y)")
      }
      x += cell.width
    }
  }
}

/// The reported changes turn one frame into the other.
private func checkChanges(from old: Canvas, to new: Canvas) {
  for y in 0..<new.size.height {
    var row = (0..<old.size.width).map { old[$0, y] }
    var end = 0
    new.forEachChange(from: old, row: y) { columns in
      require(columns.lowerBound >= end && !columns.isEmpty, "changes are out of order")
      require(
        columns.upperBound <= row.count && !new[columns.lowerBound, y].isContinuation
          && !old[columns.lowerBound, y].isContinuation, "a change starts inside a character")
      if columns.upperBound < row.count {
        require(
          !new[columns.upperBound, y].isContinuation && !old[columns.upperBound, y].isContinuation,
          "a change ends inside a character")
      }
      for x in columns { row[x] = new[x, y] }
      end = columns.upperBound
    }
    require(row == (0..<new.size.width).map { new[$0, y] }, "the changes don't produce the row")
  }
}
