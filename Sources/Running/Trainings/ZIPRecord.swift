/// What a ZIP archive says about one of its files, in front of it and again at the archive's end.
///
/// Fields are as in PKWARE's APPNOTE 6.3: little-endian, without ZIP64. The date is always the
/// earliest there is, so that the same files always make the same archive.
struct ZIPRecord: Sendable {
  /// In UTF-8.
  var name: [UInt8]
  /// In bytes.
  var size: Int
  /// Where the record in front of the file starts.
  var offset: Int
  var checksum: UInt32 = 0

  /// The record in front of the file.
  var header: [UInt8] {
    var bytes = ZIPBytes(signature: 0x0403_4B50)
    bytes.append(shared)
    return bytes.content + name
  }

  /// The record in the directory at the end.
  var directoryEntry: [UInt8] {
    var bytes = ZIPBytes(signature: 0x0201_4B50)
    // Made by version 2.0 for Unix, so that the attributes are a file's mode.
    bytes.append(3 << 8 | 20, width: 2)
    bytes.append(shared)
    // No comment, first disk, no internal attributes.
    for _ in 0..<3 { bytes.append(0, width: 2) }
    bytes.append(0o100644 << 16, width: 4)
    bytes.append(offset, width: 4)
    return bytes.content + name
  }

  /// The end of an archive.
  static func end(count: Int, directoryOffset: Int, directorySize: Int) -> [UInt8] {
    var bytes = ZIPBytes(signature: 0x0605_4B50)
    for _ in 0..<2 { bytes.append(0, width: 2) }
    for _ in 0..<2 { bytes.append(count, width: 2) }
    bytes.append(directorySize, width: 4)
    bytes.append(directoryOffset, width: 4)
    bytes.append(0, width: 2)
    return bytes.content
  }

  /// The size of an archive of files with these names and sizes; nil beyond what an `Int` holds.
  static func archiveSize(_ files: some Sequence<(name: [UInt8], size: Int)>) -> Int? {
    var total = 22
    for file in files {
      let (more, overflows) = file.size.addingReportingOverflow(30 + 46 + 2 * file.name.count)
      let (sum, overflowsToo) = total.addingReportingOverflow(more)
      if overflows || overflowsToo { return nil }
      total = sum
    }
    return total
  }

  /// The fields that both records have.
  private var shared: [UInt8] {
    var bytes = ZIPBytes()
    bytes.append(20, width: 2)
    // The name is UTF-8.
    bytes.append(1 << 11, width: 2)
    // Stored as it is.
    bytes.append(0, width: 2)
    // Midnight, 1 January 1980.
    bytes.append(0, width: 2)
    bytes.append(1 << 5 | 1, width: 2)
    bytes.append(Int(checksum), width: 4)
    bytes.append(size, width: 4)
    bytes.append(size, width: 4)
    bytes.append(name.count, width: 2)
    bytes.append(0, width: 2)
    return bytes.content
  }
}

private struct ZIPBytes {
  private(set) var content: [UInt8] = []

  init() {}

  init(signature: Int) { append(signature, width: 4) }

  mutating func append(_ number: Int, width: Int) {
    for place in 0..<width { content.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
  }

  mutating func append(_ bytes: [UInt8]) { content += bytes }
}
