import Synchronization

/// A schema's regular expression, matched in time that grows with the text only: no pattern can keep
/// the form busy, as `(a+)+$` does with a matcher that tries one way after another.
///
/// Understands what ECMAScript, Python and the service's Go have in common. Look-around and back
/// references aren't among it.
struct TextPattern: Sendable {
  private let program: [Instruction]
  private let ignoresCase: Bool

  /// Nil if the pattern isn't understood or is too large.
  init?(_ pattern: String) {
    guard pattern.utf8.count <= Self.longestPattern else { return nil }
    var parser = TextPatternParser(pattern)
    guard let node = parser.parse() else { return nil }
    var program: [Instruction] = []
    guard Self.compile(node, into: &program) else { return nil }
    program.append(.match)
    self.program = program
    ignoresCase = parser.ignoresCase
  }

  private static let longestPattern = 4_000
  private static let longestProgram = 4_000
  private static let mostSteps = 2_000_000

  /// What a pattern is read as.
  indirect enum Node {
    case empty
    case set(ScalarSet)
    case assertion(Assertion)
    case sequence([Node])
    case choice([Node])
    case repeated(Node, least: Int, most: Int?)
  }

  enum Assertion: Sendable { case start, end, wordBorder, noWordBorder, lineStart, lineEnd }

  private enum Instruction: Sendable {
    case set(ScalarSet)
    case assertion(Assertion)
    case split(Int, Int)
    case jump(Int)
    case match
  }
}

// MARK: Compiling

extension TextPattern {
  /// Returns false if the program gets too long.
  private static func compile(_ node: Node, into program: inout [Instruction]) -> Bool {
    guard program.count < longestProgram else { return false }
    switch node {
    case .empty: break
    case .set(let set): program.append(.set(set))
    case .assertion(let assertion): program.append(.assertion(assertion))
    case .sequence(let nodes):
      for node in nodes where !compile(node, into: &program) { return false }
    case .choice(let nodes): return compile(choice: nodes[...], into: &program)
    case .repeated(let node, let least, let most):
      return compile(node, least, most, into: &program)
    }
    return true
  }

  private static func compile(
    choice nodes: ArraySlice<Node>, into program: inout [Instruction]
  ) -> Bool {
    var jumps: [Int] = []
    for (index, node) in zip(nodes.indices, nodes) {
      let isLast = index == nodes.endIndex - 1
      let split = program.count
      if !isLast { program.append(.split(split + 1, split + 1)) }
      guard compile(node, into: &program) else { return false }
      guard !isLast else { break }
      jumps.append(program.count)
      program.append(.jump(0))
      program[split] = .split(split + 1, program.count)
    }
    for jump in jumps { program[jump] = .jump(program.count) }
    return true
  }

  private static func compile(
    _ node: Node, _ least: Int, _ most: Int?, into program: inout [Instruction]
  ) -> Bool {
    // What compiles to nothing is nothing, however often it is repeated.
    let start = program.count
    for _ in 0..<least {
      guard compile(node, into: &program) else { return false }
      if program.count == start { break }
    }
    if let most {
      var splits: [Int] = []
      for _ in 0..<max(0, most - least) {
        splits.append(program.count)
        program.append(.split(program.count + 1, 0))
        guard compile(node, into: &program) else { return false }
        if program.count == splits.last.map({ $0 + 1 }) { break }
      }
      for split in splits { program[split] = .split(split + 1, program.count) }
      return true
    }
    let split = program.count
    program.append(.split(split + 1, 0))
    guard compile(node, into: &program) else { return false }
    program.append(.jump(split))
    program[split] = .split(split + 1, program.count)
    return true
  }
}

// MARK: Matching

extension TextPattern {
  /// Whether the pattern matches anywhere in a text; nil if that takes too long to find out.
  func matches(_ text: String) -> Bool? {
    var threads = Threads(program.count)
    var next = Threads(program.count)
    var stepsLeft = Self.mostSteps
    var scalars = text.unicodeScalars.makeIterator()
    var before: Unicode.Scalar?
    var current = scalars.next()
    while true {
      if add(0, to: &threads, before, current, &stepsLeft) { return true }
      guard let scalar = current else { return false }
      let after = scalars.next()
      for thread in threads.list {
        guard case .set(let set) = program[thread] else { continue }
        // Other cases are looked for as texts.
        stepsLeft -= ignoresCase ? set.cost * 10 : set.cost
        guard set.contains(scalar, ignoresCase) else { continue }
        if add(thread + 1, to: &next, scalar, after, &stepsLeft) { return true }
      }
      stepsLeft -= 1
      guard stepsLeft > 0 else { return nil }
      swap(&threads, &next)
      next.clear()
      (before, current) = (scalar, after)
    }
  }

