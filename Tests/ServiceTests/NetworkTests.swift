import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import ReplicateAPI
import Synchronization
import Testing

/// The way out: a proxy that tunnels, and a root that only the environment names.
@Suite(.serialized) struct NetworkTests {
  @Test func `a root of one's own is trusted where the environment names it`() async throws {
    try await withPlaces { place in
      for (name, value) in [
        ("SSL_CERT_FILE", place.rootFile), ("SSL_CERT_DIR", place.rootFolder),
      ] {
        let account = try await place.client([name: value]).account()
        #expect(account?.username == "acme", "\(name)")
      }
    }
  }

  @Test func `without it the certificate isn't trusted, and no token is sent`() async throws {
    try await withPlaces { place in
      let error = await failure { _ = try await place.client([:]).account() }
      #expect(error?.reason == .untrusted(reason: "its certificate isn't trusted"))
      #expect(place.server.tokens.isEmpty)
    }
  }

  @Test func `a proxy is asked for a tunnel, and sees no token`() async throws {
    try await withPlaces { place in
      let account = try await place.client(
        [
          "SSL_CERT_FILE": place.rootFile,
          "HTTPS_PROXY": "http://me:pass@127.0.0.1:\(place.proxy.port)",
        ], host: "replicate.test"
      ).account()
      #expect(account?.username == "acme")
      let heads = place.proxy.heads
      #expect(heads.count == 1)
      let head = heads.first ?? ""
      #expect(head.hasPrefix("CONNECT replicate.test:\(place.server.port) HTTP/1.1"))
      #expect(head.lowercased().contains("proxy-authorization: basic bwu6cgfzcw=="))
      #expect(!head.contains("r8_"))
      #expect(place.server.tokens == ["Bearer r8_secret"])
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `what is on this machine goes past the proxy`(host: String) async throws {
    try await withPlaces { place in
      let account = try await place.client(
        [
          "SSL_CERT_FILE": place.rootFile, "HTTPS_PROXY": "127.0.0.1:\(place.proxy.port)",
          "ALL_PROXY": "socks5://127.0.0.1:1",
        ], host: host
      ).account()
      #expect(account?.username == "acme")
      #expect(place.proxy.heads.isEmpty)
    }
  }

  @Test func `a proxy that isn't there is told, and nothing was sent`() async throws {
    try await withPlaces { place in
      let error = await failure {
        _ = try await place.client(
          [
            "SSL_CERT_FILE": place.rootFile, "HTTPS_PROXY": "127.0.0.1:1",
          ], host: "replicate.test"
        ).account()
      }
      guard case .unreachable? = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(place.server.tokens.isEmpty)
    }
  }

  @Test func `http needs no certificates`() async throws {
    let server = try await SilentServer.start()
    var configuration = try Client.Configuration.fromEnvironment([
      "REPLICATE_BASE_URL": "http://127.0.0.1:\(server.port)/v1",
      "REPLICATE_API_TOKEN": "r8_secret", "SSL_CERT_FILE": "/nowhere/ca.pem",
    ])
    configuration.retryPolicy = .never
    configuration.limits.silence = .milliseconds(200)
    let client = Client(configuration)
    let error = await failure { _ = try await client.send(.account) }
    #expect(error?.reason == .timedOut)
    await client.shutdown()
    await server.stop()
  }

  @Test func `an answer that is overdue is announced`() async throws {
    let server = try await SilentServer.start()
    var configuration = try Client.Configuration.fromEnvironment([
      "REPLICATE_BASE_URL": "http://127.0.0.1:\(server.port)/v1",
      "REPLICATE_API_TOKEN": "r8_secret",
    ])
    configuration.retryPolicy = .never
    configuration.limits.overdue = .milliseconds(50)
    let client = Client(configuration)
    let waits = client.waits
    let call = Task { try await client.send(.account) }
    var announced = false
    for await waiting in waits {
      if announced, waiting.isEmpty { break }
      guard let wait = waiting.first else { continue }
      #expect(wait.cause == .answer && wait.route == .getAccount)
      #expect(wait.until > .now + .seconds(20))
      announced = true
      call.cancel()
    }
    #expect(announced)
    await client.shutdown()
    await server.stop()
  }

  @Test func `a connection that is never made is given up once`() async {
    var configuration = Client.Configuration(token: "r8_secret")
    configuration.retryPolicy.longFailure = .milliseconds(1)
    let transport = SlowFailure()
    let client = Client(configuration, transport: transport)
    let error = await failure { _ = try await client.send(.account) }
    #expect(error?.reason == .unreachable(reason: "the connection timed out"))
    #expect(transport.attempts.withLock(\.self) == 1)
  }

  private func withPlaces(_ body: (Places) async throws -> Void) async throws {
    let folder =
      FileManager.default.temporaryDirectory.path
      + "/replicate-network-\(UInt64.random(in: .min ... .max))"
    let rootFolder = folder + "/roots"
    try FileManager.default.createDirectory(
      atPath: rootFolder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rootFile = folder + "/root.pem"
    // A folder's certificates are found by the hash of their subject, as `openssl rehash` names them.
    for file in [rootFile, rootFolder + "/91ed7e2e.0"] {
      try TestCertificates.root.write(toFile: file, atomically: true, encoding: .utf8)
    }
    let server = try await SecureServer.start()
    let proxy = try await TunnelProxy.start()
    do {
      try await body(
        Places(server: server, proxy: proxy, rootFile: rootFile, rootFolder: rootFolder))
    } catch {
      await proxy.stop()
      await server.stop()
      throw error
    }
    await proxy.stop()
    await server.stop()
  }
}

/// Fails after a moment, as an attempt to connect does where nobody answers.
private final class SlowFailure: Transport {
  let attempts = Mutex(0)

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    attempts.withLock { $0 += 1 }
    try? await Task.sleep(for: .milliseconds(20))
    throw .unreachable("the connection timed out")
  }

  func shutdown() async {}
}

/// A port that takes connections and never answers.
private struct SilentServer {
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let channel: any Channel

  static func start() async throws -> SilentServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0).get()
    return SilentServer(
      port: channel.localAddress?.port ?? 0, group: group, channel: channel)
  }

