import Logging
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes the calls of a ``Client`` and holds what its copies share.
final class ClientCore: Sendable {
  let configuration: Client.Configuration
  let transport: any Transport
  let clock: any Clock<Duration>
  let calls = Broadcast<CallRecord>(capacity: 256)
  let waits = CallWaits()
  let serverTime: ServerTime
  let poller: PredictionPoller
  /// The time since the core was created.
  let elapsed: @Sendable () -> Duration
  /// Whether overdue answers are announced. A scripted transport takes no time of its own.
  private let announcesOverdue: Bool
  let limiter: RateLimiter
  private let logger: Logger
  private let lastCall = Mutex(0)

  init(
    configuration: Client.Configuration, transport: any Transport, logger: Logger,
    clock: any Clock<Duration>
  ) {
    self.configuration = configuration
    self.transport = transport
    self.logger = logger
    self.clock = clock
    announcesOverdue = transport is AsyncHTTPTransport
    elapsed = clock.stopwatch()
    serverTime = ServerTime(elapsed: elapsed)
    limiter = RateLimiter(clock: clock, waits: waits)
    poller = PredictionPoller(clock: clock)
  }

  /// - Parameter address: The address of another page of the endpoint's list.
  func send<Response>(
    _ endpoint: Endpoint<Response>, at address: String? = nil
  ) async throws(ReplicateError) -> Response {
    try await exchange(endpoint, at: address).response
  }

  /// Sends a call and returns its answer, with the answer's size in bytes.
  @concurrent
  func exchange<Response>(
    _ endpoint: Endpoint<Response>, at address: String? = nil,
    upload: (content: TransportUpload, record: CallRecord.Body)? = nil,
    timeout: Duration? = nil, policy: RetryPolicy? = nil
  ) async throws(ReplicateError) -> (response: Response, size: Int) {
    do throws(ReplicateError) {
      let target = try target(of: endpoint, at: address)
      var request = try request(for: endpoint, target: target)
      request.upload = upload?.content
      if upload != nil { request.timeout = timeout }
      // The query is a signature that lets anyone read the file.
      let shown =
        endpoint.route == .downloadFile ? endpoint.route.path(endpoint.parameters) : target
      let record = CallRecord(
        request, route: endpoint.route, path: shown, baseURL: configuration.baseURL,
        secretHeaders: configuration.secretHeaders,
        body: upload?.record
          ?? Secrets.masked(endpoint.body, secretInputs: endpoint.secretInputs))
      return try await repeated(request, endpoint, record, policy ?? configuration.retryPolicy)
    } catch {
      var error = error
      error.route = endpoint.route
      error.service = configuration.serviceName
      if case .notFound = error.reason, let absence = endpoint.absence { return (absence, 0) }
      throw error
    }
  }

  /// See ``Client/tryAtOnce()``.
  func tryAtOnce() { limiter.allowAttempts(until: elapsed() + .seconds(5)) }

  func sleep(_ duration: Duration) async throws(ReplicateError) {
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw ReplicateError(.canceled)
    }
  }

  /// The time by this machine's clock.
  func localTime() -> Timestamp {
    Timestamp(secondsSince1970: Date().timeIntervalSince1970)
  }

  /// A record of a call that is sent now, with an ID of its own.
  func begun(_ record: CallRecord) -> CallRecord {
    var record = record
    record.id = lastCall.withLock { last in
      last += 1
      return last
    }
    record.startedAt = localTime()
    return record
  }

  func record(_ call: CallRecord) {
    calls.send(call)
    if call.isOngoing { return }
    logger.debug(
      "\(call.method) \(call.path)",
      metadata: [
        "status": "\(call.status.map(String.init) ?? "none")",
        "duration": "\(call.duration)",
        "attempt": "\(call.attempt)",
      ])
  }
}

// MARK: The request

