extension Document {
  /// A piece of a document whose text has a single meaning.
  public struct Block: Hashable, Sendable {
    public var meaning: Meaning
    public var text: String
    /// The web address that the text links to.
    public var link: String?
    /// Blank columns before every row.
    public var indent: Int
    /// A name, bullet, or number to show in the indent of the first row.
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
    /// - Parameter column: The width of the name, including the gap after it.
    public static func fact(
      _ name: String, _ value: String, _ meaning: Meaning = .value, column: Int = 14,
      link: String? = nil
    ) -> Block {
      Block(meaning, value, link: link, indent: column, label: name)
    }

    /// An empty row.
    public static let blank = Block(.plain, "")
  }

  /// What a block's text is. The panes decide how that looks.
  public enum Meaning: Hashable, CaseIterable, Sendable {
    case plain, heading, label, value, number, string, link, code, quote, note
    case error, warning, success
    /// The log of a run. Carriage returns, backspaces, and progress bars work as they do in a
    /// terminal.
    case log
  }

  /// A position in a document: a byte in a line of a block.
  public struct Place: Hashable, Comparable, Sendable {
    public var block: Int
    public var line: Int
    /// The UTF-8 offset in the line.
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

  /// A row to draw.
  public struct Row: Hashable, Sendable {
    public var place: Place
    public var text: String
    public var meaning: Meaning
    public var link: String?
    /// Blank columns before the text.
    public var indent: Int
    /// The label to show before the text, in the first row of a block.
    public var label: String?
  }
}
