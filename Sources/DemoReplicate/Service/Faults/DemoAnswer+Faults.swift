import ReplicateAPI

extension DemoAnswer {
  /// The answer as changed by an injected failure. Failures of the connection don't change it.
  func after(_ failure: FaultPlan.Failure?) -> DemoAnswer {
    switch failure {
    case .throttled(let seconds): .throttled(seconds: seconds)
    case .serverError(let status, let isHTML, _): .serverError(status, isHTML: isHTML)
    case .halfJSON(let fraction) where isSuccessfulJSON: cut(to: fraction)
    case .htmlForJSON where isSuccessfulJSON:
      DemoAnswer(
        status: status, type: type, headers: headers,
        body: Array(Self.page("Just a moment...").utf8))
    default: self
    }
  }

  private var isSuccessfulJSON: Bool {
    (200..<300).contains(status) && type.hasPrefix("application/json") && !body.isEmpty
  }

  private func cut(to fraction: Double) -> DemoAnswer {
    var answer = self
    // Or the whole answer, once compressed, would be sent again, or this part of it kept.
    answer.constantName = nil
    // Drops at least two bytes, since JSON without its final newline is still valid.
    let most = max(1, body.count - 2)
    answer.body = Array(
      body.prefix(max(1, min(most, Int(clamping: Double(body.count) * fraction)))))
    return answer
  }

  private static func throttled(seconds: Int) -> DemoAnswer {
    var answer = DemoAnswer(.throttled(seconds: seconds))
    answer.headers = [("ratelimit-remaining", "0"), ("ratelimit-reset", String(seconds))]
    return answer
  }

  private static func serverError(_ status: Int, isHTML: Bool) -> DemoAnswer {
    let title = reasons[status] ?? "Internal Server Error"
    if isHTML {
      return DemoAnswer(
        status: status, type: "text/html", body: Array(page("\(status) \(title)").utf8))
    }
    return DemoAnswer(
      Problem(
        status: status,
        body: [
          "title": .string(title), "detail": "An unexpected error occurred. Please try again.",
          "status": .number(JSONNumber(status)),
        ]))
  }

  /// An nginx error page.
  static func page(_ title: String) -> String {
    """
    <html>\r
    <head><title>\(title)</title></head>\r
    <body>\r
    <center><h1>\(title)</h1></center>\r
    <hr><center>nginx</center>\r
    </body>\r
    </html>\r

    """
  }

  private static let reasons = [
    500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    504: "Gateway Timeout",
  ]
}
