import ReplicateAPI
import Synchronization

/// Sends events to the webhooks of predictions, in order for each prediction and with a few
/// attempts for each event.
final class WebhookSender: Sendable {
  private struct Message: Sendable {
    var id: String
    var body: [UInt8]
  }

  /// The events of one prediction that are waiting to be sent.
  private struct Queue: Sendable {
    var webhook: Webhook
    var messages: AsyncStream<Message>.Continuation
    var sending: Task<Void, Never>
    var sentAt: [WebhookEvent: Double] = [:]
    var count = 0
  }

  private let speed: Double
  private let clock: ServiceClock
  private let transport = AsyncHTTPTransport()
  private let queues = Mutex<[String: Queue]>([:])

  /// Seconds of service time between two output or two log events.
  private static let pause = 0.5
  private static let attempts = 4

  init(speed: Double, clock: ServiceClock) {
    self.speed = speed
    self.clock = clock
  }

  /// Starts sending the events of a prediction.
  func open(_ prediction: String, _ webhook: Webhook) {
    guard webhook.isLocal else { return }
    let (messages, continuation) = AsyncStream.makeStream(of: Message.self)
    let sending = Task {
      for await message in messages { await self.send(message, to: webhook.url) }
    }
    queues.withLock {
      $0[prediction] = Queue(webhook: webhook, messages: continuation, sending: sending)
    }
  }

  /// Queues an event, unless the webhook doesn't want it or the last one of its kind was too
  /// recent.
  ///
  /// - Parameter body: Only called if the event is sent.
  func post(_ event: WebhookEvent, of prediction: String, at now: Double, _ body: () -> [UInt8]) {
    let isWanted = queues.withLock { queues -> Bool in
      guard let queue = queues[prediction], queue.webhook.events.contains(event) else {
        return false
      }
      guard event.isThrottled, let last = queue.sentAt[event] else { return true }
      return now - last >= Self.pause / speed
    }
    let written = isWanted ? body() : []
    queues.withLock { queues in
      if isWanted, var queue = queues[prediction] {
        queue.sentAt[event] = now
        queue.count += 1
        queue.messages.yield(Message(id: "msg_\(prediction)\(queue.count)", body: written))
        queues[prediction] = queue
      }
      if event == .completed { queues.removeValue(forKey: prediction)?.messages.finish() }
    }
  }

  /// Cancels all deliveries.
  func stop() async {
    let sending = queues.withLock { queues in
      defer { queues = [:] }
      return queues.values.map(\.sending)
    }
    for task in sending { task.cancel() }
    await transport.shutdown()
  }

  private func send(_ message: Message, to url: String) async {
    for attempt in 0..<Self.attempts {
      if attempt > 0 {
        let pause = 0.5 * Double(1 << attempt) / speed
        guard (try? await Task.sleep(for: Duration(clampingSeconds: pause))) != nil else { return }
      }
      let timestamp = Int(clamping: clock.now)
      let request = TransportRequest(
        method: "POST", url: url,
        headers: [
          ("content-type", "application/json"), ("user-agent", "Replicate/1"),
          ("webhook-id", message.id), ("webhook-timestamp", String(timestamp)),
          (
            "webhook-signature",
            WebhookSignature.header(
              id: message.id, timestamp: timestamp, body: message.body,
              secret: DemoServer.webhookSecret)
          ),
        ], body: message.body, timeout: .seconds(10))
      do {
        // Any answer counts as delivered, even a redirect. Only connection errors are retried.
        let answer = try await transport.send(request)
        for try await _ in answer.body {}
        return
      } catch {
        if error == .canceled { return }
      }
    }
  }
}
