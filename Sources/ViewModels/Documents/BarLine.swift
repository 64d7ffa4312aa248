/// A line with a progress bar, such as `Loading:  58%|█████▊    | 23/40 [00:04<00:03, 1.90it/s]`,
/// and what identifies the bar.
struct BarLine: Equatable {
  private(set) var bytes: [UInt8]
  /// The name before the percentage.
  private let stage: Range<Int>
  /// The total after the bar. Nested bars often have no name, but different totals.
  private let total: Range<Int>

  /// Recognizes a progress bar; nil for any other line.
  init?(_ line: UnsafeBufferPointer<UInt8>) {
    guard line.count <= Self.longest,
      let percent = line.firstIndex(of: UInt8(ascii: "%"), in: 0..<line.count),
      let digits = Self.percentage(endingAt: percent, in: line)
    else { return nil }
    var index = percent + 1
    while index < line.count, line[index] == UInt8(ascii: " ") { index += 1 }
    guard index < line.count, line[index] == UInt8(ascii: "|"),
      let total = Self.total(behind: index, in: line)
    else { return nil }
    var stage = 0..<digits
    while let last = stage.last, Self.isFiller(line[last]) { stage = stage.dropLast() }
    while let first = stage.first, Self.isFiller(line[first]) { stage = stage.dropFirst() }
    self.stage = stage
    self.total = total
    bytes = Array(line)
  }

  /// Whether both lines show the same bar at different times.
  func isSameBar(as other: BarLine) -> Bool {
    bytes[stage] == other.bytes[other.stage] && bytes[total] == other.bytes[other.total]
  }

  private static let longest = 4096

  private static func isFiller(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\t")
  }

  /// The start of the number before a percent sign, if it is between 0 and 100.
  private static func percentage(
    endingAt end: Int, in line: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var start = end
    var hasPoint = false
    while start > 0 {
      let byte = line[start - 1]
      if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else if byte &- UInt8(ascii: "0") > 9 {
        break
      }
      start -= 1
    }
    guard start < end, let value = Double(String(decoding: line[start..<end], as: UTF8.self)),
      value <= 100
    else { return nil }
    return start
  }

  /// The `40` in `| 23/40 [`. Without a total, the line could be a row of a table.
  private static func total(
    behind bar: Int, in line: UnsafeBufferPointer<UInt8>
  ) -> Range<Int>? {
    guard let edge = line.lastIndex(of: UInt8(ascii: "|")), edge > bar,
      let slash = line.firstIndex(of: UInt8(ascii: "/"), in: edge..<line.count)
    else { return nil }
    var end = slash + 1
    while end < line.count, line[end] != UInt8(ascii: " "), line[end] != UInt8(ascii: "[") {
      end += 1
    }
    return slash + 1 < end ? slash + 1..<end : nil
  }
}
