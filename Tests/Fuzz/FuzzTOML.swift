/// TOML: parsing always finishes in time and reports where mistakes are, and values survive writing
/// and reading.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTOML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let beginning = input.bytes(Int(input.byte() & 15))
  let rest = input.bytes()
  let bytes = beginning + rest
  let document = TOMLDocument(bytes.utf8Text)
  let lines = Array(bytes.utf8Text.utf8).split(
    separator: 0x0A, omittingEmptySubsequences: false)
  checkMistakes(document.mistakes, lines)
  checkLines(of: document.root, lines.count)
  checkDepth(of: document.root)
  checkWriting(of: document.root)
  // Repeats the text on one line, inside whatever the beginning has opened, or on separate lines.
  parseAmplified(rest) { _ = TOMLDocument((beginning + $0).utf8Text) }
  parseAmplified(bytes + [0x0A]) { _ = TOMLDocument($0.utf8Text) }
  return 0
}

private func checkMistakes(_ mistakes: [TOMLDocument.Mistake], _ lines: [ArraySlice<UInt8>]) {
  for mistake in mistakes {
    require((1...lines.count).contains(mistake.line), "invalid line \(mistake.line)")
    let columns = lines[mistake.line - 1].count { $0 & 0xC0 != 0x80 } + 1
    require((1...columns).contains(mistake.column), "invalid column \(mistake.column)")
    require(
      !mistake.message.isEmpty && mistake.message.utf8.count < 500
        && !mistake.message.utf8.contains(0x0A), "the message is \(mistake.message)")
  }
  // A line has one statement. A mistake in its header can be followed by another one.
  require(mistakes.count <= 2 * lines.count, "\(mistakes.count) mistakes")
}

private func checkLines(of table: TOMLTable, _ count: Int) {
  for entry in table.entries {
    require((1...count).contains(entry.line), "\(entry.key) is on line \(entry.line)")
    checkLines(of: entry.value, count)
  }
}

private func checkLines(of value: TOMLValue, _ count: Int) {
  require((1...count).contains(value.line), "a value is on line \(value.line)")
  switch value.content {
  case .array(let values): for value in values { checkLines(of: value, count) }
  case .table(let table): checkLines(of: table, count)
  default: break
  }
}

private func checkDepth(of table: TOMLTable) {
  func depth(_ value: TOMLValue) -> Int {
    switch value.content {
    case .array(let values): 1 + (values.map(depth).max() ?? 0)
    case .table(let table): 1 + (table.entries.map { depth($0.value) }.max() ?? 0)
    default: 0
    }
  }
  let most = depth(TOMLValue(.table(table)))
  require(most <= 2 * TOMLDocument.depthLimit, "a value \(most) levels deep was read")
}

private func checkWriting(of table: TOMLTable) {
  let text = TOMLText.document(table)
  let again = TOMLDocument(text)
  require(again.mistakes.isEmpty, "\(text) was written with mistakes: \(again.mistakes)")
  // NaN never equals itself.
  require(
    again.root == table || text.contains("nan"), "\(text) has different values when read again")
  require(
    TOMLText.document(again.root) == text, "\(text) is written differently when read again")
}
