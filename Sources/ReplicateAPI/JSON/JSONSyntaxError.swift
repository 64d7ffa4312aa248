/// Where and why a text isn't the JSON that was expected.
public struct JSONSyntaxError: Error, Sendable, Hashable {
  /// What is wrong, worded to follow "line 3, column 7: ".
  public var message: String
  /// Counted from 1.
  public var line: Int
  /// Counted from 1, in Unicode scalars.
  public var column: Int
  /// Counted from 0, in bytes.
  public var offset: Int

  public init(message: String, line: Int = 1, column: Int = 1, offset: Int = 0) {
    self.message = message
    self.line = line
    self.column = column
    self.offset = offset
  }

  /// The same error with its line and column, which are counted only for errors that leave the
  /// reader: a list of a million odd elements mustn't count its lines a million times.
  func located(in bytes: UnsafeBufferPointer<UInt8>) -> Self {
    let end = min(offset, bytes.count)
    var line = 1
    var column = 1
    for index in 0..<end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else if byte & 0b1100_0000 != 0b1000_0000 {
        column += 1
      }
    }
    return Self(message: message, line: line, column: column, offset: end)
  }
}

extension JSONSyntaxError: CustomStringConvertible {
  public var description: String { "line \(line), column \(column): \(message)" }
}
