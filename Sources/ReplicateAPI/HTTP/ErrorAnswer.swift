/// Reads an answer with an error status: the service's problem documents, its older `{"detail":
/// …}`, lists of errors, and the HTML of proxies.
struct ErrorAnswer {
  var title = ""
  var detail = ""
  var retryAfter: Duration?
  var invalidFields: [InvalidField] = []

  /// - Parameter now: This machine's time, in seconds since 1970, for answers without a date.
  init(
    status: Int, headers: [(name: String, value: String)], body: [UInt8], now: Double? = nil
  ) {
    do {
      read(try JSONValue(parsing: body))
    } catch {
      readText(String(decoding: body.prefix(100_000), as: UTF8.self))
    }
    // Refusals may repeat the input that they refuse.
    detail = DataURI.shortened(in: detail)
    for index in invalidFields.indices {
      invalidFields[index].description = DataURI.shortened(in: invalidFields[index].description)
    }
    if retryAfter == nil {
      retryAfter =
        Self.wait(headers, "retry-after", now)
        ?? (status == 429
          ? Self.secondsInText(detail) ?? Self.wait(headers, "ratelimit-reset", now) : nil)
    }
  }

  /// The reason of the ``ReplicateError``.
  func reason(status: Int) -> ReplicateError.Reason {
    switch status {
    case 401: .unauthorized(detail: detail)
    case 402: .paymentRequired(PaymentProblem(title: title), detail: detail)
    case 403: .forbidden(detail: detail)
    case 404: .notFound(detail: detail)
    case 409: .conflict(detail: detail)
    case 413: .payloadTooLarge(detail: detail)
    case 400, 422: .invalidInput(invalidFields, detail: detail.isEmpty ? title : detail)
    case 429: .rateLimited(retryAfter: retryAfter, detail: detail)
    case 500...599: .server(status: status, detail: detail.isEmpty ? title : detail)
    default: .other(status: status, detail: detail.isEmpty ? title : detail)
    }
  }
}

extension ErrorAnswer {
  private mutating func read(_ body: JSONValue) {
    guard let problem = body.object else {
      detail = Self.text(of: body)
      return
    }
    title = problem["title"]?.string ?? ""
    detail =
      [problem["detail"], problem["error"], problem["message"]].lazy.compactMap(\.self)
      .map(Self.text(of:)).first { !$0.isEmpty } ?? ""
    retryAfter = problem["retry_after"].flatMap(Self.duration)
    for field in problem["invalid_fields"]?.array ?? [] {
      let description = field["description"]?.string ?? ""
      let type = field["type"]?.string ?? ""
      invalidFields.append(
        InvalidField(
          field: Self.fieldName(field["field"]?.string ?? "", type, description),
          type: type, description: description))
    }
    // The older list of errors: [{"loc": ["body", "input", "seed"], "msg": …, "type": …}].
    for error in problem["detail"]?.array ?? [] {
      guard let message = error["msg"]?.string else { continue }
      let path = (error["loc"]?.array ?? []).compactMap(\.string)
      invalidFields.append(
        InvalidField(
          field: path.contains("input") ? path.last { $0 != "input" && $0 != "body" } ?? "" : "",
          type: error["type"]?.string ?? "", description: message))
    }
  }

  /// The input's name: `seed` for `input.seed`. If an input is missing, the path is only `input`,
  /// and the name is the first word of the description ("prompt is required").
  private static func fieldName(_ path: String, _ type: String, _ description: String) -> String {
    if path == "input" {
      guard type == "required" else { return "" }
      return description.split(separator: " ").first.map(String.init) ?? ""
    }
    guard path.hasPrefix("input.") else { return path }
    // For a value inside an input, such as an array's element, the input.
    return path.dropFirst("input.".count).split(separator: ".").first.map(String.init) ?? ""
  }

  private static func text(of value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .string(let string): string
    case .array(let errors):
      errors.map { $0["msg"]?.string ?? text(of: $0) }.joined(separator: "; ")
    default: value.serialized()
    }
  }

  private static func duration(_ value: JSONValue) -> Duration? {
    guard let seconds = value.double ?? value.string.flatMap(Double.init),
      seconds >= 0
    else { return nil }
    return Duration(clampingSeconds: seconds)
  }

  private static func wait(
    _ headers: [(name: String, value: String)], _ name: String, _ now: Double?
  ) -> Duration? {
    func value(_ name: String) -> String? {
      headers.first { $0.name.lowercased() == name }?.value
    }
    guard let text = value(name) else { return nil }
    // A date is relative to the answer's own date, not to this machine's clock.
    if let then = HTTPDate.timestamp(text)?.secondsSince1970,
      let now = value("date").flatMap(HTTPDate.timestamp)?.secondsSince1970 ?? now
    {
      return Duration(clampingSeconds: max(0, then - now))
    }
    return duration(.string(text))
  }

  /// "Your rate limit resets in ~30s.", "Expected available in 1 second."
  private static func secondsInText(_ detail: String) -> Duration? {
    let words = detail.split(separator: " ")
    for (word, next) in zip(words, words.dropFirst()) where word == "in" {
      let digits = next.drop { $0 == "~" }.prefix { $0.isASCII && $0.isNumber }
      if let seconds = Double(digits) { return Duration(clampingSeconds: seconds) }
    }
    return nil
  }

  /// Of HTML only the title is used. Other text is used as it is.
  private mutating func readText(_ text: String) {
    if let start = text.range(ofASCII: "<title>"), let end = text.range(ofASCII: "</title>"),
      start.upperBound <= end.lowerBound
    {
      detail = Self.oneLine(text[start.upperBound..<end.lowerBound])
    } else if !text.contains("<") {
      detail = Self.oneLine(text.prefix(500))
    }
  }

  private static func oneLine(_ text: Substring) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension String {
  /// The range of an ASCII text, ignoring case.
  fileprivate func range(ofASCII needle: String) -> Range<Index>? {
    let needle = Array(needle.utf8)
    let bytes = Array(utf8)
    guard bytes.count >= needle.count else { return nil }
    for start in 0...(bytes.count - needle.count) {
      let isHere = zip(bytes[start...], needle).allSatisfy { byte, expected in
        let isLetter = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return (isLetter ? byte | 0x20 : byte) == expected
      }
      if isHere {
        let lower = utf8.index(startIndex, offsetBy: start)
        return lower..<utf8.index(lower, offsetBy: needle.count)
      }
    }
    return nil
  }
}
