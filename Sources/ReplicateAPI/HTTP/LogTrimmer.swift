/// Cuts the logs of predictions while an answer is read, so that they don't fill the memory. Takes
/// JSON in chunks of any size and passes it on with only the end of each `logs` text.
///
/// A prediction that has run for hours may have a hundred megabytes of logs in every answer. Text
/// that isn't JSON is passed on unchanged, so that the reader can report it.
struct LogTrimmer {
  /// How many bytes of each log are kept, counted as escaped in JSON.
  static let limit = 4 << 20
  /// The same for the logs of a list, of which there may be a hundred.
  static let limitInLists = 1 << 20

  private let depth: Int
  private let limit: Int
  /// For each open bracket down to the depth of the logs, whether it opened an object.
  private var containers: [Bool] = []
  /// How many brackets are open inside of those.
  private var deeper = 0
  private var state = State.between
  private var expectsKey = false
  /// The first bytes of the current key.
  private var key: [UInt8] = []
  private var isLogNext = false
  private var log: [UInt8] = []

  private enum State {
    case between
    case inString(isKey: Bool, isEscaped: Bool)
    case inLog(isEscaped: Bool)
  }

  /// - Parameter depth: How many brackets are open around a prediction's `logs` member.
  init(depth: Int, limit: Int = limit) {
    self.depth = depth
    self.limit = limit
  }

  /// Takes the next bytes and appends the ones to keep.
  mutating func push(_ bytes: [UInt8], into kept: inout [UInt8]) {
    var start = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      switch state {
      case .inString(let isKey, let isEscaped):
        if isKey, key.count < 8 { key.append(byte) }
        if isEscaped {
          state = .inString(isKey: isKey, isEscaped: false)
        } else if byte == UInt8(ascii: "\\") {
          state = .inString(isKey: isKey, isEscaped: true)
        } else if byte == UInt8(ascii: "\"") {
          state = .between
        }
      case .inLog(let isEscaped):
        if isEscaped {
          state = .inLog(isEscaped: false)
        } else if byte == UInt8(ascii: "\\") {
          state = .inLog(isEscaped: true)
        } else if byte == UInt8(ascii: "\"") {
          log += bytes[start..<index]
          start = index
          trim(to: limit)
          kept += log
          log = []
          state = .between
        }
      case .between:
        if byte == UInt8(ascii: "\""), takesLog {
          kept += bytes[start...index]
          start = index + 1
          state = .inLog(isEscaped: false)
        } else {
          readStructure(byte)
        }
      }
      index += 1
    }
    if case .inLog = state {
      log += bytes[start...]
      if log.count > 2 * limit { trim(to: limit) }
    } else {
      kept += bytes[start...]
    }
  }

  /// Appends what was held back of a log that never ended.
  mutating func finish(into kept: inout [UInt8]) {
    kept += log
    log = []
  }

  private var isAtDepth: Bool { containers.count == depth && deeper == 0 }

  private var takesLog: Bool {
    isAtDepth && isLogNext && !expectsKey
  }

  private mutating func readStructure(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isObject = byte == UInt8(ascii: "{")
      if containers.count < depth { containers.append(isObject) } else { deeper += 1 }
      expectsKey = isObject
      isLogNext = false
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      if deeper > 0 { deeper -= 1 } else { _ = containers.popLast() }
      expectsKey = false
      isLogNext = false
    case UInt8(ascii: ","):
      expectsKey = isAtDepth && containers.last == true
      isLogNext = false
    case UInt8(ascii: ":"):
      isLogNext = isAtDepth && expectsKey && key == Array("logs\"".utf8)
      expectsKey = false
    case UInt8(ascii: "\""):
      let isKey = isAtDepth && expectsKey
      if isKey { key = [] }
      state = .inString(isKey: isKey, isEscaped: false)
    default: break
    }
  }

  /// Keeps the end of the log, from the beginning of a line if there is one nearby.
  private mutating func trim(to count: Int) {
    guard log.count > count else { return }
    var cut = log.count - count
    for index in cut..<min(cut + 65_536, log.count) where isLineEnd(index) {
      cut = index + 1
      log.removeFirst(cut)
      return
    }
    // Don't cut a character or an escape in two.
    while cut < log.count, log[cut] & 0xC0 == 0x80 { cut += 1 }
    if let escape = (max(0, cut - 5)..<cut).last(where: { log[$0] == UInt8(ascii: "\\") }),
      isEscapeStart(escape)
    {
      let length = escape + 1 < log.count && log[escape + 1] == UInt8(ascii: "u") ? 6 : 2
      cut = min(log.count, max(cut, escape + length))
    }
    // Don't keep only the second half of a surrogate pair.
    if cut + 6 <= log.count, log[cut] == UInt8(ascii: "\\"), log[cut + 1] == UInt8(ascii: "u"),
      log[cut + 2] | 0x20 == UInt8(ascii: "d"),
      (UInt8(ascii: "c")...UInt8(ascii: "f")).contains(log[cut + 3] | 0x20)
    {
      cut += 6
    }
    log.removeFirst(cut)
  }

  /// Whether the escape of a line feed ends at this index.
  private func isLineEnd(_ index: Int) -> Bool {
    log[index] == UInt8(ascii: "n") && index > 0 && log[index - 1] == UInt8(ascii: "\\")
      && isEscapeStart(index - 1)
  }

  /// Whether a backslash isn't escaped by the one before it.
  private func isEscapeStart(_ index: Int) -> Bool {
    var first = index
    while first > 0, log[first - 1] == UInt8(ascii: "\\") { first -= 1 }
    return (index - first).isMultiple(of: 2)
  }
}
