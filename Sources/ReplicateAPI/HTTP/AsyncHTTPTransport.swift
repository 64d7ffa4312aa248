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

/// Requests over AsyncHTTPClient.
///
/// The connection pool and its one thread are made at the first request, so that a program that
/// hasn't called anything yet has paid nothing. Connections that idle are closed soon, since an open
/// one may wake an otherwise quiet program.
public final class AsyncHTTPTransport: Transport {
  /// Times after which a request is given up.
  public struct Limits: Sendable, Hashable {
    /// Until a connection stands.
    public var connect: Duration = .seconds(10)
    /// Without a byte from the service.
    public var silence: Duration = .seconds(30)
    /// Without a byte from the service, in a stream of events.
    public var patientSilence: Duration = .seconds(300)
    /// After which a connection that idles is closed; more than the time between two polls.
    public var idle: Duration = .seconds(8)
    /// Answers that are larger once they are unpacked are refused, in bytes.
    public var unpackedSize = 512 * 1024 * 1024

    public init() {}
  }

  /// What a client of the library has to itself: the time of silence, whether answers are unpacked,
  /// and the proxy.
  private struct Way: Hashable {
    var isPatient: Bool
    var isRaw: Bool
    var proxy: NetworkSettings.Proxy?
  }

  private struct Pool: Sendable {
    let group: MultiThreadedEventLoopGroup
    var clients: [Way: HTTPClient] = [:]
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
    // A client that is let go of without being shut down traps in debug builds.
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
    // Nothing is left to be done about a failure to close.
    for client in pool.clients.values { try? await client.shutdown() }
    try? await pool.group.shutdownGracefully()
  }

  /// The client for a request's way; nil after the shutdown.
  private func client(
    for request: TransportRequest
  ) throws(TransportError) -> HTTPClient? {
    let way = Way(
      isPatient: request.isPatient, isRaw: request.isRaw, proxy: network.proxy(for: request.url))
    let outcome = state.withLock { state -> Result<HTTPClient?, TransportError> in
      var pool: Pool
      switch state {
      case .running(let running): pool = running
      case .shutDown: return .success(nil)
      case .idle: pool = Pool(group: MultiThreadedEventLoopGroup(numberOfThreads: 1))
      }
      if let client = pool.clients[way] { return .success(client) }
      do throws(TransportError) {
        let client = HTTPClient(
          eventLoopGroup: pool.group, configuration: try configuration(way))
        pool.clients[way] = client
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

  private func configuration(_ way: Way) throws(TransportError) -> HTTPClient.Configuration {
    let silence = way.isPatient ? limits.patientSilence : limits.silence
    var configuration = HTTPClient.Configuration(
      tlsConfiguration: try tlsConfiguration(),
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(silence)))
    configuration.connectionPool.idleTimeout = TimeAmount(limits.idle)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    // Otherwise a refused port or a bad certificate waits for the whole connect time-out.
    configuration.connectionPool.retryConnectionEstablishment = false
    if !way.isRaw { configuration.decompression = .enabled(limit: .size(limits.unpackedSize)) }
    if let proxy = way.proxy {
      configuration.proxy = .server(
        host: proxy.host, port: proxy.port,
        authorization: proxy.user.map { .basic(username: $0, password: proxy.password) })
    }
    return configuration
  }

  /// The system's own trust, or that of the files that the environment names.
  private func tlsConfiguration() throws(TransportError) -> TLSConfiguration? {
    let folders = (network.certificateFolder ?? "").split(separator: ":").map(String.init)
    let places = [network.certificateFile].compactMap(\.self) + folders
    guard let first = places.first else { return nil }
    for place in places where access(place, R_OK) != 0 {
      throw .untrusted("the certificates in \(place) can't be read")
    }
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.trustRoots = .file(first)
    configuration.additionalTrustRoots = places.dropFirst().map { .file($0) }
    return configuration
  }
}

extension AsyncHTTPTransport {
  private static func transportError(_ error: any Error) -> TransportError {
    switch error {
    case let error as TransportError: return error
    case is CancellationError: return .cancelled
    case let error as HTTPClientError: return transportError(error)
    case let error as NIOConnectionError: return .unreachable(reason(error))
    case let error as IOError:
      let reason = reason(error)
      return isBeforeSending(error) ? .unreachable(reason) : .interrupted(reason)
    case let error as ChannelError:
      if case .connectTimeout = error { return .unreachable("no connection in time") }
      return .interrupted("the connection broke")
    default:
      // Later errors of TLS are breaks like others: what was sent may have arrived.
      if isHandshake(error) { return .untrusted(tlsReason("\(error)")) }
      // Errors of unpacking belong to a module that is only used behind this one.
      let isUnpacking = String(reflecting: type(of: error)).contains("Decompression")
      return isUnpacking
        ? .unreadable("it is too large, or isn't packed as it says") : .interrupted("\(error)")
    }
  }

  private static func transportError(_ error: HTTPClientError) -> TransportError {
    switch error {
    case .cancelled, .requestStreamCancelled: .cancelled
    case .readTimeout, .writeTimeout, .deadlineExceeded: .timedOut
    case .connectTimeout, .getConnectionFromPoolTimeout: .unreachable("no connection in time")
    case .tlsHandshakeTimeout: .unreachable("the secure connection wasn't made in time")
    case .proxyAuthenticationRequired: .unreachable("the proxy asks for a user and a password")
    case .invalidProxyResponse: .unreachable("the proxy refuses, or isn't one")
    case .bodyLengthMismatch: .interrupted("the file changed while it was sent")
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
      case ChannelError.connectTimeout: return "no connection in time"
      default: return "\(failure.error)"
      }
    }
    guard let cause = causes.first else { return "the name \(error.host) isn't known" }
    return "\(cause) (\(error.host):\(error.port))"
  }

  private static func isHandshake(_ error: any Error) -> Bool {
    if case .handshakeFailed? = error as? NIOSSLError { return true }
    return error is NIOSSLExtraError
  }

  private static func tlsReason(_ text: String) -> String {
    if text.contains("CERTIFICATE_VERIFY_FAILED") { return "its certificate isn't trusted" }
    if text.contains("WRONG_VERSION_NUMBER") { return "it doesn't answer with TLS" }
    return "the secure connection failed (\(text.prefix(160)))"
  }

  private static func reason(_ error: IOError) -> String {
    switch error.errnoCode {
    case ECONNREFUSED: "the connection was refused"
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN: "there is no way to it"
    case ECONNRESET, EPIPE: "the connection was reset"
    case ETIMEDOUT: "no answer in time"
    default: "\(error)"
    }
  }

  private static func isBeforeSending(_ error: IOError) -> Bool {
    // Other codes may come of a connection that stood.
    error.errnoCode == ECONNREFUSED
  }
}
