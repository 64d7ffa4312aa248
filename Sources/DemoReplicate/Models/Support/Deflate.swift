/// Packs bytes as RFC 1951 says: codes that are the shorter the commoner a byte is, and runs of one
/// byte as a length. Simple and quick, and enough for pictures.
enum Deflate {
  static func deflated(_ bytes: [UInt8]) -> [UInt8] {
    var writer = BitWriter()
    let blockSize = 131_072
    var begin = 0
    repeat {
      let end = min(bytes.count, begin + blockSize)
      writeBlock(bytes, from: begin, to: end, &writer)
      begin = end
    } while begin < bytes.count
    return writer.finished()
  }

  private static let endOfBlock = 256

  private static func writeBlock(
    _ bytes: [UInt8], from begin: Int, to end: Int, _ writer: inout BitWriter
  ) {
    let symbols = symbols(bytes, from: begin, to: end)
    var counts = [Int](repeating: 0, count: 286)
    for symbol in symbols { counts[Int(symbol.code)] += 1 }
    counts[endOfBlock] = 1
    let lengths = HuffmanLengths.limited(counts, to: 15)
    let codes = HuffmanLengths.codes(lengths)

    writer.write(end == bytes.count ? 1 : 0, 1)
    writer.write(2, 2)
    writeLengths(lengths, to: &writer)
    for symbol in symbols {
      let code = Int(symbol.code)
      writer.write(codes[code], lengths[code])
      if code > endOfBlock {
        writer.write(UInt32(symbol.extra), symbol.extraBits)
        // The one distance there is, 1, has a code of a single bit.
        writer.write(0, 1)
      }
    }
    writer.write(codes[endOfBlock], lengths[endOfBlock])
  }

  private struct Symbol {
    var code: UInt16
    var extra: UInt8 = 0
    var extraBits = 0
  }

  private static func symbols(
    _ bytes: [UInt8], from begin: Int, to end: Int
  ) -> [Symbol] {
    var symbols: [Symbol] = []
    symbols.reserveCapacity(end - begin)
    var index = begin
    while index < end {
      let byte = bytes[index]
      symbols.append(Symbol(code: UInt16(byte)))
      index += 1
      var run = 0
      while run < 258, index + run < end, bytes[index + run] == byte { run += 1 }
      if run >= 3 {
        symbols.append(lengthSymbol(run))
        index += run
      }
    }
    return symbols
  }

  private static func lengthSymbol(_ length: Int) -> Symbol {
    if length == 258 { return Symbol(code: 285) }
    let place = DeflateTables.lengthBases.lastIndex { $0 <= length } ?? 0
    return Symbol(
      code: UInt16(257 + place), extra: UInt8(length - DeflateTables.lengthBases[place]),
      extraBits: DeflateTables.lengthExtraBits[place])
  }

  /// The lengths of the codes, themselves in codes of a fixed four bits, runs of zeros apart.
  private static func writeLengths(_ lengths: [Int], to writer: inout BitWriter) {
    writer.write(UInt32(lengths.count - 257), 5)
    writer.write(0, 5)
    writer.write(UInt32(DeflateTables.codeLengthOrder.count - 4), 4)
    // Lengths 0 to 15, of which each gets four bits, fill the code's whole space.
    let own = (0..<19).map { $0 < 16 ? 4 : 0 }
    for symbol in DeflateTables.codeLengthOrder { writer.write(UInt32(own[symbol]), 3) }
    let codes = HuffmanLengths.codes(own)
    for length in lengths + [1] { writer.write(codes[length], 4) }
  }
}

