import Foundation
import ReplicateAPI
import Support
import Synchronization
import Testing

@testable import Running

struct ZIPArchiveTests {
  private func entry(_ name: String, _ folder: TestFolder) -> ZIPArchive.Entry {
    ZIPArchive.Entry(name: name, file: LocalPath("\(folder.path)/\(name)"))
  }

  /// A little-endian number.
  private func number(_ bytes: [UInt8], at offset: Int, width: Int = 4) -> Int {
    bytes[offset..<(offset + width)].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private func contents(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path)
  }

  @Test func `the checksum is CRC-32`() {
    var checksum = CyclicChecksum()
    #expect(checksum.sum == 0)
    checksum.add(Array("123456789".utf8))
    #expect(checksum.sum == 0xCBF4_3926)
    // In pieces of any length, too.
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    var whole = CyclicChecksum()
    whole.add(bytes)
    for length in [1, 7, 8, 9, 64] {
      var pieces = CyclicChecksum()
      for start in stride(from: 0, to: bytes.count, by: length) {
        pieces.add(Array(bytes[start..<min(bytes.count, start + length)]))
      }
      #expect(pieces.sum == whole.sum)
    }
  }

  @Test func `an archive has its files, their checksums and a directory`() async throws {
    let folder = try TestFolder()
    try folder.write("nine.txt", Array("123456789".utf8))
    try folder.write("größe.txt", [])
    let entries = [entry("nine.txt", folder), entry("größe.txt", folder)]
    let archive = try await ZIPArchive.write(
      entries, named: "files.zip", in: LocalPath(folder.path))
    let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: archive.path.shown)))
    #expect(bytes.count == archive.size)
    #expect(archive.path.name == "files.zip")

    // The first file.
    #expect(number(bytes, at: 0) == 0x0403_4B50)
    #expect(number(bytes, at: 6, width: 2) == 1 << 11)
    #expect(number(bytes, at: 8, width: 2) == 0)
    #expect(number(bytes, at: 14) == 0xCBF4_3926)
    #expect(number(bytes, at: 18) == 9 && number(bytes, at: 22) == 9)
    #expect(Array(bytes[30..<38]) == Array("nine.txt".utf8))
    #expect(Array(bytes[38..<47]) == Array("123456789".utf8))

    // The end, and the directory that it leads to.
    let end = bytes.count - 22
    #expect(number(bytes, at: end) == 0x0605_4B50)
    #expect(number(bytes, at: end + 8, width: 2) == 2)
    let directory = number(bytes, at: end + 16)
    #expect(directory + number(bytes, at: end + 12) == end)
    #expect(number(bytes, at: directory) == 0x0201_4B50)
    #expect(number(bytes, at: directory + 16) == 0xCBF4_3926)
    let second = directory + 46 + 8
    #expect(number(bytes, at: second) == 0x0201_4B50)
    #expect(number(bytes, at: second + 42) == 47)
    #expect(Array(bytes[(second + 46)..<end]) == Array("größe.txt".utf8))
  }

  @Test func `only the owner can read an archive, and removing it leaves nothing`() async throws {
    let folder = try TestFolder()
    try folder.write("a.txt")
    try folder.write("temporary/other")
    let temporary = LocalPath(folder.path + "/temporary")
    let archive = try await ZIPArchive.write(
      [entry("a.txt", folder)], named: "a.zip", in: temporary)
    let attributes = try FileManager.default.attributesOfItem(atPath: archive.path.shown)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try contents(temporary.shown).count == 2)
    archive.remove()
    #expect(try contents(temporary.shown) == ["other"])
  }

  @Test func `the same files make the same archive, with progress up to the end`() async throws {
    let folder = try TestFolder()
    try folder.write("a.bin", [UInt8](repeating: 7, count: 600_000))
    try folder.write("b.bin", [UInt8](repeating: 8, count: 10))
    let entries = [entry("a.bin", folder), entry("b.bin", folder)]
    let steps = Mutex<[TransferProgress]>([])
    let one = try await ZIPArchive.write(entries, named: "x.zip", in: LocalPath(folder.path)) {
      step in steps.withLock { $0.append(step) }
    }
    let other = try await ZIPArchive.write(entries, named: "x.zip", in: LocalPath(folder.path))
    #expect(one.path != other.path)
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: one.path.shown))
        == Data(contentsOf: URL(fileURLWithPath: other.path.shown)))
    let seen = steps.withLock { $0 }
    #expect(seen.allSatisfy { $0.total == 600_010 })
    #expect(seen.first?.done == 0 && seen.last?.done == 600_010)
    #expect(seen.map(\.done) == seen.map(\.done).sorted() && seen.count > 3)
  }

  @Test(arguments: [
    "", "/a", "../a", "a/../b", "a//b", "a/", ".", "a\\b", "a\nb", "a\u{0}b",
  ])
  func `a name that leads elsewhere isn't packed`(name: String) async throws {
    let folder = try TestFolder()
    let file = LocalPath(try folder.write("a.txt"))
    await #expect(throws: ZIPArchive.Problem.badName(name)) {
      try await ZIPArchive.write(
        [ZIPArchive.Entry(name: name, file: file)], named: "a.zip", in: LocalPath(folder.path))
    }
    #expect(try contents(folder.path) == ["a.txt"])
  }

  @Test func `names that repeat, and what isn't there or isn't a file`() async throws {
    let folder = try TestFolder()
    try folder.write("a.txt")
    try folder.write("sub/b.txt")
    let place = LocalPath(folder.path)
    await #expect(throws: ZIPArchive.Problem.empty) {
      try await ZIPArchive.write([], named: "a.zip", in: place)
    }
    await #expect(throws: ZIPArchive.Problem.repeatedName("a.txt")) {
      try await ZIPArchive.write(
        [entry("a.txt", folder), entry("a.txt", folder)], named: "a.zip", in: place)
    }
    for name in ["none.txt", "sub"] {
      await #expect {
        try await ZIPArchive.write(
          [entry("a.txt", folder), entry(name, folder)], named: "a.zip", in: place)
      } throws: { error in
        if case .unreadable(let path, _) = error as? ZIPArchive.Problem {
          return path.name == name
        }
        return false
      }
    }
    await #expect {
      try await ZIPArchive.write(
        [entry("a.txt", folder)], named: "a.zip", in: LocalPath(folder.path + "/none"))
    } throws: { error in
      if case .unwritable = error as? ZIPArchive.Problem { return true }
      return false
    }
    #expect(try contents(folder.path).sorted() == ["a.txt", "sub"])
  }

  @Test func `more than 100 MiB or 65,535 files are refused`() async throws {
    let folder = try TestFolder()
    let large = try folder.write("large.bin", [])
    // A hole takes no room on the disk.
    let handle = try #require(FileHandle(forWritingAtPath: large))
    try handle.truncate(atOffset: UInt64(ZIPArchive.maximumSize))
    try handle.close()
    let size = ZIPArchive.maximumSize + 22 + 76 + 2 * 9
    await #expect(throws: ZIPArchive.Problem.tooLarge(size: size)) {
      try await ZIPArchive.write(
        [entry("large.bin", folder)], named: "a.zip", in: LocalPath(folder.path))
    }
    #expect(ZIPArchive.Problem.tooLarge(size: size).words.contains("0.1 MiB more than the 100 MiB"))
    let many = (0..<65_536).map { ZIPArchive.Entry(name: "\($0)", file: LocalPath(large)) }
    await #expect(throws: ZIPArchive.Problem.tooMany(count: 65_536)) {
      try await ZIPArchive.write(many, named: "a.zip", in: LocalPath(folder.path))
    }
  }

  @Test(arguments: [true, false])
  func `a file that changes while it is packed is an error`(grows: Bool) async throws {
    let folder = try TestFolder()
    let bytes = [UInt8](repeating: 1, count: 700_000)
    try folder.write("a.bin", bytes)
    try folder.write("b.bin", bytes)
    let second = LocalPath(folder.path + "/b.bin")
    await #expect(throws: ZIPArchive.Problem.changed(second)) {
      try await ZIPArchive.write(
        [entry("a.bin", folder), entry("b.bin", folder)], named: "a.zip",
        in: LocalPath(folder.path)
      ) { step in
        guard step.done > 700_000, step.done < 1_300_000,
          let handle = FileHandle(forWritingAtPath: second.shown)
        else { return }
        try? handle.truncate(atOffset: grows ? 800_000 : 300_000)
        try? handle.close()
      }
    }
    #expect(try contents(folder.path).sorted() == ["a.bin", "b.bin"])
  }

  @Test func `canceling removes the archive`() async throws {
    let folder = try TestFolder()
    try folder.write("a.bin", [UInt8](repeating: 1, count: 700_000))
    let task = Task {
      try await ZIPArchive.write(
        [entry("a.bin", folder)], named: "a.zip", in: LocalPath(folder.path)
      ) { step in
        if step.done > 0 { withUnsafeCurrentTask { $0?.cancel() } }
      }
    }
    await #expect(throws: ZIPArchive.Problem.canceled) { try await task.value }
    #expect(try contents(folder.path) == ["a.bin"])
  }
}
