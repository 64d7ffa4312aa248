/// Reads a regular expression.
struct TextPatternParser {
  private(set) var ignoresCase = false
  private var dotTakesNewlines = false
  private var hasLines = false
  private var rest: Substring.UnicodeScalarView
  private var depth = 0

  private static let deepest = 60
  private static let mostRepeats = 1_000

  init(_ pattern: String) {
    rest = Substring(pattern).unicodeScalars
  }

  /// Nil if the pattern isn't understood.
  mutating func parse() -> TextPattern.Node? {
    guard readFlags(), let node = choice(), rest.isEmpty else { return nil }
    return node
  }

  /// Flags for the whole pattern, such as `(?i)`.
  private mutating func readFlags() -> Bool {
    guard rest.starts(with: "(?".unicodeScalars) else { return true }
    var flags = rest.dropFirst(2)
    while let flag = flags.popFirst() {
      switch flag {
      case "i": ignoresCase = true
      case "s": dotTakesNewlines = true
      case "m": hasLines = true
      case "u": break
      case ")":
        rest = flags
        return true
      default:
        // A group; choice() reads it.
        (ignoresCase, dotTakesNewlines, hasLines) = (false, false, false)
        return true
      }
    }
    return false
  }

  private mutating func choice() -> TextPattern.Node? {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else { return nil }
    var nodes: [TextPattern.Node] = []
    repeat {
      guard let node = sequence() else { return nil }
      nodes.append(node)
    } while take("|")
    return nodes.count == 1 ? nodes[0] : .choice(nodes)
  }

  private mutating func sequence() -> TextPattern.Node? {
    var nodes: [TextPattern.Node] = []
    while let next = rest.first, next != "|", next != ")" {
      guard let atom = atom(), let node = repeats(of: atom) else { return nil }
      nodes.append(node)
    }
    return nodes.count == 1 ? nodes[0] : .sequence(nodes)
  }

  private mutating func repeats(of atom: TextPattern.Node) -> TextPattern.Node? {
    let (least, most): (Int, Int?)
    switch rest.first {
    case "*":
      rest.removeFirst()
      (least, most) = (0, nil)
    case "+":
      rest.removeFirst()
      (least, most) = (1, nil)
    case "?":
      rest.removeFirst()
      (least, most) = (0, 1)
    case "{":
      // Braces that don't count stand for themselves.
      guard let bounds = bounds() else { return atom }
      (least, most) = bounds
    default: return atom
    }
    if case .assertion = atom { return nil }
    guard least <= Self.mostRepeats, most.map({ least <= $0 && $0 <= Self.mostRepeats }) ?? true
    else { return nil }
    // What a lazy repeat finds first makes no difference to whether there is a match.
    _ = take("?")
    // One more would be a mistake, or possessive.
    if let next = rest.first, "*+?".unicodeScalars.contains(next) { return nil }
    if rest.first == "{", bounds() != nil { return nil }
    return .repeated(atom, least: least, most: most)
  }

  /// Reads `{2}`, `{2,}` or `{2,3}`; nil, and nothing read, if it is none of them.
  private mutating func bounds() -> (Int, Int?)? {
    guard let end = rest.firstIndex(of: "}") else { return nil }
    let body = String(rest[rest.index(after: rest.startIndex)..<end])
    let parts = body.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
    guard let least = Self.count(parts[0]) else { return nil }
    var most: Int? = least
    if parts.count == 2 {
      most = Self.count(parts[1])
      if most == nil, !parts[1].isEmpty { return nil }
    }
    rest = rest[rest.index(after: end)...]
    return (least, most)
  }

