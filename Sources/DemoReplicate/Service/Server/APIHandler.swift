import HTTPTypes
import Hummingbird
import NIOCore
import ReplicateAPI

/// Answers requests on the API port: checks token, route and rate limit, and injects faults.
struct APIHandler: RequestHandler {
  let service: DemoService

  /// What is known about a request before it is answered.
  private struct RoutedRequest {
    var route: Route
    var parameters: [String: String]
    var token: String
  }

  /// The proxy rejects longer bodies, except for uploads.
  static let maxJSONSize = 20 << 20

  func delivery(of request: Request) async throws -> Delivery {
    let method = request.method.rawValue
    let verdict = service.faults.verdict(changes: !Self.isSafe(method))
    let occasion = occasion(of: request)
    let waits = service.odd.waits(
      occasion.target, call: occasion.call, now: service.clock.now)
    let delivery: Delivery
    if verdict.failure == nil, let waits, let answer = waits.answer {
      delivery = .complete(response(waits.added(to: answer), request))
    } else {
      delivery = await self.delivery(of: request, verdict.failure, occasion, waits)
    }
    if verdict.delay > 0 {
      try await Task.sleep(for: Duration(clampingSeconds: verdict.delay / service.options.speed))
    }
    return delivery
  }

  /// What the oddities of an answer depend on.
  private func occasion(of request: Request) -> OddAnswers.Occasion {
    let method = request.method.rawValue
    let query = request.uri.query.map { "?\($0)" } ?? ""
    let target = String(request.uri.path.dropFirst("/v1".count)) + query
    return OddAnswers.Occasion(
      base: service.addresses.api, target: target,
      call: service.odd.count("\(method) \(target)"), isChange: !Self.isSafe(method),
      origin: service.addresses.output)
  }

  private static func isSafe(_ method: String) -> Bool {
    ["GET", "HEAD", "QUERY"].contains(method)
  }

  private func delivery(
    of request: Request, _ failure: FaultPlan.Failure?, _ occasion: OddAnswers.Occasion,
    _ waits: OddWaits?
  ) async -> Delivery {
    switch failure {
    case .reset(takesEffect: false): return .reset
    case .throttled, .serverError(_, _, takesEffect: false):
      return .complete(response(DemoAnswer(body: []).after(failure), request))
    default: break
    }
    var answer = await answer(request, occasion)
    if let waits { answer = waits.added(to: answer) }
    if case .reset = failure { return .reset }
    if isLostCreate(request, answer) { return .reset }
    let response = response(answer.after(failure), request)
    if case .cutOff(let fraction) = failure, answer.body.count > 1, request.method != .head {
      return .cutOff(response, cut(response, answer, fraction))
    }
    return .complete(response)
  }

  private func isLostCreate(_ request: Request, _ answer: DemoAnswer) -> Bool {
    service.options.faults.contains(.lostCreates) && request.method == .post
      && answer.status == 201
      && ["/predictions", "/trainings"].contains { request.uri.path.hasSuffix($0) }
  }

  /// The part of the body that is sent before the connection breaks.
  private func cut(_ response: Response, _ answer: DemoAnswer, _ fraction: Double) -> [UInt8] {
    let isPacked = response.headers[.contentEncoding] != nil
    let packed = isPacked ? service.gzip.compressed(answer.body, key: answer.constantName) : nil
    let bytes = packed ?? answer.body
    return Array(
      bytes.prefix(max(1, min(bytes.count - 1, Int(clamping: Double(bytes.count) * fraction)))))
  }

  // MARK: Answering

  private func answer(
    _ request: Request, _ occasion: OddAnswers.Occasion
  ) async -> DemoAnswer {
    var route: Route?
    var limits: [(String, String)] = []
    var answer: DemoAnswer
    do {
      // Only search works without a token.
      let isOpen = request.uri.path == "/v1/search"
      let token = try isOpen ? "" : Self.token(request.headers[.authorization])
      let routed = try Self.routed(request, token)
      route = routed.route
      limits = try take(routed)
      if request.method == .options {
        answer = .json(Self.metadata(routed.route))
      } else {
        if routed.route.costs { try checkCredit(routed) }
        answer = service.odd.changed(
          try await service.answer(try await call(routed, request)), on: occasion)
      }
    } catch let rejection as Rejection {
      answer = rejection.answer
      limits = rejection.limits
    } catch let problem as Problem {
      answer = DemoAnswer(problem)
      if problem.status == 405 { answer.headers = [("allow", Self.allowed(request.uri.path))] }
    } catch {
      // The client disconnected in the middle of its body.
      answer = DemoAnswer(.badRequest("Malformed request."))
    }
    guard let route else { return answer }
    let backend = Backend(route)
    if backend == .files {
      if answer.type == "application/json" { answer.type = "application/json; charset=UTF-8" }
    } else {
      answer.headers = limits + answer.headers
    }
    let own = Set(answer.headers.map(\.0))
    answer.headers += backend.headers(route).filter { !own.contains($0.0) }
    return answer
  }

  /// An error answer that isn't a problem's JSON, or that has extra headers.
  private struct Rejection: Error {
    var answer: DemoAnswer
    var limits: [(String, String)] = []
  }

