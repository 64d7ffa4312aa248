import Crypto
import DemoReplicate
import Foundation
import ReplicateAPI
import Synchronization
import Testing

@testable import Running

/// Files on this machine as inputs, from their paths to what a model reads.
@Suite(.serialized) @MainActor struct `Files as inputs` {
  static let model = ModelID(owner: "demo", name: "every-input")

  private let folder = NSTemporaryDirectory() + "replicant-inputs-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// A file whose content depends on its size; a very large one has a hole in it.
  private func write(_ name: String, size: Int) throws -> String {
    let path = "\(folder)/\(name)"
    let head = Data((0..<min(size, 1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) })
    try head.write(to: URL(fileURLWithPath: path))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.truncate(atOffset: UInt64(size))
    try file.close()
    return path
  }

  private func checksum(of path: String) throws -> String {
    try OpenFile(path).checksum()
  }

  private func plan(_ input: JSONObject, _ service: Service) async throws -> RunPlan {
    let version = try await service.client.send(.versions(of: Self.model)).results.first
    var all: JSONObject = ["text": "x", "required_choice": "yes", "required_or_null": "x"]
    for (name, value) in input { all[name] = value }
    return RunPlan(
      .version(try #require(version).id), of: Self.model, input: all,
      schema: try #require(version?.schema))
  }

  private func uploads(_ service: Service) async throws -> [File] {
    try await service.uploads
  }

  private func withRuns(
    agingSpeed: Double = 1, _ body: (Service, Runs) async throws -> Void
  ) async throws {
    defer { remove() }
    var options = DemoOptions()
    options.speed = 200
    options.agingSpeed = agingSpeed
    let server = try await DemoServer.start(options)
    let service = Service(server: server, client: Service.client(of: server))
    let runs = Runs(client: service.client)
    do {
      try await body(service, runs)
    } catch {
      Issue.record(error)
    }
    runs.end()
    await service.client.shutdown()
    await server.stop()
  }

  private func refusal(_ work: () async throws -> Void) async -> [InvalidField] {
    guard case .invalidInput(let fields, _)? = await failure(of: work)?.reason else { return [] }
    return fields
  }

  // MARK: What arrives

  @Test(arguments: [
    (0, true), (10_000, true), (256_000, true), (256_001, false), (1_000_000, false),
    (FileUpload.maximumSize, false),
  ])
  func `the model reads exactly what the file holds`(size: Int, isData: Bool) async throws {
    try await withRuns { service, runs in
      let path = try write("file.bin", size: size)
      let start = ContinuousClock.now
      let prepared = try await runs.prepare(plan(["file": .string(path)], service))
      let address = try #require(prepared.input["file"]?.string)
      #expect(address.hasPrefix(isData ? "data:" : "\(service.server.baseURL)/files/"))
      let sent = ContinuousClock.now - start
      let run = try await runs.create(prepared)
      let end = try await service.end(of: run.prediction)
      let output = end.output?["file"]
      let expected = try checksum(of: path)
      #expect(end.status == .succeeded)
      #expect(output?["size"]?.int == size)
      #expect(output?["sha256"]?.string == expected)
      let kept = try await uploads(service)
      #expect(kept.map(\.checksums["sha256"]) == (isData ? [] : [expected]))
      print(
        "\(size.grouped) bytes: \(isData ? "data URL" : "uploaded"), \(expected.prefix(16))…, "
          + "prepared in \(sent)")
    }
  }

  @Test func `a byte more than 100 MiB is refused before anything is sent`() async throws {
    try await withRuns { service, runs in
      let path = try write("large.bin", size: FileUpload.maximumSize + 1)
      let small = try write("small.bin", size: 300_000)
      let plan = try await plan(
        ["file": .string(path), "files": [.string(small)]], service)
      let problems = await refusal { _ = try await runs.prepare(plan) }
      #expect(problems.map(\.field) == ["file"])
      #expect(problems.first?.description.contains("104,857,601 bytes") == true)
      #expect(try await uploads(service).isEmpty)
    }
  }

  @Test func `lists, and the same content once`() async throws {
    try await withRuns { service, runs in
      let one = try write("one.bin", size: 300_000)
      let small = try write("small.txt", size: 100)
      let web: JSONValue = "https://a.example/x.png"
      let plan = try await plan(
        ["files": [.string(one), web, .string(small), .string(one)]], service)
      let prepared = try await runs.prepare(plan)
      let files = try #require(prepared.input["files"]?.array)
      #expect(files.count == 4 && files[1] == web)
      #expect(files[0] == files[3])
      #expect(files[2].string?.hasPrefix("data:text/plain;base64,") == true)
      #expect(try await uploads(service).count == 1)
      // Neither again, nor under another path; not even by another start of the program.
      try FileManager.default.createDirectory(
        atPath: folder + "/copy", withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: one, toPath: folder + "/copy/one.bin")
      let copy = try await self.plan(["file": .string(folder + "/copy/one.bin")], service)
      #expect(try await runs.prepare(copy).input["file"] == files[0])
      let later = Runs(client: service.client)
      #expect(try await later.prepare(copy).input["file"] == files[0])
      #expect(try await uploads(service).count == 1)
    }
  }

  @Test func `two runs at once upload the same content once`() async throws {
    try await withRuns { service, runs in
      let path = try write("one.bin", size: 3_000_000)
      let plan = try await plan(["file": .string(path)], service)
      async let one = runs.prepare(plan)
      async let other = runs.prepare(plan)
      let inputs = try await [one.input["file"], other.input["file"]]
      #expect(inputs[0] == inputs[1])
      #expect(try await uploads(service).count == 1)
    }
  }

  @Test func `whoever waits for another's upload can be canceled`() async throws {
    try await withRuns { service, runs in
      let path = try write("one.bin", size: 3_000_000)
      let plan = try await plan(["file": .string(path)], service)
      async let one = runs.prepare(plan)
      let other = Task { try await runs.prepare(plan) }
      other.cancel()
      let result = await other.result
      #expect(throws: ReplicateError.self) { try result.get() }
      _ = try await one
      #expect(try await uploads(service).count == 1)
    }
  }

  @Test func `a group's files are named by absolute paths, and sent with each member`()
    async throws
  {
    try await withRuns { service, runs in
      let large = try write("large.bin", size: 300_000)
      let small = try write("small.bin", size: 100)
      let place = FilePlace(home: "/nowhere", folder: folder)
      let batch = RunBatch(
        plan: try await plan([:], service),
        sweeps: [PredictionGroup.Sweep("file", ["large.bin", "'small.bin'"])])
      let ready = try await runs.prepare(batch, in: place)
      #expect(ready.sweeps.first?.values == [.string(large), .string(small)])
      #expect(try await uploads(service).count == 1)
      let group = try await runs.groups.start(ready)
      await runs.groups.settled()
      #expect(group.phase == .sent)
      for (path, id) in zip([large, small], group.predictions.map(\.id)) {
        let run = try #require(runs.run(id))
        let end = try await service.end(of: run.prediction)
        #expect(end.output?["file"]?["sha256"]?.string == (try checksum(of: path)))
      }
      // What is kept is the paths, and not what they hold.
      #expect(group.group.values(at: 0) == ["file": .string(large)])
      #expect(try await uploads(service).count == 1)
    }
  }

  @Test func `of a group's files all are checked before one is sent`() async throws {
    try await withRuns { service, runs in
      let large = try write("large.bin", size: 300_000)
      let batch = RunBatch(
        plan: try await plan([:], service),
        sweeps: [
          PredictionGroup.Sweep(
            "file", [.string(large), .string(folder + "/gone"), .string(folder)])
        ])
      let problems = await refusal { _ = try await runs.prepare(batch) }
      #expect(problems.map(\.field) == ["file.1", "file.2"])
      #expect(try await uploads(service).isEmpty)
    }
  }

  @Test func `a file that was deleted at the service is sent again`() async throws {
    try await withRuns { service, _ in
      let path = try write("one.bin", size: 300_000)
      let time = Mutex(1_000_000.0)
      let files = InputFiles(client: service.client) { time.withLock { $0 } }
      let plan = try await plan(["file": .string(path)], service)
      let first = try await files.prepare(plan)
      let kept = try #require(try await uploads(service).first)
      try await service.client.send(.deleteFile(kept.id))
      time.withLock { $0 += InputFiles.trust + 1 }
      let second = try await files.prepare(plan)
      #expect(first.input["file"] != second.input["file"])
      #expect(try await uploads(service).map(\.url) == [second.input["file"]?.string])
      // An input that has the old address, as when running again, gets the new one.
      let again = try await self.plan(["file": try #require(first.input["file"])], service)
      #expect(try await files.prepare(again).input["file"] == second.input["file"])
    }
  }

  @Test func `an address that has expired, of a file that isn't known, is refused`() async throws {
    try await withRuns { service, runs in
      let gone = "\(service.server.baseURL)/files/Z29uZQ"
      let plan = try await plan(["file": .string(gone)], service)
      let problems = await refusal { _ = try await runs.prepare(plan) }
      #expect(problems.first?.description.contains("expired") == true)
    }
  }

  @Test func `an upload that expires before long is sent again`() async throws {
    // A day of the service takes five seconds. Its clock is told in whole ones.
    try await withRuns(agingSpeed: 17_280) { service, runs in
      let path = try write("one.bin", size: 300_000)
      let plan = try await plan(["file": .string(path)], service)
      let first = try await runs.prepare(plan)
      while try await !uploads(service).isEmpty {}
      let second = try await runs.prepare(plan)
      #expect(first.input["file"] != second.input["file"])
    }
  }

  // MARK: What is refused

  @Test func `all that can't be sent is said at once, and nothing is sent`() async throws {
    try await withRuns { service, runs in
      let good = try write("good.bin", size: 300_000)
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let plan = try await plan(
        [
          "file": .string(folder + "/none.png"),
          "files": [
            .string(good), .string(folder), .string(pipe), "/dev/null", "ftp://a.example/x",
          ],
        ], service)
      let problems = await refusal { _ = try await runs.prepare(plan) }
      #expect(problems.map(\.field) == ["file", "files.1", "files.2", "files.3"])
      #expect(problems.map(\.description).joined().contains("is a folder"))
      #expect(problems.map(\.description).joined().contains("is a pipe"))
      #expect(problems.map(\.description).joined().contains("is a device"))
      #expect(try await uploads(service).isEmpty)
    }
  }

  @Test func `a type that the input doesn't accept is refused, whatever the name says`()
    async throws
  {
    try await withRuns { service, runs in
      var plan = try await plan([:], service)
      plan.schema = ModelSchema(inputs: [
        InputField(name: "image", kind: .file(FileRules(accept: ["image/png", "image/jpeg"])))
      ])
      let path = folder + "/cat.png"
      try Data("%PDF-1.7".utf8).write(to: URL(fileURLWithPath: path))
      plan.input = ["image": .string(path)]
      let problems = await refusal { _ = try await runs.prepare(plan) }
      #expect(
        problems.first?.description
          == "must be image/png, or image/jpeg; cat.png is application/pdf")
    }
  }

  @Test func `a file that changes while it is sent is noticed`() async throws {
    try await withRuns { service, runs in
      let path = try write("one.bin", size: 5_000_000)
      let plan = try await plan(["file": .string(path)], service)
      let hasChanged = Mutex(false)
      let problems = await refusal {
        _ = try await runs.prepare(plan) { progress in
          guard progress.done > 0, hasChanged.withLock({ !$0 }) else { return }
          hasChanged.withLock { $0 = true }
          let file = FileHandle(forWritingAtPath: path)
          _ = try? file?.seekToEnd()
          try? file?.write(contentsOf: Data([1]))
        }
      }
      #expect(problems.first?.description.contains("changed while it was being sent") == true)
      #expect(try await uploads(service).isEmpty)
    }
  }

  @Test func `canceling an upload creates nothing and keeps the form's input`() async throws {
    try await withRuns { service, runs in
      let path = try write("one.bin", size: 20_000_000)
      let plan = try await plan(["file": .string(path)], service)
      let before = try await service.client.send(.predictions()).results.count
      let (begun, sink) = AsyncStream<Void>.makeStream()
      let task = Task {
        await failure { _ = try await runs.prepare(plan) { if $0.done > 0 { sink.yield() } } }
      }
      for await _ in begun { break }
      task.cancel()
      #expect(await task.value?.reason == .canceled)
      #expect(try await service.client.send(.predictions()).results.count == before)
    }
  }

  @Test func `progress goes from nothing to everything`() async throws {
    try await withRuns { service, runs in
      let one = try write("one.bin", size: 1_000_000)
      let two = try write("two.bin", size: 500_000)
      let plan = try await plan(["files": [.string(one), .string(two)]], service)
      let seen = Mutex<[FileProgress]>([])
      _ = try await runs.prepare(plan) { progress in seen.withLock { $0.append(progress) } }
      let all = seen.withLock { $0 }
      #expect(all.first?.done == 0 && all.last?.done == 1_500_000)
      #expect(all.allSatisfy { $0.total == 1_500_000 && $0.count == 2 })
      #expect(all.map(\.done) == all.map(\.done).sorted())
      #expect(Set(all.map(\.field)) == ["files.0", "files.1"])
    }
  }

  @Test func `a path is only a file where the schema has a file`() async throws {
    try await withRuns { service, runs in
      let path = try write("secret.txt", size: 10)
      let plan = try await plan(
        [
          "text": .string(path), "words": [.string(path)], "settings": ["file": .string(path)],
          "text_or_number": .string(path),
        ], service)
      #expect(try await runs.prepare(plan) == plan)
    }
  }
}
