import Foundation
import ReplicateAPI
import Running
import Testing

@testable import Archive

@Suite struct `Drafts and presets on disk` {
  private let root = FileManager.default.temporaryDirectory.appending(
    path: "replicant-inputs-\(UUID().uuidString)/inputs"
  ).path
  private let base = "https://api.example.com/v1"
  private let model = ModelID(owner: "acme", name: "painter")

  private func store(
    _ token: String? = "r8_one", limits: SavedInputFolder.Limits = .init()
  ) -> SavedInputFolder {
    SavedInputFolder(root: root, baseURL: base, token: token, limits: limits)
  }

  private func draft(
    _ text: String = "a fox", at second: Int = 0, id: SavedInput.ID = SavedInput.ID(),
    kind: SavedInput.Kind = .draft, of model: ModelID? = nil
  ) -> SavedInput {
    SavedInput(
      id: id, kind: kind, model: model ?? self.model, version: "abc",
      fields: [
        "prompt": KeptValue(value: .string(text)), "steps": KeptValue(text: "9999999999x"),
        "seed": KeptValue(
          text: "18446744073709551615",
          value: .number(JSONNumber(literal: "18446744073709551615") ?? 0)),
        "sizes": KeptValue(items: [KeptValue(value: 1), KeptValue(text: "two")]),
      ],
      extras: ["promt": ["a", .null]], options: ["deadline": KeptValue(value: "5m")],
      sweep: ["seed": [1, 2]],
      omitted: ["api_key"], savedAt: Timestamp(secondsSince1970: 1_800_000_000 + Double(second)))
  }