  private static func count(_ text: Substring) -> Int? {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) } && !text.isEmpty
      ? Int(text) ?? .max : nil
  }

  private mutating func atom() -> TextPattern.Node? {
    guard let first = rest.popFirst() else { return nil }
    switch first {
    case "^": return .assertion(hasLines ? .lineStart : .start)
    case "$": return .assertion(hasLines ? .lineEnd : .end)
    case ".": return .set(dotTakesNewlines ? .all : .allButNewline)
    case "(": return group()
    case "[": return set().map { .set($0) }
    case "\\": return escape()
    case "*", "+", "?": return nil
    default: return .set(.only(first))
    }
  }

  private mutating func group() -> TextPattern.Node? {
    if take("?") {
      switch rest.popFirst() {
      case ":": break
      case "P": guard take("<"), skipName() else { return nil }
      case "<":
        guard rest.first != "=", rest.first != "!", skipName() else { return nil }
      default: return nil
      }
    }
    guard let node = choice(), take(")") else { return nil }
    return node
  }

  private mutating func skipName() -> Bool {
    guard let end = rest.firstIndex(of: ">") else { return false }
    rest = rest[rest.index(after: end)...]
    return true
  }

  private mutating func escape() -> TextPattern.Node? {
    guard let next = rest.first else { return nil }
    switch next {
    case "b": return assertion(.wordBorder)
    case "B": return assertion(.noWordBorder)
    case "A": return assertion(.start)
    case "z", "Z": return assertion(.end)
    default: return escapedSet().map { .set($0) }
    }
  }

  private mutating func assertion(_ assertion: TextPattern.Assertion) -> TextPattern.Node {
    rest.removeFirst()
    return .assertion(assertion)
  }

  /// What a backslash makes of the next character, inside of a set and outside of it.
  private mutating func escapedSet() -> ScalarSet? {
    guard let next = rest.popFirst() else { return nil }
    switch next {
    case "d": return .digits
    case "D": return ScalarSet.digits.inverted
    case "w": return .word
    case "W": return ScalarSet.word.inverted
    case "s": return .blanks
    case "S": return ScalarSet.blanks.inverted
    case "n": return .only("\n")
    case "r": return .only("\r")
    case "t": return .only("\t")
    case "f": return .only("\u{0C}")
    case "v": return .only("\u{0B}")
    case "x": return code(digits: 2)
    case "u":
      if take("{") {
        let digits = String(rest.prefix { $0 != "}" })
        rest = rest.dropFirst(digits.unicodeScalars.count)
        guard take("}") else { return nil }
        return Self.set(code: digits)
      }
      return code(digits: 4)
    case "0": return rest.first.map(Self.isDigit) == true ? nil : .only("\0")
    // Back references, classes by property, and letters that mean something elsewhere.
    case _ where Self.isDigit(next) || Self.isLetter(next): return nil
    default: return .only(next)
    }
  }

  private mutating func code(digits count: Int) -> ScalarSet? {
    let digits = String(rest.prefix(count))
    guard digits.unicodeScalars.count == count else { return nil }
    rest = rest.dropFirst(count)
    return Self.set(code: digits)
  }

  private static func set(code digits: String) -> ScalarSet? {
    UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init).map { .only($0) }
  }

  private mutating func set() -> ScalarSet? {
    var set = ScalarSet(isInverted: take("^"))
    var isFirst = true
    while let next = rest.popFirst() {
      if next == "]", !isFirst { return set }
      isFirst = false
      // Named classes, as in [[:alpha:]], aren't known everywhere.
      if next == "[", rest.first == ":" { return nil }
      guard let low = element(next) else { return nil }
      guard rest.first == "-", let after = rest.dropFirst().first, after != "]" else {
        add(low, to: &set)
        continue
      }
      rest.removeFirst()
      guard let start = low.single, let next = rest.popFirst(), let end = element(next)?.single,
        start <= end
      else { return nil }
      set.ranges.append(start...end)
    }
    return nil
  }

  private mutating func element(_ scalar: Unicode.Scalar) -> ScalarSet? {
    guard scalar == "\\" else { return .only(scalar) }
    return take("b") ? .only("\u{08}") : escapedSet()
  }

  private func add(_ part: ScalarSet, to set: inout ScalarSet) {
    if part.isInverted || part.hasBlanks {
      set.parts.append(part)
    } else {
      set.ranges += part.ranges
    }
  }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard rest.first == scalar else { return false }
    rest.removeFirst()
    return true
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
}

extension ScalarSet {
  /// The code of the only character in the set.
  fileprivate var single: UInt32? {
    guard !isInverted, !hasBlanks, parts.isEmpty, ranges.count == 1,
      ranges[0].lowerBound == ranges[0].upperBound
    else { return nil }
    return ranges[0].lowerBound
  }
}
