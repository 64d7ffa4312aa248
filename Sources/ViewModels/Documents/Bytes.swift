#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

// Searches and comparisons by the C library: logs of several megabytes are compared on every poll.
extension UnsafeBufferPointer<UInt8> {
  /// The index of the first occurrence of a byte in a range.
  func firstIndex(of byte: UInt8, in range: Range<Int>) -> Int? {
    guard !range.isEmpty, let baseAddress,
      let found = memchr(baseAddress + range.lowerBound, Int32(byte), range.count)
    else { return nil }
    return UnsafeRawPointer(found) - UnsafeRawPointer(baseAddress)
  }

  /// Whether `other` occurs at an offset.
  func has(_ other: UnsafeBufferPointer<UInt8>, at offset: Int) -> Bool {
    guard offset >= 0, other.count <= count - offset else { return false }
    guard let mine = baseAddress, let others = other.baseAddress else { return other.isEmpty }
    return memcmp(mine + offset, others, other.count) == 0
  }

  /// The bytes in a range, with indices from 0.
  subscript(slice range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: self[range])
  }
}

/// How a new text relates to the one before it.
enum Continuation: Equatable {
  /// The old text without this many bytes at its beginning, possibly with more at its end.
  case continues(without: Int)
  case isAnother

  init(
    of old: UnsafeBufferPointer<UInt8>, in new: UnsafeBufferPointer<UInt8>
  ) {
    self = .isAnother
    if new.has(old, at: 0) {
      self = .continues(without: 0)
      return
    }
    // The client trims whole lines off the beginning of a log that is too long.
    let probe = new[slice: 0..<Swift.min(new.count, Self.probeLength)]
    var tries = 0
    var position = 0
    while let feed = old.firstIndex(of: 0x0A, in: position..<old.count) {
      position = feed + 1
      let rest = old[slice: position..<old.count]
      let start =
        probe.count <= rest.count ? probe : new[slice: 0..<Swift.min(rest.count, new.count)]
      guard !rest.isEmpty, rest.has(start, at: 0) else { continue }
      if new.has(rest, at: 0) {
        self = .continues(without: position)
        return
      }
      tries += 1
      guard tries < Self.maxTries else { return }
    }
  }

  private static let probeLength = 256
  /// Beyond this, starting over is cheaper than comparing megabytes again.
  private static let maxTries = 64
}
