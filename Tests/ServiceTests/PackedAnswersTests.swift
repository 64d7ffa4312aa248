import DemoReplicate
import ReplicateAPI
import Testing

/// Answers that come packed, as the service's edge sends all but the shortest.
@Suite(.serialized) struct PackedAnswersTests {
  private func first(_ server: DemoServer, isRaw: Bool) async throws -> UInt8? {
    let transport = AsyncHTTPTransport()
    let response = try await transport.send(
      TransportRequest(
        method: "GET", url: server.baseURL + "/models",
        headers: [
          ("authorization", "Bearer \(DemoServer.token)"), ("accept-encoding", "gzip"),
        ], isRaw: isRaw))
    var bytes: [UInt8] = []
    for try await piece in response.body { bytes += piece }
    await transport.shutdown()
    return bytes.first
  }

  @Test func `packed answers are unpacked, unless they are wanted as they come`() async throws {
    try await Service.run { service in
      let packed = try await first(service.server, isRaw: true)
      let unpacked = try await first(service.server, isRaw: false)
      #expect(packed == 0x1F && unpacked == UInt8(ascii: "{"))
    }
  }

  @Test func `an answer that is too large once unpacked is refused`() async throws {
    try await Service.run { service in
      let client = Service.client(of: service.server) {
        $0.limits.unpackedSize = 20_000
        $0.retryPolicy = .never
      }
      let error = await failure { _ = try await client.send(.models()) }
      #expect(
        error?.reason == .unreadable(what: "it is too large, or its compression is broken"))
      let account = try await client.send(.account)
      #expect(account.username == "demo")
      await client.shutdown()
    }
  }

  @Test func `an answer that was waited for is unpacked too`() async throws {
    try await Service.run { service in
      let version = try await service.version(of: .painter)
      let begun = try await service.client.send(
        .createPrediction(
          version: version.rawValue, input: ["prompt": "a lighthouse"],
          options: PredictionOptions(wait: .seconds(30))))
      #expect(begun.status == .processing)
      let picture = try #require(begun.output?.array?.first?.string)
      #expect(picture.hasPrefix("data:image/png;base64,"))
      let ended = try await service.end(of: begun)
      #expect(ended.status == .succeeded)
      let address = try #require(ended.output?.array?.first?.string)
      #expect(address.hasPrefix("http://"))
      let inline = try await service.client.content(of: picture)
      let fetched = try await service.client.content(of: address)
      #expect(fetched == inline)
    }
  }
}
