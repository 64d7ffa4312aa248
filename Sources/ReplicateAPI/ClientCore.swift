import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the copies of a ``Client`` share, and how a call is made.
final class ClientCore: Sendable {
  let configuration: Client.Configuration
  let transport: any Transport
  let clock: any Clock<Duration>
  let calls = Broadcast<CallRecord>(capacity: 256)
  let waits = CallWaits()
  let serverTime: ServerTime
  let poller: PredictionPoller
  /// How long it is since the core was made.
  let elapsed: @Sendable () -> Duration
  private let limiter: RateLimiter
  private let logger: Logger

  init(
    configuration: Client.Configuration, transport: any Transport, logger: Logger,
    clock: any Clock<Duration>
  ) {
    self.configuration = configuration
    self.transport = transport
    self.logger = logger
    self.clock = clock
    elapsed = clock.stopwatch()
    serverTime = ServerTime(elapsed: elapsed)
    limiter = RateLimiter(clock: clock, waits: waits)
    poller = PredictionPoller(clock: clock)
  }

  /// - Parameter address: Another page of the endpoint's list.
  func send<Response>(
    _ endpoint: Endpoint<Response>, at address: String? = nil
  ) async throws(ReplicateError) -> Response {
    try await exchange(endpoint, at: address).response
  }

  /// The answer, and how many bytes it took.
  @concurrent
  func exchange<Response>(
    _ endpoint: Endpoint<Response>, at address: String? = nil, upload: TransportUpload? = nil,
    timeout: Duration? = nil, policy: RetryPolicy? = nil
  ) async throws(ReplicateError) -> (response: Response, size: Int) {
    do throws(ReplicateError) {
      let target = try target(of: endpoint, at: address)
      var request = try request(for: endpoint, target: target)
      request.upload = upload
      if upload != nil { request.timeout = timeout }
      // A signature opens the file to whoever reads it.
      let shown =
        endpoint.route == .downloadFile ? endpoint.route.path(endpoint.parameters) : target
      return try await repeated(
        request, endpoint, path: shown, policy ?? configuration.retryPolicy)
    } catch {
      var error = error
      error.route = endpoint.route
      if case .notFound = error.reason, let absence = endpoint.absence { return (absence, 0) }
      throw error
    }
  }

  func sleep(_ duration: Duration) async throws(ReplicateError) {
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw ReplicateError(.cancelled)
    }
  }

  /// This machine's time.
  func localTime() -> Timestamp {
    Timestamp(secondsSince1970: Date().timeIntervalSince1970)
  }

  func record(_ call: CallRecord) {
    calls.send(call)
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
    guard let token = configuration.token else { throw ReplicateError(.noToken) }
    var headers = [
      (name: "authorization", value: "Bearer \(token)"),
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

  /// Path and query after the base URL.
  private func target<Response>(
    of endpoint: Endpoint<Response>, at address: String?
  ) throws(ReplicateError) -> String {
    for name in endpoint.route.parameterNames where endpoint.parameters[name]?.isEmpty ?? true {
      throw ReplicateError(.notFound(detail: "\(name) is empty"))
    }
    let path = endpoint.route.path(endpoint.parameters)
    var query = endpoint.query.map {
      "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))"
    }
    if let address {
      let own = Self.query(of: address)
      let names = Set(own.map { $0.prefix { $0 != "=" } })
      query = own.map(String.init) + query.filter { !names.contains($0.prefix { $0 != "=" }) }
    }
    return query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
  }

  /// The query of a page's address. All else of the address is left: it may name another host, and a
  /// page of a list is where the list is.
  private static func query(of address: String) -> [Substring] {
    guard let mark = address.firstIndex(of: "?") else { return [] }
    let query = address[address.index(after: mark)...].prefix { $0 != "#" }
    // What can't stand in a request's first line is no query of the service's.
    guard query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return [] }
    return query.split(separator: "&")
  }
}

// MARK: The answer

