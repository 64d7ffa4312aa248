import ReplicateAPI

/// The deliveries that Replicate would make to a webhook over the life of a prediction, made again
/// from what the prediction is now, so that a receiver can be tried out.
public struct WebhookReplay: Sendable {
  public typealias Event = PredictionOptions.WebhookEvent

  /// One call of the webhook.
  public struct Delivery: Sendable, Hashable, Identifiable {
    /// The header `webhook-id`, which stays the same when a delivery is sent again.
    public let id: String
    public let event: Event
    /// How many items of a list output it has; nil if it has the output that the prediction has.
    fileprivate let itemCount: Int?
    /// How many bytes of the log it has.
    fileprivate let logLength: Int
    fileprivate let source: Prediction
  }

  /// In the order in which they are sent.
  public private(set) var deliveries: [Delivery] = []
  /// What can’t be as it was, as sentences.
  public private(set) var remarks: [String] = []

  /// More items of an output than this share deliveries, as they do when they come quickly: Replicate
  /// sends an output at most twice a second.
  public static let maximumOutputs = 20

  /// - Parameters:
  ///   - prediction: A prediction in any state. What has yet to happen is left out.
  ///   - events: The events that the webhook asks for; none stand for all.
  public init(of prediction: Prediction, events: [Event] = []) {
    var random = SystemRandomNumberGenerator()
    self.init(of: prediction, events: events, using: &random)
  }

  public init(
    of prediction: Prediction, events: [Event] = [], using random: inout some RandomNumberGenerator
  ) {
    let wanted = Set(events.isEmpty ? Event.allCases : events)
    let logLength = prediction.isDataRemoved ? 0 : prediction.logs.utf8.count
    func add(_ event: Event, items: Int? = nil, logs: Int) {
      guard wanted.contains(event) else { return }
      deliveries.append(
        Delivery(
          id: Self.newID(using: &random), event: event, itemCount: items, logLength: logs,
          source: prediction))
    }

    if prediction.hasStarted { add(.start, items: 0, logs: 0) }
    if let output = prediction.output, !output.isNull, !prediction.isDataRemoved {
      if let items = output.array {
        let steps = min(items.count, Self.maximumOutputs)
        for step in 0..<steps {
          // The log grows along with the output.
          add(
            .output, items: (step + 1) * items.count / steps,
            logs: Self.share(step + 1, of: steps + 1, logLength))
        }
        if items.count > steps {
          remarks.append(
            "The output’s \(items.count.grouped) items come in \(steps) deliveries.")
        }
      } else {
        add(.output, logs: logLength / 2)
      }
    }
    if logLength > 0 { add(.logs, logs: logLength) }
    if prediction.hasEnded { add(.completed, logs: logLength) }
    if !prediction.hasEnded {
      remarks.append("The prediction hasn’t ended, so there is no “completed” delivery yet.")
    }
    if prediction.isDataRemoved {
      remarks.append(
        "Replicate has removed the prediction’s input, output, and logs, so no delivery has them.")
    }
  }

  /// A part of a length, without an overflow at any size.
  private static func share(_ part: Int, of parts: Int, _ length: Int) -> Int {
    length / parts * part
  }

  /// As Svix makes them: `msg_` and 27 letters and digits.
  private static func newID(using random: inout some RandomNumberGenerator) -> String {
    let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
    let code = (0..<27).map { _ in letters[Int.random(in: 0..<letters.count, using: &random)] }
    return "msg_" + String(decoding: code, as: UTF8.self)
  }
}

extension WebhookReplay.Delivery {
  /// The prediction as it stood when Replicate would have sent this.
  public var prediction: Prediction {
    var prediction = source
    if event == .completed { return prediction }
    prediction.status = .processing
    prediction.completedAt = nil
    prediction.error = nil
    prediction.metrics = [:]
    prediction.logs = logs
    if let itemCount {
      let items = source.output?.array ?? []
      prediction.output = itemCount == 0 ? nil : .array(Array(items.prefix(itemCount)))
    }
    return prediction
  }

  /// The log so far, cut after a line.
  private var logs: String {
    let bytes = source.logs.utf8
    guard logLength < bytes.count else { return source.logs }
    guard let last = bytes.prefix(logLength).lastIndex(of: 0x0A) else { return "" }
    return String(source.logs[...last])
  }

  /// The prediction as JSON, with a line break at the end as the API has it. Made anew each time, and
  /// always the same.
  public var body: [UInt8] { Array(prediction.json.serialized().utf8) + [0x0A] }

  /// The headers of a delivery that is sent now.
  ///
  /// - Parameters:
  ///   - body: What ``body`` is.
  ///   - now: The current time, in seconds since 1970.
  ///   - secret: Without one, or with one that can’t be used, the delivery isn’t signed.
  public func headers(
    for body: [UInt8], at now: Double, secret: WebhookSecret?
  ) -> [(name: String, value: String)] {
    let timestamp = Int(clamping: now)
    var headers = [
      (name: "content-type", value: "application/json"),
      (name: "user-agent", value: "Replicate/1 (replay; replicant/\(ReplicantVersion.current))"),
      (name: "webhook-id", value: id), (name: "webhook-timestamp", value: String(timestamp)),
    ]
    if let signature = secret?.sign(id: id, timestamp: timestamp, body: body) {
      headers.append((name: "webhook-signature", value: signature))
    }
    return headers
  }

  /// How much of the output it has, in a few words. Nil if that is all, or none.
  public var share: String? {
    guard event == .output, let itemCount, let items = source.output?.array else { return nil }
    return "\(itemCount.grouped) of \(items.count.grouped)"
  }
}

extension Prediction {
  /// Whether it has begun to work, as far as the service tells.
  fileprivate var hasStarted: Bool {
    if startedAt != nil { return true }
    switch status {
    case .processing, .succeeded: return true
    case .starting, .failed, .canceled, .aborted, .unknown: return false
    }
  }
}
