/// One HTTP call as it went, for a log of all of them. It holds nothing secret.
public struct CallRecord: Sendable, Hashable {
  /// Nil for what isn't a call of the API itself, such as reading a stream.
  public var route: Route?
  public var method: String
  /// With the query; of what isn't a call of the API the host alone, for whoever has the whole
  /// address of a stream or an output can read it.
  public var path: String
  /// Nil where no answer came.
  public var status: Int?
  public var duration: Duration
  /// The answer's size, unpacked.
  public var byteCount: Int
  public var error: ReplicateError?
  /// 1 for the first try.
  public var attempt: Int
  /// After what wait the call is sent again; nil if it isn't.
  public var retryDelay: Duration?

  public init(
    route: Route?, method: String, path: String, status: Int? = nil,
    duration: Duration = .zero, byteCount: Int = 0, error: ReplicateError? = nil,
    attempt: Int = 1, retryDelay: Duration? = nil
  ) {
    self.route = route
    self.method = method
    self.path = path
    self.status = status
    self.duration = duration
    self.byteCount = byteCount
    self.error = error
    self.attempt = attempt
    self.retryDelay = retryDelay
  }
}

extension CallRecord {
  /// What of an address may be told.
  static func place(of address: String) -> String {
    Origin(address).map { "\($0.host)/…" } ?? "…"
  }
}