  func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }
}

private struct Places {
  let server: SecureServer
  let proxy: TunnelProxy
  let rootFile: String
  let rootFolder: String

  /// - Parameter host: What is on this machine is reached directly, so only another name goes
  ///   through the proxy, which leads all of them here.
  func client(_ environment: [String: String], host: String = "127.0.0.1") throws -> OneCall {
    var environment = environment
    environment["REPLICATE_BASE_URL"] = "https://\(host):\(server.port)/v1"
    environment["REPLICATE_API_TOKEN"] = "r8_secret"
    var configuration = try Client.Configuration.fromEnvironment(environment)
    configuration.retryPolicy = .never
    return OneCall(client: Client(configuration))
  }
}

/// A client that is shut down after its call.
private struct OneCall {
  let client: Client

  func account() async throws -> Account? {
    do {
      let account = try await client.send(.account)
      await client.shutdown()
      return account
    } catch {
      await client.shutdown()
      throw error
    }
  }
}

/// An API over TLS that knows one answer, and remembers the tokens that came.
private final class SecureServer: Sendable {
  let port: Int
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let seen: Seen

  final class Seen: Sendable {
    let tokens = Mutex<[String]>([])
  }

  var tokens: [String] { seen.tokens.withLock(\.self) }

  private init(_ channel: any Channel, _ group: MultiThreadedEventLoopGroup, _ seen: Seen) {
    self.channel = channel
    self.group = group
    self.seen = seen
    port = channel.localAddress?.port ?? 0
  }

