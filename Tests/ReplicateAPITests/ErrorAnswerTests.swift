import Testing

@testable import ReplicateAPI

@Suite struct `Error answers` {
  func error(
    _ status: Int, _ body: String, headers: [(name: String, value: String)] = []
  ) -> ReplicateError {
    ReplicateError(
      ErrorAnswer(status: status, headers: headers, body: Array(body.utf8))
        .reason(status: status))
  }

  @Test func `a wrong token is told, with what to do`() {
    let error = error(
      401,
      #"{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}"#
    )
    #expect(error.reason == .unauthorized(detail: "You did not pass a valid authentication token"))
    #expect(error.errorDescription == "Replicate didn't accept the API token.")
    #expect(error.recoverySuggestion?.contains("REPLICATE_API_TOKEN") == true)
  }

  @Test func `missing credit is told in the service's words`() {
    let detail =
      "You have insufficient credit to run this model. Go to "
      + "https://replicate.com/account/billing#billing to purchase credit."
    let error = error(
      402, #"{"title":"Insufficient credit","detail":"\#(detail)","status":402}"#)
    #expect(error.reason == .paymentRequired(.insufficientCredit, detail: detail))
    #expect(error.errorDescription == "The account doesn't have enough credit.")
    #expect(error.recoverySuggestion == detail)
  }

  @Test func `invalid input is mapped to its fields`() {
    let error = error(
      422,
      #"""
      {"detail":"- input: prompt is required\n- input.num_inference_steps: Must be less than or equal to 4\n","status":422,"title":"Input validation failed","invalid_fields":[{"type":"required","field":"input","description":"prompt is required"},{"type":"number_lte","field":"input.num_inference_steps","description":"Must be less than or equal to 4"},{"type":"format","field":"input.images.0","description":"Does not match format 'uri'"},{"type":"additional_property_not_allowed","field":"","description":"Additional property model is not allowed"}]}
      """#)
    guard case .invalidInput(let fields, let detail) = error.reason else {
      Issue.record("\(error)")
      return
    }
    #expect(fields.map(\.field) == ["prompt", "num_inference_steps", "images", ""])
    #expect(fields.map(\.type).first == "required")
    #expect(fields[1].description == "Must be less than or equal to 4")
    #expect(detail.hasPrefix("- input: prompt is required"))
  }

  @Test func `the older list of faults is mapped to fields too`() {
    let error = error(
      422,
      #"{"detail":[{"loc":["body","input","seed"],"msg":"value is not a valid integer","type":"type_error.integer"}]}"#
    )
    #expect(
      error.reason
        == .invalidInput(
          [
            InvalidField(
              field: "seed", type: "type_error.integer",
              description: "value is not a valid integer")
          ], detail: "value is not a valid integer"))
  }

  @Test func `an invalid version is told in the service's words`() {
    let error = error(
      422,
      #"{"title":"Invalid version or not permitted","detail":"The specified version does not exist (or perhaps you don't have permission to use it?)","status":422}"#
    )
    #expect(error.errorDescription?.contains("The specified version does not exist") == true)
  }

  @Test(arguments: [
    (#"{"detail":"Request was throttled.","status":429,"retry_after":5}"#, 5),
    (#"{"detail":"Request was throttled. Your rate limit resets in ~30s.","status":429}"#, 30),
    (#"{"detail":"Request was throttled. Expected available in 1 second."}"#, 1),
  ])
  func `the wait of a 429 is read from its body`(body: String, seconds: Int) {
    guard case .rateLimited(let wait, _) = error(429, body).reason else {
      Issue.record("not read as a 429")
      return
    }
    #expect(wait == .seconds(seconds))
  }

  @Test func `the wait of a 429 is read from its headers`() {
    for name in ["Retry-After", "ratelimit-reset"] {
      #expect(
        error(429, "", headers: [(name, "12")]).reason
          == .rateLimited(retryAfter: .seconds(12), detail: ""))
    }
    #expect(
      error(429, "", headers: [("retry-after", "Wed, 21 Oct")]).reason
        == .rateLimited(retryAfter: nil, detail: ""))
    let headers = [
      (name: "Retry-After", value: "Sun, 06 Nov 1994 08:49:37 GMT"),
      (name: "Date", value: "Sun, 06 Nov 1994 08:49:30 GMT"),
    ]
    #expect(
      error(429, "", headers: headers).reason
        == .rateLimited(retryAfter: .seconds(7), detail: ""))
  }

  @Test(arguments: [
    ("Insufficient credit", PaymentProblem.insufficientCredit),
    ("Billing required", .billingRequired), ("Free time limit reached", .freeTimeLimit),
    ("Monthly spend limit reached", .monthlySpendLimit), ("New kind", .other(title: "New kind")),
  ])
  func `the kinds of 402 are told apart`(title: String, problem: PaymentProblem) {
    #expect(
      error(402, #"{"title":"\#(title)","detail":"d","status":402}"#).reason
        == .paymentRequired(problem, detail: "d"))
  }

  @Test func `a proxy's page says its title`() {
    let html =
      "<html>\r\n<head><TITLE>413 Request\n Entity Too Large</TITLE></head><body>…</body></html>"
    #expect(error(413, html).reason == .payloadTooLarge(detail: "413 Request Entity Too Large"))
    #expect(error(502, "<html><body>no title").reason == .server(status: 502, detail: ""))
    #expect(
      error(503, "upstream\n is down ").reason == .server(status: 503, detail: "upstream is down"))
  }

  @Test(arguments: [
    "", "null", "[]", "{}", "5", #""text""#, #"{"detail":null}"#, #"{"detail":{"a":1}}"#,
    #"{"invalid_fields":5,"retry_after":"x"}"#, #"{"detail":[5,null,{"loc":3}]}"#,
    #"{"invalid_fields":[null,{"field":7}]}"#, "<title></title>", "</title><title>",
    #"{"retry_after":-1}"#, #"{"retry_after":1e300}"#,
  ])
  func `a body of any kind makes an error with words`(body: String) {
    for status in [400, 401, 402, 403, 404, 409, 413, 418, 422, 429, 500, 599] {
      let error = error(status, body)
      #expect(error.status == status || status == 400)
      #expect(error.errorDescription?.isEmpty == false)
    }
  }

  @Test func `every error has words, and a full stop`() {
    let reasons: [ReplicateError.Reason] = [
      .noToken, .badConfiguration(reason: "Wrong."), .unauthorized(detail: ""),
      .paymentRequired(.other(title: ""), detail: ""), .forbidden(detail: "no"),
      .notFound(detail: "x."),
      .payloadTooLarge(detail: ""), .invalidInput([], detail: "- a\n"),
      .rateLimited(retryAfter: .milliseconds(1500), detail: ""),
      .rateLimited(retryAfter: nil, detail: ""), .server(status: 500, detail: ""),
      .other(status: 418, detail: "teapot"),
      .unreachable(reason: "the connection was refused"), .timedOut, .unreadable(what: "nothing"),
      .canceled, .conflict(detail: ""),
      .untrusted(reason: "no"), .interrupted(reason: "gone"), .outcomeUnknown(candidates: []),
      .outcomeUnknown(candidates: ["p1", "p2"]), .notRecorded(reason: "full"),
      .file(path: "a", reason: "no such file"), .paymentRequired(.freeTimeLimit, detail: ""),
    ]
    let errors = reasons.map { ReplicateError($0) }
    for error in errors {
      let words = error.errorDescription ?? ""
      #expect(words.hasSuffix(".") && !words.hasSuffix(".."), "\(words)")
    }
    #expect(errors[8].errorDescription == "Too many requests: Replicate asks to wait 2 seconds.")
    #expect(errors[5].errorDescription == "Not found on Replicate: x.")
  }
}
