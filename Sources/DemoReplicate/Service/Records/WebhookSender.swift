import ReplicateAPI
import Synchronization

/// Carries predictions to their webhooks: each one's in their order, each tried a few times.
///
/// For a prediction without a webhook nothing is kept and nothing runs.
final class WebhookSender: Sendable {
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
        if error == .cancelled { return }
      }
    }
  }
}
