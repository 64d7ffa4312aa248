import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on this machine that records what is sent to it.
final class WebhookReceiver: Sendable {
  struct Message: Sendable {
    var headers: HTTPHeaders
    var body: [UInt8]
  }

  /// How it reacts to an event.
  enum Reaction: Sendable {
    case takes
    /// Closes the connection without an answer.
    case hangsUp
    case redirects
  }

  let messages: AsyncStream<Message>
  let url: String
  private let channel: any Channel

  private init(messages: AsyncStream<Message>, url: String, channel: any Channel) {
    self.messages = messages
    self.url = url
    self.channel = channel
  }

  /// - Parameter reactions: The reactions to the first events; the others are accepted.
  static func start(_ reactions: [Reaction] = []) async throws -> WebhookReceiver {
    let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
    let rest = Rest(reactions)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 16)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(
            Handler(rest: rest, continuation: continuation))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    return WebhookReceiver(
      messages: messages, url: "http://127.0.0.1:\(port)/hook?x=1", channel: channel)
  }

  func stop() async throws { try await channel.close() }

  private final class Rest: Sendable {
    private let reactions: Mutex<[Reaction]>

    init(_ reactions: [Reaction]) { self.reactions = Mutex(reactions) }

    func next() -> Reaction {
      reactions.withLock { $0.isEmpty ? .takes : $0.removeFirst() }
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let rest: Rest
    private let continuation: AsyncStream<Message>.Continuation
    private var headers = HTTPHeaders()
    private var body: [UInt8] = []

    init(rest: Rest, continuation: AsyncStream<Message>.Continuation) {
      self.rest = rest
      self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        headers = head.headers
        body = []
      case .body(let buffer): body += buffer.readableBytesView
      case .end:
        continuation.yield(Message(headers: headers, body: body))
        switch rest.next() {
        case .hangsUp: context.close(promise: nil)
        case .takes: answer(.ok, [:], context)
        case .redirects: answer(.found, ["location": "http://127.0.0.1:1/"], context)
        }
      }
    }

    private func answer(
      _ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ context: ChannelHandlerContext
    ) {
      var headers = headers
      headers.add(name: "content-length", value: "0")
      let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
