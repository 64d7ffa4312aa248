import Observation
import ReplicateAPI

/// One prediction, or training, as it is followed: the service's latest answer and what has streamed
/// in.
@MainActor @Observable
public final class Run: Identifiable {
  public nonisolated let id: Prediction.ID
  /// Whether it is a training, which differs only in the calls that it takes.
  public nonisolated let isTraining: Bool
  public private(set) var prediction: Prediction
  /// What the output stream has delivered so far, joined.
  public private(set) var streamed = ""
  public private(set) var progress: LogProgress?
  /// A cancel was requested and isn't confirmed yet.
  public package(set) var isCanceling = false
  /// Why the last poll failed; nil as soon as another one succeeds or the run is followed again.
  public package(set) var failure: ReplicateError?
  /// Started from this program, so leaving asks what should happen to it.
  public package(set) var isOwn = false
  /// Shown in full somewhere, so its output is streamed; set by ``Runs/show(_:)``.
  public package(set) var isShown = false
  /// What the model's schema says about the output; nil while the schema isn't known.
  ///
  /// It may be set at any time: what has streamed in by then is looked at again.
  public package(set) var outputKind: OutputKind? {
    didSet { releaseHeldPieces() }
  }

  /// When the service last had something new, in seconds since 1970.
  @ObservationIgnored var newsAt: Double?
  /// The first pieces of a stream, as long as each of them might be a file's address.
  @ObservationIgnored private var heldPieces: [String] = []
  /// The stream delivers files; their addresses are read from the prediction instead.
  @ObservationIgnored private var streamsFiles = false
  /// In bytes of text, to tell whether the stream is ahead.
  @ObservationIgnored private var polledLength = 0

  public convenience init(_ training: Training) {
    self.init(Prediction(training), isTraining: true)
  }

  public init(_ prediction: Prediction, isTraining: Bool = false) {
    id = prediction.id
    self.isTraining = isTraining
    self.prediction = prediction
    progress = LogProgress(log: prediction.logs)
    polledLength = Self.textLength(of: prediction.output)
  }

  /// The service no longer knows it, so its end will never be reported.
  public var isLost: Bool {
    if case .notFound? = failure?.reason { !prediction.hasEnded } else { false }
  }
  public var isUnderWay: Bool { !prediction.hasEnded && !isLost }

  /// The model's name without its owner, or whatever else identifies this prediction.
  public var modelName: String {
    if let model = ModelID(prediction.model) { return model.name }
    if let deployment = prediction.deployment { return deployment }
    return prediction.model.isEmpty ? prediction.id.rawValue : prediction.model
  }

  /// What is shown of the output: the stream while it is ahead of the polled answer.
  public var output: [OutputPart] {
    let text = outputKind?.isFiles == true ? "" : streamed
    if let output = prediction.output,
      prediction.hasEnded || text.isEmpty || polledLength > text.utf8.count
    {
      return OutputPart.parts(
        of: output, kind: outputKind, streams: prediction.urls.stream != nil)
    }
    return text.isEmpty ? [] : [.text(text)]
  }

  // MARK: Times

  /// Seconds the run has worked (or waited, before it started) until its end or `now`.
  ///
  /// Never negative and never infinite, whatever the service sends.
  ///
  /// - Parameter now: The service's time, ``Runs/serviceNow``.
  public func elapsed(now: Double) -> Double {
    let begin =
      prediction.startedAt?.secondsSince1970 ?? prediction.createdAt?.secondsSince1970 ?? now
    guard prediction.hasEnded else { return Self.plausible(now - begin) }
    if let measured = prediction.metrics["predict_time"]?.double, measured.isFinite, measured >= 0 {
      return Self.plausible(measured)
    }
    return Self.plausible((prediction.completedAt?.secondsSince1970 ?? begin) - begin)
  }

  /// Seconds since the run was created; nil where the service doesn't say when.
  ///
  /// - Parameter now: The service's time, ``Runs/serviceNow``.
  public func age(now: Double) -> Double? {
    (prediction.createdAt?.secondsSince1970).map { Self.plausible(now - $0) }
  }

  /// Between zero and some three hundred years, so that it can be converted and formatted.
  private static func plausible(_ seconds: Double) -> Double {
    seconds.isFinite ? min(max(0, seconds), 1e10) : 0
  }

  // MARK: News

  /// Takes an answer of the service, unless it is older than what is known.
  package func update(_ newer: Prediction) {
    // A late answer of a slower route never takes back an end.
    guard !prediction.hasEnded || newer.hasEnded else { return }
    var newer = newer.keepingRemovedData(of: prediction)
    // Lists don't always tell.
    if newer.webhook == nil {
      newer.webhook = prediction.webhook
      newer.webhookEvents = prediction.webhookEvents
    }
    if newer.logs != prediction.logs { progress = LogProgress(log: newer.logs) }
    if newer != prediction {
      polledLength = Self.textLength(of: newer.output)
      prediction = newer
    }
    if newer.hasEnded { isCanceling = false }
    if failure != nil { failure = nil }
  }

  /// Fills in what the service has removed from a copy that was kept.
  func restore(from kept: Prediction) {
    let restored = prediction.keepingRemovedData(of: kept)
    guard restored != prediction else { return }
    progress = LogProgress(log: restored.logs)
    prediction = restored
  }

  /// Takes the next piece of the output stream.
  ///
  /// Streams of files deliver addresses or whole data URIs, which the prediction has as well. Where
  /// no schema says whether these are files, a first piece such as `https://` is held until the next
  /// one shows that it was text.
  package func receive(_ piece: String) {
    if streamsFiles || outputKind?.isFiles == true { return }
    if streamed.isEmpty, outputKind?.isText != true, piece.mayBeFile {
      // No model writes so much text at once.
      streamsFiles = piece.utf8.count > 4096
      if streamsFiles { heldPieces = [] } else { heldPieces.append(piece) }
      return
    }
    streamed += heldPieces.joined() + piece
    heldPieces = []
  }

  private func releaseHeldPieces() {
    guard !heldPieces.isEmpty, let outputKind else { return }
    if outputKind.isText { streamed = heldPieces.joined() + streamed }
    if outputKind.isText || outputKind.isFiles { heldPieces = [] }
  }

  private static func textLength(of output: JSONValue?) -> Int {
    switch output {
    case .string(let text): text.utf8.count
    case .array(let pieces): pieces.reduce(0) { $0 + ($1.string?.utf8.count ?? 0) }
    default: 0
    }
  }
}

extension Prediction {
  /// This answer, with what the service has removed since filled in from an older one.
  func keepingRemovedData(of older: Prediction) -> Prediction {
    guard isDataRemoved, id == older.id else { return self }
    var result = self
    if input.isEmpty { result.input = older.input }
    if output == nil { result.output = older.output }
    if logs.isEmpty { result.logs = older.logs }
    return result
  }

  /// Whether the service has removed what could be restored from a copy.
  var lacksRemovedData: Bool {
    isDataRemoved && (input.isEmpty || output == nil)
  }
}

extension OutputKind {
  fileprivate var isFiles: Bool { self == .file || self == .files || self == .fileStream }
  fileprivate var isText: Bool { self == .text || self == .textStream }
}

extension String {
  /// Whether this may be a file's address, whole or in part.
  fileprivate var mayBeFile: Bool {
    guard hasPrefix("https://") || hasPrefix("http://") || hasPrefix("data:") else { return false }
    return !prefix(4096).contains { $0.isWhitespace }
  }
}
