import ReplicateAPI

/// What the history is searched for, as one line: `model:flux status:failed after:3d took:>30s hero`.
///
/// Words apart by blanks all have to be met; a phrase is in quotes, and a minus in front turns a
/// condition around. A name before a colon that is none of ``fields`` makes a word like any other, so
/// that times of day and addresses can be searched for.
public struct HistoryQuery: Sendable, Hashable {
  /// What a prediction has to meet.
  public enum Condition: Sendable, Hashable {
    /// The text is in the model, the input, the output, the log, the error or the note.
    case word(String)
    /// The text is in the model's name, owner included.
    case model(String)
    case status(Prediction.Status)
    /// Still under way.
    case underWay
    /// Created at this time or later, in seconds since 1970.
    case after(Double)
    /// Created before this time, in seconds since 1970.
    case before(Double)
    /// How many seconds it ran.
    case took(ClosedRange<Double>)
    case tag(String)
    /// Any tag at all.
    case tagged
    case starred
    /// The text is in the deployment's name.
    case deployment(String)
    /// Begins with the text.
    case id(String)
    /// Begins with the text.
    case version(String)
    /// `api` or `web`.
    case source(String)
  }

  public struct Clause: Sendable, Hashable {
    public var condition: Condition
    public var isNegated = false
  }

  /// A part of the line that says nothing, such as `took:soon`. It is left out of the search.
  public struct Problem: Sendable, Hashable {
    /// As it was typed.
    public var text: String
    /// What it should be, to follow the text: `must be …`.
    public var words: String
  }

  public private(set) var clauses: [Clause] = []
  public private(set) var problems: [Problem] = []

  /// The names before a colon, with an example of what may follow.
  public static let fields: [(name: String, example: String)] = [
    ("model", "model:flux"), ("status", "status:failed"), ("after", "after:3d"),
    ("before", "before:2026-11-01"), ("took", "took:>30s"), ("tag", "tag:hero"),
    ("is", "is:starred"), ("deployment", "deployment:live"), ("version", "version:39ed52f2"),
    ("id", "id:ufawqhfynnddngldkgtslldrkq"), ("source", "source:web"),
  ]

  public var isEmpty: Bool { clauses.isEmpty }

  /// The words, which are searched for in texts.
  public var words: [String] {
    clauses.compactMap {
      if case .word(let word) = $0.condition, !$0.isNegated { word } else { nil }
    }
  }

  /// - Parameter now: The time that `3d` is counted back from, in seconds since 1970.
  public init(_ line: String, now: Double) {
    for token in Self.tokens(of: line) {
      var clause = Clause(condition: .word(token.value), isNegated: token.isNegated)
      if let name = token.name {
        switch Self.condition(name, token.value, now) {
        case .none:
          clause.condition = .word("\(name):\(token.value)")
        case .success(let condition)?: clause.condition = condition
        // What is still being typed isn't wrong yet.
        case .failure where token.value.isEmpty: continue
        case .failure(let problem)?:
          problems.append(Problem(text: token.text, words: problem.words))
          continue
        }
      }
      if case .word(let word) = clause.condition, word.isEmpty { continue }
      clauses.append(clause)
    }
  }

  // MARK: Reading

  private struct Wrong: Error {
    var words: String
  }

  private static func condition(
    _ name: String, _ value: String, _ now: Double
  ) -> Result<Condition, Wrong>? {
    func needed(_ make: (String) -> Condition) -> Result<Condition, Wrong> {
      value.isEmpty ? .failure(Wrong(words: "needs a text")) : .success(make(value))
    }
    switch name {
    case "model": return needed(Condition.model)
    case "tag": return needed(Condition.tag)
    case "deployment": return needed(Condition.deployment)
    case "id": return needed(Condition.id)
    case "version": return needed(Condition.version)
    case "status": return status(value)
    case "source":
      return ["api", "web"].contains(value.lowercased())
        ? .success(.source(value.lowercased())) : .failure(Wrong(words: "must be api or web"))
    case "is":
      return switch value.lowercased() {
      case "starred": .success(.starred)
      case "tagged": .success(.tagged)
      case "running", "live": .success(.underWay)
      default: .failure(Wrong(words: "must be starred, tagged, or running"))
      }
    case "after", "before":
      guard let time = HistoryTime.moment(in: value, now: now) else {
        return .failure(Wrong(words: "must be a time such as 3d, 2h, today, or 2026-11-01"))
      }
      return .success(name == "after" ? .after(time) : .before(time))
    case "took":
      guard let range = HistoryTime.range(in: value) else {
        return .failure(Wrong(words: "must be a duration such as >30s, <5m, or 10s..1m"))
      }
      return .success(.took(range))
    default: return nil
    }
  }

  private static func status(_ value: String) -> Result<Condition, Wrong> {
    let value = value.lowercased()
    if value == "running" { return .success(.underWay) }
    let all = ["starting", "processing", "succeeded", "failed", "canceled", "aborted"]
    // The British spelling is typed, too.
    let meant = value == "cancelled" ? "canceled" : value
    guard let found = all.first(where: { $0 == meant }) else {
      return .failure(
        Wrong(words: "must be \(all.dropLast().joined(separator: ", ")), or \(all.last ?? "")"))
    }
    return .success(.status(Prediction.Status(rawValue: found)))
  }

  // MARK: Tokens

  private struct Token {
    /// As it was typed.
    var text: String
    /// Before the colon, in lower case.
    var name: String?
    /// After the colon, without quotes.
    var value: String
    var isNegated: Bool
  }

  private static func tokens(of line: String) -> [Token] {
    var tokens: [Token] = []
    var rest = line[...]
    while let first = rest.first {
      if first.isWhitespace {
        rest.removeFirst()
        continue
      }
      let start = rest.startIndex
      var value = ""
      var name: String?
      var isQuoted = false
      var hasQuotes = false
      while let character = rest.first, isQuoted || !character.isWhitespace {
        rest.removeFirst()
        switch character {
        case "\"":
          isQuoted.toggle()
          hasQuotes = true
        case ":" where !isQuoted && name == nil && !hasQuotes:
          name = value
          value = ""
        default: value.append(character)
        }
      }
      var token = Token(
        text: String(line[start..<rest.startIndex]), name: name, value: value, isNegated: false)
      let leading = token.name ?? token.value
      if leading.hasPrefix("-"), leading.count > 1 || token.name == nil && hasQuotes {
        token.isNegated = true
        if token.name == nil {
          token.value.removeFirst()
        } else {
          token.name?.removeFirst()
        }
      }
      token.name = token.name.map { $0.lowercased() }
      tokens.append(token)
    }
    return tokens
  }
}
