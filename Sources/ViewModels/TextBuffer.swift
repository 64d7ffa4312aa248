/// Everything the user can do to a text while typing.
public enum TextEdit: Hashable, Sendable {
  /// Typed or pasted text, inserted literally.
  case insert(String)
  case deleteBackward
  case deleteForward
  case deleteWordBackward
  case deleteToStart
  case deleteToEnd
  case left
  case right
  case wordLeft
  case wordRight
  case up
  case down
  case home
  case end
  case newline
}

/// A text being edited and its cursor. All movements are by whole characters.
public struct TextBuffer: Sendable, Equatable {
  /// The text itself. Setting it moves the cursor to the end.
  public var text: String {
    get { storage }
    set {
      storage = Self.cleaned(newValue, allowsNewlines: allowsNewlines)
      cursor = storage.endIndex
      goalColumn = nil
    }
  }

  /// The cursor, always on a character boundary in ``text``.
  public private(set) var cursor: String.Index

  /// Whether the text can have several lines. If not, line breaks become spaces.
  public let allowsNewlines: Bool

  private var storage: String
  private var goalColumn: Int?

  /// Creates a buffer with the cursor at the end of `text`.
  public init(_ text: String = "", allowsNewlines: Bool = false) {
    self.allowsNewlines = allowsNewlines
    storage = Self.cleaned(text, allowsNewlines: allowsNewlines)
    cursor = storage.endIndex
  }

  /// Whether the text is empty.
  public var isEmpty: Bool { storage.isEmpty }

  /// The cursor's line, counted from 0.
  public var line: Int { storage[..<cursor].utf8.count { $0 == 0x0A } }

  /// The cursor's column in its line, counted in characters from 0.
  public var column: Int { storage.distance(from: lineStart(of: cursor), to: cursor) }

  /// The text before the cursor.
  public var textBeforeCursor: Substring { storage[..<cursor] }

  /// Applies an edit. Returns false if neither the text nor the cursor changed.
  @discardableResult
  public mutating func apply(_ edit: TextEdit) -> Bool {
    switch edit {
    case .up: return moveLine(by: -1)
    case .down: return moveLine(by: 1)
    default: goalColumn = nil
    }
    switch edit {
    case .insert(let new): return insert(new)
    case .newline: return allowsNewlines && insert("\n")
    case .deleteBackward: return delete(to: before(cursor))
    case .deleteForward: return delete(to: after(cursor))
    case .deleteWordBackward: return delete(to: blankStart(before: cursor))
    case .deleteToStart:
      let start = lineStart(of: cursor)
      return delete(to: start == cursor ? before(cursor) : start)
    case .deleteToEnd:
      let end = lineEnd(of: cursor)
      return delete(to: end == cursor ? after(cursor) : end)
    case .left: return move(to: before(cursor))
    case .right: return move(to: after(cursor))
    case .wordLeft: return move(to: wordStart(before: cursor))
    case .wordRight: return move(to: wordEnd(after: cursor))
    case .home: return move(to: lineStart(of: cursor))
    case .end: return move(to: lineEnd(of: cursor))
    case .up, .down: return false
    }
  }

  /// Moves the cursor to a position in ``text``, or to the next character boundary after it.
  @discardableResult
  public mutating func move(to place: String.Index) -> Bool {
    let target = border(at: min(max(place, storage.startIndex), storage.endIndex))
    goalColumn = nil
    defer { cursor = target }
    return target != cursor
  }

  public static func == (left: TextBuffer, right: TextBuffer) -> Bool {
    left.storage == right.storage && left.cursor == right.cursor
      && left.allowsNewlines == right.allowsNewlines
  }
}

extension TextBuffer {
  private mutating func insert(_ new: String) -> Bool {
    let piece = Self.cleaned(new, allowsNewlines: allowsNewlines)
    guard !piece.isEmpty else { return false }
    let offset = storage.utf8.distance(from: storage.startIndex, to: cursor) + piece.utf8.count
    storage.insert(contentsOf: piece, at: cursor)
    cursor = border(at: storage.utf8.index(storage.startIndex, offsetBy: offset))
    return true
  }

