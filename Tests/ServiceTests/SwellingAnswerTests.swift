import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import ReplicateAPI
import Testing

/// Answers that are small on the wire and huge once unpacked.
@Suite(.serialized) struct SwellingAnswerTests {
  /// A JSON page of so many megabytes, packed.
  private func packed(megabytes: Int, _ beginning: String, _ end: String) throws -> [UInt8] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "{ printf %s \"$0\"; head -c \(megabytes)000000 /dev/zero | tr '\\0' a; printf %s \"$1\"; } | gzip -6",
      beginning, end,
    ]
    process.standardOutput = output
    try process.run()
    let bytes = Array(output.fileHandleForReading.readDataToEndOfFile())
    process.waitUntilExit()
    return bytes
  }

  private func withClient(
    _ body: [UInt8], _ work: (Client) async throws -> Void
  ) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline()
          try channel.pipeline.syncOperations.addHandler(Answerer(body))
        }
      }.bind(host: "127.0.0.1", port: 0).get()
    let port = channel.localAddress?.port ?? 0
    let client = Client(
      Client.Configuration(token: "r8_x", baseURL: "http://127.0.0.1:\(port)/v1"))
    try await work(client)
    await client.shutdown()
    try? await channel.close()
    try? await group.shutdownGracefully()
  }

  @Test func `a list that swells is refused at its limit, and asked for once`() async throws {
    let body = try packed(megabytes: 600, #"{"next":null,"results":[{"name":""#, #""}]}"#)
    #expect(body.count < 1_000_000)
    try await withClient(body) { client in
      var error: ReplicateError?
      do throws(ReplicateError) {
        _ = try await client.send(.models())
      } catch let thrown {
        error = thrown
      }
      #expect(error?.errorDescription?.contains("134,217,728 bytes") == true)
    }
  }

  @Test func `a log in an answer is read past, whatever its length`() async throws {
    let body = try packed(
      megabytes: 300, #"{"id":"p1","status":"succeeded","logs":""#, #"","output":"done"}"#)
    try await withClient(body) { client in
      let prediction = try await client.send(.prediction("p1"))
      #expect(prediction.output == "done")
      #expect(prediction.logs.utf8.count <= 4 << 20)
    }
  }

  private final class Answerer: ChannelInboundHandler, Sendable {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let body: [UInt8]

    init(_ body: [UInt8]) {
      self.body = body
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      let head = HTTPResponseHead(
        version: .http1_1, status: .ok,
        headers: [
          "content-type": "application/json", "content-encoding": "gzip",
          "content-length": "\(body.count)",
        ])
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