  private var files: [String] {
    (FileManager.default.subpaths(atPath: root) ?? []).filter { $0.hasSuffix(".json") }
  }

  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return (attributes[.posixPermissions] as? Int) ?? 0
  }

  @Test func `what was kept comes back whole, for another program too`() async throws {
    let kept = draft()
    var preset = draft("a cat", at: 1)
    preset.kind = .preset(name: "Cats / 猫")
    do {
      let one = store()
      try await one.keep(kept)
      try await one.keep(preset)
      #expect(try await one.saved(of: model) == [preset, kept])
    }
    #expect(try await store().saved(of: model) == [preset, kept])
    #expect(try await store().saved(of: ModelID(owner: "acme", name: "other")).isEmpty)
  }

  @Test func `a 64-bit seed keeps its digits`() async throws {
    var kept = draft()
    kept.fields = ["seed": KeptValue(value: try JSONValue(parsing: "18446744073709551615"))]
    try await store().keep(kept)
    let read = try #require(try await store().saved(of: model).first)
    #expect(read.fields["seed"]?.value?.serialized() == "18446744073709551615")
  }

  @Test func `files and folders are private`() async throws {
    try await store().keep(draft())
    #expect(try mode(root) == 0o700)
    for name in FileManager.default.subpaths(atPath: root) ?? [] {
      let path = "\(root)/\(name)"
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      #expect(try mode(path) == (isFolder.boolValue ? 0o700 : 0o600), "\(name)")
    }
  }

  @Test func `the draft that another running program works on stays with it`() async throws {
    let kept = draft()
    var other: SavedInputFolder? = store()
    try await other?.keep(kept)
    let one = store()
    #expect(try await one.saved(of: model).isEmpty)
    try await one.keep(draft("a cat", at: 1))
    #expect(try await other?.saved(of: model) == [kept])
    other = nil
    #expect(try await one.saved(of: model).map(\.id).contains(kept.id))
  }

  @Test func `accounts and the demo have drafts of their own`() async throws {
    try await store("r8_one").keep(draft("one"))
    try await store(nil).keep(draft("demo"))
    #expect(try await store("r8_two").saved(of: model).isEmpty)
    #expect(try await store(nil).saved(of: model).map { $0.fields["prompt"]?.value } == ["demo"])
    #expect(
      try await store("r8_one").saved(of: model).map { $0.fields["prompt"]?.value } == ["one"])
  }

  @Test func `an account keeps its drafts when its token changes`() async throws {
    let kept = draft()
    do {
      let one = store("r8_one")
      try await one.keep(kept)
      try await one.identify(as: "acme")
      #expect(try await one.saved(of: model) == [kept])
    }
    #expect(try await store("r8_one").saved(of: model) == [kept])
    let two = store("r8_two")
    #expect(try await two.saved(of: model).isEmpty)
    try await two.keep(draft("new", at: 5))
    try await two.identify(as: "acme")
    #expect(try await two.saved(of: model).count == 2)
    #expect(try await store("r8_one").saved(of: model).map(\.id) == [kept.id])
  }

  @Test func `a late write never takes back a newer one, or a removal`() async throws {
    let id = SavedInput.ID()
    let one = store()
    try await one.keep(draft("new", at: 2, id: id))
    try await one.keep(draft("old", at: 1, id: id))
    #expect(try await one.saved(of: model).map { $0.fields["prompt"]?.value } == ["new"])
    try await one.remove(id, of: model)
    try await one.keep(draft("late", at: 3, id: id))
    #expect(try await one.saved(of: model).isEmpty)
    #expect(files == [])
  }

  @Test func `a draft that becomes a replaced one is one file`() async throws {
    let id = SavedInput.ID()
    let one = store()
    try await one.keep(draft(at: 1, id: id))
    try await one.keep(draft(at: 2, id: id, kind: .replaced))
    #expect(try await one.saved(of: model).map(\.kind) == [.replaced])
    #expect(files.count == 1)
  }

  @Test func `damaged and hostile files are passed over`() async throws {
    let one = store()
    try await one.keep(draft())
    let good = try #require(files.first)
    let folder = "\(root)/\(good.prefix { $0 != "/" })"
    let name = String(good.drop { $0 != "/" }.dropFirst())
    let prefix = name.prefix(19)  // the model, the kind, and their dashes
    func write(_ number: Int, _ bytes: [UInt8]) throws {
      let path = "\(folder)/\(prefix)\(String(repeating: "0", count: 30))\(10 + number).json"
      try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
    let whole = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")))
    var texts: [[UInt8]] = [
      [], Array("null".utf8), Array("{".utf8), [0xFF, 0x00, 0xFE],
      Array(repeating: UInt8(ascii: "["), count: 100_000), Array(#"{"version":2}"#.utf8),
      Array(#"{"version":1e999,"id":7,"fields":[[]]}"#.utf8), whole,
    ]
    for cut in stride(from: 1, to: whole.count, by: 7) { texts.append(Array(whole[..<cut])) }
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      var changed = whole
      for _ in 0..<3 {
        changed[Int.random(in: 0..<changed.count, using: &random)] =
          UInt8.random(in: 0...255, using: &random)
      }
      texts.append(changed)
    }
    for (number, text) in texts.enumerated() where number < 90 { try write(number, text) }
    mkfifo("\(folder)/\(prefix)\(String(repeating: "a", count: 32)).json", 0o600)
    try FileManager.default.createDirectory(
      atPath: "\(folder)/\(prefix)\(String(repeating: "b", count: 32)).json",
      withIntermediateDirectories: true)
    symlink("/dev/zero", "\(folder)/\(prefix)\(String(repeating: "c", count: 32)).json")
    symlink("/nowhere", "\(folder)/\(prefix)\(String(repeating: "d", count: 32)).json")
    try Data(count: 5 << 20).write(
      to: URL(fileURLWithPath: "\(folder)/\(prefix)\(String(repeating: "e", count: 32)).json"))
    try Data().write(to: URL(fileURLWithPath: "\(folder)/../\(name)"))
    #expect(try await store().saved(of: model).count <= 1)
    #expect(try await one.saved(of: model).count == 1)
    // And they don't stop anything.
    let next = draft("next", at: 9)
    try await one.keep(next)
    #expect(try await one.saved(of: model).first == next)
  }

  @Test func `accounts that can't be read are forgotten, and nothing else`() async throws {
    try await store("r8_one").keep(draft())
    try Data("{{{".utf8).write(to: URL(fileURLWithPath: "\(root)/accounts.json"))
    let one = store("r8_one")
    #expect(try await one.saved(of: model).count == 1)
    try await one.identify(as: "acme")
    #expect(try await store("r8_one").saved(of: model).count == 1)
  }

  @Test func `what is oldest goes first, but no preset, and no draft that is worked on`()
    async throws
  {
    var limits = SavedInputFolder.Limits()
    limits.drafts = 5
    limits.replaced = 2
    limits.presets = 2
    let worked = draft("worked on", at: 0)
    let other = store(limits: limits)
    try await other.keep(worked)
    let preset = draft(kind: .preset(name: "one"))
    do {
      let one = store(limits: limits)
      try await one.keep(preset)
      for number in 1...8 {
        try await one.keep(
          draft("\(number)", at: number, of: ModelID(owner: "a", name: "m\(number)")))
      }
      for number in 1...4 { try await one.keep(draft("r", at: 20 + number, kind: .replaced)) }
      #expect(try await one.saved(of: model).count { $0.kind == .replaced } == 2)
      try await one.keep(draft(kind: .preset(name: "two")))
      await #expect(throws: ArchiveFailure("there are already 2 presets")) {
        try await one.keep(draft(kind: .preset(name: "three")))
      }
    }
    #expect(try await other.saved(of: model).contains(worked))
    #expect(try await other.saved(of: model).contains(preset))
    // Nine drafts that programs still work on, two replaced ones, and two presets.
    #expect(files.count == 13)
  }

  @Test func `what is too large isn't kept, and says so`() async throws {
    var limits = SavedInputFolder.Limits()
    limits.file = 1 << 20
    let one = store(limits: limits)
    await #expect(throws: ArchiveFailure("the values take more than 1 MiB")) {
      try await one.keep(draft(String(repeating: "x", count: 2 << 20)))
    }
    #expect(files == [])
  }

  @Test func `a file in place of the folder is an error`() async throws {
    try FileManager.default.createDirectory(
      atPath: String(root.dropLast("/inputs".count)), withIntermediateDirectories: true)
    try Data("a file".utf8).write(to: URL(fileURLWithPath: root))
    await #expect(throws: ArchiveFailure.self) { try await store().keep(draft()) }
    await #expect(throws: ArchiveFailure.self) { _ = try await store().saved(of: model) }
  }
}