extension ClientCore {
  private func request<Response>(
    for endpoint: Endpoint<Response>, target: String
  ) throws(ReplicateError) -> TransportRequest {
    if let problem = configuration.problem { throw problem }
    if configuration.needsToken, configuration.token == nil { throw ReplicateError(.noToken) }
    var headers = configuration.credentials
    headers += [
      (name: "user-agent", value: configuration.userAgent),
      (name: "accept", value: endpoint.accept),
      (name: "accept-encoding", value: "gzip"),
    ]
    var body: [UInt8]?
    switch endpoint.body {
    case .json(let value):
      body = Array(value.serialized().utf8)
      headers.append(("content-type", "application/json"))
    case .text(let text):
      body = Array(text.utf8)
      headers.append(("content-type", "text/plain"))
    case nil: break
    }
    for header in endpoint.headers { headers.append((header.name.lowercased(), header.value)) }
    return TransportRequest(
      method: endpoint.route.method, url: configuration.baseURL + target, headers: headers,
      body: body, timeout: configuration.timeout + (endpoint.wait ?? .zero),
      isPatient: endpoint.wait != nil)
  }

  /// The path and query after the base URL.
  private func target<Response>(
    of endpoint: Endpoint<Response>, at address: String?
  ) throws(ReplicateError) -> String {
    for name in endpoint.route.parameterNames where endpoint.parameters[name]?.isEmpty ?? true {
      throw ReplicateError(.notFound(detail: "\(name) is empty"))
    }
    return endpoint.target(at: address)
  }
}

// MARK: The answer

extension ClientCore {
  /// Sends a request until there is an answer or the policy allows no more attempts.
  private func repeated<Response>(
    _ request: TransportRequest, _ endpoint: Endpoint<Response>, _ record: CallRecord,
    _ policy: RetryPolicy
  ) async throws(ReplicateError) -> (response: Response, size: Int) {
    let route = endpoint.route
    var attempt = 1
    var failures = 0
    var refusals = 0
    while true {
      let ticket = try await limiter.admit(route, longest: policy.longestRequestedDelay)
      var call = begun(record)
      call.attempt = attempt
      do throws(ReplicateError) {
        let response = try await once(request, endpoint, ticket, &call)
        self.record(call)
        return (response, call.byteCount)
      } catch {
        let isRefusal = if case .rateLimited = error.reason { true } else { false }
        if isRefusal { refusals += 1 } else { failures += 1 }
        let delay = policy.delay(
          after: error, attempt: isRefusal ? refusals : failures, duration: call.duration,
          isRepeatable: route.isRepeatable, jitter: .random(in: 0..<1))
        call.error = error
        call.retryDelay = delay
        self.record(call)
        guard let delay else { throw error }
        let cause =
          isRefusal ? CallWait.Cause.rateLimit(route.rateLimit) : .retry(error)
        try await waits.wait(delay, route, cause, clock)
        attempt += 1
      }
    }
  }

  private func once<Response>(
    _ request: TransportRequest, _ endpoint: Endpoint<Response>,
    _ ticket: RateLimiter.Ticket, _ call: inout CallRecord
  ) async throws(ReplicateError) -> Response {
    let start = elapsed()
    var ticket: RateLimiter.Ticket? = ticket
    let outcome: Result<Response, ReplicateError>
    do throws(ReplicateError) {
      outcome = .success(try await answered(request, endpoint, &ticket, &call))
    } catch {
      var error = error
      error.service = configuration.serviceName
      outcome = .failure(error)
    }
    call.duration = elapsed() - start
    if let ticket {
      var failure: ReplicateError?
      if case .failure(let error) = outcome { failure = error }
      await limiter.settle(ticket, headers: nil, error: failure)
    }
    return try outcome.get()
  }

  private func answered<Response>(
    _ request: TransportRequest, _ endpoint: Endpoint<Response>,
    _ ticket: inout RateLimiter.Ticket?, _ call: inout CallRecord
  ) async throws(ReplicateError) -> Response {
    let response: TransportResponse
    let body: [UInt8]?
    do throws(TransportError) {
      response = try await sent(request, endpoint.route)
      call.answered(response, secretHeaders: configuration.secretHeaders)
      serverTime.see(date: response.header("date"))
      // Other calls needn't wait for the whole body. Only that of a refusal matters: it says how
      // long to wait.
      if response.status != 429, let settled = ticket {
        await limiter.settle(settled, headers: response.headers, error: nil)
        ticket = nil
      }
      var byteCount = 0
      defer { call.received(byteCount) }
      body = try await collected(response, endpoint.logDepth, &byteCount)
    } catch {
      throw ReplicateError(error)
    }
    guard let body else {
      var error = ReplicateError(
        .unreadable(what: "it is larger than \(configuration.maximumAnswerSize.grouped) bytes"),
        requestID: response.requestID)
      error.isFinal = true
      throw error
    }
    guard (200..<300).contains(response.status) else {
      throw ReplicateError(refusal: response, body: body)
    }
    do throws(JSONSyntaxError) {
      return try endpoint.read(body)
    } catch {
      let isPage = response.header("content-type")?.hasPrefix("text/html") ?? false
      throw ReplicateError(
        .unreadable(
          what: isPage
            ? "\(endpoint.route.rawValue) returned a web page, perhaps of a proxy or a sign-in"
            : "\(endpoint.route.rawValue), \(error)"),
        requestID: response.requestID)
    }
  }

