import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Sends requests with AsyncHTTPClient.
///
/// The connection pool and its one thread are created by the first request, so a program pays
/// nothing until then. Idle connections are closed soon, because an open one may wake a quiet
/// program.
public final class AsyncHTTPTransport: Transport {
  /// Timeouts, and the limit of the size of answers.
  public struct Limits: Sendable, Hashable {
    /// The longest wait for a connection.
    public var connect: Duration = .seconds(10)
    /// When an answer is overdue, which ``Client/waits`` then shows.
    public var overdue: Duration = .seconds(8)
    /// The longest wait for the next byte of an answer.
    public var silence: Duration = .seconds(30)
    /// The longest wait for the next byte of a stream or a held-back answer.
    public var patientSilence: Duration = .seconds(300)
    /// When an idle connection is closed. Longer than the time between two polls.
    public var idle: Duration = .seconds(8)
    /// The largest answer that is unpacked, in bytes after decompression. How much of it is kept is up
    /// to ``Client/Configuration/maximumAnswerSize``: logs of any length are read past.
    public var unpackedSize = 4 * 1024 * 1024 * 1024

    public init() {}
  }

  /// The settings that AsyncHTTPClient has per client and not per request.
  private struct ClientKey: Hashable {
    var isPatient: Bool
    var isRaw: Bool
    /// Only https connections need certificates.
    var isSecure: Bool
    var proxy: NetworkSettings.Proxy?
  }

  private struct Pool: Sendable {
    let group: MultiThreadedEventLoopGroup
    var clients: [ClientKey: HTTPClient] = [:]
  }

  private enum State {
    case idle
    case running(Pool)
    case shutDown
  }

  private let limits: Limits
  private let network: NetworkSettings
  private let state = Mutex(State.idle)

  public init(limits: Limits = Limits(), network: NetworkSettings = NetworkSettings()) {
    self.limits = limits
    self.network = network
  }

  deinit {
    // AsyncHTTPClient traps in debug builds if a client isn't shut down.
    guard let pool = takePool() else { return }
    Task {
      for client in pool.clients.values { try? await client.shutdown() }
      try? await pool.group.shutdownGracefully()
    }
  }

  public func send(
    _ request: TransportRequest
  ) async throws(TransportError) -> TransportResponse {
    guard let client = try client(for: request) else {
      throw .unreachable("the client has been shut down")
    }
    var message = HTTPClientRequest(url: request.url)
    message.method = HTTPMethod(rawValue: request.method)
    for header in request.headers { message.headers.add(name: header.name, value: header.value) }
    if let upload = request.upload {
      message.body = .stream(
        upload.open().map { ByteBuffer(bytes: $0) }, length: .known(Int64(upload.length)))
    } else if let body = request.body {
      message.body = .bytes(ByteBuffer(bytes: body))
    }
    let deadline = request.timeout.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
    do {
      let answer = try await client.execute(message, deadline: deadline)
      return TransportResponse(
        status: Int(answer.status.code),
        headers: answer.headers.map { ($0.name.lowercased(), $0.value) },
        body: TransportBody(
          answer.body.map { Array($0.readableBytesView) },
          translate: Self.transportError))
    } catch {
      throw Self.transportError(error)
    }
  }

  public func shutdown() async {
    guard let pool = takePool() else { return }
    // There is nothing to do about a failure to close.
    for client in pool.clients.values { try? await client.shutdown() }
    try? await pool.group.shutdownGracefully()
  }

  /// The client for a request; nil after the shutdown.
  private func client(
    for request: TransportRequest
  ) throws(TransportError) -> HTTPClient? {
    if let problem = network.proxyProblem(for: request.url) { throw .misconfigured(problem) }
    let key = ClientKey(
      isPatient: request.isPatient, isRaw: request.isRaw,
      isSecure: Origin(request.url)?.isSecure ?? true, proxy: network.proxy(for: request.url))
    let outcome = state.withLock { state -> Result<HTTPClient?, TransportError> in
      var pool: Pool
      switch state {
      case .running(let running): pool = running
      case .shutDown: return .success(nil)
      case .idle: pool = Pool(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
      }
      if let client = pool.clients[key] { return .success(client) }
      do throws(TransportError) {
        let client = HTTPClient(
          eventLoopGroup: pool.group, configuration: try configuration(key))
        pool.clients[key] = client
        state = .running(pool)
        return .success(client)
      } catch {
        state = .running(pool)
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private func takePool() -> Pool? {
    state.withLock { state in
      defer { state = .shutDown }
      if case .running(let pool) = state { return pool }
      return nil
    }
  }

  private func configuration(
    _ key: ClientKey
  ) throws(TransportError) -> HTTPClient.Configuration {
    let silence = key.isPatient ? limits.patientSilence : limits.silence
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: key.isSecure ? try tlsConfiguration() : nil,
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(silence)))
    configuration.connectionPool.idleTimeout = TimeAmount(limits.idle)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    // Otherwise a refused port or a bad certificate takes the whole connect timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    if !key.isRaw {
      configuration.decompression = .enabled(limit: .size(limits.unpackedSize))
      configuration.http1_1ConnectionDebugInitializer = Self.readInSmallPieces
      configuration.http2ConnectionDebugInitializer = Self.readInSmallPieces
    }
    if let proxy = key.proxy {
      configuration.proxy = .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.user.map { .basic(username: $0, password: proxy.password) })
    }
    return configuration
  }

