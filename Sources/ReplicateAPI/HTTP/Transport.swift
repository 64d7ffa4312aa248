/// Sends HTTP requests. ``AsyncHTTPTransport`` does so over the network; a test may use a script.
public protocol Transport: Sendable {
  /// Sends a request and returns when the head of the answer has arrived. Doesn't follow redirects.
  ///
  /// - Throws: ``TransportError/canceled`` as soon as the task is canceled.
  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse

  /// Closes all connections. Later requests fail.
  func shutdown() async
}

/// An HTTP request.
public struct TransportRequest: Sendable {
  public var method: String
  public var url: String
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]?
  /// A body that is read while it is sent, instead of ``body``.
  public var upload: TransportUpload?
  /// How long the whole exchange may take. Nil if only silence ends it.
  public var timeout: Duration?
  /// Whether long silences are normal, as in a stream of events.
  public var isPatient: Bool
  /// Whether the answer's body is passed on without decompressing it.
  public var isRaw: Bool

  public init(
    method: String, url: String, headers: [(name: String, value: String)] = [],
    body: [UInt8]? = nil, upload: TransportUpload? = nil, timeout: Duration? = nil,
    isPatient: Bool = false, isRaw: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.upload = upload
    self.timeout = timeout
    self.isPatient = isPatient
    self.isRaw = isRaw
  }
}

/// A request body that is too large for memory.
public struct TransportUpload: Sendable {
  /// In bytes.
  public var length: Int
  /// Starts reading the body. Called again if the request is sent again.
  public var open: @Sendable () -> TransportBody

  public init(length: Int, open: @escaping @Sendable () -> TransportBody) {
    self.length = length
    self.open = open
  }
}

/// Descriptions leave out the headers, which contain the token.
extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String { "\(method) \(url)" }
  public var debugDescription: String { description }
}

/// The head of an answer, with a body that is still arriving.
public struct TransportResponse: Sendable {
  public var status: Int
  public var headers: [(name: String, value: String)]
  public var body: TransportBody

  public init(
    status: Int, headers: [(name: String, value: String)] = [], body: TransportBody
  ) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The value of the first header with this name, in lower case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }
}

/// A body in chunks, as it arrives.
public struct TransportBody: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = TransportError

  private let chunks: any AsyncSequence<[UInt8], any Error> & Sendable
  private let translate: @Sendable (any Error) -> TransportError

  /// - Parameters:
  ///   - chunks: The bytes, in chunks of any size.
  ///   - translate: Converts the errors of the chunks.
  public init(
    _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
    translate: @escaping @Sendable (any Error) -> TransportError = TransportError.init(_:)
  ) {
    self.chunks = chunks
    self.translate = translate
  }

  /// A body that is complete.
  public init(_ bytes: [UInt8]) {
    self.init(
      AsyncThrowingStream { continuation in
        if !bytes.isEmpty { continuation.yield(bytes) }
        continuation.finish()
      })
  }

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate var base: any AsyncIteratorProtocol<[UInt8], any Error>
    fileprivate let translate: @Sendable (any Error) -> TransportError

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(TransportError) -> [UInt8]? {
      do {
        if let chunk = try await base.next(isolation: actor) { return chunk }
      } catch {
        throw translate(error)
      }
      // Streams of the standard library end early, without an error, when their task is canceled.
      if Task.isCancelled { throw .canceled }
      return nil
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: chunks.makeAsyncIterator(), translate: translate)
  }
}

/// Why there is no answer, or only part of one.
public enum TransportError: Error, Sendable, Hashable {
  /// The task was canceled.
  case canceled
  case timedOut
  /// There was no connection. Nothing was sent.
  case unreachable(String)
  /// The request can't be sent as the program is configured. Nothing was sent.
  case misconfigured(String)
  /// There was no secure connection. Nothing was sent.
  case untrusted(String)
  /// The connection was lost. The request may have arrived.
  case interrupted(String)
  /// The answer can't be decompressed.
  case unreadable(String)
  /// A local file can't be read or written.
  case file(path: String, reason: String)

  public init(_ error: any Error) {
    switch error {
    case let error as TransportError: self = error
    case is CancellationError: self = .canceled
    default: self = .interrupted(String(describing: error))
    }
  }
}
