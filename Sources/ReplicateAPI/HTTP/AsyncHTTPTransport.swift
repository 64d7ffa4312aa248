import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
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

    public init() {}
  }

  /// Streams have a client of their own, because the time of silence belongs to a client.
  private struct Pool: Sendable {
    let group: MultiThreadedEventLoopGroup
    let calls: HTTPClient
    let streams: HTTPClient
  }

  private enum State {
    case idle
    case running(Pool)
    case shutDown
  }

  private let limits: Limits
  private let state = Mutex(State.idle)

  public init(limits: Limits = Limits()) {
    self.limits = limits
  }

  deinit {
    // A client that is let go of without being shut down traps in debug builds.
    guard let pool = takePool() else { return }
    pool.calls.shutdown { _ in
      pool.streams.shutdown { _ in pool.group.shutdownGracefully { _ in } }
    }
  }

  public func send(
    _ request: TransportRequest
  ) async throws(TransportError) -> TransportResponse {
    guard let pool = runningPool() else { throw .unreachable("the client has been shut down") }
    var message = HTTPClientRequest(url: request.url)
    message.method = HTTPMethod(rawValue: request.method)
    for header in request.headers { message.headers.add(name: header.name, value: header.value) }
    if let body = request.body { message.body = .bytes(ByteBuffer(bytes: body)) }
    let deadline = request.timeout.map { NIODeadline.now() + TimeAmount($0) } ?? .distantFuture
    let client = request.isPatient ? pool.streams : pool.calls
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
    try? await pool.calls.shutdown()
    try? await pool.streams.shutdown()
    try? await pool.group.shutdownGracefully()
  }

  private func runningPool() -> Pool? {
    state.withLock { state in
      switch state {
      case .running(let pool): return pool
      case .shutDown: return nil
      case .idle:
        let pool = makePool()
        state = .running(pool)
        return pool
      }
    }
  }

  private func takePool() -> Pool? {
    state.withLock { state in
      defer { state = .shutDown }
      if case .running(let pool) = state { return pool }
      return nil
    }
  }

  private func makePool() -> Pool {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    return Pool(
      group: group,
      calls: HTTPClient(
        eventLoopGroup: group, configuration: configuration(silence: limits.silence)),
      streams: HTTPClient(
        eventLoopGroup: group, configuration: configuration(silence: limits.patientSilence)))
  }

  private func configuration(silence: Duration) -> HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(connect: TimeAmount(limits.connect), read: TimeAmount(silence)))
    configuration.connectionPool.idleTimeout = TimeAmount(limits.idle)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 32
    // Otherwise a refused port or a bad certificate waits for the whole connect time-out.
    configuration.connectionPool.retryConnectionEstablishment = false
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
      // TLS errors belong to a module that is only used behind this one.
      let isTLS = String(reflecting: type(of: error)).contains("SSL")
      return isTLS ? .unreachable(tlsReason("\(error)")) : .interrupted("\(error)")
    }
  }

  private static func transportError(_ error: HTTPClientError) -> TransportError {
    switch error {
    case .cancelled, .requestStreamCancelled: .cancelled
    case .readTimeout, .writeTimeout, .deadlineExceeded: .timedOut
    case .connectTimeout, .getConnectionFromPoolTimeout: .unreachable("no connection in time")
    case .tlsHandshakeTimeout: .unreachable("the secure connection wasn't made in time")
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
    [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ENETDOWN].contains(error.errnoCode)
  }
}