  /// What is read at once is unpacked at once, and may become a thousand times as large.
  @Sendable
  private static func readInSmallPieces(_ channel: any Channel) -> EventLoopFuture<Void> {
    channel.setOption(.maxMessagesPerRead, value: 1).flatMap {
      channel.setOption(
        .recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: 16_384))
    }
  }

  /// The certificates from the environment's files; nil for the system's.
  private func tlsConfiguration() throws(TransportError) -> TLSConfiguration? {
    let folders = (network.certificateFolder ?? "").split(separator: ":").map(String.init)
    let files = [network.certificateFile].compactMap(\.self) + folders
    guard let first = files.first else { return nil }
    for file in files where access(file, R_OK) != 0 {
      throw .untrusted(
        file == network.certificateFile
          ? "the certificate file \(file) (SSL_CERT_FILE) can't be read"
          : "the certificate folder \(file) (SSL_CERT_DIR) can't be read")
    }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(first)
    configuration.additionalTrustRoots = files.dropFirst().map { .file($0) }
    return configuration
  }
}

extension AsyncHTTPTransport {
  private static func transportError(_ error: any Error) -> TransportError {
    switch error {
    case let error as TransportError: return error
    case is CancellationError: return .canceled
    case let error as HTTPClientError: return transportError(error)
    case let error as NIOConnectionError: return .unreachable(reason(error))
    case let error as IOError:
      let reason = reason(error)
      return isBeforeSending(error) ? .unreachable(reason) : .interrupted(reason)
    case let error as ChannelError:
      if case .connectTimeout = error { return .unreachable("the connection timed out") }
      return .interrupted("the connection was closed")
    default:
      // TLS errors after the handshake are lost connections: the request may have arrived.
      if isHandshake(error) { return .untrusted(tlsReason("\(error)")) }
      // The type of decompression errors isn't public.
      let isDecompression = String(reflecting: type(of: error)).contains("Decompression")
      return isDecompression
        ? .unreadable("it is too large, or its compression is broken") : .interrupted("\(error)")
    }
  }

  private static func transportError(_ error: HTTPClientError) -> TransportError {
    switch error {
    case .cancelled, .requestStreamCancelled: .canceled
    case .readTimeout, .writeTimeout, .deadlineExceeded: .timedOut
    case .connectTimeout, .getConnectionFromPoolTimeout:
      .unreachable("the connection timed out")
    case .tlsHandshakeTimeout: .unreachable("the secure connection timed out")
    case .proxyAuthenticationRequired: .unreachable("the proxy requires a user name and a password")
    case .invalidProxyResponse:
      .unreachable("the proxy refused the connection, or it isn't a proxy")
    case .bodyLengthMismatch: .interrupted("the file changed while it was being sent")
    case .remoteConnectionClosed: .interrupted("the connection was closed")
    case .invalidURL, .emptyHost, .emptyScheme: .unreachable("the address isn't valid")
    case .alreadyShutdown: .unreachable("the client has been shut down")
    default: .interrupted(error.shortDescription)
    }
  }

  private static func reason(_ error: NIOConnectionError) -> String {
    let causes = error.connectionErrors.map { failure -> String in
      switch failure.error {
      case let error as IOError: return reason(error)
      case ChannelError.connectTimeout: return "the connection timed out"
      default: return "\(failure.error)"
      }
    }
    guard let cause = causes.first else {
      return "the host name \(error.host) couldn't be resolved"
    }
    return "\(cause) (\(error.host):\(error.port))"
  }

  private static func isHandshake(_ error: any Error) -> Bool {
    if case .handshakeFailed? = error as? NIOSSLError { return true }
    return error is NIOSSLExtraError
  }

  private static func tlsReason(_ text: String) -> String {
    if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate isn't trusted" }
    if text.contains("WRONG_VERSION_NUMBER") { return "the server doesn't use TLS" }
    return "the secure connection failed (\(text.prefix(160)))"
  }

  private static func reason(_ error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "the connection was refused"
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN: "the network is unreachable"
    case ECONNRESET, EPIPE: "the connection was reset"
    case ETIMEDOUT: "the connection timed out"
    default: "\(error)"
    }
  }

  private static func isBeforeSending(_ error: IOError) -> Bool {
    // Other codes may come from an established connection.
    error.errnoCode == ECONNREFUSED
  }
}
