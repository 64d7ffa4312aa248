/// What carries requests: AsyncHTTPClient in programs, a script in tests.
public protocol Transport: Sendable {
  /// Sends a request and returns as soon as the answer's head is there. Redirects aren't followed.
  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse

  /// Closes all connections; later requests fail.
  func shutdown() async
}

/// A request, ready to be sent.
public struct TransportRequest: Sendable {
  public var method: String
  public var url: String
  /// Names in lower case.
  public var headers: [(name: String, value: String)]
  public var body: [UInt8]?
  /// A body that is read while it is sent, in place of ``body``.
  public var upload: TransportUpload?
  /// For how long the whole exchange may take; nil for as long as bytes keep coming.
  public var timeout: Duration?
  /// Whether long silences are part of the answer, as in a stream of events.
  public var isPatient: Bool
  /// Whether the answer is taken as it comes, packed or not.
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

/// A request's body that is too large to be held in memory.
public struct TransportUpload: Sendable {
  /// In bytes.
  public var length: Int
  /// Begins to read it; called again where the request is sent again.
  public var open: @Sendable () -> TransportBody

  public init(length: Int, open: @escaping @Sendable () -> TransportBody) {
    self.length = length
    self.open = open
  }
}

/// The headers hold the token, and so appear in no log.
extension TransportRequest: CustomStringConvertible, CustomDebugStringConvertible {
  public var description: String { "\(method) \(url)" }
  public var debugDescription: String { description }
}

/// An answer whose body is still coming.
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

  /// The first header of this name.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name }?.value
  }
}

/// An answer's body, chunk by chunk as it arrives.
public struct TransportBody: AsyncSequence, Sendable {
  public typealias Element = [UInt8]
  public typealias Failure = TransportError

  private let chunks: any AsyncSequence<[UInt8], any Error> & Sendable
  private let translate: @Sendable (any Error) -> TransportError

  /// - Parameters:
  ///   - chunks: The bytes, in pieces of any size.
  ///   - translate: Says what an error of the chunks means.
  public init(
    _ chunks: any AsyncSequence<[UInt8], any Error> & Sendable,
    translate: @escaping @Sendable (any Error) -> TransportError = TransportError.init(_:)
  ) {
    self.chunks = chunks
    self.translate = translate
  }

  /// A body that is there already.
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
        return try await base.next(isolation: actor)
      } catch {
        throw translate(error)
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(base: chunks.makeAsyncIterator(), translate: translate)
  }
}

/// Why there is no answer, or only a part of one.
public enum TransportError: Error, Sendable, Hashable {
  case cancelled
  case timedOut
  /// No connection: nothing of the request has been sent.
  case unreachable(String)
  /// No connection that is safe: nothing of the request has been sent.
  case untrusted(String)
  /// The connection broke; the request may have arrived.
  case interrupted(String)
  /// The answer came and can't be unpacked.
  case unreadable(String)
  /// What was to be sent can't be read here.
  case file(path: String, reason: String)

  public init(_ error: any Error) {
    switch error {
    case let error as TransportError: self = error
    case is CancellationError: self = .cancelled
    default: self = .interrupted(String(describing: error))
    }
  }
}
