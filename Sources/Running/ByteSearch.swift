#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds words in texts byte by byte, which is fast enough for a hundred thousand of them at each key.
package enum ByteSearch {
  /// The words of a filter in lower case, each once. Only the first thousand characters count, so that a
  /// long text pasted by mistake doesn't slow down every key after it.
  package static func words(of filter: String) -> [[UInt8]] {
    var seen: Set<Substring> = []
    return filter.prefix(1000).lowercased().split(separator: " ").filter {
      seen.insert($0).inserted
    }
    .map { Array($0.utf8) }
  }

  /// Whether a text in lower case contains every word.
  package static func contains(_ words: [[UInt8]], _ text: String) -> Bool {
    guard !words.isEmpty else { return true }
    var text = text
    return text.withUTF8 { bytes in words.allSatisfy { occurs($0, in: bytes) } }
  }

  private static func occurs(_ word: [UInt8], in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = word.first else { return true }
    guard let start = bytes.baseAddress, word.count <= bytes.count else { return false }
    // Where the word may begin.
    var place = 0
    let last = bytes.count - word.count
    while place <= last, let found = memchr(start + place, Int32(first), last - place + 1) {
      place = start.distance(to: found.assumingMemoryBound(to: UInt8.self))
      if memcmp(start + place, word, word.count) == 0 { return true }
      place += 1
    }
    return false
  }
}
