import Running
import Support
import Testing

@testable import ViewModels

struct LogLinesTests {
  private static func bar(_ done: Int, of total: Int, _ stage: String = "") -> String {
    let blocks = String(repeating: "█", count: done * 10 / total)
    return "\(stage)\(done * 100 / total)%|\(blocks)  | \(done)/\(total) [00:04<00:03, 1.90it/s]"
  }

  @Test func `a bar printed line by line keeps only its newest line`() {
    let log = """
      Using seed: 7
      \((0...40).map { Self.bar($0, of: 40) }.joined(separator: "\n"))
      done
      \(Self.bar(1, of: 4))

      """
    #expect(lines(log) == ["Using seed: 7", Self.bar(40, of: 40), "done", Self.bar(1, of: 4)])
  }

  @Test func `each of several bars keeps its newest line`() {
    let log = [
      Self.bar(0, of: 3), Self.bar(0, of: 10), Self.bar(5, of: 10), Self.bar(10, of: 10),
      Self.bar(1, of: 3), Self.bar(0, of: 10), Self.bar(2, of: 10),
      Self.bar(3, of: 8, "Decoding: "),
    ].joined(separator: "\n")
    #expect(
      lines(log) == [Self.bar(1, of: 3), Self.bar(2, of: 10), Self.bar(3, of: 8, "Decoding: ")])
  }

  @Test func `nested bars that move the cursor up take one line each`() {
    let up = "\u{1B}[A"
    let log =
      "\(Self.bar(0, of: 2))\n\r\(Self.bar(0, of: 5))\(up)\n\r\(Self.bar(5, of: 5))\(up)"
      + "\r\(Self.bar(1, of: 2))\n\r\(Self.bar(2, of: 5))\(up)"
    #expect(lines(log) == [Self.bar(1, of: 2), Self.bar(2, of: 5) + up])
  }

  @Test func `other lines between bars stay, and so do blank lines after the last one`() {
    let (first, second) = (Self.bar(1, of: 4), Self.bar(2, of: 4))
    #expect(lines("\(first)\nwarning\n\(second)\n") == [first, "warning", second])
    #expect(lines("\(first)\n\n\(second)\n\n \nend\n") == [second, "", "", "end"])
  }

  @Test(arguments: [
    "50% | a\n60% | b", "100% sure\n100% sure", "| 5% | 1 |\n| 5% | 2 |", "a%| 1/2\na%| 1/2",
    "700%|█| 7/1\n700%|█| 7/1",
  ])
  func `lines that only resemble bars stay`(log: String) {
    #expect(lines(log).joined(separator: "\n") == log)
  }

  @Test func `every line recognized as a bar has progress`() {
    for line in [
      Self.bar(3, of: 4), Self.bar(3, of: 4, "Loading: "), " 12.5%|█ | 1/8 [", "\t5%  || 5/100",
      "model.bin:  45%|████▌     | 1.2M/2.7M [00:01<00:01, 1.1MB/s]",
    ] {
      #expect(Array(line.utf8).withUnsafeBufferPointer { BarLine($0) } != nil, "\(line)")
      #expect(LogProgress(line: line[...]) != nil, "\(line)")
    }
  }

  @Test func `no bar is lost among many`() {
    let log = (1...100).map { Self.bar(1, of: $0, "part \($0): ") }
    #expect(lines(log.joined(separator: "\n")) == log)
  }

  @Test(arguments: [
    ("50%\u{8}\u{8}\u{8}60%", "60%"), ("abc\u{8}\u{8}", "abc"), ("ab\u{8}\u{8}\u{8}xyz", "xyz"),
    ("日本\u{8}語", "日語"), ("a\u{1B}[1mb\u{8}c", "ac"), ("|\u{8}/\u{8}-\u{8}done", "done"),
  ])
  func `a backspace moves back by one character`(log: String, line: String) {
    #expect(lines(log) == [line])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `carriage returns work as in a complete log`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    for _ in 0..<300 {
      let pieces = ["a", "bc", "\n", "\r\n", "\rx", "é\rb", "\n\r"]
      let log = Self.log(of: pieces, using: &random)
      let bytes = Array(log.utf8)
      // LogLines treats several returns in a row as one.
      guard !zip(bytes, bytes.dropFirst()).contains(where: { $0 == (13, 13) }) else { continue }
      #expect(lines(log) == LogText.lines(of: log).map(String.init), "\(log.debugDescription)")
    }
    #expect(lines("abc\r\r\n") == ["abc"])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `a log that arrives in pieces has the same lines as a complete one`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces = [
      "word", " ", "\n", "\n", "\r", "\r\n", "\u{8}", "\u{1B}[A", "\u{1B}[32m", "日本語", "👩‍👩‍👧",
      "e\u{301}", Self.bar(1, of: 4), Self.bar(2, of: 4), Self.bar(2, of: 9),
      Self.bar(1, of: 4, "Loading: "), "\n" + Self.bar(3, of: 4) + "\n",
    ]
    for _ in 0..<100 {
      let log = Self.log(of: pieces, using: &random)
      var grown = LogLines()
      var scalars = log.unicodeScalars[...]
      while !scalars.isEmpty {
        let piece = scalars.prefix(Int.random(in: 1...20, using: &random))
        scalars = scalars.dropFirst(piece.count)
        let before = texts(of: grown.lines)
        let change = Array(String(piece).utf8).withUnsafeBufferPointer { grown.append($0) }
        let after = texts(of: grown.lines)
        #expect(before.prefix(change.line) == after.prefix(change.line))
        if change.offset > 0 {
          #expect(before[change.line].utf8.count == change.offset)
          #expect(after[change.line].utf8.starts(with: before[change.line].utf8))
        }
      }
      #expect(texts(of: grown.lines) == lines(log), "\(log.debugDescription)")
    }
  }

  @Test func `only lines that the log has lost are dropped`() {
    var log = LogLines()
    append("one\ntwo\r2\nthree\n\(Self.bar(1, of: 2))\n\(Self.bar(2, of: 2))\nfour\nfi", to: &log)
    #expect(log.removeFirst(bytes: 4) == 1)
    #expect(texts(of: log.lines).first == "2")
    append("ve\nsix", to: &log)
    #expect(log.removeFirst(bytes: 12) == 2)
    #expect(texts(of: log.lines) == [Self.bar(2, of: 2), "four", "five", "six"])
    let bars = Self.bar(1, of: 2).utf8.count + 1 + Self.bar(2, of: 2).utf8.count + 1
    #expect(log.removeFirst(bytes: bars - 1) == 0)
    #expect(log.removeFirst(bytes: 1) == 1)
    append("\nend", to: &log)
    #expect(texts(of: log.lines) == ["four", "five", "six", "end"])
  }

  @Test(arguments: [
    ("", "abc", 0), ("abc", "abc", 0), ("abc", "abcd", 0), ("a\nb\nc", "b\ncd", 2),
    ("a\na\na\n", "a\na\nb", 2), ("a\nb\n", "c\n", nil), ("abc", "bcd", nil), ("a\nb", "b", 2),
    ("a\nb\n", "", nil), ("abc", "ab", nil),
  ])
  func `a text can continue one that has lost whole lines`(
    old: String, new: String, lost: Int?
  ) {
    let continuation = Array(old.utf8).withUnsafeBufferPointer { old in
      Array(new.utf8).withUnsafeBufferPointer { Continuation(of: old, in: $0) }
    }
    #expect(continuation == lost.map { .continues(without: $0) } ?? .isAnother)
  }

  private static func log(of pieces: [String], using random: inout SplitMix) -> String {
    var log = ""
    for _ in 0..<Int.random(in: 0...40, using: &random) {
      log += pieces.randomElement(using: &random) ?? ""
    }
    return log
  }

  private func lines(_ log: String) -> [String] {
    var lines = LogLines()
    append(log, to: &lines)
    return texts(of: lines.lines)
  }

  private func append(_ text: String, to log: inout LogLines) {
    _ = Array(text.utf8).withUnsafeBufferPointer { log.append($0) }
  }

  private func texts(of lines: TextLines) -> [String] {
    (0..<lines.count).map { line in lines.withLine(line) { String(decoding: $0, as: UTF8.self) } }
  }
}
