import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension WebhookSecret {
  /// Finds out all about a delivery whose headers are known.
  ///
  /// - Parameters:
  ///   - delivery: The request.
  ///   - now: The current time, in seconds since 1970.
  ///   - tolerance: How far the timestamp may be from now, in seconds.
  public func examine(
    _ delivery: Delivery, now: Double, tolerance: Double = 300
  ) -> WebhookExamination {
    examine(
      headers: [
        ("webhook-id", delivery.id), ("webhook-timestamp", delivery.timestamp),
        ("webhook-signature", delivery.signatures),
      ], body: delivery.body, now: now, tolerance: tolerance)
  }

  /// Finds out all about a request that should be a delivery.
  ///
  /// It takes time in proportion to the body: up to eleven signatures are computed.
  public func examine(
    headers: some Sequence<(name: String, value: String)>, body: [UInt8], now: Double,
    tolerance: Double = 300
  ) -> WebhookExamination {
    var examination = WebhookExamination()
    if let problem {
      examination.findings.append(.unusableSecret(problem))
    } else if keyLength < 24 {
      examination.findings.append(.shortSecret(bytes: keyLength))
    }
    let values = examination.read(headers)
    if let id = values[.id], !id.isEmpty, !id.unicodeScalars.allSatisfy(Self.isOfID) {
      examination.findings.append(.oddID)
    }
    if let timestamp = values[.timestamp], !timestamp.isEmpty {
      examination.findings.append(Self.age(of: timestamp, now, tolerance))
    }
    if let signatures = values[.signature], !signatures.isEmpty {
      compare(
        signatures, id: values[.id], timestamp: values[.timestamp], body: body, &examination)
    }
    return examination
  }

  private static func isOfID(_ scalar: Unicode.Scalar) -> Bool {
    ("!"..."~").contains(scalar) && scalar != "."
  }

  private static func age(
    of timestamp: String, _ now: Double, _ tolerance: Double
  ) -> WebhookExamination.Finding {
    guard let sentAt = Int(timestamp) else { return .unreadableTimestamp }
    let age = now - Double(sentAt)
    if abs(age) <= tolerance { return .onTime(age: age) }
    // Milliseconds of any time between 1973 and 5138 have as many digits.
    if timestamp.utf8.count == 12 || timestamp.utf8.count == 13, sentAt > 0 {
      return .timestampInMilliseconds
    }
    return age > 0
      ? .tooOld(age: age, tolerance: tolerance) : .inFuture(age: age, tolerance: tolerance)
  }

  /// Looks for a signature that matches the body, or a variant of it.
  private func compare(
    _ text: String, id: String?, timestamp: String?, body: [UInt8],
    _ examination: inout WebhookExamination
  ) {
    let signatures = Signatures(text)
    if signatures.malformed > 0 {
      examination.findings.append(.malformedSignatures(count: signatures.malformed))
    }
    if !signatures.otherVersions.isEmpty {
      examination.findings.append(.otherVersions(signatures.otherVersions))
    }
    guard !signatures.codes.isEmpty else {
      examination.findings.append(.nothingToCompare)
      return
    }
    guard let id, let timestamp, problem == nil else { return }
    func number(of body: [UInt8]) -> Int? {
      guard let code = code(id: id, timestamp: timestamp, body: body) else { return nil }
      // Compares in constant time.
      return signatures.codes.firstIndex { code == $0 }.map { $0 + 1 }
    }
    if let number = number(of: body) {
      examination.findings.append(.matches(number: number, of: signatures.codes.count))
      return
    }
    let variants = BodyVariants(body)
    for change in variants.changes where number(of: variants.body(change)) != nil {
      examination.findings.append(.matchesChangedBody(change))
      return
    }
    examination.findings.append(.noMatch)
    if body.isEmpty {
      examination.findings.append(.emptyBody)
    } else if !variants.isJSON {
      examination.findings.append(.bodyIsNotJSON)
    } else {
      examination.findings.append(variants.hasBlanks ? .bodyWasReserialized : .bodyLooksUnchanged)
    }
  }

  /// The signatures in a header, told apart.
  private struct Signatures {
    var codes: [Data] = []
    var malformed = 0
    /// A few of them, each once.
    var otherVersions: [String] = []

    init(_ text: String) {
      for signature in text.split(separator: " ") {
        let parts = signature.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == "v1" {
          if let code = Data(base64Encoded: String(parts[1])), code.count == 32 {
            codes.append(code)
          } else {
            malformed += 1
          }
        } else if parts.count == 2, Self.isVersion(parts[0]) {
          let version = String(parts[0])
          if otherVersions.count < 8, !otherVersions.contains(version) {
            otherVersions.append(version)
          }
        } else {
          malformed += 1
        }
      }
    }

    private static func isVersion(_ text: Substring) -> Bool {
      text.utf8.count <= 8 && text.first == "v"
        && text.dropFirst().utf8.first.map { (0x30...0x39).contains($0) } == true
        && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) }
    }
  }
}

