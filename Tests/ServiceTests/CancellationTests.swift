import NIOCore
import NIOPosix
import ReplicateAPI
import Support
import Testing

/// Cancellation down to the connection, over the network.
@Suite(.endsSometime) struct CancellationTests {
  @Test func `a canceled call closes its connection`() async throws {
    try await QuietServer.run(answering: "") { server, client in
      let task = Task { try await client.send(.account) }
      #expect(await server.next() == .asked)
      task.cancel()
      let reason = await failure { _ = try await task.value }
      #expect(reason?.reason == .canceled)
      #expect(await server.next() == .closed)
    }
  }

  @Test func `a canceled download closes its connection`() async throws {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"
    try await QuietServer.run(answering: head) { server, client in
      let task = Task { try await client.content(of: "\(client.configuration.baseURL)/files/f") }
      #expect(await server.next() == .asked)
      task.cancel()
      let reason = await failure { _ = try await task.value }
      #expect(reason?.reason == .canceled)
      #expect(await server.next() == .closed)
    }
  }

  @Test func `a canceled upload closes its connection`() async throws {
    try await QuietServer.run(answering: "") { server, client in
      let file = FileUpload(.bytes(Array(repeating: 7, count: 64 << 20)), name: "large")
      let task = Task { try await client.upload(file) }
      #expect(await server.next() == .asked)
      task.cancel()
      let reason = await failure { _ = try await task.value }
      #expect(reason?.reason == .canceled)
      #expect(await server.next() == .closed)
    }
  }
}

/// Accepts connections, sends one text for the first bytes that come, and then stays silent.
private final class QuietServer {
  enum Event: Hashable {
    case asked, closed
  }

  private var events: AsyncStream<Event>.AsyncIterator

  private init(_ events: AsyncStream<Event>) {
    self.events = events.makeAsyncIterator()
  }

  func next() async -> Event? { await events.next() }

  static func run(
    answering text: String, _ body: (QuietServer, Client) async throws -> Void
  ) async throws {
    let (events, continuation) = AsyncStream.makeStream(of: Event.self)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Answerer(text, continuation))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "http://127.0.0.1:\(port)/v1"))
    do {
      try await body(QuietServer(events), client)
    } catch {
      await client.shutdown()
      try await channel.close()
      throw error
    }
    await client.shutdown()
    try await channel.close()
  }

  private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let text: String
    private let events: AsyncStream<Event>.Continuation
    private var wasAsked = false

    init(_ text: String, _ events: AsyncStream<Event>.Continuation) {
      self.text = text
      self.events = events
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !wasAsked else { return }
      wasAsked = true
      if !text.isEmpty {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      }
      events.yield(.asked)
    }

    func channelInactive(context: ChannelHandlerContext) {
      events.yield(.closed)
      context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }
  }
}
