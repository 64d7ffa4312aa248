import Foundation
import ReplicateAPI
import Support
import Testing

@testable import Running

struct TrainingFolderTests {
  private func png(_ mark: UInt8, _ width: Int = 1024, _ height: Int = 1024) -> [UInt8] {
    TestFolder.png(width, height) + [mark]
  }

  private let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8)

  private func read(_ folder: TestFolder) async throws -> TrainingFolder {
    try await TrainingFolder.read(LocalPath(folder.path))
  }

  private func words(
    _ folder: TestFolder, _ description: String = "", trigger: String = ""
  ) async throws -> [String] {
    try await read(folder).findings(TrainingRules(description: description), trigger: trigger)
      .map { "\($0.severity): \($0.words)" }
  }

  @Test func `a folder that is ready has only a note`() async throws {
    let folder = try TestFolder()
    for number in 0..<12 { try folder.write("cat-\(number).png", png(UInt8(number))) }
    let found = try await read(folder)
    #expect(found.pictures.count == 12)
    #expect(found.pictures.allSatisfy { $0.format == .png && $0.dimensions?.width == 1024 })
    #expect(found.findings().map(\.words) == ["No picture has a caption."])
    #expect(found.canBePacked())
    #expect(found.entries().count == 12)
    #expect(found.pictureSize == 12 * png(0).count)
  }

  @Test func `pictures go by their content`() async throws {
    let folder = try TestFolder()
    try folder.write("a.jpg", jpeg)
    try folder.write("b.jpg", png(1))
    try folder.write("c", png(2))
    try folder.write("d.png", Array("not a picture".utf8))
    try folder.write("e.svg", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"/>".utf8))
    try folder.write("f.png", [])
    let found = try await read(folder)
    #expect(found.pictures.map(\.item.name) == ["a.jpg", "b.jpg", "c"])
    #expect(Array(found.formats.keys) == [.png, .jpeg])
    #expect(
      try await words(folder).dropLast() == [
        "warning: 2 pictures have names that don’t fit the format, so the trainer may miss them: "
          + "b.jpg, c.",
        "warning: One picture of a format that trainers don’t read (image/svg+xml), left out: e.svg.",
        "warning: 2 files named like pictures, without a picture inside, left out: d.png, f.png.",
      ])
  }

  @Test func `captions are matched with pictures`() async throws {
    let folder = try TestFolder()
    for name in ["a", "b", "c", "d", "e"] {
      try folder.write("\(name).png", png(UInt8(name.utf8.first ?? 0)))
    }
    try folder.write("a.txt", Array("a photo of TOK".utf8))
    try folder.write("b.TXT", Array("a cat in TOKYO".utf8))
    try folder.write("c.txt", Array(" \n".utf8))
    try folder.write("d.txt", [0x63, 0xE9])
    try folder.write("readme.txt")
    try folder.write("metadata.jsonl")
    #expect(
      try await words(folder, trigger: " TOK ") == [
        "warning: One text has no picture of the same name, and isn’t packed: readme.txt.",
        "warning: One picture has no caption: e.png.",
        "warning: One caption isn’t in UTF-8: d.txt.",
        "warning: One caption is empty: c.txt.",
        "warning: One caption doesn’t contain the trigger word TOK: b.TXT.",
        "note: What could be a list of captions is packed, too: metadata.jsonl.",
      ])
    #expect(
      try await read(folder).entries().map(\.name) == [
        "a.png", "b.png", "c.png", "d.png", "e.png", "a.txt", "b.txt", "c.txt", "d.txt",
        "metadata.jsonl",
      ])
  }

  @Test func `what systems leave in folders isn't packed`() async throws {
    let folder = try TestFolder()
    for name in ["a.png", "b.png", ".DS_Store", "Thumbs.db", "__MACOSX/._a.png", ".git/x.png"] {
      try folder.write(name, png(UInt8(name.utf8.count)))
    }
    try folder.write("film.mp4", [0, 0, 0, 24] + Array("ftypisom".utf8))
    let found = try await read(folder)
    #expect(found.pictures.map(\.item.name) == ["a.png", "b.png"])
    #expect(
      found.leftOut.map(\.name).sorted() == [".DS_Store", ".git", "Thumbs.db", "__MACOSX"])
    #expect(found.entries().map(\.name) == ["a.png", "b.png"])
    #expect(
      found.findings().last?.words
        == "4 files that the system keeps or hides, left out: .DS_Store, .git, Thumbs.db, and 1 more."
    )
  }

  @Test func `copies are found by their content`() async throws {
    let folder = try TestFolder()
    for (name, mark) in [("a", 1), ("b", 2), ("c", 1), ("d", 1)] {
      try folder.write("\(name).png", png(UInt8(mark)))
    }
    #expect(
      try await words(folder).contains(
        "warning: 2 pictures are copies of another: a.png = c.png = d.png."))
  }

  @Test func `subfolders are flattened unless the trainer asks for them`() async throws {
    let folder = try TestFolder()
    try folder.write("a.png", png(1))
    try folder.write("images/b.png", png(2))
    let found = try await read(folder)
    #expect(found.entries().map(\.name) == ["a.png", "b.png"])
    #expect(
      found.findings().map(\.words).contains("One file from subfolders is packed without them."))

    try folder.write("images/a.png", png(3))
    try folder.write("data.json")
    try folder.write("extra.bin", [0])
    let later = try await read(folder)
    #expect(!later.canBePacked())
    #expect(
      later.findings().first?.words
        == "In the archive, which has no subfolders, files would have the same name: "
        + "a.png, images/a.png.")
    let rules = TrainingRules(
      description: "Training data should have a json file data.json and an images/ folder.")
    #expect(later.canBePacked(rules))
    #expect(
      later.entries(rules).map(\.name) == [
        "a.png", "images/a.png", "images/b.png", "data.json", "extra.bin",
      ])
  }

  @Test func `links out of the folder aren't followed`() async throws {
    let folder = try TestFolder()
    let outside = try folder.write("outside/secret.png", png(1))
    try folder.write("in/a.png", png(2))
    let inside = folder.path + "/in"
    for (name, target) in [("b.png", outside), ("c.png", "a.png"), ("d", "."), ("e", "none")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(inside)/\(name)", withDestinationPath: target)
    }
    let found = try await TrainingFolder.read(LocalPath(inside))
    #expect(found.pictures.map(\.item.name) == ["a.png", "c.png"])
    #expect(found.leftOut.map(\.name) == ["b.png", "d", "e"])
  }

  @Test func `names that no archive can hold have to be changed`() async throws {
    let folder = try TestFolder()
    try folder.write("a.png", png(1))
    try folder.write(named: [0xFF, 0x2E, 0x70, 0x6E, 0x67])
    try folder.write(named: Array("new\nline.png".utf8))
    let found = try await read(folder)
    #expect(!found.canBePacked())
    #expect(found.findings().first?.names.count == 2)
  }

  @Test func `too few, too many, too small, and not as asked`() async throws {
    let folder = try TestFolder()
    #expect(
      try await words(folder) == [
        "error: There are no pictures in this folder that trainers read."
      ])
    try folder.write("a.png", png(1, 640, 480))
    #expect(
      try await words(folder).first == "warning: One picture is very little to learn from.")
    try folder.write("b.jpg", jpeg)
    let description = """
      A tar file of images. We recommend a minimum of 10 images. Only PNG images of at least \
      512x512. Captions are optional: auto-captioning is on.
      """
    #expect(
      try await words(folder, description) == [
        "warning: The trainer asks for a tar file, and this makes a zip file.",
        "warning: The trainer recommends at least 10 pictures; the folder has 2.",
        "warning: The trainer asks for PNG, which one picture isn’t: b.jpg.",
        "warning: One picture is smaller than the 512 × 512 pixels that the trainer asks for: "
          + "a.png.",
        "note: No picture has a caption; the trainer can write captions itself.",
      ])
    #expect(
      try await words(folder, "You must not send more than 1 images, maximum of 1 images.").first
        == "note: No picture has a caption.")
    #expect(
      try await words(folder, "Maximum of 1 images.").first
        == "warning: The trainer asks for at most one picture; the folder has 2.")
  }

  @Test func `an archive that would be too large is an error`() async throws {
    let folder = try TestFolder()
    let large = try folder.write("a.png", png(1))
    let handle = try #require(FileHandle(forWritingAtPath: large))
    try handle.truncate(atOffset: UInt64(ZIPArchive.maximumSize + (10 << 20)))
    try handle.close()
    let found = try await read(folder)
    #expect(!found.canBePacked())
    #expect(
      found.findings().first?.words
        == "The archive would have 110.1 MiB, 10.1 MiB more than the 100 MiB that Replicate takes.")
  }

  @Test func `a file that changed since the folder was read isn't packed`() async throws {
    let folder = try TestFolder()
    let path = try folder.write("a.png", png(1))
    let entries = try await read(folder).entries()
    try folder.write("a.png", png(1) + png(2))
    await #expect(throws: ZIPArchive.Problem.changed(LocalPath(path))) {
      try await ZIPArchive.write(entries, named: "a.zip", in: LocalPath(folder.path))
    }
  }

  @Test func `a folder that isn't there is an error`() async throws {
    let path = LocalPath("/none/there")
    await #expect(throws: FileProblem.missing(path)) { try await TrainingFolder.read(path) }
  }
}
