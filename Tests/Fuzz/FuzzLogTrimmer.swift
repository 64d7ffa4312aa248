/// The log trimmer: below its limit nothing changes, and above it only logs do, which keep their
/// end.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLogTrimmer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let steering = input.byte()
  // An answer with a single prediction, or a page of predictions.
  let depth = steering & 8 == 0 ? 1 : 3
  let limit = Int(input.byte())
  let sizes = input.sizes(steering)
  let bytes = input.bytes()

  let untouched = trimmed(bytes, inPiecesOf: sizes, depth: depth, limit: 1 << 20)
  require(untouched == bytes, "something was lost below the limit")

  guard let value = parsed(bytes) else {
    _ = trimmed(bytes, inPiecesOf: sizes, depth: depth, limit: limit)
    return 0
  }
  for sizes in [sizes, [], [1]] {
    let kept = trimmed(bytes, inPiecesOf: sizes, depth: depth, limit: limit)
    require(kept.count <= bytes.count, "the result is longer than the input")
    guard let rest = parsed(kept) else {
      fatalError("\(bytes.utf8Text) can no longer be read: \(kept.utf8Text)")
    }
    compare(value, rest, level: 0, depth: depth, limit: limit)
  }
  return 0
}

private func trimmed(
  _ bytes: [UInt8], inPiecesOf sizes: [Int], depth: Int, limit: Int
) -> [UInt8] {
  var trimmer = LogTrimmer(depth: depth, limit: limit)
  var kept: [UInt8] = []
  forEachPiece(of: bytes, sizes: sizes) { trimmer.push(Array($0), into: &kept) }
  trimmer.finish(into: &kept)
  return kept
}

private func parsed(_ bytes: [UInt8]) -> JSONValue? {
  do {
    return try JSONValue(parsing: bytes)
  } catch {
    return nil
  }
}

private func compare(_ one: JSONValue, _ other: JSONValue, level: Int, depth: Int, limit: Int) {
  switch (one, other) {
  case (.array(let ones), .array(let others)):
    require(ones.count == others.count, "\(one) became \(other)")
    for (one, other) in zip(ones, others) {
      compare(one, other, level: level + 1, depth: depth, limit: limit)
    }
  case (.object(let ones), .object(let others)):
    require(ones.count == others.count, "\(one) became \(other)")
    for (name, one) in ones {
      guard let other = others[name] else { fatalError("\(name) was lost") }
      if name == "logs", level + 1 == depth, let log = one.string, let rest = other.string {
        require(
          log.utf8.suffix(rest.utf8.count).elementsEqual(rest.utf8), "\(log) became \(rest)")
        // The limit counts input bytes. An invalid one becomes three.
        require(rest.utf8.count <= 6 * limit + 64, "\(rest) was kept of \(log)")
      } else {
        compare(one, other, level: level + 1, depth: depth, limit: limit)
      }
    }
  default: require(one == other, "\(one) became \(other)")
  }
}
