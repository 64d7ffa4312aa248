/// Reads a document statement by statement.
struct TOMLParser {
  typealias Mistake = TOMLDocument.Mistake

  private var scanner: TOMLScanner
  let root = TOMLTableNode(origin: .header, depth: 0, line: 1)
  private(set) var mistakes: [Mistake] = []
  /// The table that keys are added to.
  private var current: TOMLTableNode
  /// The lists and inline tables that are open.
  private var openBrackets = 0

  init(_ text: String) {
    scanner = TOMLScanner(text)
    current = root
  }

  mutating func parse() {
    while scanner.skipToContent() {
      let start = scanner.line
      do throws(Mistake) {
        if scanner.next == UInt8(ascii: "[") {
          // The keys below a header that can't be read belong to no table that we know.
          current = TOMLTableNode(origin: .header, depth: 0, line: start)
          try header()
        } else {
          try entry(in: current)
        }
        try scanner.endLine()
      } catch {
        mistakes.append(error)
        scanner.recover(from: start, isInBrackets: openBrackets > 0)
        openBrackets = 0
      }
    }
  }

  // MARK: Statements

  /// `[a.b]` or `[[a.b]]`.
  private mutating func header() throws(Mistake) {
    let start = scanner
    scanner.advance()
    let isArray = scanner.take("[")
    scanner.skipBlanks()
    let path = try key()
    let isClosed = scanner.take("]") && (!isArray || scanner.take("]"))
    guard isClosed else {
      throw scanner.mistake("expected \(isArray ? "]]" : "]") after the table’s name")
    }
    guard path.count <= TOMLDocument.depthLimit else { throw start.tooDeep }
    var table = root
    for part in path.dropLast() { table = try step(from: table, to: part, at: start) }
    guard let name = path.last else { return }
    try open(name, in: table, isArray: isArray, at: start)
  }

  private mutating func open(
    _ name: String, in parent: TOMLTableNode, isArray: Bool, at start: TOMLScanner
  ) throws(Mistake) {
    // As deep as the same table would be if it were written inline, in a list.
    let depth = parent.depth + (isArray ? 2 : 1)
    guard depth <= TOMLDocument.depthLimit else { throw start.tooDeep }
    switch parent[name] {
    case nil:
      let table = TOMLTableNode(origin: .header, depth: depth, line: start.line)
      parent.add(name, isArray ? .tables(.init(table)) : .table(table), line: start.line)
      current = table
    case .tables(let list)? where isArray:
      let table = TOMLTableNode(origin: .header, depth: depth, line: start.line)
      list.tables.append(table)
      current = table
    case .table(let table)? where !isArray && table.origin == .path:
      table.origin = .header
      current = table
    case .table(let table)? where !isArray && table.origin == .header:
      // Its other keys still say something.
      current = table
      mistakes.append(
        start.mistake(
          "the table [\(TOMLText.excerpt(name))] is already on line \(table.line); "
            + "put its keys there"))
    case let other?:
      throw start.mistake(
        "\(TOMLText.quoted(name)) is already set on line \(other.line); remove one of the two")
    }
  }

  /// `key = value`.
  private mutating func entry(in table: TOMLTableNode) throws(Mistake) {
    let start = scanner
    let path = try key()
    guard scanner.take("=") else {
      let name = TOMLText.quoted(path.joined(separator: "."))
      throw scanner.mistake("expected = and a value after \(name)")
    }
    scanner.skipBlanks()
    guard path.count + table.depth <= TOMLDocument.depthLimit else { throw start.tooDeep }
    var table = table
    let value = try value(depth: table.depth + path.count)
    for part in path.dropLast() {
      table = try step(from: table, to: part, at: start, isDotted: true)
    }
    guard let name = path.last else { return }
    if let other = table[name] {
      throw start.mistake(
        "\(TOMLText.quoted(path.joined(separator: "."))) is already set on line \(other.line); "
          + "that value is used")
    }
    table.add(name, .value(value), line: start.line)
  }

  /// The table of a name in another, which is made if it isn't there.
  private func step(
    from table: TOMLTableNode, to name: String, at start: TOMLScanner, isDotted: Bool = false
  ) throws(Mistake) -> TOMLTableNode {
    switch table[name] {
    case nil:
      guard table.depth < TOMLDocument.depthLimit else { throw start.tooDeep }
      let new = TOMLTableNode(
        origin: isDotted ? .dotted : .path, depth: table.depth + 1, line: start.line)
      table.add(name, .table(new), line: start.line)
      return new
    case .table(let next)? where !isDotted || next.origin != .header: return next
    case .tables(let list)? where !isDotted: return list.tables.last ?? list.first
    case let other?:
      throw start.mistake(
        "\(TOMLText.quoted(name)) is already set on line \(other.line), so nothing can be added "
          + "to it here")
    }
  }

  /// The parts of a key up to the sign behind it: `a`, `a.b`, `"a b".c`.
  private mutating func key() throws(Mistake) -> [String] {
    var parts: [String] = []
    repeat {
      scanner.skipBlanks()
      parts.append(try scanner.keyPart())
      scanner.skipBlanks()
    } while scanner.take(".")
    return parts
  }

  // MARK: Values

  private mutating func value(depth: Int) throws(Mistake) -> TOMLValue {
    let line = scanner.line
    switch scanner.next {
    case UInt8(ascii: "["):
      guard depth < TOMLDocument.depthLimit else { throw scanner.tooDeep }
      return TOMLValue(.array(try array(depth: depth + 1)), line: line)
    case UInt8(ascii: "{"):
      guard depth <= TOMLDocument.depthLimit else { throw scanner.tooDeep }
      return TOMLValue(.table(try inlineTable(depth: depth)), line: line)
    default: return TOMLValue(try scanner.scalar(), line: line)
    }
  }

  private mutating func array(depth: Int) throws(Mistake) -> [TOMLValue] {
    var values: [TOMLValue] = []
    try elements(until: "]", of: "list") { (parser) throws(Mistake) in
      values.append(try parser.value(depth: depth))
    }
    return values
  }

  private mutating func inlineTable(depth: Int) throws(Mistake) -> TOMLTable {
    let table = TOMLTableNode(origin: .dotted, depth: depth, line: scanner.line)
    try elements(until: "}", of: "table") { (parser) throws(Mistake) in
      try parser.entry(in: table)
    }
    return table.table
  }

  /// Elements with commas between them, over any number of lines.
  private mutating func elements(
    until end: Unicode.Scalar, of what: String,
    _ element: (inout Self) throws(Mistake) -> Void
  ) throws(Mistake) {
    let start = scanner
    scanner.advance()
    openBrackets += 1
    var needsComma = false
    while scanner.skipToContent() {
      if scanner.take(end) {
        openBrackets -= 1
        return
      }
      // Where the next statement begins, the end has been forgotten.
      if scanner.hasNewLine, scanner.isAtStatement(end == "}" ? .header : .any) { break }
      if scanner.next == UInt8(ascii: ",") {
        guard needsComma else { throw scanner.mistake("expected a value before the comma") }
        scanner.advance()
        needsComma = false
      } else {
        guard !needsComma else {
          throw scanner.mistake("expected a comma or \(end) after the value")
        }
        try element(&self)
        needsComma = true
      }
    }
    throw start.mistake("the \(what) isn’t closed with \(end)")
  }
}
