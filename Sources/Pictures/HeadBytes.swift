/// The first bytes of a file, read at any offset. What isn't there is nil, so hostile bytes can't trap.
struct HeadBytes {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var count: Int { bytes.count }

  func byte(_ offset: Int) -> Int? {
    bytes.indices.contains(offset) ? Int(bytes[offset]) : nil
  }

  /// A big-endian number of up to four bytes.
  func big(_ offset: Int, _ size: Int) -> Int? {
    var value = 0
    for index in 0..<size {
      guard let byte = byte(offset + index) else { return nil }
      value = value << 8 | byte
    }
    return value
  }

  /// A little-endian number of up to four bytes.
  func little(_ offset: Int, _ size: Int) -> Int? {
    var value = 0
    for index in 0..<size {
      guard let byte = byte(offset + index) else { return nil }
      value |= byte << (8 * index)
    }
    return value
  }

  func has(_ text: StaticString, at offset: Int = 0) -> Bool {
    text.withUTF8Buffer { has($0, at: offset) }
  }

  func has(_ wanted: some Collection<UInt8>, at offset: Int = 0) -> Bool {
    guard offset >= 0, offset <= count, count - offset >= wanted.count else { return false }
    return bytes[offset..<(offset + wanted.count)].elementsEqual(wanted)
  }

  /// A text of ASCII characters; other bytes become question marks.
  func text(_ range: Range<Int>) -> String {
    String(
      decoding: bytes[range.clamped(to: 0..<count)].map { $0 < 0x80 ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }
}
