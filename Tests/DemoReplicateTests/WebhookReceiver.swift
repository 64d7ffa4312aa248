import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Someone's server on this machine, which writes down what is sent to it.
final class WebhookReceiver: Sendable {
  struct Letter: Sendable {
    var headers: HTTPHeaders
    var body: [UInt8]
  }

  /// What it does with a letter.
  enum Manner: Sendable {
    case takes
    /// Closes the connection without an answer.
    case hangsUp
    case redirects
  }

  let letters: AsyncStream<Letter>
  let url: String
  private let channel: any Channel

  private init(letters: AsyncStream<Letter>, url: String, channel: any Channel) {
    self.letters = letters
    self.url = url
    self.channel = channel
  }

  /// - Parameter manners: for the first letters; the others are taken.
  static func start(_ manners: [Manner] = []) async throws -> WebhookReceiver {
    let (letters, continuation) = AsyncStream.makeStream(of: Letter.self)
    let rest = Rest(manners)
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
      letters: letters, url: "http://127.0.0.1:\(port)/hook?x=1", channel: channel)
  }

  func stop() async throws { try await channel.close() }

  private final class Rest: Sendable {
    private let manners: Mutex<[Manner]>

    init(_ manners: [Manner]) { self.manners = Mutex(manners) }

    func next() -> Manner {
      manners.withLock { $0.isEmpty ? .takes : $0.removeFirst() }
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let rest: Rest
    private let continuation: AsyncStream<Letter>.Continuation
    private var headers = HTTPHeaders()
    private var body: [UInt8] = []

    init(rest: Rest, continuation: AsyncStream<Letter>.Continuation) {
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
        continuation.yield(Letter(headers: headers, body: body))
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
