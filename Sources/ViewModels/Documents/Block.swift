extension Document {
  /// A piece of a document: text that means one thing.
  public struct Block: Hashable, Sendable {
    public var meaning: Meaning
    public var text: String
    /// The web address that the text leads to.
    public var link: String?
    /// The columns left free before every row.
    public var indent: Int
    /// Shown in the columns left free before the first row: a name, a bullet, a number.
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

    /// A name and its value, which is wrapped beside the name.
    ///
    /// - Parameter column: the columns that the name takes, with the gap behind it.
    public static func fact(
      _ name: String, _ value: String, _ meaning: Meaning = .value, column: Int = 14,
      link: String? = nil
    ) -> Block {
      Block(meaning, value, link: link, indent: column, label: name)
    }

    /// An empty row.
    public static let blank = Block(.plain, "")
  }

  /// What a block's text is; the panes decide what that looks like.
  public enum Meaning: Hashable, CaseIterable, Sendable {
    case plain, heading, label, value, number, string, link, code, quote, note
    case error, warning, success
    /// The log of a run: carriage returns, backspaces and progress bars do in it what they do in a
    /// terminal.
    case log
  }

  /// A place in a document: a byte of a line of a block.
  public struct Place: Hashable, Comparable, Sendable {
    public var block: Int
    public var line: Int
    /// In the line's UTF-8.
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

  /// A row as it is drawn.
  public struct Row: Hashable, Sendable {
    public var place: Place
    public var text: String
    public var meaning: Meaning
    public var link: String?
    /// The columns left free before the text.
    public var indent: Int
    /// Shown before the text, if this is the block's first row.
    public var label: String?
  }
}
