/// Reads the table of contents of a ZIP archive, and writes small archives.
///
/// Only the names and sizes are read, and never more entries than the table has bytes for, so that
/// an archive that was made to do harm can't.
struct ZipArchive: Sendable {
  static let type = "application/zip"

  struct Entry: Sendable, Equatable {
    var name: String
    /// In bytes, uncompressed.
    var size: Int
  }

  var entries: [Entry] = []

  /// Nil if the bytes aren't a ZIP archive.
  init?(_ bytes: [UInt8]) {
    guard let end = Self.endRecord(in: bytes) else { return nil }
    let count = Int(bytes.littleEndian(at: end + 10, count: 2))
    var offset = Int(bytes.littleEndian(at: end + 16))
    while entries.count < count, offset + Self.headerSize <= end,
      bytes.littleEndian(at: offset) == Self.headerMark
    {
      let lengths = [28, 30, 32].map { Int(bytes.littleEndian(at: offset + $0, count: 2)) }
      let begin = offset + Self.headerSize
      guard begin + lengths[0] <= end else { return nil }
      entries.append(
        Entry(
          name: String(decoding: bytes[begin..<(begin + lengths[0])], as: UTF8.self),
          size: Int(bytes.littleEndian(at: offset + 24))))
      offset = begin + lengths.reduce(0, +)
    }
    guard entries.count == count else { return nil }
  }

  private static let headerMark: UInt32 = 0x0201_4B50
  private static let headerSize = 46
  private static let endMark: UInt32 = 0x0605_4B50
  private static let endSize = 22

  /// The offset of the record at the end, which only a comment can follow.
  private static func endRecord(in bytes: [UInt8]) -> Int? {
    guard bytes.count >= endSize else { return nil }
    let last = bytes.count - endSize
    return (max(0, last - 0xFFFF)...last).reversed().first {
      bytes[$0] == 0x50 && bytes.littleEndian(at: $0) == endMark
    }
  }

  /// An archive of files, which aren't compressed.
  static func file(_ files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var table: [UInt8] = []
    for (name, bytes) in files {
      var common: [UInt8] = []
      // Version 2.0, UTF-8 names, stored, and the first day that the format knows.
      for number in [20, 0x0800, 0, 0, 0x0021] as [UInt16] { common.append(littleEndian: number) }
      common.append(littleEndian: Zlib.crc32(bytes))
      common.append(littleEndian: UInt32(clamping: bytes.count))
      common.append(littleEndian: UInt32(clamping: bytes.count))
      common.append(littleEndian: UInt16(clamping: name.utf8.count))
      common.append(littleEndian: UInt16(0))
      table.append(littleEndian: headerMark)
      table.append(littleEndian: UInt16(20))
      // The comment, disk and attributes, all zero, come between the lengths and the offset.
      table += common + [UInt8](repeating: 0, count: 10)
      table.append(littleEndian: UInt32(clamping: archive.count))
      table += Array(name.utf8)
      archive.append(littleEndian: UInt32(0x0403_4B50))
      archive += common + Array(name.utf8) + bytes
    }
    let begin = archive.count
    archive += table
    archive.append(littleEndian: endMark)
    archive.append(littleEndian: UInt32(0))
    archive.append(littleEndian: UInt16(clamping: files.count))
    archive.append(littleEndian: UInt16(clamping: files.count))
    archive.append(littleEndian: UInt32(clamping: table.count))
    archive.append(littleEndian: UInt32(clamping: begin))
    archive.append(littleEndian: UInt16(0))
    return archive
  }
}
