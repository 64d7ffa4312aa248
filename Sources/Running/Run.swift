import Observation
import ReplicateAPI

/// One prediction as it is followed: what the service last said of it, and what streamed in.
@MainActor @Observable
public final class Run: Identifiable {
  public nonisolated let id: Prediction.ID
  public private(set) var prediction: Prediction
  /// What the output stream has delivered so far, joined.
  public private(set) var streamed = ""
  public private(set) var progress: LogProgress?
  /// A cancel was asked for and isn't confirmed yet.
  public package(set) var isCanceling = false
  /// Why the last question about this prediction failed, while it is being asked again.
  public package(set) var failure: ReplicateError?
  /// Begun from this program, so that leaving asks what shall become of it.
  public package(set) var isOwn = false
  /// What the model's schema says of the output, where the schema is known.
  public package(set) var outputKind: OutputKind?

  public init(_ prediction: Prediction) {
    id = prediction.id
    self.prediction = prediction
    progress = LogProgress(log: prediction.logs)
  }

  /// The service doesn't know it any more, so that its end will never be told.
  public var isLost: Bool {
    if case .notFound? = failure?.reason { !prediction.status.isTerminal } else { false }
  }
  public var isUnderWay: Bool { !prediction.status.isTerminal && !isLost }

  /// Seconds from the start of the work (or of the wait for it) until its end or `now`.
  public func elapsed(now: Double) -> Double {
    let begin =
      prediction.startedAt?.secondsSince1970 ?? prediction.createdAt?.secondsSince1970 ?? now
    if prediction.status.isTerminal {
      if let measured = prediction.metrics["predict_time"]?.double { return measured }
      return max(0, (prediction.completedAt?.secondsSince1970 ?? begin) - begin)
    }
    return max(0, now - begin)
  }

  /// The model's name without its owner, or what else names this prediction.
  public var modelName: String {
    if let model = ModelID(prediction.model) { return model.name }
    if let deployment = prediction.deployment { return deployment }
    return prediction.model.isEmpty ? prediction.id.rawValue : prediction.model
  }

  /// What is shown of the output: the stream while it is ahead of the polled answer.
  public var output: [OutputPart] {
    if let output = prediction.output, prediction.status.isTerminal || streamed.isEmpty {
      return OutputPart.parts(
        of: output, kind: outputKind, streams: prediction.urls.stream != nil)
    }
    return streamed.isEmpty ? [] : [.text(streamed)]
  }

  package func update(_ newer: Prediction) {
    // Late answers of a slower route never take an ended prediction back.
    guard !prediction.status.isTerminal || newer.status.isTerminal else { return }
    if newer.logs != prediction.logs { progress = LogProgress(log: newer.logs) }
    if newer != prediction { prediction = newer }
    if newer.status.isTerminal { isCanceling = false }
    if failure != nil { failure = nil }
  }

  package func receive(_ text: String) {
    // Streams of files send addresses or whole data URIs; polling shows those.
    if streamed.isEmpty, text.hasPrefix("https://") || text.hasPrefix("data:") { return }
    if streamed.isEmpty, text.hasPrefix("http://") { return }
    streamed += text
  }
}
