import TerminalKit
import ViewModels

extension Benchmark {
  static let documents: [Benchmark] = [
    Benchmark("log-follow", 200, { LogReader() }, { $0.appendLine() }),
    Benchmark("log-follow-trimmed", 200, { LogReader() }, { $0.appendLineAndTrim() }),
    Benchmark("log-page", 500, { LogReader(atStart: true) }, { $0.page() }),
    Benchmark("log-width", 200, { LogReader(atStart: true) }, { $0.changeWidth() }),
    Benchmark("log-first", 20, { LogReader() }, { LogReader($0.text).draw() }),
    Benchmark(
      "line-follow", 100,
      { LogReader(String(repeating: "word and word ", count: 300_000), .plain) },
      { $0.appendLine("token ") }),
  ]

  /// A benchmark on the main actor, where documents live.
  private init(
    _ name: String, _ iterations: Int,
    _ reader: @escaping @MainActor @Sendable () -> LogReader,
    _ operation: @escaping @MainActor @Sendable (LogReader) -> Int
  ) {
    self.init(name: name, iterations: iterations) {
      let reader = MainActor.assumeIsolated(reader)
      return { MainActor.assumeIsolated { operation(reader) } }
    }
  }
}

/// A 4 MiB log in a viewport of 46 rows.
@MainActor
private final class LogReader {
  let document: Document
  private(set) var text: String
  private var canvas = Canvas(size: Size(width: 110, height: 46))
  private var number = 0
  private var width = 110

  init(_ log: String = LogReader.log(), _ meaning: Document.Meaning = .log, atStart: Bool = false) {
    text = log
    document = Document([Document.Block(meaning, log)], followsGrowth: true)
    setViewport()
    if atStart { document.move(.start) }
    _ = draw()
  }

  /// Appends a line the way polling does: as a complete new log.
  func appendLine(_ more: String? = nil) -> Int {
    number += 1
    // The document shares the old text, so this copies it.
    text += more ?? "step \(number): loss 0.25\n"
    document.update(text: text, ofBlock: 0)
    return draw()
  }

  /// Appends a line to a log whose beginning is trimmed by as much.
  func appendLineAndTrim() -> Int {
    let line = text.utf8.firstIndex(of: UInt8(ascii: "\n")) ?? text.startIndex
    text.removeSubrange(...line)
    return appendLine()
  }

  func page() -> Int {
    document.move(.pageDown)
    return draw()
  }

  func changeWidth() -> Int {
    width = width == 110 ? 80 : 110
    setViewport()
    return draw()
  }

  func draw() -> Int {
    canvas.fill(canvas.bounds)
    for (y, row) in document.rows.enumerated() {
      canvas.write(row.text, x: row.indent, y: y, style: .log)
    }
    return canvas.cells.count + document.extent.top
  }

  private func setViewport() {
    document.setViewport(width: width, height: 46, breaker: TerminalRows())
  }

  nonisolated static func log() -> String {
    var log = ""
    var number = 0
    while log.utf8.count < 4 << 20 {
      number += 1
      log +=
        number % 10 == 0
        ? "読み込んでいます… \u{1B}[32mshard \(number)\u{1B}[0m of the weights\n"
        : "[2026-11-24 02:59:48] INFO loading shard \(number) of the weights, \(number * 7) keys\n"
    }
    return log
  }
}

private struct TerminalRows: RowBreaking {
  private let breaker = RowBreaker()

  func row(
    in line: UnsafeBufferPointer<UInt8>, from start: Int, width: Int
  ) -> (end: Int, next: Int?) {
    breaker.row(in: line, from: start, width: width)
  }
}
