import Support
import Testing

@testable import ReplicateAPI

@Suite struct `The examination of a webhook` {
  typealias Finding = WebhookExamination.Finding

  // The example of the Standard Webhooks' own documentation.
  let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
  let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
  let time = 1_614_265_330
  let signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
  let body = Array(#"{"test": 2432232314}"#.utf8)

  private func findings(
    _ signatures: String? = nil, body: [UInt8]? = nil, secret: WebhookSecret? = nil,
    age: Double = 0
  ) -> [Finding] {
    let delivery = WebhookSecret.Delivery(
      id: id, timestamp: String(time), signatures: signatures ?? signature,
      body: body ?? self.body)
    return (secret ?? self.secret).examine(delivery, now: Double(time) + age).findings
  }

  private func findings(headers: [(name: String, value: String)]) -> [Finding] {
    secret.examine(headers: headers, body: body, now: Double(time)).findings
  }

  // MARK: Signing

  @Test func `the example of the specification is signed as it says`() {
    #expect(secret.sign(id: id, timestamp: time, body: body) == signature)
    #expect(WebhookSecret("whsec_").sign(id: id, timestamp: time, body: body) == nil)
  }

  @Test func `what is signed is verified and trusted`() throws {
    let sent = try #require(secret.sign(id: "a", timestamp: 5, body: [0xFF, 0x00]))
    let delivery = WebhookSecret.Delivery(
      id: "a", timestamp: "5", signatures: sent, body: [0xFF, 0x00])
    try secret.verify(delivery, now: 6)
    let examination = secret.examine(delivery, now: 6)
    #expect(examination.isTrustworthy)
    #expect(examination.firstProblem == nil)
    #expect(examination.findings == [.onTime(age: 1), .matches(number: 1, of: 1)])
  }

  // MARK: Secrets

  @Test(arguments: [
    ("", "There is no webhook secret."), ("whsec_", "The webhook secret ends after whsec_."),
    (" whsec_AAAA", "The webhook secret has blanks or quotation marks around it."),
    ("whsec_AAAA\n", "The webhook secret has blanks or quotation marks around it."),
    ("\"whsec_AAAA\"", "The webhook secret has blanks or quotation marks around it."),
    ("whpk_AAAA", "This is a key for v1a signatures. Replicate’s secret begins with whsec_."),
    ("r8_AAAA", "The webhook secret doesn’t begin with whsec_."),
    ("whsec_A?", "The part of the webhook secret after whsec_ isn’t base64."),
  ])
  func `a secret that can't be used says why`(key: String, words: String) {
    let secret = WebhookSecret(key)
    #expect(secret.problem == words)
    let examination = secret.examine(
      WebhookSecret.Delivery(
        id: id, timestamp: String(time), signatures: signature, body: body), now: Double(time))
    #expect(examination.findings == [.unusableSecret(words), .onTime(age: 0)])
    #expect(!examination.isTrustworthy)
  }

  @Test func `a short key is remarked on`() throws {
    let short = WebhookSecret("whsec_AAAA")
    #expect(short.problem == nil)
    let sent = try #require(short.sign(id: id, timestamp: time, body: body))
    #expect(
      findings(sent, secret: short) == [
        .shortSecret(bytes: 3), .onTime(age: 0), .matches(number: 1, of: 1),
      ])
  }

  @Test func `only the end of a secret is shown`() {
    #expect(secret.masked == "whsec_…LaSw")
    #expect(WebhookSecret("whsec_AAAA").masked == "whsec_…")
    #expect(WebhookSecret("0123456789abcdef").masked == "…cdef")
    #expect(WebhookSecret("").masked == "…")
  }

  // MARK: Headers

