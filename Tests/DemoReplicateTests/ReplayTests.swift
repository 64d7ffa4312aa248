import ReplicateAPI
import Testing

@testable import DemoReplicate

/// Predictions from before the service started.
@Suite struct ReplayTests {
  private let catalog: DemoCatalog

  init() throws {
    catalog = try DemoCatalog(DemoOptions())
  }

  private func history(seed: UInt64 = 1) -> [PredictionRecord] {
    var random = SeededRandom("test", seed)
    return EarlierPredictions.make(catalog: catalog, now: 1_800_000_000, random: &random)
  }

  private static let origin = "http://127.0.0.1:9"

  private func paths(in value: JSONValue?) -> [String] {
    switch value {
    case .string(let text):
      text.hasPrefix(Self.origin) ? [String(text.dropFirst(Self.origin.count))] : []
    case .array(let elements): elements.flatMap { paths(in: $0) }
    case .object(let members): members.values.flatMap { paths(in: $0) }
    default: []
    }
  }

  @Test func `the history has every final status, oldest first, and is the same for the same seed`()
  {
    let records = history()
    #expect(records.count == EarlierPredictions.count)
    #expect(records.map(\.createdAt) == records.map(\.createdAt).sorted())
    #expect(Set(records.map(\.id)).count == records.count)
    for status in [Prediction.Status.succeeded, .failed, .canceled, .aborted] {
      #expect(records.contains { $0.status == status }, "\(status.rawValue)")
    }
    #expect(records.contains { $0.isDataRemoved })
    #expect(records.allSatisfy { $0.status != .aborted || $0.startedAt == nil })
    #expect(history().map(\.id) == records.map(\.id))
    #expect(history(seed: 2).map(\.id) != records.map(\.id))
  }

  @Test func `earlier predictions have output, logs and errors that match their status`()
    async
  {
    let records = history()
    let filled = await Replay.filled(records, catalog: catalog, origin: Self.origin)
    for record in filled where !record.isDataRemoved {
      let name = "\(record.model) \(record.id)"
      #expect(record.replay == nil || record.startedAt == nil, "\(name)")
      switch record.status {
      case .succeeded: #expect(record.output != nil, "\(name)")
      case .failed: #expect(record.error != nil && record.output == nil, "\(name)")
      case .aborted: #expect(record.logs.isEmpty && record.output == nil, "\(name)")
      default: #expect(record.error == nil, "\(name)")
      }
      if let started = record.startedAt, let completed = record.completedAt {
        #expect(record.createdAt <= started && started <= completed, "\(name)")
        #expect(completed < 1_800_000_000, "\(name)")
      }
    }
    #expect(filled.contains { $0.logs.contains("%|") })
    #expect(filled.map(\.id) == records.map(\.id))
  }

  @Test func `every model's example is complete, and its files exist`() async {
    for model in catalog.own {
      let example = await EarlierPredictions.example(of: model, origin: Self.origin)
      let status = example?.status
      #expect(status?.isTerminal == true, "\(model.id)")
      if status == .succeeded { #expect(example?.output != nil, "\(model.id)") }
      for path in paths(in: example?.output) {
        let file = await Replay.file(at: path, catalog: catalog)
        #expect(file?.bytes.isEmpty == false, "\(path)")
        if path.hasSuffix(".png") {
          #expect(file?.bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47], "\(path)")
          #expect(file?.type == "image/png")
        }
      }
    }
  }

  @Test func `an example doesn't reveal its secret`() async throws {
    let model = try #require(catalog.model(ModelID(owner: "cipher", name: "sealed-note")))
    let example = await EarlierPredictions.example(of: model, origin: Self.origin)
    #expect(example?.input["api_key"] == "[REDACTED]")
  }

  @Test func `a path without a replay has no file`() async {
    for path in [
      "/xezq/earlier/", "/xezq/earlier/demo~painter", "/xezq/earlier/demo~painter~x/out-0.png",
      "/xezq/earlier/demo~painter~-1/out-0.png", "/xezq/earlier/nobody~nothing~0/out-0.png",
      "/xezq/earlier/quarry~maze~0/out-0.png", "/xezq/earlier/../../etc/passwd",
    ] {
      #expect(await Replay.file(at: path, catalog: catalog) == nil, "\(path)")
    }
  }
}
