/// How far a run has come, read from the last progress line of its log; pure.
///
/// Understands tqdm's lines, `58%|█████▊    | 23/40 [00:04<00:03, 1.90it/s]`, also when they are
/// rewritten in place with carriage returns, and bars without a known total.
public struct LogProgress: Hashable, Sendable {
  /// 0 to 1.
  public var fraction: Double
  public var current: Int?
  public var total: Int?
  /// As the log says it, such as `1.90it/s`.
  public var rate: String?
  /// As the log says it, such as `00:03`.
  public var remaining: String?
  /// What stands before the percentage, such as `Downloading`.
  public var stage: String?

  public init(
    fraction: Double, current: Int? = nil, total: Int? = nil, rate: String? = nil,
    remaining: String? = nil, stage: String? = nil
  ) {
    self.fraction = fraction
    self.current = current
    self.total = total
    self.rate = rate
    self.remaining = remaining
    self.stage = stage
  }

  /// The progress in the last line of a log that tells one, or nil.
  ///
  /// Only the last 8 kB are looked at: a line further up is no news.
  public init?(log: String) {
    let tail = log.utf8.suffix(8192)
    let lines = tail.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") })
    for line in lines.reversed() {
      if let progress = LogProgress(line: Substring(decoding: line, as: UTF8.self)) {
        self = progress
        return
      }
    }
    return nil
  }

  /// The progress that one line tells, or nil.
  public init?(line: Substring) {
    guard let percent = line.firstIndex(of: "%") else { return nil }
    let before = line[..<percent]
    let digits = before.suffix(while: { $0.isASCII && ($0.isNumber || $0 == ".") })
    guard let value = Double(digits), value >= 0, value <= 100 else { return nil }
    let after = line[line.index(after: percent)...]
    guard after.first(where: { $0 != " " }) == "|" else { return nil }
    fraction = value / 100
    let name = before.dropLast(digits.count).filter { $0 != ":" }
    let trimmed = name.trimmingBlanks()
    stage = trimmed.isEmpty ? nil : String(trimmed)
    let counts = after.split(separator: "|").last.map { $0.trimmingBlanks() } ?? ""
    let words = counts.split(separator: " ", maxSplits: 1)
    if let pair = words.first?.split(separator: "/"), pair.count == 2 {
      current = Int(pair[0])
      total = Int(pair[1])
    }
    if words.count == 2 {
      let times = words[1].filter { $0 != "[" && $0 != "]" }
      let parts = times.split(separator: ",", maxSplits: 1)
      if let clock = parts.first?.split(separator: "<"), clock.count == 2, clock[1] != "?" {
        remaining = String(clock[1])
      }
      if parts.count == 2 {
        let speed = parts[1].trimmingBlanks().prefix(while: { $0 != "," })
        rate = speed.hasPrefix("?") ? nil : String(speed)
      }
    }
  }
}

/// A log as lines, with carriage returns doing what they do in a terminal; pure.
public enum LogText {
  /// The lines of a log: a carriage return starts its line anew, so that of a bar that was
  /// rewritten in place only the last state stays.
  public static func lines(of log: String) -> [Substring] {
    var lines: [Substring] = []
    let bytes = log.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let byte = bytes[index]
      let next = bytes.index(after: index)
      if byte == UInt8(ascii: "\n") {
        lines.append(log[start..<index])
        start = next
      } else if byte == UInt8(ascii: "\r") {
        if next < bytes.endIndex, bytes[next] == UInt8(ascii: "\n") {
          lines.append(log[start..<index])
          start = bytes.index(after: next)
          index = start
          continue
        }
        // A return at the very end rewrites nothing yet: what stands there is still shown.
        if next < bytes.endIndex { start = next }
      }
      index = next
    }
    var rest = log[start...]
    if rest.utf8.last == UInt8(ascii: "\r") { rest = Substring(rest.utf8.dropLast()) }
    if !rest.isEmpty { lines.append(rest) }
    return lines
  }
}

extension Substring {
  fileprivate func suffix(while predicate: (Character) -> Bool) -> Substring {
    var start = endIndex
    while start > startIndex, predicate(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}

extension StringProtocol {
  /// Without the white space at both ends.
  public func trimmingBlanks() -> SubSequence { trimming(while: \.isWhitespace) }

  /// Without such characters at both ends.
  public func trimming(while isUnwanted: (Character) -> Bool) -> SubSequence {
    guard let first = firstIndex(where: { !isUnwanted($0) }),
      let last = lastIndex(where: { !isUnwanted($0) })
    else { return self[endIndex..<endIndex] }
    return self[first...last]
  }
}