/// Unpacks what RFC 1951 packs.
enum Inflate {
  static func inflated(
    _ bytes: some Collection<UInt8>, atMost limit: Int
  ) throws(DemoFailure) -> [UInt8] {
    var reader = BitReader(bytes: Array(bytes))
    var result: [UInt8] = []
    result.reserveCapacity(limit)
    var isLast = false
    while !isLast {
      isLast = try reader.read(1) == 1
      switch try reader.read(2) {
      case 0: try copyStored(&reader, &result)
      case 1: try expand(&reader, &result, fixedLengths, fixedDistances, limit)
      case 2:
        let (lengths, distances) = try readCodes(&reader)
        try expand(&reader, &result, lengths, distances, limit)
      default: throw damaged
      }
      guard result.count <= limit else { throw damaged }
    }
    return result
  }

  private static let damaged = DemoFailure(message: "image file is truncated or damaged")
  private static let fixedLengths = HuffmanDecoder(
    (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
  private static let fixedDistances = HuffmanDecoder(Array(repeating: 5, count: 30))

  private static func copyStored(
    _ reader: inout BitReader, _ result: inout [UInt8]
  ) throws(DemoFailure) {
    reader.skipToByte()
    let length = Int(try reader.read(16))
    _ = try reader.read(16)
    for _ in 0..<length { result.append(UInt8(try reader.read(8))) }
  }

  private static func readCodes(
    _ reader: inout BitReader
  ) throws(DemoFailure) -> (HuffmanDecoder, HuffmanDecoder) {
    let lengthCount = Int(try reader.read(5)) + 257
    let distanceCount = Int(try reader.read(5)) + 1
    let ownCount = Int(try reader.read(4)) + 4
    var own = [Int](repeating: 0, count: 19)
    for symbol in DeflateTables.codeLengthOrder.prefix(ownCount) {
      own[symbol] = Int(try reader.read(3))
    }
    let decoder = HuffmanDecoder(own)
    var lengths: [Int] = []
    while lengths.count < lengthCount + distanceCount {
      let symbol = try decoder.next(&reader)
      switch symbol {
      case 16:
        guard let last = lengths.last else { throw damaged }
        let count = 3 + Int(try reader.read(2))
        lengths += Array(repeating: last, count: count)
      case 17:
        let count = 3 + Int(try reader.read(3))
        lengths += Array(repeating: 0, count: count)
      case 18:
        let count = 11 + Int(try reader.read(7))
        lengths += Array(repeating: 0, count: count)
      default: lengths.append(symbol)
      }
    }
    guard lengths.count == lengthCount + distanceCount else { throw damaged }
    return (
      HuffmanDecoder(Array(lengths[..<lengthCount])), HuffmanDecoder(Array(lengths[lengthCount...]))
    )
  }

  private static func expand(
    _ reader: inout BitReader, _ result: inout [UInt8], _ lengths: HuffmanDecoder,
    _ distances: HuffmanDecoder, _ limit: Int
  ) throws(DemoFailure) {
    while true {
      let symbol = try lengths.next(&reader)
      if symbol < 256 {
        result.append(UInt8(symbol))
      } else if symbol == 256 {
        return
      } else {
        guard symbol < 286 else { throw damaged }
        let extra = try reader.read(DeflateTables.lengthExtraBits[symbol - 257])
        let length = DeflateTables.lengthBases[symbol - 257] + Int(extra)
        let place = try distances.next(&reader)
        guard place < 30 else { throw damaged }
        let more = try reader.read(DeflateTables.distanceExtraBits[place])
        let distance = DeflateTables.distanceBases[place] + Int(more)
        guard distance <= result.count, result.count + length <= limit else { throw damaged }
        for _ in 0..<length { result.append(result[result.count - distance]) }
      }
      guard result.count <= limit else { throw damaged }
    }
  }
}

/// The tables of RFC 1951, section 3.2.5 and 3.2.7.
private enum DeflateTables {
  static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
    163, 195, 227, 258,
  ]
  static let lengthExtraBits = [
    0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
  ]
  static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
    3073, 4097, 6145, 8193, 12_289, 16_385, 24_577,
  ]
  static let distanceExtraBits = [
    0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13,
    13,
  ]
  static let codeLengthOrder = [
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
  ]
}

