import ReplicateAPI
import Running

// A list of the values that a field takes in turn, one run each.
extension ListControl {
  /// The values of a field of this kind. Numbers can be entered as ranges.
  static func sweep(of kind: InputKind) -> ListControl {
    ListControl(of: kind, maxItems: PredictionGroup.largest, isSweep: true)
  }

  /// All values, with ranges expanded.
  var sweepReading: FieldControl.Reading {
    var values: [JSONValue] = []
    for (index, row) in rows.enumerated() {
      switch expansion(of: row) {
      case .success(let expanded): values += expanded
      case .failure(let problem): return .wrong(InputRules.problem(problem.words, ofItem: index))
      }
      guard values.count <= PredictionGroup.largest else { return .wrong(Self.tooMany) }
    }
    return values.isEmpty ? .wrong("has no values yet") : .value(.array(values))
  }

  private static var tooMany: String {
    "has more than \(NumberText.grouped(PredictionGroup.largest)) values"
  }

  struct Problem: Error {
    var words: String
  }

  /// The values that a row stands for.
  func expansion(of row: FieldControl) -> Result<[JSONValue], Problem> {
    if let range = row.buffer.flatMap({ NumberRange($0.text) }) {
      switch row {
      case .integer(_, let rules): return expansion(of: range, rules, isWhole: true)
      case .number(_, let rules): return expansion(of: range, rules, isWhole: false)
      default: break
      }
    }
    switch row.reading {
    case .value(let value): return .success([value])
    case .wrong where row.isNumber && row.buffer?.text.contains(",") == true:
      return .failure(Problem(words: "is more than one number: each has a row of its own"))
    case .wrong where row.isNumber && row.buffer?.text.contains("..") == true:
      return .failure(Problem(words: "is no range such as 1..10, or 0..1 step 0.25"))
    case .wrong(let problem): return .failure(Problem(words: problem))
    case .nothing:
      if case .text = row { return .success([""]) }
      return .failure(Problem(words: "is empty"))
    }
  }

  private func expansion(
    of range: NumberRange, _ rules: NumberRules, isWhole: Bool
  ) -> Result<[JSONValue], Problem> {
    if isWhole, !range.isWhole {
      return .failure(Problem(words: "has numbers that aren’t whole"))
    }
    guard let numbers = range.numbers(atMost: PredictionGroup.largest) else {
      return .failure(
        Problem(
          words: "is \(NumberText.grouped(range.count)) values, and a group has at most "
            + "\(NumberText.grouped(PredictionGroup.largest))"))
    }
    for number in numbers {
      let problem =
        isWhole ? NumberText.problem(ofWhole: number, rules) : NumberText.problem(of: number, rules)
      if let problem { return .failure(Problem(words: problem)) }
    }
    return .success(numbers.map { .number($0) })
  }

  /// The rows as JSON: what is typed and isn't a value, such as a range, as text.
  var sweepRows: [JSONValue] {
    rows.map { row in
      if case .value(let value) = row.reading { return value }
      return .string(row.buffer?.text ?? "")
    }
  }

  /// Adds rows below the last one: values, or texts as they would be typed.
  ///
  /// - Returns: Those that don't fit.
  mutating func addSweepRows(_ values: [JSONValue]) -> [JSONValue] {
    let room = max(0, PredictionGroup.largest - rows.count)
    var unfit = Array(values.dropFirst(room))
    for value in values.prefix(room) {
      enter(atEnd: true)
      var row = emptyRow
      if !row.set(value) {
        guard row.type(value.string ?? value.serialized()) else {
          unfit.append(value)
          continue
        }
      } else if case .json(_, let kind) = row, let text = value.string, text.looksLikeJSON,
        case .wrong = FieldControl.json(TextBuffer(text, allowsNewlines: true), kind).reading
      {
        // Half of a value, as somebody has left it.
        _ = row.type(text)
      }
      append(row)
    }
    enter(atEnd: true)
    return unfit
  }

  /// Adds rows below the last one, each as it would be typed.
  mutating func addSweepLines(_ lines: [String]) {
    for line in lines.prefix(max(0, PredictionGroup.largest - rows.count)) {
      enter(atEnd: true)
      var row = emptyRow
      if row.type(line) { append(row) }
    }
    enter(atEnd: true)
  }
}

extension FieldControl {
  fileprivate var isNumber: Bool {
    switch self {
    case .integer, .number: true
    default: false
    }
  }

  /// Sets the control to what is typed. Returns false if it can't be.
  fileprivate mutating func type(_ text: String) -> Bool {
    guard isTyped else { return setWord(text) }
    buffer = TextBuffer(text, allowsNewlines: allowsNewlines)
    return true
  }

  /// Sets a control without text from a word, such as a line of a file. Returns false if it's none of
  /// its choices.
  fileprivate mutating func setWord(_ word: String) -> Bool {
    let word = String(word.trimmingBlanks())
    if let value = try? JSONValue(parsing: word), set(value) { return true }
    guard case .enumeration(let choices, _) = self else { return false }
    return choices.first { $0.choiceText.lowercased() == word.lowercased() }.map { set($0) }
      ?? false
  }
}

extension String {
  /// Whether it begins as an object, a list or a text in JSON does.
  fileprivate var looksLikeJSON: Bool {
    first { !$0.isWhitespace }.map { "{[\"".contains($0) } ?? false
  }
}
