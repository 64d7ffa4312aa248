/// One column of one row: a character with its combining marks, style, and width.
///
/// Uses sixteen plain bytes, so that a frame is one block of memory and frames are compared as
/// bytes.
public struct Cell: Equatable, Sendable {
  /// The base scalar in the low 21 bits and two combining marks above it. 0 in the right half of a
  /// wide character.
  @usableFromInline let glyph: UInt64
  public internal(set) var style: Style
  @usableFromInline let columns: UInt8
  // An explicit field instead of padding, so that no byte of a cell is undefined.
  private let spare: UInt8 = 0
  /// The index of the link in the canvas's `links`, counted from 1. 0 means no link.
  public internal(set) var link: UInt32 = 0

  init(glyph: UInt64, columns: UInt8, style: Style) {
    self.glyph = glyph
    self.columns = columns
    self.style = style
  }

  /// A blank with a style.
  public init(style: Style = .normal) {
    self.init(glyph: 0x20, columns: 1, style: style)
  }

  /// The right half of a wide character.
  static func continuation(_ style: Style) -> Cell { Cell(glyph: 0, columns: 0, style: style) }

  /// 1 or 2, or 0 for the right half of a wide character.
  @inlinable public var width: Int { Int(columns) }
  @inlinable public var isContinuation: Bool { columns == 0 }
  @inlinable public var isBlank: Bool { glyph == 0x20 }

  /// The value of the base scalar, or 0 for the right half of a wide character.
  @inlinable public var base: UInt32 { UInt32(truncatingIfNeeded: glyph & 0x1F_FFFF) }
  /// The value of the first combining mark, or 0 if there is none.
  @inlinable public var firstMark: UInt32 { UInt32(truncatingIfNeeded: (glyph >> 21) & 0x1F_FFFF) }
  /// The value of the second combining mark, or 0 if there is none.
  @inlinable public var secondMark: UInt32 { UInt32(truncatingIfNeeded: (glyph >> 42) & 0x1F_FFFF) }

  /// The text of the cell. Empty for the right half of a wide character.
  public var text: String {
    var scalars = String.UnicodeScalarView()
    for value in [base, firstMark, secondMark] where value != 0 {
      if let scalar = Unicode.Scalar(value) { scalars.append(scalar) }
    }
    return String(scalars)
  }

  @inlinable
  public static func == (left: Cell, right: Cell) -> Bool {
    left.glyph == right.glyph && left.columns == right.columns && left.style == right.style
      && left.link == right.link
  }
}