  static func start() async throws -> SecureServer {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let certificates = try NIOSSLCertificate.fromPEMBytes(Array(TestCertificates.leaf.utf8))
    let key = try NIOSSLPrivateKey(bytes: Array(TestCertificates.key.utf8), format: .pem)
    let context = try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key)))
    let seen = Seen()
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(NIOSSLServerHandler(context: context))
          try pipeline.configureHTTPServerPipeline()
          try pipeline.addHandler(Answerer(seen))
        }
      }.bind(host: "127.0.0.1", port: 0).get()
    return SecureServer(channel, group, seen)
  }

  func stop() async {
    try? await channel.close()
    try? await group.shutdownGracefully()
  }

  private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let seen: Seen

    init(_ seen: Seen) {
      self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        seen.tokens.withLock { $0 += head.headers["authorization"] }
      case .body: break
      case .end:
        let body = ByteBuffer(string: #"{"type":"user","username":"acme"}"#)
        let head = HTTPResponseHead(
          version: .http1_1, status: .ok,
          headers: [
            "content-type": "application/json", "content-length": "\(body.readableBytes)",
          ])
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
      }
    }
  }
}

/// A proxy that knows `CONNECT` alone, and remembers what it was asked.
private final class TunnelProxy: Sendable {
  let port: Int
  private let group: MultiThreadedEventLoopGroup
  private let serving: Task<Void, any Error>
  private let asked: Asked

  private final class Asked: Sendable {
    let heads = Mutex<[String]>([])
  }

  var heads: [String] { asked.heads.withLock(\.self) }

  private init(
    port: Int, group: MultiThreadedEventLoopGroup, serving: Task<Void, any Error>, asked: Asked
  ) {
    self.port = port
    self.group = group
    self.serving = serving
    self.asked = asked
  }

  typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  static func start() async throws -> TunnelProxy {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let asked = Asked()
    let server = try await ServerBootstrap(group: group)
      .bind(host: "127.0.0.1", port: 0) { channel in
        channel.eventLoop.makeCompletedFuture {
          try Connection(wrappingChannelSynchronously: channel)
        }
      }
    let serving = Task {
      try await server.executeThenClose { connections in
        try await withThrowingDiscardingTaskGroup { tasks in
          for try await connection in connections {
            // A tunnel that breaks is the affair of its two ends.
            tasks.addTask { try? await tunnel(connection, group, asked) }
          }
        }
      }
    }
    return TunnelProxy(
      port: server.channel.localAddress?.port ?? 0, group: group, serving: serving, asked: asked)
  }

  func stop() async {
    serving.cancel()
    _ = await serving.result
    try? await group.shutdownGracefully()
  }

  private static func tunnel(
    _ connection: Connection, _ group: MultiThreadedEventLoopGroup, _ asked: Asked
  ) async throws {
    try await connection.executeThenClose { inbound, outbound in
      var head = ""
      var pieces = inbound.makeAsyncIterator()
      while !head.hasSuffix("\r\n\r\n"), let piece = try await pieces.next() {
        head += String(buffer: piece)
      }
      let text = head
      asked.heads.withLock { $0.append(text) }
      let words = head.split(separator: " ")
      guard words.count > 2, words[0] == "CONNECT", let colon = words[1].lastIndex(of: ":"),
        let port = Int(words[1][words[1].index(after: colon)...])
      else { return }
      let far = try await ClientBootstrap(group: group)
        .connect(host: "127.0.0.1", port: port) { channel in
          channel.eventLoop.makeCompletedFuture {
            try Connection(wrappingChannelSynchronously: channel)
          }
        }
      try await far.executeThenClose { farInbound, farOutbound in
        try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
        let back = Task {
          for try await piece in farInbound { try await outbound.write(piece) }
          outbound.finish()
        }
        while let piece = try await pieces.next() { try await farOutbound.write(piece) }
        farOutbound.finish()
        back.cancel()
      }
    }
  }
}