extension ClientCore {
  /// Sends until there is an answer or the policy says that it is enough.
  private func repeated<Response>(
    _ request: TransportRequest, _ endpoint: Endpoint<Response>, path: String,
    _ policy: RetryPolicy
  ) async throws(ReplicateError) -> (response: Response, size: Int) {
    let route = endpoint.route
    var attempt = 1
    var failures = 0
    var refusals = 0
    while true {
      let ticket = try await limiter.admit(route, longest: policy.longestRequestedDelay)
      var call = CallRecord(route: route, method: request.method, path: path, attempt: attempt)
      do throws(ReplicateError) {
        let response = try await once(request, endpoint, ticket, &call)
        record(call)
        return (response, call.byteCount)
      } catch {
        let isRefusal = if case .rateLimited = error.reason { true } else { false }
        if isRefusal { refusals += 1 } else { failures += 1 }
        let delay = policy.delay(
          after: error, attempt: isRefusal ? refusals : failures,
          isRepeatable: route.isRepeatable, jitter: .random(in: 0..<1))
        call.error = error
        call.retryDelay = delay
        record(call)
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
      response = try await transport.send(request)
      call.status = response.status
      serverTime.see(date: response.header("date"))
      // The others needn't wait until the whole answer is there; how long, a refusal's body says.
      if response.status != 429, let settled = ticket {
        await limiter.settle(settled, headers: response.headers, error: nil)
        ticket = nil
      }
      body = try await collected(response, endpoint.logDepth, &call.byteCount)
    } catch {
      throw ReplicateError(error)
    }
    guard let body else {
      throw ReplicateError(
        .unreadable(what: "it is larger than \(configuration.maximumAnswerSize) bytes"))
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
            ? "\(endpoint.route.rawValue) brought a web page; a proxy or a sign-in page may stand "
              + "between"
            : "\(endpoint.route.rawValue), \(error)"),
        requestID: response.requestID)
    }
  }

  /// The whole body, or nil where it is too large.
  private func collected(
    _ response: TransportResponse, _ logDepth: Int?, _ byteCount: inout Int
  ) async throws(TransportError) -> [UInt8]? {
    let limit = configuration.maximumAnswerSize
    let length = response.header("content-length").flatMap { Int($0) } ?? 0
    var trimmer = logDepth.map { LogTrimmer(depth: $0) }
    var body: [UInt8] = []
    body.reserveCapacity(min(max(0, length), limit, 64 * 1024 * 1024))
    for try await chunk in response.body {
      byteCount += chunk.count
      if trimmer != nil {
        trimmer?.push(chunk, into: &body)
      } else {
        body.append(contentsOf: chunk)
      }
      if body.count > limit { return nil }
    }
    trimmer?.finish(into: &body)
    return body
  }
}

extension TransportResponse {
  /// What the service, or the edge before it, calls the exchange.
  var requestID: String? { header("x-request-id") ?? header("cf-ray") }
}

extension ReplicateError {
  init(_ error: TransportError) {
    let reason: Reason =
      switch error {
      case .cancelled: .cancelled
      case .timedOut: .timedOut
      case .unreachable(let reason): .unreachable(reason: reason)
      case .untrusted(let reason): .untrusted(reason: reason)
      case .interrupted(let reason): .interrupted(reason: reason)
      case .unreadable(let what): .unreadable(what: what)
      case .file(let path, let reason): .file(path: path, reason: reason)
      }
    self.init(reason)
  }

  /// What an answer with any but a 2xx status means.
  init(refusal response: TransportResponse, body: [UInt8]) {
    let reason: Reason
    if (300..<400).contains(response.status) {
      // Following it could carry the token to another host, and the address may be signed.
      let place = response.header("location").map(CallRecord.place) ?? "nowhere"
      reason = .other(status: response.status, detail: "it points to \(place)")
    } else {
      reason = ErrorAnswer(status: response.status, headers: response.headers, body: body)
        .reason(status: response.status)
    }
    self.init(reason, status: response.status, requestID: response.requestID)
  }
}
