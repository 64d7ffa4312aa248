import ReplicateAPI
import Synchronization

/// Sends the deliveries of a ``WebhookReplay`` to an address, one after another, and says what the
/// receiver makes of them.
public struct WebhookPoster: Sendable {
  /// How long one delivery may take, the answer included.
  public static let patience = Duration.seconds(10)
  /// How much of an answer is kept, in bytes.
  static let excerptSize = 300

  private let transport: any Transport
  private let time: TimeSource

  /// - Parameter transport: One that adds no token and follows no redirects, as ``AsyncHTTPTransport``.
  public init(transport: any Transport, time: TimeSource = .system) {
    self.transport = transport
    self.time = time
  }

  /// Sends deliveries in order; each is sent when the one before has its outcome.
  ///
  /// Ends early, between two deliveries or within one, when nobody reads the outcomes anymore.
  public func post(
    _ deliveries: [WebhookReplay.Delivery], to address: WebhookAddress, secret: WebhookSecret?
  ) -> AsyncStream<WebhookOutcome> {
    AsyncStream { continuation in
      let sending = Task {
        for delivery in deliveries {
          guard let outcome = await post(delivery, to: address, secret: secret) else { break }
          continuation.yield(outcome)
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in sending.cancel() }
    }
  }

  /// Sends one delivery; it may be one that was sent before. Nil if the task was canceled.
  public func post(
    _ delivery: WebhookReplay.Delivery, to address: WebhookAddress, secret: WebhookSecret?
  ) async -> WebhookOutcome? {
    let body = delivery.body
    let request = TransportRequest(
      method: "POST", url: address.url,
      headers: delivery.headers(for: body, at: time.now(), secret: secret), body: body,
      timeout: Self.patience)
    let (result, elapsed) = await measured(time.clock) { await self.answer(to: request) }
    if result == .failed(.canceled) || Task.isCancelled { return nil }
    return WebhookOutcome(
      id: delivery.id, event: delivery.event, result: result,
      milliseconds: Int(clamping: (elapsed / .milliseconds(1)).rounded()))
  }

  /// The answer, or the error of a transport or of our own patience, whichever comes first.
  private func answer(to request: TransportRequest) async -> WebhookOutcome.Result {
    let received = ReceivedAnswer()
    return await withTaskGroup(of: WebhookOutcome.Result.self) { group in
      group.addTask {
        do throws(TransportError) {
          let response = try await transport.send(request)
          received.begin(status: response.status)
          for try await chunk in response.body {
            if received.append(chunk) { break }
          }
          return received.result ?? .failed(.canceled)
        } catch {
          return error == .canceled ? .failed(error) : received.result ?? .failed(error)
        }
      }
      group.addTask {
        do {
          try await time.clock.sleep(for: Self.patience)
          return received.result ?? .failed(.timedOut)
        } catch {
          return .failed(.canceled)
        }
      }
      let first = await group.next() ?? .failed(.canceled)
      group.cancelAll()
      return first
    }
  }

  /// How long some work takes on a clock.
  private func measured(
    _ clock: some Clock<Duration>, _ work: () async -> WebhookOutcome.Result
  ) async -> (WebhookOutcome.Result, Duration) {
    let start = clock.now
    let result = await work()
    return (result, start.duration(to: clock.now))
  }
}

/// An answer as far as it has arrived. Its status counts, even if its body never ends.
private final class ReceivedAnswer: Sendable {
  private struct State {
    var status: Int?
    var bytes: [UInt8] = []
  }

  private let state = Mutex(State())

  func begin(status: Int) { state.withLock { $0.status = status } }

  /// Whether that is enough.
  func append(_ chunk: [UInt8]) -> Bool {
    state.withLock { state in
      state.bytes += chunk.prefix(max(0, WebhookPoster.excerptSize - state.bytes.count))
      return state.bytes.count >= WebhookPoster.excerptSize
    }
  }

  /// Nil without a status.
  var result: WebhookOutcome.Result? {
    let (status, all) = state.withLock { ($0.status, $0.bytes) }
    guard let status else { return nil }
    var bytes = all
    if bytes.count == WebhookPoster.excerptSize {
      // The last character may be cut.
      while let last = bytes.last, last & 0xC0 == 0x80 { bytes.removeLast() }
      if let last = bytes.last, last >= 0xC0 { bytes.removeLast() }
    }
    return .answered(status: status, text: ForeignText.line(bytes))
  }
}

/// What became of one delivery that was sent to a webhook.
public struct WebhookOutcome: Sendable, Hashable, Identifiable {
  public enum Result: Sendable, Hashable {
    /// The status code, and the beginning of the answer as one line of text without controls.
    case answered(status: Int, text: String)
    case failed(TransportError)
  }

  /// What Replicate would do about it.
  public enum Verdict: Sendable, Hashable {
    case delivered
    /// A redirect, which Replicate doesn’t follow.
    case lostToRedirect
    /// Replicate would send it again, a few times within about a minute.
    case sentAgain
    /// Replicate would send it only once, because a later delivery brings the same and more.
    case lost
  }

  /// The delivery’s `webhook-id`.
  public let id: String
  public let event: WebhookReplay.Event
  public let result: Result
  public let milliseconds: Int

  public var status: Int? {
    if case .answered(let status, _) = result { status } else { nil }
  }

  /// The beginning of the answer, or why there is none, in words.
  public var text: String {
    switch result {
    case .answered(_, let text): text
    case .failed(let error): Self.words(error)
    }
  }

  /// As Replicate’s documentation has it: only the delivery of the end is sent again, if there was no
  /// connection or the answer was a 4xx or 5xx; those before it never are.
  public var verdict: Verdict {
    switch status {
    case .some(200..<300): .delivered
    case .some(300..<400): .lostToRedirect
    case .some(100..<200), .some(600...): .lost
    default: event == .completed ? .sentAgain : .lost
    }
  }

  /// What Replicate would do about it, as a sentence. Nil if it was delivered.
  public var remark: String? {
    switch verdict {
    case .delivered: nil
    case .lostToRedirect:
      "Replicate doesn’t follow redirects: this delivery would be lost."
    case .sentAgain:
      "Replicate would send it again, with longer and longer waits, for about a minute."
    case .lost:
      event == .completed
        ? "This isn’t an answer to a delivery; it would be lost."
        : "Replicate sends only “completed” again: this delivery would be lost."
    }
  }

  private static func words(_ error: TransportError) -> String {
    switch error {
    case .canceled: "canceled"
    case .timedOut: "no answer within \(WebhookPoster.patience.components.seconds) seconds"
    case .unreachable(let reason), .misconfigured(let reason), .untrusted(let reason):
      ForeignText.line(reason)
    case .interrupted(let reason): "the connection was lost: \(ForeignText.line(reason))"
    case .unreadable(let reason): "the answer can’t be read: \(ForeignText.line(reason))"
    case .file(let path, let reason): ForeignText.line("\(path): \(reason)")
    }
  }
}
