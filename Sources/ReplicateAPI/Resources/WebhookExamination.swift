/// What ``WebhookSecret/examine(_:now:tolerance:)`` found out about a webhook delivery, for someone
/// who wants to know why a check fails.
///
/// A program that receives webhooks needs only ``WebhookSecret/verify(_:now:tolerance:)``.
public struct WebhookExamination: Sendable, Hashable {
  /// In the order in which a receiver would check: secret, headers, age, signatures, body.
  public var findings: [Finding] = []

  /// Whether the delivery was signed with the secret, recently, and arrived unchanged.
  public var isTrustworthy: Bool { !findings.contains { $0.weight == .problem } }

  /// The first reason not to trust the delivery.
  public var firstProblem: Finding? { findings.first { $0.weight == .problem } }

  /// One thing about a delivery. Its description is a sentence.
  public enum Finding: Sendable, Hashable {
    /// The secret can't be used, for a reason that is a sentence.
    case unusableSecret(String)
    /// The secret's key is shorter than the 24 bytes that Standard Webhooks asks for.
    case shortSecret(bytes: Int)
    case missingHeader(Header)
    case emptyHeader(Header)
    /// A header is there more than once, with different values. The last one counts.
    case repeatedHeader(Header)
    /// Only the headers that Svix uses are there. Their values were examined instead.
    case olderHeaders
    /// The ID contains blanks, control characters, or a period, which separates it in what is signed.
    case oddID
    case unreadableTimestamp
    case timestampInMilliseconds
    /// The age in seconds, negative if the timestamp is in the future, and what is tolerated.
    case onTime(age: Double)
    case tooOld(age: Double, tolerance: Double)
    case inFuture(age: Double, tolerance: Double)
    /// Signatures that aren't `v1,` and 32 bytes in base64.
    case malformedSignatures(count: Int)
    /// Signatures of other versions, such as `v1a`, which aren't checked.
    case otherVersions([String])
    /// No signature can be compared.
    case nothingToCompare
    /// A signature matches the body as it is. The number counts from 1.
    case matches(number: Int, of: Int)
    /// A signature matches only a variant of the body.
    case matchesChangedBody(BodyChange)
    case noMatch
    case emptyBody
    case bodyIsNotJSON
    /// The body is JSON with blanks between its values, which Replicate doesn't write.
    case bodyWasReserialized
    /// Nothing points at a changed body.
    case bodyLooksUnchanged
  }

  /// What a finding means for the delivery.
  public enum Weight: Sendable, Hashable {
    case passed
    /// Worth knowing, and no reason to distrust the delivery.
    case remark
    case problem
  }

  /// The headers of Standard Webhooks.
  public enum Header: String, Sendable, Hashable, CaseIterable {
    case id = "webhook-id"
    case timestamp = "webhook-timestamp"
    case signature = "webhook-signature"

    /// The name that Svix uses for the same header.
    var olderName: String { "svix-" + rawValue.dropFirst("webhook-".count) }
  }

  /// How a body differs from the one that was signed.
  public struct BodyChange: Sendable, Hashable {
    /// How the JSON was written when it was signed.
    public enum Rewriting: Sendable, Hashable, CaseIterable {
      /// With LF in place of CRLF.
      case lineFeeds
      /// Without blanks between its values.
      case compact
      /// Without blanks, and with `<`, `>`, and `&` escaped, as Go writes it.
      case escaped
      /// With a blank after each comma and colon, as Python writes it.
      case spaced
    }

    /// How the signed body ended.
    public enum Ending: Sendable, Hashable, CaseIterable {
      case withoutBreak, withBreak
    }

    /// Nil if only the end differs.
    public var rewriting: Rewriting?
    public var ending: Ending

    public init(_ rewriting: Rewriting? = nil, _ ending: Ending) {
      self.rewriting = rewriting
      self.ending = ending
    }
  }
}

