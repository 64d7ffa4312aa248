/// An input from libFuzzer: a few bytes that control the target, followed by the text to parse.
struct FuzzInput {
  private var rest: UnsafeBufferPointer<UInt8>.SubSequence

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = UnsafeBufferPointer(start: start, count: count)[...]
  }

  /// The next control byte, or 0 if there are none left.
  mutating func byte() -> UInt8 {
    rest.popFirst() ?? 0
  }

  /// Up to `count` of the next bytes.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }

  /// The sizes of the chunks in which the text is delivered. A control byte determines how many
  /// there are.
  mutating func sizes(_ steering: UInt8) -> [Int] {
    bytes(Int(steering & 7)).map { Int($0 & 31) }
  }

  /// All remaining bytes.
  mutating func bytes() -> [UInt8] {
    bytes(rest.count)
  }
}

/// Traps if an invariant doesn't hold, so that the fuzzer saves the input.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}

extension [UInt8] {
  var utf8Text: String { String(decoding: self, as: UTF8.self) }

  var isUTF8: Bool { String(validating: self, as: UTF8.self) != nil }
}

/// Delivers a text in chunks, cycling through some sizes. A size of 0 is an empty chunk. After a
/// maximum number of chunks, or if there are no sizes, the rest is delivered at once.
func forEachPiece(
  of bytes: [UInt8], sizes: [Int], atMost pieces: Int = 4096, _ body: (ArraySlice<UInt8>) -> Void
) {
  var start = 0
  var turn = 0
  while start < bytes.count {
    let size = turn < pieces && !sizes.isEmpty ? sizes[turn % sizes.count] : bytes.count
    let end = min(start + size, bytes.count)
    body(bytes[start..<end])
    start = end
    turn += 1
  }
}

/// Parses 200 kB of the repeated bytes, so that anything slower than linear exceeds libFuzzer's
/// timeout. Only runs occasionally, because otherwise most of the fuzzer's time would go into this.
func parseAmplified(_ bytes: [UInt8], _ parse: ([UInt8]) -> Void) {
  defer { amplifications += 1 }
  guard amplifications % 256 == 0, !bytes.isEmpty else { return }
  parse(Array(repeatElement(bytes, count: 200_000 / bytes.count + 1).joined()))
}

/// libFuzzer uses a single thread.
nonisolated(unsafe) private var amplifications = 0
