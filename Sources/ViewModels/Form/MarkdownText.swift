/// Converts Markdown to plain text.
public enum MarkdownText {
  /// Returns the text without markup, link addresses, images, and common HTML tags.
  ///
  /// Text that only resembles markup is kept: snake_case, 2 * 3, `<lora:name>`. Only the first
  /// 5,000 characters are read.
  public static func plain(_ markdown: String) -> String {
    var lines: [String] = []
    let cut = markdown.prefix(5000)
    for line in cut.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      if let line = block(line) { lines.append(line) }
    }
    let text = inline(Array(lines.joined(separator: "\n")), depth: 0)
    return collapsingBlankLines(String(text))
  }

  /// A line without heading, quote, or list markup, or nil if nothing is left to show.
  private static func block(_ line: Substring) -> String? {
    var line = line.drop { $0 == " " || $0 == "\t" }
    if line.hasPrefix("```") || line.hasPrefix("~~~") { return nil }
    while line.first == ">" { line = line.dropFirst().drop { $0 == " " } }
    let marks = line.prefix { $0 == "#" }
    if (1...6).contains(marks.count), line.dropFirst(marks.count).first == " " {
      line = line.dropFirst(marks.count + 1)
      while line.last == "#" || line.last == " " { line.removeLast() }
    }
    if line.count >= 3, let first = line.first, "-*_=".contains(first),
      line.allSatisfy({ $0 == first })
    {
      return nil
    }
    for bullet in ["- ", "* ", "+ "] where line.hasPrefix(bullet) {
      return "• " + line.dropFirst(2).trimmed
    }
    return String(line.trimmed)
  }

  private static func inline(_ text: [Character], depth: Int) -> [Character] {
    var result: [Character] = []
    var index = 0
    while index < text.count {
      let character = text[index]
      if let (shown, next) = span(text, at: index, depth: depth) {
        result += shown
        index = next
      } else {
        result.append(character)
        index += 1
      }
    }
    return result
  }

  /// The text to show for markup at `index` and the index after it, or nil if it isn't markup.
  private static func span(
    _ text: [Character], at index: Int, depth: Int
  ) -> (shown: [Character], next: Int)? {
    switch text[index] {
    case "\\":
      guard index + 1 < text.count, text[index + 1].isASCII,
        text[index + 1].isPunctuation || text[index + 1].isSymbol
      else { return nil }
      return ([text[index + 1]], index + 2)
    case "`":
      let count = run(text, at: index)
      guard let close = closing(text, after: index + count, mark: "`", count: count) else {
        return (Array(text[index..<index + count]), index + count)
      }
      return (Array(text[index + count..<close]).trimmedBlanks, close + count)
    case "*", "_", "~":
      return depth < 8 ? emphasis(text, at: index, depth: depth) : nil
    case "!":
      guard index + 1 < text.count, text[index + 1] == "[" else { return nil }
      return link(text, at: index + 1, depth: depth)
    case "[": return depth < 8 ? link(text, at: index, depth: depth) : nil
    case "<": return tag(text, at: index)
    case "&": return entity(text, at: index)
    default: return nil
    }
  }

  private static func emphasis(
    _ text: [Character], at index: Int, depth: Int
  ) -> (shown: [Character], next: Int)? {
    let mark = text[index]
    let count = run(text, at: index)
    let start = index + count
    let literal = (Array(text[index..<start]), start)
    guard count <= 3, mark != "~" || count == 2, start < text.count, !text[start].isWhitespace
    else { return literal }
    if mark == "_", index > 0, text[index - 1].isLetter || text[index - 1].isNumber {
      return literal
    }
    guard let close = closing(text, after: start, mark: mark, count: count) else { return literal }
    if mark == "_", close + count < text.count,
      text[close + count].isLetter || text[close + count].isNumber
    {
      return literal
    }
    return (inline(Array(text[start..<close]), depth: depth + 1), close + count)
  }

  private static func link(
    _ text: [Character], at index: Int, depth: Int
  ) -> (shown: [Character], next: Int)? {
    guard let close = bracket(text, at: index, "[", "]"), close + 1 < text.count,
      text[close + 1] == "(", let end = bracket(text, at: close + 1, "(", ")")
    else { return nil }
    return (inline(Array(text[index + 1..<close]), depth: depth + 1), end + 1)
  }

  private static func tag(
    _ text: [Character], at index: Int
  ) -> (shown: [Character], next: Int)? {
    guard let end = text[index..<min(text.count, index + 200)].firstIndex(of: ">") else {
      return nil
    }
    let body = String(text[index + 1..<end])
    if body.hasPrefix("http://") || body.hasPrefix("https://") { return (Array(body), end + 1) }
    let name = body.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
    let rest = body.drop { $0 == "/" }.dropFirst(name.count).first
    guard tags.contains(name), rest == nil || rest == " " || rest == "/" else { return nil }
    return (name == "br" ? ["\n"] : [], end + 1)
  }

  private static func entity(
    _ text: [Character], at index: Int
  ) -> (shown: [Character], next: Int)? {
    guard let end = text[index..<min(text.count, index + 8)].firstIndex(of: ";"),
      let shown = entities[String(text[index + 1..<end])]
    else { return nil }
    return ([shown], end + 1)
  }

  private static func run(_ text: [Character], at index: Int) -> Int {
    text[index...].prefix { $0 == text[index] }.count
  }

  /// The end of a span opened by `count` marks. The closing run must follow a nonblank character.
  private static func closing(
    _ text: [Character], after start: Int, mark: Character, count: Int
  ) -> Int? {
    var index = start
    let end = min(text.count, start + 1000)
    while index < end {
      guard text[index] == mark else {
        index += 1
        continue
      }
      let length = run(text, at: index)
      if length == count, index > start, mark == "`" || !text[index - 1].isWhitespace {
        return index
      }
      index += length
    }
    return nil
  }

  private static func bracket(
    _ text: [Character], at index: Int, _ open: Character, _ close: Character
  ) -> Int? {
    var depth = 0
    for place in index..<min(text.count, index + 1000) {
      if text[place] == open { depth += 1 }
      if text[place] == close {
        depth -= 1
        if depth == 0 { return place }
      }
    }
    return nil
  }

  private static func collapsingBlankLines(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline)
      .map(\.trimmed).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private static let tags: Set<String> = [
    "a", "b", "blockquote", "br", "center", "code", "del", "details", "div", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "small", "span",
    "strong", "sub", "summary", "sup", "table", "td", "th", "tr", "u", "ul",
  ]

  private static let entities: [String: Character] = [
    "lt": "<", "gt": ">", "amp": "&", "quot": "\"", "#39": "'", "apos": "'", "nbsp": " ",
    "hellip": "…", "ndash": "–", "mdash": "—", "times": "×", "le": "≤", "ge": "≥",
  ]
}

extension Substring {
  fileprivate var trimmed: Substring {
    var text = drop { $0.isWhitespace }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

extension [Character] {
  fileprivate var trimmedBlanks: [Character] {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return Array(text)
  }
}
