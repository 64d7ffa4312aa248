import Crypto
import ReplicateAPI
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a webhook can be told.
enum WebhookEvent: String, CaseIterable, Sendable {
  case start
  case output
  case logs
  case completed

  /// Whether it is told twice a second at most.
  var isThrottled: Bool { self == .output || self == .logs }
}

/// Where a prediction's changes are to be sent.
struct Webhook: Sendable {
  var url: String
  var events: Set<WebhookEvent> = Set(WebhookEvent.allCases)

  /// Whether the address is on this machine. The demo service contacts no other.
  var isLocal: Bool { Self.host(of: url).map(Self.isLoopback) ?? false }

  /// The webhook of a create's body, and what is wrong with it.
  static func read(_ body: JSONObject) -> (webhook: Webhook?, faults: [InputFault]) {
    var faults: [InputFault] = []
    var webhook: Webhook?
    if let value = body["webhook"] {
      if let url = value.string {
        if let fault = fault(in: url) { faults.append(fault) } else { webhook = Webhook(url: url) }
      } else {
        faults.append(InputFault("webhook", expected: "string", given: value))
      }
    }
    // A legacy name, that tells of the end alone.
    if webhook == nil, let url = body["webhook_completed"]?.string, fault(in: url) == nil {
      webhook = Webhook(url: url, events: [.completed])
    }
    if let value = body["webhook_events_filter"] {
      var events: Set<WebhookEvent> = []
      if value.array == nil {
        faults.append(InputFault("webhook_events_filter", expected: "array", given: value))
      }
      for (index, element) in (value.array ?? []).enumerated() {
        let field = "webhook_events_filter.\(index)"
        if let event = element.string.flatMap({ WebhookEvent(rawValue: $0) }) {
          events.insert(event)
        } else if element.string == nil {
          faults.append(InputFault(field, expected: "string", given: element))
        } else {
          let words = WebhookEvent.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
          faults.append(
            InputFault(
              type: "enum", field: field,
              description: "\(field) must be one of the following: \(words)"))
        }
      }
      if body["webhook"] != nil { webhook?.events = events }
    }
    return (webhook, faults)
  }

  private static func fault(in url: String) -> InputFault? {
    guard let host = host(of: url) else {
      return InputFault(
        type: "format", field: "webhook", description: "Does not match format 'uri'")
    }
    if url.lowercased().hasPrefix("https://") || isLoopback(host) { return nil }
    return InputFault(
      type: "pattern", field: "webhook", description: "Does not match pattern '^https://'")
  }

  /// The host of an http address, without its port.
  private static func host(of url: String) -> String? {
    let lowered = url.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else { return nil }
    let authority = lowered.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    // What stands before an @ is a user, not the host.
    let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
    guard !place.contains(where: \.isWhitespace) else { return nil }
    let host =
      place.hasPrefix("[")
      ? String(place.prefix { $0 != "]" }.dropFirst()) : String(place.prefix { $0 != ":" })
    return host.isEmpty ? nil : host
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}

/// The signature of a delivery, as Standard Webhooks have it.
enum WebhookSignature {
  /// - Parameter secret: such as `whsec_` and a key in base64.
  static func header(id: String, timestamp: Int, body: [UInt8], secret: String) -> String {
    let key = Data(base64Encoded: String(secret.dropFirst("whsec_".count))) ?? Data()
    let signed = Array("\(id).\(timestamp).".utf8) + body
    let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
    return "v1," + Data(code).base64EncodedString()
  }
}

/// Carries predictions to their webhooks: each one's in their order, each tried a few times.
///
/// For a prediction without a webhook nothing is kept and nothing runs.
final class WebhookCourier: Sendable {
  private struct Letter: Sendable {
    var id: String
    var body: [UInt8]
  }

  /// The round of one prediction’s letters.
  private struct Round: Sendable {
    var webhook: Webhook
    var letters: AsyncStream<Letter>.Continuation
    var carrying: Task<Void, Never>
    var toldAt: [WebhookEvent: Double] = [:]
    var count = 0
  }

  private let speed: Double
  private let clock: ServiceClock
  private let transport = AsyncHTTPTransport()
  private let rounds = Mutex<[String: Round]>([:])

  /// The service's seconds between two letters about output, or about logs.
  private static let pause = 0.5
  private static let attempts = 4

  init(speed: Double, clock: ServiceClock) {
    self.speed = speed
    self.clock = clock
  }

  /// Begins to carry for a prediction.
  func open(_ prediction: String, _ webhook: Webhook) {
    guard webhook.isLocal else { return }
    let (letters, continuation) = AsyncStream.makeStream(of: Letter.self)
    let carrying = Task {
      for await letter in letters { await self.carry(letter, to: webhook.url) }
    }
    rounds.withLock {
      $0[prediction] = Round(webhook: webhook, letters: continuation, carrying: carrying)
    }
  }

  /// Tells an event, unless nobody wants to know, or it was told a moment ago.
  ///
  /// - Parameter body: is asked only where it is needed.
  func tell(_ event: WebhookEvent, of prediction: String, at now: Double, _ body: () -> [UInt8]) {
    let isWanted = rounds.withLock { rounds -> Bool in
      guard let round = rounds[prediction], round.webhook.events.contains(event) else {
        return false
      }
      guard event.isThrottled, let last = round.toldAt[event] else { return true }
      return now - last >= Self.pause / speed
    }
    let written = isWanted ? body() : []
    rounds.withLock { rounds in
      if isWanted, var round = rounds[prediction] {
        round.toldAt[event] = now
        round.count += 1
        round.letters.yield(Letter(id: "msg_\(prediction)\(round.count)", body: written))
        rounds[prediction] = round
      }
      if event == .completed { rounds.removeValue(forKey: prediction)?.letters.finish() }
    }
  }

  /// Gives up what is under way.
  func stop() async {
    let carrying = rounds.withLock { rounds in
      defer { rounds = [:] }
      return rounds.values.map(\.carrying)
    }
    for task in carrying { task.cancel() }
    await transport.shutdown()
  }

  private func carry(_ letter: Letter, to url: String) async {
    for attempt in 0..<Self.attempts {
      if attempt > 0 {
        let pause = 0.5 * Double(1 << attempt) / speed
        guard (try? await Task.sleep(for: .seconds(pause))) != nil else { return }
      }
      let timestamp = Int(clock.now)
      let request = TransportRequest(
        method: "POST", url: url,
        headers: [
          ("content-type", "application/json"), ("user-agent", "Replicate/1"),
          ("webhook-id", letter.id), ("webhook-timestamp", String(timestamp)),
          (
            "webhook-signature",
            WebhookSignature.header(
              id: letter.id, timestamp: timestamp, body: letter.body,
              secret: DemoServer.webhookSecret)
          ),
        ], body: letter.body, timeout: .seconds(10))
      do {
        // Any answer will do, a redirect as well: only trouble on the way is tried again.
        let answer = try await transport.send(request)
        for try await _ in answer.body {}
        return
      } catch {
        if error == .canceled { return }
      }
    }
  }
}