  private static func token(_ header: String?) throws(Problem) -> String {
    guard let header, !header.isEmpty else { throw .noToken }
    let words = header.split(separator: " ")
    guard words.count == 2, words[0] == "Bearer" || words[0] == "Token", words[1].hasPrefix("r8_"),
      !words[1].contains("bad")
    else { throw .badToken }
    return String(words[1])
  }

  private static func routed(
    _ request: Request, _ token: String
  ) throws(Problem) -> RoutedRequest {
    let method = request.method.rawValue
    guard request.uri.path.hasPrefix("/v1/") else { throw .notFound }
    let path = String(request.uri.path.dropFirst(3))
    let known = Set(Route.allCases.map(\.method)).sorted().compactMap {
      Route.matching(method: $0, path: path)
    }
    let wanted = method == "HEAD" ? "GET" : method
    if let match = known.first(where: { $0.route.method == wanted }) {
      return RoutedRequest(route: match.route, parameters: match.parameters, token: token)
    }
    guard let first = known.first else { throw .notFound }
    guard method == "OPTIONS", Backend(first.route) == .django else { throw .notAllowed(method) }
    return RoutedRequest(route: first.route, parameters: first.parameters, token: token)
  }

  private static func allowed(_ path: String) -> String {
    let path = String(path.dropFirst(3))
    let match = Set(Route.allCases.map(\.method)).sorted().compactMap {
      Route.matching(method: $0, path: path)
    }.first
    return match.map { Backend.allowed(at: $0.route.pathTemplate) } ?? "OPTIONS"
  }

  /// Django's answer to an OPTIONS request.
  private static func metadata(_ route: Route) -> JSONValue {
    [
      "name": .string(route.pathTemplate), "description": "", "renders": ["application/json"],
      "parses": ["application/json"],
    ]
  }

  /// Takes a token from the bucket and returns the rate limit headers.
  private func take(_ routed: RoutedRequest) throws(Rejection) -> [(String, String)] {
    let limit = routed.route.rateLimit
    let grant = service.limiter.take(limit, token: routed.token, at: ServiceClock.systemTime)
    let headers = [
      ("ratelimit-remaining", String(grant.remaining)), ("ratelimit-reset", String(grant.reset)),
    ]
    guard !grant.isGranted else { return headers }
    let isReduced = limit == .creates && service.options.faults.contains(.lowCredit)
    throw Rejection(
      answer: DemoAnswer(
        isReduced ? .lowCredit(wait: grant.wait) : .overLimit(resetsIn: grant.reset)),
      limits: headers)
  }

  /// Fails with 402 if the token's name contains a billing limit.
  private func checkCredit(_ routed: RoutedRequest) throws(Problem) {
    let token = routed.token.lowercased()
    if token.contains("nocredit") { throw .insufficientCredit }
    if token.contains("nobilling") { throw .billingRequired }
    if token.contains("freelimit") { throw .freeTimeLimit }
    if token.contains("spendlimit") { throw .spendLimit }
  }

  private func call(_ routed: RoutedRequest, _ request: Request) async throws -> DemoService.Call {
    var query: [String: String] = [:]
    for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
    return DemoService.Call(
      route: routed.route, parameters: routed.parameters, query: query,
      headers: request.headers, body: try await Self.body(of: request, routed.route),
      base: service.addresses.api)
  }

  /// Reads the whole body. If it is too long, the service rejects an upload and the proxy anything
  /// else.
  private static func body(of request: Request, _ route: Route) async throws -> [UInt8] {
    let isUpload = route == .createFile
    let limit = isUpload ? FileStore.maxSize + 1 << 20 : maxJSONSize
    do {
      return Array(try await request.body.collect(upTo: limit).readableBytesView)
    } catch is NIOTooManyBytesError {
      if isUpload { throw Problem.fileTooLarge }
      throw Rejection(
        answer: DemoAnswer(
          status: 413, type: "text/html",
          body: Array(DemoAnswer.page("413 Request Entity Too Large").utf8)))
    }
  }

  // MARK: HTTP

  private func response(_ answer: DemoAnswer, _ request: Request) -> Response {
    var headers = HTTPFields()
    headers[.date] = TimestampFormat.http(service.clock.now)
    headers[.server] = "cloudflare"
    headers[.contentType] = answer.type
    var sent: Set<HTTPField.Name> = []
    for (name, value) in answer.headers {
      guard let name = HTTPField.Name(name) else { continue }
      if sent.insert(name).inserted {
        headers[name] = value
      } else {
        headers.append(HTTPField(name: name, value: value))
      }
    }
    var body = answer.body
    if body.count >= Gzip.minSize, Gzip.isAccepted(request.headers[.acceptEncoding]),
      !answer.type.hasPrefix("application/octet-stream"),
      let packed = service.gzip.compressed(body, key: answer.constantName)
    {
      body = packed
      headers[.contentEncoding] = "gzip"
    }
    let response = Response(
      status: .init(code: answer.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    return request.method == .head ? response.createHeadResponse() : response
  }
}
