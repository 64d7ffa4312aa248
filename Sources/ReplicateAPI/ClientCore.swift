import Logging

/// What the copies of a ``Client`` share, and how a call is made.
final class ClientCore: Sendable {
  let configuration: Client.Configuration
  let transport: any Transport
  let clock: any Clock<Duration>
  let log = CallLog()
  private let logger: Logger

  init(
    configuration: Client.Configuration, transport: any Transport, logger: Logger,
    clock: any Clock<Duration>
  ) {
    self.configuration = configuration
    self.transport = transport
    self.logger = logger
    self.clock = clock
  }

  /// - Parameter address: Another page of the endpoint's list.
  @concurrent
  func send<Response>(
    _ endpoint: Endpoint<Response>, at address: String? = nil
  ) async throws(ReplicateError) -> Response {
    let target = try target(of: endpoint, at: address)
    let request = try request(for: endpoint, target: target)
    let body = try await repeated(request, route: endpoint.route, path: target)
    do throws(JSONSyntaxError) {
      return try endpoint.read(body)
    } catch {
      throw .unreadable(what: "\(endpoint.route.rawValue), \(error)")
    }
  }

  func sleep(_ duration: Duration) async throws(ReplicateError) {
    do {
      try await clock.sleep(for: duration)
    } catch {
      throw .cancelled
    }
  }

  func record(_ call: CallRecord) {
    log.record(call)
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
    guard let token = configuration.token else { throw .noToken }
    var headers = [
      (name: "authorization", value: "Bearer \(token)"),
      (name: "user-agent", value: configuration.userAgent),
      (name: "accept", value: "application/json"),
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
      throw .notFound(detail: "\(name) is empty")
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
  private func repeated(
    _ request: TransportRequest, route: Route, path: String
  ) async throws(ReplicateError) -> [UInt8] {
    var attempt = 1
    while true {
      var call = CallRecord(route: route, method: request.method, path: path, attempt: attempt)
      do throws(ReplicateError) {
        let body = try await once(request, &call)
        record(call)
        return body
      } catch {
        let delay = configuration.retryPolicy.delay(
          after: error, attempt: attempt, isRepeatable: route.isRepeatable,
          jitter: .random(in: 0..<1))
        call.error = error
        call.retryDelay = delay
        record(call)
        guard let delay else { throw error }
        try await sleep(delay)
        attempt += 1
      }
    }
  }

  private func once(
    _ request: TransportRequest, _ call: inout CallRecord
  ) async throws(ReplicateError) -> [UInt8] {
    let start = ContinuousClock.now
    defer { call.duration = ContinuousClock.now - start }
    let response: TransportResponse
    let body: [UInt8]?
    do throws(TransportError) {
      response = try await transport.send(request)
      call.status = response.status
      body = try await collected(response, &call.byteCount)
    } catch {
      throw ReplicateError(error)
    }
    guard let body else {
      throw .unreadable(what: "it is larger than \(configuration.maximumAnswerSize) bytes")
    }
    if (200..<300).contains(response.status) { return body }
    throw ReplicateError(refusal: response, body: body)
  }

  /// The whole body, or nil where it is too large.
  private func collected(
    _ response: TransportResponse, _ byteCount: inout Int
  ) async throws(TransportError) -> [UInt8]? {
    let limit = configuration.maximumAnswerSize
    let length = response.header("content-length").flatMap { Int($0) } ?? 0
    var body: [UInt8] = []
    body.reserveCapacity(min(max(0, length), limit, 64 * 1024 * 1024))
    for try await chunk in response.body {
      body.append(contentsOf: chunk)
      byteCount = body.count
      if body.count > limit { return nil }
    }
    return body
  }
}

extension ReplicateError {
  init(_ error: TransportError) {
    switch error {
    case .cancelled: self = .cancelled
    case .timedOut: self = .timedOut
    case .unreachable(let reason), .interrupted(let reason): self = .offline(reason: reason)
    }
  }

  /// What an answer with any but a 2xx status means.
  init(refusal response: TransportResponse, body: [UInt8]) {
    if (300..<400).contains(response.status) {
      // Following it could carry the token to another host.
      let address = response.header("location") ?? "nowhere"
      self = .other(status: response.status, detail: "it points to \(address.prefix(200))")
    } else {
      self = ErrorAnswer(status: response.status, headers: response.headers, body: body)
        .error(status: response.status)
    }
  }
}
