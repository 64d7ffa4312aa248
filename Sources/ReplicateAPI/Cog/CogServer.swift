/// The HTTP API of a cog server, as far as ``CogTransport`` needs it (cog’s docs/http.md).
struct CogServer: Sendable {
  /// The headers of the client’s call that the server gets, too.
  typealias Headers = [(name: String, value: String)]

  let transport: any Transport
  /// Without a trailing slash.
  let baseURL: String

  struct Answer: Sendable {
    var status: Int
    var headers: Headers
    var body: [UInt8]

    var isSuccess: Bool { (200..<300).contains(status) }
    /// The body; nil if it isn’t JSON.
    var document: JSONValue? {
      do { return try JSONValue(parsing: body) } catch { return nil }
    }
  }

  /// The largest answers that are read, in bytes, not counting what isn’t kept of logs.
  private static let largestAnswer = 112 << 20
  private static let largestDocument = 16 << 20
  /// How long calls may take that don’t wait for a run.
  private static let timeout = Duration.seconds(30)

  /// The server’s health; nil if it has no health check.
  func health(
    _ headers: Headers, within timeout: Duration = timeout
  ) async throws(TransportError) -> CogHealth? {
    let answer = try await call("GET", "/health-check", headers, timeout: timeout)
    return answer.isSuccess ? answer.document.flatMap { CogHealth($0) } : nil
  }

  /// The OpenAPI document, or why there is none.
  func schema(_ headers: Headers) async throws(TransportError) -> Answer {
    try await call("GET", "/openapi.json", headers, timeout: Self.timeout)
  }

  /// Runs a prediction and returns when it has ended, with its output, or when it was refused.
  ///
  /// An answer that the server gives at once would never have the output.
  func run(
    _ id: String, _ body: [UInt8], _ headers: Headers
  ) async throws(TransportError) -> Answer {
    try await call("PUT", "/predictions/\(id)", headers, body: body, isPatient: true)
  }

  /// The state of a run that is under way; nil if there is no such run. Only for
  /// servers with ``CogModel/showsRuns``.
  ///
  /// A second PUT with the ID of a run that is under way answers with its state. If it has just
  /// ended, it would run again, so the input of this PUT is one that no model can take.
  func state(of id: String, _ headers: Headers) async throws(TransportError) -> JSONValue? {
    let body = Array(#"{"input":0}"#.utf8)
    let answer = try await call(
      "PUT", "/predictions/\(id)", headers, body: body, timeout: .seconds(5))
    return answer.status == 202 ? answer.document : nil
  }

  /// Asks the server to end a run. Whether it knows the run doesn’t matter: the run’s own answer
  /// says how it ended.
  func cancel(_ id: String, _ headers: Headers) async throws(TransportError) {
    _ = try await call(
      "POST", "/predictions/\(id)/cancel", headers, body: [], timeout: Self.timeout)
  }

  private func call(
    _ method: String, _ path: String, _ headers: Headers, body: [UInt8]? = nil,
    timeout: Duration? = nil, isPatient: Bool = false
  ) async throws(TransportError) -> Answer {
    var headers = headers
    headers.append((name: "accept", value: "application/json"))
    if body?.isEmpty == false {
      headers.append((name: "content-type", value: "application/json"))
    }
    let response = try await transport.send(
      TransportRequest(
        method: method, url: baseURL + path, headers: headers, body: body, timeout: timeout,
        isPatient: isPatient))
    let isRun = method == "PUT"
    return Answer(
      status: response.status, headers: response.headers,
      body: try await collected(
        response, upTo: isRun ? Self.largestAnswer : Self.largestDocument,
        trimmer: isRun ? LogTrimmer(depth: 1, limit: LogTrimmer.limitInLists) : nil))
  }

  private func collected(
    _ response: TransportResponse, upTo limit: Int, trimmer: LogTrimmer?
  ) async throws(TransportError) -> [UInt8] {
    var trimmer = trimmer
    var body: [UInt8] = []
    for try await chunk in response.body {
      if trimmer == nil {
        body += chunk
      } else {
        trimmer?.push(chunk, into: &body)
      }
      if body.count > limit { throw .unreadable("it is larger than \(limit.grouped) bytes") }
    }
    trimmer?.finish(into: &body)
    return body
  }
}