extension WebhookExamination.Finding {
  public var weight: WebhookExamination.Weight {
    switch self {
    case .onTime, .matches: .passed
    case .shortSecret, .oddID, .malformedSignatures, .otherVersions, .emptyBody, .bodyIsNotJSON,
      .bodyWasReserialized, .bodyLooksUnchanged:
      .remark
    case .unusableSecret, .missingHeader, .emptyHeader, .repeatedHeader, .olderHeaders,
      .unreadableTimestamp, .timestampInMilliseconds, .tooOld, .inFuture, .nothingToCompare,
      .matchesChangedBody, .noMatch:
      .problem
    }
  }
}

extension WebhookExamination.Finding: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unusableSecret(let reason): reason
    case .shortSecret(let bytes):
      "The secret’s key has only \(bytes) bytes; Standard Webhooks asks for at least 24."
    case .missingHeader(let header): "The header \(header.rawValue) is missing."
    case .emptyHeader(let header): "The header \(header.rawValue) is empty."
    case .repeatedHeader(let header):
      "The header \(header.rawValue) is there more than once, with different values."
    case .olderHeaders:
      "Only headers named svix-… are there. Replicate sends webhook-id, webhook-timestamp, and "
        + "webhook-signature, so something on the way renamed them or somebody else sent this."
    case .oddID: "The webhook-id has characters that an ID shouldn’t have."
    case .unreadableTimestamp: "The webhook-timestamp isn’t a number of seconds since 1970."
    case .timestampInMilliseconds:
      "The webhook-timestamp seems to be in milliseconds. It should be in seconds since 1970."
    case .onTime(let age):
      age < 0
        ? "It was signed \(Self.words(-age)) in the future, which is within the tolerance."
        : "It was signed \(Self.words(age)) ago, which is recent enough."
    case .tooOld(let age, let tolerance):
      "It was signed \(Self.words(age)) ago, and receivers reject what is older than "
        + "\(Self.words(tolerance)): it may be a replay."
    case .inFuture(let age, let tolerance):
      "It was signed \(Self.words(-age)) in the future, and receivers allow "
        + "\(Self.words(tolerance)): a clock is wrong."
    case .malformedSignatures(let count):
      (count == 1 ? "A signature isn’t" : "\(count) signatures aren’t")
        + " of the form v1, and 32 bytes in base64."
    case .otherVersions(let versions):
      "There are signatures of \(versions.joined(separator: ", ")), which aren’t checked: "
        + "Replicate signs with v1."
    case .nothingToCompare: "There is no v1 signature to compare."
    case .matches(let number, let count):
      count == 1
        ? "The signature matches the body." : "Signature \(number) of \(count) matches the body."
    case .matchesChangedBody(let change):
      "The signature matches the body \(change). Check the bytes exactly as they arrive, before "
        + "anything parses or prints them."
    case .noMatch: "No signature matches this body and this secret."
    case .emptyBody: "The body is empty."
    case .bodyIsNotJSON: "The body isn’t JSON, so it may be incomplete."
    case .bodyWasReserialized:
      "The body has blanks between its values, which Replicate doesn’t write: it was probably "
        + "parsed and written anew, and then no signature can match."
    case .bodyLooksUnchanged:
      "The body looks as Replicate writes it, so the secret is probably another one, such as that "
        + "of another account."
    }
  }

  /// A number of seconds, whatever size it is, in the largest unit that leaves at least two.
  private static func words(_ seconds: Double) -> String {
    let units: [(size: Double, name: String)] = [(86_400, "day"), (3600, "hour"), (60, "minute")]
    let unit = units.first { seconds >= 2 * $0.size } ?? (1, "second")
    let number = JSONNumber((seconds / unit.size).rounded()).literal
    return "\(number) \(unit.name)\(number == "1" ? "" : "s")"
  }
}

/// Words that follow “the body”.
extension WebhookExamination.BodyChange: CustomStringConvertible {
  public var description: String {
    let end =
      ending == .withBreak ? "with a line break at its end" : "without a line break at its end"
    switch rewriting {
    case nil: return end
    case .lineFeeds: return "with LF in place of CRLF, \(end)"
    case .compact: return "without the blanks between its values, \(end)"
    case .escaped: return "without blanks and with <, >, and & escaped, \(end)"
    case .spaced: return "with a blank after each comma and colon, \(end)"
    }
  }
}
