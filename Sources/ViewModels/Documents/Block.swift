extension Document {
  /// A piece of a document: a text with one meaning.
  public struct Block: Hashable, Sendable {
    public var meaning: Meaning
    public var text: String
    /// The web address that the text links to.
    public var link: String?
    /// The number of empty columns before every row.
    public var indent: Int
    /// A name, a bullet or a number, shown in the indentation of the first row.
    public var label: String?

    public init(
      _ meaning: Meaning, _ text: String, link: String? = nil, indent: Int = 0,
      label: String? = nil
    ) {
      self.meaning = meaning
      self.text = text
      self.link = link
      self.indent = indent
      self.label = label
    }

    /// A name and its value. The value wraps in its own column.
    ///
    /// - Parameter column: where the value's column begins.
    public static func fact(
      _ name: String, _ value: String, _ meaning: Meaning = .value, column: Int = 14,
      link: String? = nil
    ) -> Block {
      Block(meaning, value, link: link, indent: column, label: name)
    }

    /// An empty row.
    public static let blank = Block(.plain, "")
  }

  /// What kind of text a block holds. The panes decide what each kind looks like.
  public enum Meaning: Hashable, CaseIterable, Sendable {
    case plain, heading, label, value, number, string, link, code, quote, note
    case error, warning, success
    /// The log of a run, in which carriage returns, backspaces and progress bars work as they do in
    /// a terminal.
    case log
  }

  /// A position in a document's text.
  public struct Place: Hashable, Comparable, Sendable {
    public var block: Int
    public var line: Int
    /// The offset in the line's UTF-8.
    public var offset: Int

    public init(block: Int = 0, line: Int = 0, offset: Int = 0) {
      self.block = block
      self.line = line
      self.offset = offset
    }

    public static let start = Place()

    public static func < (left: Place, right: Place) -> Bool {
      (left.block, left.line, left.offset) < (right.block, right.line, right.offset)
    }
  }

  /// A row, ready to be drawn.
  public struct Row: Hashable, Sendable {
    public var place: Place
    public var text: String
    public var meaning: Meaning
    public var link: String?
    /// The number of empty columns before the text.
    public var indent: Int
    /// The block's label, in its first row.
    public var label: String?
  }
}
