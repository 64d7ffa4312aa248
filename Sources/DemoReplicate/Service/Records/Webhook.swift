import Crypto
import ReplicateAPI
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where to send a prediction's events.
struct Webhook: Sendable {
  var url: String
  var events: Set<WebhookEvent> = Set(WebhookEvent.allCases)

  /// Whether the URL is on this machine. The demo service contacts no other host.
  var isLocal: Bool { Self.host(of: url).map(Self.isLoopback) ?? false }

  /// Reads the webhook from the body of a create, along with its validation errors.
  static func read(_ body: JSONObject) -> (webhook: Webhook?, errors: [InvalidField]) {
    var errors: [InvalidField] = []
    var webhook: Webhook?
    if let value = body["webhook"] {
      if let url = value.string {
        if let error = error(in: url) { errors.append(error) } else { webhook = Webhook(url: url) }
      } else {
        errors.append(InvalidField("webhook", expected: "string", given: value))
      }
    }
    // A legacy name, which only covers the end of the run.
    if webhook == nil, let url = body["webhook_completed"]?.string, error(in: url) == nil {
      webhook = Webhook(url: url, events: [.completed])
    }
    if let value = body["webhook_events_filter"] {
      var events: Set<WebhookEvent> = []
      if value.array == nil {
        errors.append(InvalidField("webhook_events_filter", expected: "array", given: value))
      }
      for (index, element) in (value.array ?? []).enumerated() {
        let field = "webhook_events_filter.\(index)"
        if let event = element.string.flatMap({ WebhookEvent(rawValue: $0) }) {
          events.insert(event)
        } else if element.string == nil {
          errors.append(InvalidField(field, expected: "string", given: element))
        } else {
          let words = WebhookEvent.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
          errors.append(
            InvalidField(
              type: "enum", field: field,
              description: "\(field) must be one of the following: \(words)"))
        }
      }
      if body["webhook"] != nil { webhook?.events = events }
    }
    return (webhook, errors)
  }

  private static func error(in url: String) -> InvalidField? {
    guard URIFormat.matches(url), let host = host(of: url) else {
      return InvalidField(
        type: "format", field: "webhook", description: "Does not match format 'uri'")
    }
    if url.lowercased().hasPrefix("https://") || isLoopback(host) { return nil }
    return InvalidField(
      type: "pattern", field: "webhook", description: "Does not match pattern '^https://'")
  }

  /// The host of an HTTP URL, without its port.
  private static func host(of url: String) -> String? {
    let lowered = url.lowercased()
    guard let scheme = ["https://", "http://"].first(where: lowered.hasPrefix) else { return nil }
    let authority = lowered.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
    // Anything before an @ is user info.
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
