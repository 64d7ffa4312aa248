/// What libFuzzer made up: a few bytes that steer the target, and then the text to be parsed.
struct FuzzInput {
  private var rest: UnsafeBufferPointer<UInt8>.SubSequence

  init(_ start: UnsafePointer<UInt8>?, _ count: Int) {
    rest = UnsafeBufferPointer(start: start, count: count)[...]
  }

  /// The next steering byte; 0 where there is none left.
  mutating func byte() -> UInt8 {
    rest.popFirst() ?? 0
  }

  /// The next so many bytes, fewer where there are fewer left.
  mutating func bytes(_ count: Int) -> [UInt8] {
    let taken = Array(rest.prefix(count))
    rest = rest.dropFirst(count)
    return taken
  }

  /// The sizes of the pieces in which the text comes, as many as the steering byte says.
  mutating func sizes(_ steering: UInt8) -> [Int] {
    bytes(Int(steering & 7)).map { Int($0 & 31) }
  }

  /// All that is left.
  mutating func bytes() -> [UInt8] {
    bytes(rest.count)
  }
}

/// Stops the fuzzer, which then keeps the input, where something that always holds doesn't.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}

extension [UInt8] {
  var utf8Text: String { String(decoding: self, as: UTF8.self) }

  var isUTF8: Bool { String(validating: self, as: UTF8.self) != nil }
}

/// Hands out a text in pieces of some sizes, over and over. A size of 0 is a piece without bytes; after
/// so many pieces, or without sizes, the rest comes in one.
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

/// Parses the bytes over and over, 200 kB of them: what isn't linear takes longer than libFuzzer
/// waits. Only now and then, since most of all inputs would be such ones otherwise.
func parseAmplified(_ bytes: [UInt8], _ parse: ([UInt8]) -> Void) {
  defer { amplifications += 1 }
  guard amplifications % 256 == 0, !bytes.isEmpty else { return }
  parse(Array(repeatElement(bytes, count: 200_000 / bytes.count + 1).joined()))
}

/// libFuzzer calls from one thread.
nonisolated(unsafe) private var amplifications = 0
