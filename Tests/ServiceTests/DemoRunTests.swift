import DemoReplicate
import ReplicateAPI
import Testing

@testable import Running

@MainActor @Suite struct `A run against the demo service` {
  @Test func `its streamed text is its output`() async throws {
    var options = DemoOptions()
    options.speed = 100
    let server = try await DemoServer.start(options)
    let client = Client(
      Client.Configuration(token: DemoServer.token, baseURL: server.baseURL))
    let runs = Runs(client: client)
    do {
      let model = ModelID(owner: "quarry", name: "pi")
      let version = try #require(try await client.send(.versions(of: model)).results.first)
      let run = try await runs.create(
        RunPlan(
          .version(version.id), of: model, input: ["digits": 300],
          schema: version.schema))
      await runs.settled()
      #expect(run.prediction.status == .succeeded)
      #expect(runs.underWay == 0)
      let text = run.prediction.output?.array?.compactMap(\.string).joined() ?? ""
      #expect(run.output == [.text(text)])
      #expect(text.hasPrefix("3.14159"))
      // A run this fast may end before its stream has delivered all of it, or anything.
      #expect(text.hasPrefix(run.streamed))
    } catch {
      Issue.record(error)
    }
    runs.end()
    await client.shutdown()
    await server.stop()
  }
}
