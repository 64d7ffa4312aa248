import Hummingbird
import Logging
import NIOCore
import ReplicateAPI
import Synchronization

/// A Replicate on this machine: real HTTP on 127.0.0.1, models that really compute, predictions that
/// live in real time. A second port serves output files and streams, without a token.
public struct DemoServer: Sendable {
  /// A token that the service accepts, as it does every other that begins like one of Replicate's.
  ///
  /// Some are special: one with `bad` in it is refused; those with `nocredit`, `nobilling`,
  /// `freelimit` or `spendlimit` may look at everything, but run nothing (402).
  public static let token = "r8_demo0000000000000000000000000000000000"

  /// The default secret that webhooks are signed with, as the API tells it.
  public static let webhookSecret = "whsec_ZGVtb25zdHJhdGlvbi1zZWNyZXQta2V5LTAwMDE="

  /// The secret that signs the download addresses of uploaded files; no call of the API tells it.
  ///
  /// A signature is the base64 of HMAC-SHA256 over "owner id expiry", expiry in seconds since 1970.
  public static let filesSigningSecret = "demonstration-files-signing-secret"

  /// A prediction as the service itself has it.
  public struct Made: Sendable, Hashable {
    public var id: String
    /// `owner/name`
    public var model: String
    public var status: String
    public var input: JSONObject
  }

  /// Such as `http://127.0.0.1:8080/v1`.
  public let baseURL: String
  private let running: Task<Void, any Error>
  private let channels: OpenChannels
  private let service: DemoService

  /// Starts and returns once it listens.
  ///
  /// - Throws: What the system says where the port is taken, or a file can't be read.
  public static func start(_ options: DemoOptions) async throws -> DemoServer {
    let service = try DemoService(options)
    let (ports, arrivals) = AsyncThrowingStream.makeStream(of: (isOutput: Bool, port: Int).self)
    let channels = OpenChannels()
    let running = Task {
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            let port = APIHandler(service: service)
            try await serve(port, options.port, channels, options.logger) {
              arrivals.yield((false, $0))
            }
          }
          group.addTask {
            let port = OutputHandler(service: service)
            try await serve(port, 0, channels, options.logger) {
              arrivals.yield((true, $0))
            }
          }
          try await group.waitForAll()
        }
      } catch {
        arrivals.finish(throwing: error)
        throw error
      }
    }
    var apiPort: Int?
    var outputPort: Int?
    for try await (isOutput, port) in ports {
      if isOutput { outputPort = port } else { apiPort = port }
      if let apiPort, let outputPort {
        let origin = "http://127.0.0.1"
        service.addresses.set(api: "\(origin):\(apiPort)/v1", output: "\(origin):\(outputPort)")
        return DemoServer(
          baseURL: "\(origin):\(apiPort)/v1", running: running, channels: channels,
          service: service)
      }
    }
    throw CancellationError()
  }

  /// Ends what runs, closes both ports and returns once they are closed.
  public func stop() async {
    await service.predictions.stop()
    channels.close()
    _ = await running.result
  }

  /// Every prediction that was made through the API, oldest first, without the history that is there
  /// at the start. A test can count them however badly the answers went.
  public func predictions() async -> [Made] {
    await service.predictions.allMade().filter { !$0.isTraining }.map {
      Made(
        id: $0.id, model: $0.model.description, status: $0.status.rawValue, input: $0.input)
    }
  }

  /// Serves until its port is closed.
  ///
  /// An `Application` would bring a clock that ticks each second for the Date header, and handlers of
  /// signals; the program that this runs in sleeps when it is idle, and has its own signals. So of
  /// the application only its server is run.
  private static func serve(
    _ port: any RequestHandler, _ number: Int, _ channels: OpenChannels, _ logger: Logger,
    _ isListening: @escaping @Sendable (Int) -> Void
  ) async throws {
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { _, _ in Response(status: .notFound) },
      server: .http1(
        configuration: .init(additionalChannelHandlers: [OpenChannels.Tracker(channels)])),
      logger: logger)
    let server = try application.server.buildServer(
      configuration: .init(address: .hostname("127.0.0.1", port: number)),
      eventLoopGroup: application.eventLoopGroup, logger: logger
    ) { request, writer, channel in
      let response = try await port.delivery(of: request).response(over: channel)
      try await writer.write(response: response.head, body: response.body)
    } onServerRunning: { channel in
      channels.add(channel)
      isListening(channel.localAddress?.port ?? number)
    }
    do {
      try await server.run()
    } catch {
      // Where one port can't be had, the other isn't wanted.
      channels.close()
      throw error
    }
  }
}
