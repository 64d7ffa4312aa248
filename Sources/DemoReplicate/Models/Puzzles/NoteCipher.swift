/// A toy cipher: XOR with pseudorandom bytes, preceded by a checksum.
struct NoteCipher: Sendable {
  private let key: String

  init(_ key: String) {
    self.key = key
  }

  func sealed(_ note: String) -> String {
    let bytes = check(note) + Array(note.utf8)
    let digits = encrypted(bytes).map { byte in
      let text = String(byte, radix: 16)
      return text.count < 2 ? "0" + text : text
    }.joined()
    // Groups of eight digits are easier to read.
    var groups: [Substring] = []
    var rest = digits[...]
    while !rest.isEmpty {
      groups.append(rest.prefix(8))
      rest = rest.dropFirst(8)
    }
    return groups.joined(separator: " ")
  }

  /// The note; nil if the key is wrong or the digits are damaged.
  func opened(_ text: String) -> String? {
    let digits = text.filter { !$0.isWhitespace }
    guard digits.utf8.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    let plain = encrypted(bytes)
    guard plain.count >= 4 else { return nil }
    let note = String(decoding: plain.dropFirst(4), as: UTF8.self)
    return check(note) == Array(plain.prefix(4)) ? note : nil
  }

  private func encrypted(_ bytes: [UInt8]) -> [UInt8] {
    var random = SeededRandom(key)
    return bytes.map { $0 ^ UInt8(truncatingIfNeeded: random.next() >> 24) }
  }

  private func check(_ note: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: UInt32(truncatingIfNeeded: SeededRandom.hash(note)))
    return bytes
  }
}
