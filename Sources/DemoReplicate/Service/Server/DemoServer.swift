import Hummingbird
import Logging
import NIOCore
import ReplicateAPI
import Synchronization

/// A demo Replicate service on 127.0.0.1. It speaks real HTTP, its models compute real results, and
/// predictions run in real time. A second port serves output files and streams, without a token.
public struct DemoServer: Sendable {
  /// A valid token. So is any other that starts with `r8_`.
  ///
  /// Some words in a token are special: `bad` makes it invalid, and `nocredit`, `nobilling`,
  /// `freelimit` and `spendlimit` allow reading but no runs (402).
  public static let token = "r8_demo0000000000000000000000000000000000"

  /// The default webhook signing secret, as the API returns it.
  public static let webhookSecret = "whsec_ZGVtb25zdHJhdGlvbi1zZWNyZXQta2V5LTAwMDE="

  /// The secret that signs download URLs of uploaded files. No API call returns it.
  ///
  /// A signature is the base64 of HMAC-SHA256 over "owner id expiry", with the expiry in seconds
  /// since 1970.
  public static let filesSigningSecret = "demonstration-files-signing-secret"

  /// A prediction as the service has recorded it.
  public struct PredictionSummary: Sendable, Hashable {
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

  /// Starts the service and returns once both ports are listening.
  ///
  /// - Throws: A ``StartProblem`` if there is no such port, the port is taken, or a file can't be
  ///   read.
  public static func start(_ options: DemoOptions) async throws -> DemoServer {
    // The socket would use the lowest 16 bits of any number.
    guard DemoOptions.ports.contains(options.port) else {
      throw StartProblem(
        "\(options.port) isn’t a port; ports are from 0 to \(DemoOptions.ports.upperBound).")
    }
    let service = try DemoService(options)
    let (ports, continuation) = AsyncThrowingStream.makeStream(of: (isOutput: Bool, port: Int).self)
    let channels = OpenChannels()
    let running = Task {
      do {
        try await withThrowingTaskGroup(of: Void.self) { group in
          group.addTask {
            let port = APIHandler(service: service)
            try await serve(port, options.port, channels, options, "api") {
              continuation.yield((false, $0))
            }
          }
          group.addTask {
            let port = OutputHandler(service: service)
            try await serve(port, 0, channels, options, "output") {
              continuation.yield((true, $0))
            }
          }
          try await group.waitForAll()
        }
      } catch {
        continuation.finish(throwing: StartProblem.described(error, port: options.port))
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

  /// Cancels everything that is running and returns once both ports are closed.
  public func stop() async {
    await service.predictions.stop()
    channels.close()
    _ = await running.result
  }

  /// Every prediction created through the API, oldest first, without the history that exists at
  /// startup. A test can count them no matter which answers got lost.
  public func predictions() async -> [PredictionSummary] {
    await service.predictions.allCreated().filter { !$0.isTraining }.map {
      PredictionSummary(
        id: $0.id, model: $0.model.description, status: $0.status.rawValue, input: $0.input)
    }
  }

  /// Serves requests until the port is closed.
  ///
  /// Runs only the application's server. A full `Application` adds a clock that ticks every second
  /// for the Date header, and signal handlers; the host program sleeps when idle and handles
  /// signals itself.
  private static func serve(
    _ port: any RequestHandler, _ number: Int, _ channels: OpenChannels, _ options: DemoOptions,
    _ name: String, _ isListening: @escaping @Sendable (Int) -> Void
  ) async throws {
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { _, _ in Response(status: .notFound) },
      server: .http1(
        configuration: .init(additionalChannelHandlers: [OpenChannels.Tracker(channels)])),
      logger: options.logger)
    let server = try application.server.buildServer(
      configuration: .init(address: .hostname("127.0.0.1", port: number)),
      eventLoopGroup: application.eventLoopGroup, logger: options.logger
    ) { request, writer, channel in
      options.onRequest?(ReceivedRequest(request, port: name))
      let response = try await port.delivery(of: request).response(over: channel)
      try await writer.write(response: response.head, body: response.body)
    } onServerRunning: { channel in
      channels.add(channel)
      isListening(channel.localAddress?.port ?? number)
    }
    do {
      try await server.run()
    } catch {
      // One port is no use without the other.
      channels.close()
      throw error
    }
  }
}

extension ReceivedRequest {
  fileprivate init(_ request: Request, port: String) {
    method = request.method.rawValue
    path = request.uri.string
    self.port = port
    headers = Dictionary(
      request.headers.map { ($0.name.canonicalName, $0.value) },
      uniquingKeysWith: { $0 + ", " + $1 })
  }
}