  private mutating func delete(to other: String.Index) -> Bool {
    guard other != cursor else { return false }
    let range = min(other, cursor)..<max(other, cursor)
    let offset = storage.utf8.distance(from: storage.startIndex, to: range.lowerBound)
    storage.removeSubrange(range)
    // The remaining parts can combine into a single character, so find the boundary again.
    cursor = border(at: storage.utf8.index(storage.startIndex, offsetBy: offset))
    return true
  }

  private mutating func moveLine(by step: Int) -> Bool {
    let start = lineStart(of: cursor)
    let column = goalColumn ?? storage.distance(from: start, to: cursor)
    let target: String.Index
    if step < 0 {
      guard start > storage.startIndex else { return false }
      target = lineStart(of: storage.index(before: start))
    } else {
      let end = lineEnd(of: cursor)
      guard end < storage.endIndex else { return false }
      target = storage.index(after: end)
    }
    let end = lineEnd(of: target)
    cursor = storage.index(target, offsetBy: column, limitedBy: end) ?? end
    goalColumn = column
    return true
  }

  private func before(_ index: String.Index) -> String.Index {
    index > storage.startIndex ? storage.index(before: index) : index
  }

  private func after(_ index: String.Index) -> String.Index {
    index < storage.endIndex ? storage.index(after: index) : index
  }

  private func lineStart(of index: String.Index) -> String.Index {
    let bytes = storage.utf8
    var index = index
    while index > bytes.startIndex {
      let previous = bytes.index(before: index)
      if bytes[previous] == 0x0A { break }
      index = previous
    }
    return index
  }

  private func lineEnd(of index: String.Index) -> String.Index {
    storage.utf8[index...].firstIndex(of: 0x0A) ?? storage.endIndex
  }

  private func wordStart(before index: String.Index) -> String.Index {
    var index = index
    while index > storage.startIndex, !isWord(at: storage.index(before: index)) {
      index = storage.index(before: index)
    }
    while index > storage.startIndex, isWord(at: storage.index(before: index)) {
      index = storage.index(before: index)
    }
    return index
  }

  /// Where the last characters without a blank begin; not before the line, unless they'd be none.
  private func blankStart(before index: String.Index) -> String.Index {
    var index = index
    let line = lineStart(of: index)
    guard index > line else { return before(index) }
    while index > line, storage[storage.index(before: index)].isWhitespace {
      index = storage.index(before: index)
    }
    while index > line, !storage[storage.index(before: index)].isWhitespace {
      index = storage.index(before: index)
    }
    return index
  }

  private func wordEnd(after index: String.Index) -> String.Index {
    var index = index
    while index < storage.endIndex, !isWord(at: index) { index = storage.index(after: index) }
    while index < storage.endIndex, isWord(at: index) { index = storage.index(after: index) }
    return index
  }

  private func isWord(at index: String.Index) -> Bool {
    let character = storage[index]
    return character.isLetter || character.isNumber || character == "_"
  }

  /// The position itself, or the end of the character that it would split.
  private func border(at index: String.Index) -> String.Index {
    String.Index(index, within: storage) ?? storage.index(after: index)
  }

  /// Normalizes line breaks and removes control characters, which terminals send but nobody means
  /// to type.
  private static func cleaned(_ text: String, allowsNewlines: Bool) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      // 0xC2 can start a C1 control character.
      byte >= 0x20 && byte != 0x7F && byte != 0xC2 || byte == 0x09
        || byte == 0x0A && allowsNewlines
    }
    if isPlain { return text }
    var scalars = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in text.unicodeScalars {
      defer { afterReturn = scalar == "\r" }
      switch scalar {
      case "\n" where afterReturn: continue
      case "\n", "\r": scalars.append("\n")
      case "\t": scalars.append(scalar)
      case _ where scalar.properties.generalCategory == .control: continue
      default: scalars.append(scalar)
      }
    }
    if allowsNewlines { return String(scalars) }
    // A copied line includes its line break. Inside the text, a line break separates words.
    while scalars.last == "\n" { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars.map { $0 == "\n" ? " " : $0 }))
  }
}
