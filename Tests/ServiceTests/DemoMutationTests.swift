import DemoReplicate
import ReplicateAPI
import Support
import Testing

/// The demo service's answers, changed at random, are read and drawn as the recorded ones are.
@Suite(.serialized) struct DemoMutationTests {
  private static let paths = [
    "/account", "/collections", "/models", "/hardware", "/search?query=paint", "/deployments",
    "/trainings", "/files", "/webhooks/default/secret", "/models/demo/painter",
    "/models/demo/painter/versions", "/predictions",
  ]

  private func body(
    _ path: String, _ service: Service, _ transport: AsyncHTTPTransport
  ) async throws -> JSONValue {
    let response = try await transport.send(
      TransportRequest(
        method: "GET", url: service.server.baseURL + path,
        headers: [("authorization", "Bearer \(DemoServer.token)")]))
    var bytes: [UInt8] = []
    for try await piece in response.body { bytes += piece }
    #expect(response.status == 200, "\(path)")
    return try JSONValue(parsing: bytes)
  }

  @Test func `changed answers are read and drawn`() async throws {
    try await Service.run { service in
      let transport = AsyncHTTPTransport()
      var answers: [MutationRun.Answer] = []
      for path in Self.paths {
        let name = path.prefix { $0 != "?" }
        answers.append(MutationRun.Answer("GET \(name)", try await body(path, service, transport)))
      }
      let collections = answers[1].body["results"]?.array?.prefix(2) ?? []
      for slug in collections.compactMap({ $0["slug"]?.string }) {
        let path = "/collections/\(slug)"
        answers.append(MutationRun.Answer("GET \(path)", try await body(path, service, transport)))
      }
      for model in answers[2].body["results"]?.array?.prefix(6) ?? [] {
        guard let owner = model["owner"]?.string, let name = model["name"]?.string else { continue }
        let path = "/models/\(owner)/\(name)"
        answers.append(MutationRun.Answer("GET \(path)", try await body(path, service, transport)))
      }
      for prediction in answers[11].body["results"]?.array?.prefix(12) ?? [] {
        guard let id = prediction["id"]?.string else { continue }
        let path = "/predictions/\(id)"
        answers.append(MutationRun.Answer("GET \(path)", try await body(path, service, transport)))
      }
      await transport.shutdown()
      let changed = answers
      try await Self.run(changed)
    }
  }

  @MainActor
  private static func run(_ answers: [MutationRun.Answer]) async throws {
    let run = MutationRun(answers)
    #expect(run.calls.count >= 20)
    for seed in 1...200 as ClosedRange<UInt64> { await run.run(seed: seed) }
    #expect(run.failures.isEmpty)
    #expect(run.readCount * 4 > run.count)
  }
}
