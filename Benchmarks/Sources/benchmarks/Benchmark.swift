import TerminalKit

/// An operation to measure repeatedly. It returns a number that depends on all of its work, so that
/// the compiler can't remove any of it.
struct Benchmark: Sendable {
  var name: String
  var iterations: Int
  /// Prepares what the operation needs, outside of the measurement.
  var prepare: @Sendable () -> () -> Int

  static let all = terminal + documents + forms

  private static let terminal: [Benchmark] = [
    Benchmark(name: "draw-frame", iterations: 2000) {
      { Frames.draw(selected: 3).cells.count }
    },
    Benchmark(name: "compare-one-row", iterations: 20_000) {
      let (old, new) = (Frames.draw(selected: 3), Frames.draw(selected: 3, changing: 20))
      return { Frames.changedColumns(old, new) }
    },
    Benchmark(name: "compare-all-rows", iterations: 5000) {
      let (old, new) = (Frames.draw(selected: 3), Frames.draw(selected: 3, from: 1000))
      return { Frames.changedColumns(old, new) }
    },
    Benchmark(name: "compare-nothing", iterations: 20_000) {
      let (old, new) = (Frames.draw(selected: 3), Frames.draw(selected: 3))
      return { Frames.changedColumns(old, new) }
    },
    Benchmark(name: "parse-input", iterations: 50) {
      let bytes = Texts.input()
      return {
        var parser = InputParser()
        var count = 0
        var start = 0
        // In chunks of the size of a terminal read.
        while start < bytes.count {
          let end = min(start + 4096, bytes.count)
          count += parser.feed(bytes[start..<end]).count
          start = end
        }
        return count
      }
    },
    Benchmark(name: "wrap-log", iterations: 50) {
      let log = Texts.log()
      return { TextLayout.wrap(log, width: 78).count }
    },
    Benchmark(name: "sanitize-log", iterations: 50) {
      let log = Texts.log()
      return { TextLayout.sanitize(log).utf8.count }
    },
  ]
}

/// Realistic frames of 160×48: five panes of rows with names, numbers, and symbols.
enum Frames {
  static let size = Size(width: 160, height: 48)

  private static let panes = [
    Rect(x: 0, y: 1, width: 48, height: 12), Rect(x: 0, y: 13, width: 48, height: 19),
    Rect(x: 0, y: 32, width: 48, height: 15), Rect(x: 48, y: 1, width: 112, height: 25),
    Rect(x: 48, y: 26, width: 112, height: 21),
  ]

  /// - Parameters:
  ///   - changing: A row of the screen whose numbers differ.
  ///   - from: The number of the first row.
  static func draw(selected: Int, changing: Int = -1, from first: Int = 0) -> Canvas {
    var canvas = Canvas(size: size)
    let top = Rect(x: 0, y: 0, width: size.width, height: 1)
    canvas.fill(top, style: .header)
    canvas.write(" Replicant  acme  42 ms", x: 0, y: 0, style: .header, in: top)
    for pane in panes {
      canvas.box(pane, style: .border)
      canvas.write(" Models ", x: pane.x + 2, y: pane.y, style: .title.bold(), in: pane)
      let area = pane.inset(by: 1)
      for y in area.y..<area.maxY {
        let number = first + (y == changing ? 700 + y : y)
        let row = Rect(x: area.x, y: y, width: area.width, height: 1)
        let isSelected = y - area.y == selected
        if isSelected { canvas.fill(row, style: .normal.selected) }
        let name = TextLayout.truncate(
          number % 5 == 0 ? "acme/絵師-\(number)" : "acme/model-\(number)", width: 24)
        canvas.write("✓ ", x: row.x, y: y, style: .success.selected(isSelected), in: row)
        canvas.write(name, x: row.x + 2, y: y, style: .normal.selected(isSelected), in: row)
        canvas.write(
          "\(number * 1234) runs", x: row.x + 28, y: y, style: .count.selected(isSelected), in: row)
        canvas.write(
          "Paints what it is told, in the hand that is asked for, \(number) times",
          x: row.x + 42, y: y, style: .dim.selected(isSelected), in: row)
      }
    }
    let bottom = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    canvas.fill(bottom, style: .footer)
    canvas.write(" ↵ open  r run  / search  ? help  q quit", x: 0, y: bottom.y, style: .footer)
    return canvas
  }

  static func changedColumns(_ old: Canvas, _ new: Canvas) -> Int {
    var count = 0
    for y in 0..<size.height { new.forEachChange(from: old, row: y) { count += $0.count } }
    return count
  }
}

/// Sample texts of one megabyte each.
enum Texts {
  private static let megabyte = 1_000_000

  static func input() -> [UInt8] {
    let esc = "\u{1B}"
    let piece =
      "jjjjkkkk漢字é \(esc)[A\(esc)[B\(esc)OC\(esc)[1;5D\(esc)[5~\(esc)[15;2~\(esc)[97;5u\(esc)x"
      + "\(esc)[<0;130;20M\(esc)[<0;130;20m\(esc)[<32;131;21M\(esc)[<64;5;6M\(esc)[<65;5;6M"
      + "\(esc)[200~a prompt of some words, 日本語も\rand a second line of it\(esc)[201~"
      + "\(esc)[?62;4;22c\(esc)[?2026;2$y\(esc)]11;rgb:1c1c/1c1c/1c1c\(esc)\\\(esc)[24;80R\(esc)[I"
    return repeated(Array(piece.utf8))
  }

  static func log() -> String {
    let piece = """
      Using seed: 1234567, loading the weights from a cache that is not there yet, so please wait
      \u{1B}[32m 58%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]\u{1B}[0m\r
      読み込んでいます… 狐が雪の中を走る 👩‍👩‍👧‍👦 🇩🇪 e\u{301}
      Traceback (most recent call last):\n\tFile "predict.py", line 42, in predict

      """
    return String(decoding: repeated(Array(piece.utf8)), as: UTF8.self)
  }

  private static func repeated(_ piece: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(megabyte + piece.count)
    while bytes.count < megabyte { bytes += piece }
    return bytes
  }
}
