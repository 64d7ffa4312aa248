extension [UInt8] {
  mutating func append(bigEndian value: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] { append(UInt8((value >> shift) & 0xFF)) }
  }

  mutating func append(littleEndian value: UInt32) {
    for shift in [0, 8, 16, 24] as [UInt32] { append(UInt8((value >> shift) & 0xFF)) }
  }

  mutating func append(littleEndian value: UInt16) {
    append(UInt8(value & 0xFF))
    append(UInt8(value >> 8))
  }

  /// The four bytes at an offset, which must be in bounds.
  func bigEndian(at offset: Int) -> UInt32 {
    self[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) }
  }

  func littleEndian(at offset: Int, count: Int = 4) -> UInt32 {
    self[offset..<(offset + count)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