extension WebhookExamination {
  /// Reads the three headers, ignoring the case of their names, and notes what is wrong with them.
  fileprivate mutating func read(
    _ headers: some Sequence<(name: String, value: String)>
  ) -> [Header: String] {
    var values: [Header: String] = [:]
    var older: [Header: String] = [:]
    var repeated: Set<Header> = []
    for (name, value) in headers {
      let name = name.lowercased()
      if let header = Header(rawValue: name) {
        if let known = values[header], known != value { repeated.insert(header) }
        values[header] = value
      } else if let header = Header.allCases.first(where: { $0.olderName == name }) {
        older[header] = value
      }
    }
    if values.isEmpty, !older.isEmpty {
      findings.append(.olderHeaders)
      values = older
    }
    for header in Header.allCases {
      if let value = values[header] {
        if value.isEmpty { findings.append(.emptyHeader(header)) }
      } else {
        findings.append(.missingHeader(header))
      }
      if repeated.contains(header) { findings.append(.repeatedHeader(header)) }
    }
    return values
  }
}

/// What a body may have been before something on its way changed it.
private struct BodyVariants {
  private let body: [UInt8]
  let isJSON: Bool
  /// Whether there are blanks between the values of the JSON.
  let hasBlanks: Bool

  init(_ body: [UInt8]) {
    self.body = body
    isJSON = (try? JSONValue(parsing: body)) != nil
    hasBlanks = isJSON && Self.rewritten(body, .compact).count < Self.withoutBreaks(body).count
  }

  /// The changes that are worth a try, in the order of how likely they are.
  var changes: [WebhookExamination.BodyChange] {
    var rewritings: [WebhookExamination.BodyChange.Rewriting?] = [nil]
    if body.contains(0x0D) {
      rewritings.append(.lineFeeds)
    }
    if isJSON { rewritings += [.compact, .escaped, .spaced] }
    return rewritings.flatMap { rewriting in
      WebhookExamination.BodyChange.Ending.allCases.map { .init(rewriting, $0) }
    }
  }

  func body(_ change: WebhookExamination.BodyChange) -> [UInt8] {
    let written = change.rewriting.map { Self.rewritten(body, $0) } ?? body
    var signed = Self.withoutBreaks(written)
    if change.ending == .withBreak { signed.append(0x0A) }
    return signed
  }

  private static func withoutBreaks(_ body: [UInt8]) -> [UInt8] {
    guard let last = body.lastIndex(where: { $0 != 0x0A && $0 != 0x0D }) else { return [] }
    return Array(body[...last])
  }

  private static func rewritten(
    _ body: [UInt8], _ rewriting: WebhookExamination.BodyChange.Rewriting
  ) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(body.count)
    var isInString = false
    var isEscaped = false
    for (index, byte) in body.enumerated() {
      if rewriting == .lineFeeds {
        let isBreak = byte == 0x0D && index + 1 < body.count && body[index + 1] == 0x0A
        if !isBreak { result.append(byte) }
        continue
      }
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
        if rewriting == .escaped, let escape = escapes[byte] {
          result += escape
        } else {
          result.append(byte)
        }
        continue
      }
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "\""): isInString = true
      default: break
      }
      result.append(byte)
      if rewriting == .spaced, byte == UInt8(ascii: ",") || byte == UInt8(ascii: ":") {
        result.append(0x20)
      }
    }
    return result
  }

  private static let escapes: [UInt8: [UInt8]] = [
    UInt8(ascii: "<"): Array(#"\u003c"#.utf8), UInt8(ascii: ">"): Array(#"\u003e"#.utf8),
    UInt8(ascii: "&"): Array(#"\u0026"#.utf8),
  ]
}
