/// The CRC-32 of ZIP archives, which also tells pictures of the same size apart.
///
///     var checksum = CyclicChecksum()
///     checksum.add(Array("123456789".utf8))
///     checksum.sum  // 0xCBF4_3926
struct CyclicChecksum: Sendable {
  private var state: UInt32 = 0xFFFF_FFFF

  var sum: UInt32 { ~state }

  mutating func add(_ bytes: [UInt8]) {
    state = bytes.withUnsafeBytes { bytes in
      Self.tables.withUnsafeBufferPointer { Self.next(state, bytes, $0) }
    }
  }

  /// Eight bytes at a time, each with a table of its own.
  private static func next(
    _ state: UInt32, _ bytes: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt32>
  ) -> UInt32 {
    var state = state
    var index = 0
    while index + 8 <= bytes.count {
      let word = UInt64(
        littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
      let mixed = word ^ UInt64(state)
      state = 0
      for place in 0..<8 {
        let byte = Int(truncatingIfNeeded: mixed >> UInt64(8 * place) & 0xFF)
        state ^= tables[(7 - place) * 256 + byte]
      }
      index += 8
    }
    while index < bytes.count {
      state = tables[Int(UInt8(truncatingIfNeeded: state) ^ bytes[index])] ^ (state >> 8)
      index += 1
    }
    return state
  }

  /// What a byte contributes, followed by as many zero bytes as the table's number.
  private static let tables: [UInt32] = {
    var tables: [UInt32] = []
    tables.reserveCapacity(8 * 256)
    for byte in 0..<UInt32(256) {
      tables.append(
        (0..<8).reduce(byte) { value, _ in value & 1 == 0 ? value >> 1 : (value >> 1) ^ 0xEDB8_8320
        }
      )
    }
    for index in 256..<(8 * 256) {
      let value = tables[index - 256]
      tables.append(tables[Int(value & 0xFF)] ^ (value >> 8))
    }
    return tables
  }()
}
