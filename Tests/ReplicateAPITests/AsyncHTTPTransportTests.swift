import ReplicateAPI
import Testing

@Suite struct `The transport over the network` {
  func error(at url: String) async throws -> TransportError {
    let transport = AsyncHTTPTransport()
    let error = try await #require(throws: TransportError.self) {
      _ = try await transport.send(
        TransportRequest(method: "GET", url: url, timeout: .seconds(20)))
    }
    await transport.shutdown()
    return error
  }

  @Test func `a refused port is told at once, in words`() async throws {
    #expect(
      try await error(at: "http://127.0.0.1:1/v1") == .unreachable("the connection was refused"))
  }

  @Test func `an address that is none is told`() async throws {
    #expect(try await error(at: "http://") == .unreachable("the address isn't valid"))
  }

  @Test func `after the shutdown nothing is sent`() async throws {
    let transport = AsyncHTTPTransport()
    await transport.shutdown()
    await #expect(throws: TransportError.unreachable("the client has been shut down")) {
      _ = try await transport.send(TransportRequest(method: "GET", url: "http://127.0.0.1:1/"))
    }
  }

  @Test func `a client that was used may be let go of without a shutdown`() async {
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "http://127.0.0.1:1/v1"),
      clock: InstantClock())
    let reason = await failure { _ = try await client.send(.account) }
    #expect(reason == .unreachable(reason: "the connection was refused"))
  }
}