private enum HuffmanLengths {
  /// How long each symbol's code is; 0 for symbols that don't appear.
  static func limited(_ counts: [Int], to limit: Int) -> [Int] {
    var counts = counts
    while true {
      let lengths = unlimited(counts)
      if lengths.allSatisfy({ $0 <= limit }) { return lengths }
      // Flatter counts make a flatter tree.
      counts = counts.map { $0 == 0 ? 0 : $0 / 2 + 1 }
    }
  }

  private static func unlimited(_ counts: [Int]) -> [Int] {
    var lengths = [Int](repeating: 0, count: counts.count)
    var groups = counts.indices.filter { counts[$0] > 0 }.map { (count: counts[$0], symbols: [$0]) }
    if groups.count == 1 { lengths[groups[0].symbols[0]] = 1 }
    groups.sort { $0.count > $1.count }
    while groups.count > 1 {
      let least = groups.removeLast()
      let next = groups.removeLast()
      let merged = (count: least.count + next.count, symbols: least.symbols + next.symbols)
      for symbol in merged.symbols { lengths[symbol] += 1 }
      let place = groups.firstIndex { $0.count < merged.count } ?? groups.count
      groups.insert(merged, at: place)
    }
    return lengths
  }

  /// The codes that follow from the lengths, their bits turned round as the writer takes them.
  static func codes(_ lengths: [Int]) -> [UInt32] {
    var codes = [UInt32](repeating: 0, count: lengths.count)
    var next: UInt32 = 0
    for length in 1...15 {
      next <<= 1
      for symbol in lengths.indices where lengths[symbol] == length {
        codes[symbol] = turned(next, length)
        next += 1
      }
    }
    return codes
  }

  private static func turned(_ code: UInt32, _ length: Int) -> UInt32 {
    var (code, result): (UInt32, UInt32) = (code, 0)
    for _ in 0..<length {
      result = result << 1 | code & 1
      code >>= 1
    }
    return result
  }
}

/// Finds symbols bit by bit: how many codes of each length there are is all it needs.
private struct HuffmanDecoder: Sendable {
  private var counts = [Int](repeating: 0, count: 16)
  private var symbols: [Int] = []

  init(_ lengths: [Int]) {
    for length in lengths where length > 0 { counts[length] += 1 }
    for length in 1...15 {
      symbols += lengths.indices.filter { lengths[$0] == length }
    }
  }

  func next(_ reader: inout BitReader) throws(DemoFailure) -> Int {
    var (code, first, index) = (0, 0, 0)
    for length in 1...15 {
      code |= Int(try reader.read(1))
      let count = counts[length]
      if code - first < count { return symbols[index + code - first] }
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw DemoFailure(message: "image file is truncated or damaged")
  }
}

private struct BitWriter {
  private var bytes: [UInt8] = []
  private var bits: UInt64 = 0
  private var count = 0

  mutating func write(_ value: UInt32, _ length: Int) {
    bits |= UInt64(value) << UInt64(count)
    count += length
    while count >= 8 {
      bytes.append(UInt8(bits & 0xFF))
      bits >>= 8
      count -= 8
    }
  }

  mutating func finished() -> [UInt8] {
    if count > 0 { bytes.append(UInt8(bits & 0xFF)) }
    return bytes
  }
}

private struct BitReader {
  var bytes: [UInt8]
  private var place = 0
  private var bits: UInt32 = 0
  private var count = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func read(_ length: Int) throws(DemoFailure) -> UInt32 {
    while count < length {
      guard place < bytes.count else {
        throw DemoFailure(message: "image file is truncated or damaged")
      }
      bits |= UInt32(bytes[place]) << UInt32(count)
      place += 1
      count += 8
    }
    let value = bits & (1 << UInt32(length) - 1)
    bits >>= UInt32(length)
    count -= length
    return value
  }

  mutating func skipToByte() {
    bits >>= UInt32(count % 8)
    count -= count % 8
  }
}