  /// Follows everything that takes no character. Returns whether that ends in a match.
  private func add(
    _ first: Int, to threads: inout Threads, _ before: Unicode.Scalar?, _ next: Unicode.Scalar?,
    _ stepsLeft: inout Int
  ) -> Bool {
    var open = [first]
    while let place = open.popLast() {
      guard threads.visit(place) else { continue }
      stepsLeft -= 1
      switch program[place] {
      case .match: return true
      case .set: threads.list.append(place)
      case .jump(let target): open.append(target)
      case .split(let one, let other):
        open.append(other)
        open.append(one)
      case .assertion(let assertion):
        if Self.holds(assertion, before, next) { open.append(place + 1) }
      }
    }
    return false
  }

  private static func holds(
    _ assertion: Assertion, _ before: Unicode.Scalar?, _ next: Unicode.Scalar?
  ) -> Bool {
    func isWord(_ scalar: Unicode.Scalar?) -> Bool {
      scalar.map { ScalarSet.word.contains($0, false) } ?? false
    }
    switch assertion {
    case .start: return before == nil
    case .end: return next == nil
    case .lineStart: return before == nil || before == "\n"
    case .lineEnd: return next == nil || next == "\n"
    case .wordBorder: return isWord(before) != isWord(next)
    case .noWordBorder: return isWord(before) == isWord(next)
    }
  }

  /// The places in the program that a match has got to.
  private struct Threads {
    var list: [Int] = []
    private var visits: [Int]
    private var round = 1

    init(_ count: Int) {
      visits = Array(repeating: 0, count: count)
    }

    /// Returns false for a place that has been visited since the last `clear`.
    mutating func visit(_ place: Int) -> Bool {
      if visits[place] == round { return false }
      visits[place] = round
      return true
    }

    mutating func clear() {
      list.removeAll(keepingCapacity: true)
      round += 1
    }
  }
}

/// A set of characters in a regular expression.
struct ScalarSet: Sendable {
  var ranges: [ClosedRange<UInt32>] = []
  var parts: [ScalarSet] = []
  var hasBlanks = false
  var isInverted = false

  static let digits = ScalarSet(ranges: [0x30...0x39])
  static let word = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A])
  static let blanks = ScalarSet(hasBlanks: true)
  static let all = ScalarSet(isInverted: true)
  static let allButNewline = ScalarSet(ranges: [0x0A...0x0A], isInverted: true)

  static func only(_ scalar: Unicode.Scalar) -> ScalarSet {
    ScalarSet(ranges: [scalar.value...scalar.value])
  }

  /// How many steps it takes to look for a character, about.
  var cost: Int { 1 + ranges.count / 8 + parts.count }

  var inverted: ScalarSet {
    var set = self
    set.isInverted.toggle()
    return set
  }

  func contains(_ scalar: Unicode.Scalar, _ ignoresCase: Bool) -> Bool {
    var isIn = has(scalar)
    if !isIn, ignoresCase {
      let properties = scalar.properties
      isIn = [properties.lowercaseMapping, properties.uppercaseMapping].contains { text in
        text.unicodeScalars.count == 1 && text.unicodeScalars.first.map(has) == true
      }
    }
    return isIn != isInverted
  }

  private func has(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) }
      || hasBlanks && (scalar.properties.isWhitespace || scalar == "\u{FEFF}")
      || parts.contains { $0.contains(scalar, false) }
  }
}

/// The patterns that were used last, compiled: a field's is needed at every key.
enum TextPatterns {
  private static let kept = Mutex<[String: TextPattern?]>([:])

  /// Nil if the pattern isn't understood.
  static func pattern(_ text: String) -> TextPattern? {
    if let pattern = kept.withLock({ $0[text] }) { return pattern }
    let pattern = TextPattern(text)
    kept.withLock { kept in
      if kept.count >= 100 { kept.removeAll() }
      kept[text] = .some(pattern)
    }
    return pattern
  }
}