  @Test func `missing, empty, and repeated headers are named`() {
    #expect(
      findings(headers: [("Webhook-ID", id), ("WEBHOOK-TIMESTAMP", String(time))]) == [
        .missingHeader(.signature), .onTime(age: 0),
      ])
    #expect(
      findings(headers: []) == [
        .missingHeader(.id), .missingHeader(.timestamp), .missingHeader(.signature),
      ])
    #expect(
      findings(headers: [
        ("webhook-id", ""), ("webhook-id", id), ("webhook-timestamp", String(time)),
        ("webhook-timestamp", String(time)), ("webhook-signature", ""),
      ]) == [.repeatedHeader(.id), .emptyHeader(.signature), .onTime(age: 0)])
  }

  @Test func `the headers of Svix are examined, and are a problem`() {
    #expect(
      findings(headers: [
        ("svix-id", id), ("Svix-Timestamp", String(time)), ("svix-signature", signature),
      ]) == [.olderHeaders, .onTime(age: 0), .matches(number: 1, of: 1)])
    // Both kinds together are no problem.
    #expect(
      findings(headers: [
        ("svix-id", "x"), ("webhook-id", id), ("webhook-timestamp", String(time)),
        ("webhook-signature", signature),
      ]) == [.onTime(age: 0), .matches(number: 1, of: 1)])
  }

  @Test func `odd IDs are remarked on`() {
    let delivery = WebhookSecret.Delivery(
      id: "a.b", timestamp: String(time), signatures: signature, body: body)
    #expect(secret.examine(delivery, now: Double(time)).findings.first == .oddID)
  }

  // MARK: Age

  @Test(arguments: [
    (0.0, Finding.onTime(age: 0)), (300, .onTime(age: 300)), (-300, .onTime(age: -300)),
    (301, .tooOld(age: 301, tolerance: 300)), (-301, .inFuture(age: -301, tolerance: 300)),
  ])
  func `the age counts with a tolerance of five minutes`(age: Double, finding: Finding) {
    #expect(findings(age: age).first == finding)
  }

  @Test func `timestamps that aren't seconds are recognized`() {
    func first(_ timestamp: String) -> Finding? {
      secret.examine(
        WebhookSecret.Delivery(id: id, timestamp: timestamp, signatures: "v1,", body: []),
        now: Double(time)
      ).findings.first
    }
    #expect(first("1614265330000") == .timestampInMilliseconds)
    #expect(first("2021-02-25T15:02:10Z") == .unreadableTimestamp)
    #expect(first("99999999999999999999") == .unreadableTimestamp)
    #expect(first("-9223372036854775808")?.description.isEmpty == false)
    #expect(first("9223372036854775807")?.description.isEmpty == false)
  }

  @Test func `ages are written in a fitting unit`() {
    #expect(
      Finding.onTime(age: 1).description == "It was signed 1 second ago, which is recent enough.")
    #expect(
      Finding.tooOld(age: 90_000, tolerance: 300).description
        == "It was signed 25 hours ago, and receivers reject what is older than 5 minutes: it may "
        + "be a replay.")
  }

  // MARK: Signatures

  @Test func `one of several signatures is enough`() {
    let others = "v1a,xyz v2,abc v1,AAAA nonsense"
    #expect(
      findings("\(others) \(signature)") == [
        .onTime(age: 0), .malformedSignatures(count: 2), .otherVersions(["v1a", "v2"]),
        .matches(number: 1, of: 1),
      ])
    let wrong = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
    #expect(findings("\(wrong) \(signature)").last == .matches(number: 2, of: 2))
  }

  @Test func `without a v1 signature, there is nothing to compare`() {
    #expect(
      findings("v1a,xyz") == [.onTime(age: 0), .otherVersions(["v1a"]), .nothingToCompare])
    #expect(findings(" ") == [.onTime(age: 0), .nothingToCompare])
    #expect(
      findings(String(signature.dropFirst(3))) == [
        .onTime(age: 0), .malformedSignatures(count: 1), .nothingToCompare,
      ])
  }

  // MARK: Changed bodies

  private typealias Change = WebhookExamination.BodyChange

  /// What is found out about a body if another was signed.
  private func end(signed: String, received: String) -> Finding? {
    let sent = secret.sign(id: id, timestamp: time, body: Array(signed.utf8))
    return findings(sent, body: Array(received.utf8)).last
  }

  @Test func `changes that are made on the way are found`() {
    let compact = #"{"a":[1,2.50,"x, y: \"z\" \\"],"b":{}}"#
    #expect(
      end(signed: compact, received: compact + "\n")
        == .matchesChangedBody(.init(nil, .withoutBreak)))
    #expect(
      end(signed: compact + "\n", received: compact) == .matchesChangedBody(.init(nil, .withBreak)))
    #expect(
      end(signed: "{\n\"a\":1\n}\n", received: "{\r\n\"a\":1\r\n}\r\n")
        == .matchesChangedBody(.init(.lineFeeds, .withBreak)))
    let pretty =
      "{\n  \"a\": [\n    1,\n    2.50,\n    \"x, y: \\\"z\\\" \\\\\"\n  ],\n  \"b\": {}\n}"
    #expect(
      end(signed: compact, received: pretty)
        == .matchesChangedBody(.init(.compact, .withoutBreak)))
    #expect(
      end(signed: compact + "\n", received: pretty)
        == .matchesChangedBody(.init(.compact, .withBreak)))
    #expect(
      end(signed: #"{"a": [1, 2], "b": ",:"}"#, received: #"{"a":[1,2],"b":",:"}"#)
        == .matchesChangedBody(.init(.spaced, .withoutBreak)))
    #expect(
      end(signed: #"{"a":"\u003ca\u003e \u0026 b"}"# + "\n", received: #"{"a": "<a> & b"}"#)
        == .matchesChangedBody(.init(.escaped, .withBreak)))
  }

  @Test func `what matches nothing has a reason that fits its body`() {
    #expect(end(signed: "a", received: #"{"a": 1}"#) == .bodyWasReserialized)
    #expect(end(signed: "a", received: #"{"a":"b c"}"# + "\n") == .bodyLooksUnchanged)
    #expect(end(signed: "a", received: #"{"a":1"#) == .bodyIsNotJSON)
    #expect(end(signed: "a", received: "") == .emptyBody)
    #expect(end(signed: "a", received: "\r\n\n") == .bodyIsNotJSON)
    let other = WebhookSecret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD")
    let compact = Array(#"{"a":1}"#.utf8)
    let sent = secret.sign(id: id, timestamp: time, body: compact)
    #expect(
      findings(sent, body: compact, secret: other) == [
        .onTime(age: 0), .noMatch, .bodyLooksUnchanged,
      ])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `whatever arrives, both checks agree, and each finding has a sentence`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces = [
      signature, "v1,", "v1a,", " ", ",", "=", "\n", "g0hM", "é", "\u{0}", "whsec_", "1614265330",
      "{", "}", "\"", "\\", ":", "\r\n", "v", "v1",
    ]
    func text(_ known: String) -> String {
      if Int.random(in: 0..<3, using: &random) > 0 { return known }
      let count = Int.random(in: 0..<6, using: &random)
      return (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    }
    for _ in 0..<200 {
      let delivery = WebhookSecret.Delivery(
        id: text(id), timestamp: text(String(time)), signatures: text(signature),
        body: Array(text(#"{"test": 2432232314}"#).utf8))
      let secret = WebhookSecret(text(secret.key))
      let examination = secret.examine(delivery, now: Double(time))
      let isVerified = (try? secret.verify(delivery, now: Double(time))) != nil
      #expect(examination.isTrustworthy == isVerified)
      #expect(examination.findings.allSatisfy { $0.description.count > 10 })
    }
  }
}
