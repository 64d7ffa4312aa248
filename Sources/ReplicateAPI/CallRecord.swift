/// A record of one HTTP request and its answer, for a log of calls.
///
/// It contains no secrets: the token, cookies, secret inputs, and signed addresses are masked or
/// left out. It is small, too: long header values and bodies are cut.
public struct CallRecord: Sendable, Hashable, Identifiable {
  public struct Header: Sendable, Hashable {
    /// In lower case.
    public var name: String
    /// At most 256 bytes; `••••` in place of a secret.
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// What was sent with a request.
  public enum Body: Sendable, Hashable {
    /// JSON or text, at most 16 KiB. Secret inputs are `••••`, and long data URIs are shortened.
    case text(String, isCut: Bool)
    /// An uploaded file, sent as a multipart form.
    case file(name: String, contentType: String)
  }

  /// Counts up from 1 for each client. Two records of the same call have the same ID.
  public var id: Int
  /// When the request was sent, by this machine's clock.
  public var startedAt: Timestamp
  /// Nil for requests that aren't API calls, such as a stream or a download.
  public var route: Route?
  public var method: String
  /// The path and query after the base URL. For requests that aren't API calls only the host,
  /// because their addresses let anyone in.
  public var path: String
  /// The whole address, or as much of it as may be shown.
  public var url: String
  /// Whether ``path`` and ``url`` leave out a part of the address that lets anyone in.
  public var isAddressHidden: Bool
  public var requestHeaders: [Header]
  public var body: Body?
  /// The size of the request's body, in bytes.
  public var sentByteCount: Int
  /// Nil if no answer came.
  public var status: Int?
  public var responseHeaders: [Header]
  /// The service's ID for the request.
  public var requestID: String?
  /// Until the whole answer was there, or until the attempt failed.
  public var duration: Duration
  /// The size of the answer's body after decompression, in bytes.
  public var byteCount: Int
  /// The size of the answer's body on the wire, in bytes; nil if it isn't known.
  public var receivedByteCount: Int?
  public var error: ReplicateError?
  /// 1 for the first attempt.
  public var attempt: Int
  /// The wait before the next attempt; nil if there is none.
  public var retryDelay: Duration?
  /// Whether the answer's body is still arriving. Another record with the same ``id`` follows when
  /// it ends. Only streams and downloads are recorded in this state.
  public var isOngoing: Bool

  public init(
    id: Int = 0, startedAt: Timestamp = Timestamp(secondsSince1970: 0), route: Route?,
    method: String, path: String, url: String = "", isAddressHidden: Bool = false,
    requestHeaders: [Header] = [], body: Body? = nil, sentByteCount: Int = 0,
    status: Int? = nil, responseHeaders: [Header] = [], requestID: String? = nil,
    duration: Duration = .zero, byteCount: Int = 0, receivedByteCount: Int? = nil,
    error: ReplicateError? = nil, attempt: Int = 1, retryDelay: Duration? = nil,
    isOngoing: Bool = false
  ) {
    self.id = id
    self.startedAt = startedAt
    self.route = route
    self.method = method
    self.path = path
    self.url = url
    self.isAddressHidden = isAddressHidden
    self.requestHeaders = requestHeaders
    self.body = body
    self.sentByteCount = sentByteCount
    self.status = status
    self.responseHeaders = responseHeaders
    self.requestID = requestID
    self.duration = duration
    self.byteCount = byteCount
    self.receivedByteCount = receivedByteCount
    self.error = error
    self.attempt = attempt
    self.retryDelay = retryDelay
    self.isOngoing = isOngoing
  }
}

extension CallRecord {
  /// A record of an API call that is about to be sent.
  ///
  /// - Parameters:
  ///   - path: The path and query that may be shown.
  ///   - secretHeaders: The names of headers whose values are masked.
  init(
    _ request: TransportRequest, route: Route, path: String, baseURL: String,
    secretHeaders: Set<String> = [], body: Body?
  ) {
    self.init(
      route: route, method: request.method, path: path, url: baseURL + path,
      isAddressHidden: request.url != baseURL + path,
      requestHeaders: Secrets.masked(request.headers, hiding: secretHeaders), body: body,
      sentByteCount: request.upload?.length ?? request.body?.count ?? 0)
  }

  /// A record of a request that isn't an API call. Only the host of its address is shown.
  init(opaque request: TransportRequest, secretHeaders: Set<String> = []) {
    let visible = Self.visiblePart(of: request.url)
    let scheme = request.url.prefix { $0 != ":" }.lowercased()
    self.init(
      route: nil, method: request.method, path: visible, url: "\(scheme)://\(visible)",
      isAddressHidden: true,
      requestHeaders: Secrets.masked(request.headers, hiding: secretHeaders))
  }

  /// Takes in the head of the answer.
  mutating func answered(_ response: TransportResponse, secretHeaders: Set<String> = []) {
    status = response.status
    responseHeaders = Secrets.masked(response.headers, hiding: secretHeaders)
    requestID = response.requestID
    receivedByteCount = response.contentLength
  }

  /// Takes in the size of the answer's body.
  ///
  /// - Parameter isRaw: Whether the body wasn't decompressed, so that this is its size on the wire.
  mutating func received(_ byteCount: Int, isRaw: Bool = false) {
    self.byteCount = byteCount
    let isPacked = responseHeaders.contains { $0.name == "content-encoding" }
    if isRaw || !isPacked { receivedByteCount = byteCount }
  }

  /// The part of an address that may be shown.
  static func visiblePart(of address: String) -> String {
    Origin(address).map { "\($0.host)/…" } ?? "…"
  }
}