  /// Sends a request. An answer that is long overdue is announced as a wait.
  private func sent(
    _ request: TransportRequest, _ route: Route
  ) async throws(TransportError) -> TransportResponse {
    let limits = configuration.limits
    let isExpectedSoon = !request.isPatient && request.upload == nil
    guard announcesOverdue, isExpectedSoon, limits.silence > limits.overdue else {
      return try await transport.send(request)
    }
    let notice = Task { [waits, clock] in
      try await clock.sleep(for: limits.overdue)
      try await waits.wait(
        limits.silence - limits.overdue, route, .answer, clock)
    }
    defer { notice.cancel() }
    return try await transport.send(request)
  }

  /// The whole body, or nil if it is too large.
  private func collected(
    _ response: TransportResponse, _ logDepth: Int?, _ byteCount: inout Int
  ) async throws(TransportError) -> [UInt8]? {
    let limit = configuration.maximumAnswerSize
    // A page may have a hundred logs.
    var trimmer = logDepth.map {
      LogTrimmer(depth: $0, limit: $0 == 1 ? LogTrimmer.limit : LogTrimmer.limitInLists)
    }
    var body: [UInt8] = []
    body.reserveCapacity(min(response.contentLength ?? 0, Self.ordinarySize))
    for try await chunk in response.body {
      byteCount += chunk.count
      if body.count + chunk.count > max(body.capacity, Self.ordinarySize) {
        // An array that grew by itself would need its size again each time. What is reserved and
        // never written to takes no memory.
        body.reserveCapacity(limit + Self.ordinarySize)
      }
      if trimmer == nil {
        body += chunk
      } else {
        trimmer?.push(chunk, into: &body)
      }
      if body.count > limit { return nil }
    }
    trimmer?.finish(into: &body)
    return body.count > limit ? nil : body
  }

  /// Few answers are larger, in bytes.
  private static let ordinarySize = 1 << 20
}

extension TransportResponse {
  /// The ID of the request, from the service or from its edge.
  var requestID: String? { header("x-request-id") ?? header("cf-ray") }

  /// The size of the body as sent, if the answer says so.
  var contentLength: Int? {
    header("content-length").flatMap { Int($0) }.flatMap { $0 < 0 ? nil : $0 }
  }
}

extension ReplicateError {
  /// The error of a call. A canceled task's call is canceled, whatever the transport makes of it,
  /// such as an upload that is too short.
  package init(_ error: TransportError) {
    let reason: Reason =
      switch error {
      case .canceled: .canceled
      case .timedOut: .timedOut
      case .unreachable(let reason): .unreachable(reason: reason)
      case .misconfigured(let reason): .badConfiguration(reason: reason)
      case .untrusted(let reason): .untrusted(reason: reason)
      case .interrupted(let reason): .interrupted(reason: reason)
      case .unreadable(let what): .unreadable(what: what)
      case .file(let path, let reason): .file(path: path, reason: reason)
      }
    switch reason {
    case .timedOut, .interrupted, .unreadable: self.init(Task.isCancelled ? .canceled : reason)
    default: self.init(reason)
    }
  }

  /// The error that an answer without a 2xx status means.
  init(refusal response: TransportResponse, body: [UInt8]) {
    let reason: Reason
    let answer = ErrorAnswer(
      status: response.status, headers: response.headers, body: body,
      now: Date().timeIntervalSince1970)
    if (300..<400).contains(response.status) {
      // Following a redirect could take the token to another host, and the address may be signed.
      let target = response.header("location").map(CallRecord.visiblePart) ?? "nowhere"
      reason = .other(status: response.status, detail: "it redirects to \(target)")
    } else {
      reason = answer.reason(status: response.status)
    }
    self.init(
      reason, status: response.status, requestID: response.requestID,
      retryAfter: answer.retryAfter)
  }
}
