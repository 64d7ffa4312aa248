import ReplicateAPI
import TerminalKit
import ViewModels

/// Colors the parts of a line of code: names, texts, numbers, words of the language, and comments.
///
/// It looks at one line at a time, which is enough for what Replicant itself writes.
struct CodeColors {
  struct Span {
    var text: Substring
    var style: Style
    /// Whether it is the name of a member.
    var isName = false
  }

  private let tab: RequestViewModel.Tab

  init(_ tab: RequestViewModel.Tab) {
    self.tab = tab
  }

  /// The spans of a line.
  func spans(in line: Substring) -> [Span] {
    var spans: [Span] = []
    var index = line.startIndex
    while index < line.endIndex {
      let (end, style, isName) = token(in: line, at: index)
      if let last = spans.indices.last, spans[last].style == style, !isName, !spans[last].isName {
        spans[last].text = line[spans[last].text.startIndex..<end]
      } else {
        spans.append(Span(text: line[index..<end], style: style, isName: isName))
      }
      index = end
    }
    return spans
  }

  private func token(
    in line: Substring, at start: String.Index
  ) -> (end: String.Index, style: Style, isName: Bool) {
    let rest = line[start...]
    let first = rest[start]
    if first == "\"" {
      let end = Self.endOfText(in: rest)
      let isName = line[end...].first == ":"
      return (end, isName ? .label : .string, isName)
    }
    if comment.map({ rest.hasPrefix($0) }) == true { return (line.endIndex, .dim, false) }
    if first.isNumber, first.isASCII {
      let end = rest.firstIndex { !($0.isASCII && ($0.isNumber || ".eE+-".contains($0))) }
      return (end ?? line.endIndex, .number, false)
    }
    if first.isLetter || first == "_" || first == "$" {
      let end =
        rest.dropFirst().firstIndex { !($0.isLetter || $0.isNumber || $0 == "_") }
        ?? line.endIndex
      let word = rest[..<end]
      let isName = tab == .javaScript && line[end...].first == ":"
      if isName { return (end, .label, true) }
      return (end, keywords.contains(String(word)) ? .accent : .overlay, false)
    }
    let end = rest.dropFirst().firstIndex { character in
      character == "\"" || character.isNumber || character.isLetter || "_$#/".contains(character)
    }
    return (end ?? line.endIndex, .overlay, false)
  }

  /// The end of a text between double quotes, or of the line.
  private static func endOfText(in rest: Substring) -> String.Index {
    var isEscaped = false
    var index = rest.index(after: rest.startIndex)
    while index < rest.endIndex {
      let character = rest[index]
      index = rest.index(after: index)
      if isEscaped {
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        return index
      }
    }
    return rest.endIndex
  }

  private var comment: String? {
    switch tab {
    case .json: nil
    case .curl, .python: "#"
    case .javaScript, .swift: "//"
    }
  }

  private var keywords: Set<String> {
    switch tab {
    case .json: ["true", "false", "null"]
    case .curl: ["if", "then", "else", "fi", "curl", "true", "false", "null", "EOF"]
    case .python: ["import", "True", "False", "None"]
    case .javaScript:
      [
        "import", "from", "const", "let", "await", "async", "function", "if", "while", "return",
        "throw", "new", "true", "false", "null",
      ]
    case .swift:
      [
        "import", "let", "var", "try", "await", "for", "in", "func", "async", "throws", "if",
        "return", "true", "false",
      ]
    }
  }

  /// The name of the input that a line of JSON begins with, indented as the request is written.
  static func inputName(in line: Substring) -> String? {
    guard line.hasPrefix("  \"") else { return nil }
    let rest = line.dropFirst(2)
    let end = endOfText(in: rest)
    guard line[end...].first == ":" else { return nil }
    return (try? JSONValue(parsing: String(rest[..<end])))?.string
  }
}
