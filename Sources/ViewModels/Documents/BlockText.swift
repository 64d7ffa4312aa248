/// A block's text, split into lines as it grows.
struct BlockText {
  private(set) var source = ""
  private var storage: Storage

  private enum Storage {
    case plain(TextLines)
    case log(LogLines)
  }

  /// What a new text changed.
  enum Change: Equatable {
    case nothing
    /// Lines were dropped at the beginning, and then the rest changed from a place on.
    case extended(dropped: Int, LinesChange)
    case replaced
  }

  init(_ text: String, isLog: Bool) {
    storage = isLog ? .log(LogLines()) : .plain(TextLines())
    restart(with: text)
  }

  var lines: TextLines {
    switch storage {
    case .plain(let lines): lines
    case .log(let log): log.lines
    }
  }

  /// Takes a new text. If it continues the old one, only the new part is read.
  mutating func update(_ text: String) -> Change {
    var text = text
    text.makeContiguousUTF8()
    let continuation = withBytes(of: source) { old in
      withBytes(of: text) { new in
        if case .log = storage { return Continuation(of: old, in: new) }
        return new.has(old, at: 0) ? .continues(without: 0) : .isAnother
      }
    }
    guard case .continues(let lost) = continuation else {
      restart(with: text)
      return .replaced
    }
    let known = source.utf8.count - lost
    guard lost > 0 || text.utf8.count > known else { return .nothing }
    source = text
    var dropped = 0
    if lost > 0, case .log(var log) = storage {
      storage = .plain(TextLines())
      dropped = log.removeFirst(bytes: lost)
      storage = .log(log)
    }
    let change = withBytes(of: text) { append($0[slice: known..<$0.count]) }
    return .extended(dropped: dropped, change)
  }

  private mutating func restart(with text: String) {
    source = text
    source.makeContiguousUTF8()
    switch storage {
    case .plain:
      var lines = TextLines()
      lines.append([])
      storage = .plain(lines)
    case .log: storage = .log(LogLines())
    }
    _ = withBytes(of: source) { append($0) }
  }

  private mutating func append(_ more: UnsafeBufferPointer<UInt8>) -> LinesChange {
    // Taking the lines out of the enum keeps them from being copied when they change.
    switch storage {
    case .log(var log):
      storage = .plain(TextLines())
      defer { storage = .log(log) }
      return log.append(more)
    case .plain(var lines):
      storage = .plain(TextLines())
      defer { storage = .plain(lines) }
      let last = lines.count - 1
      let change = LinesChange(line: last, offset: lines.byteCount(of: last))
      var index = 0
      while let end = more.firstIndex(of: UInt8(ascii: "\n"), in: index..<more.count) {
        lines.extend(more[slice: index..<end])
        lines.append([])
        index = end + 1
      }
      lines.extend(more[slice: index..<more.count])
      return change
    }
  }
}

/// Gives access to the UTF-8 of a contiguous string without copying it.
private func withBytes<Result>(
  of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
  var text = text
  return text.withUTF8(body)
}
