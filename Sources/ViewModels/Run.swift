import Observation
import ReplicateAPI

/// One prediction as it is followed: what the service last said of it, and what streamed in.
@MainActor @Observable
public final class Run {
  public private(set) var prediction: Prediction
  /// What the output stream has delivered so far, joined.
  public private(set) var streamed = ""
  public private(set) var progress: LogProgress?
  /// A cancel was asked for and isn't confirmed yet.
  public internal(set) var isCanceling = false
  /// Why the last question about this prediction failed, while it is being asked again.
  public internal(set) var failure: ReplicateError?
  /// Begun from this program, so that leaving asks what shall become of it.
  public internal(set) var isOwn = false
  /// What the model's schema says of the output, where the schema is known.
  public internal(set) var outputKind: OutputKind?

  public init(_ prediction: Prediction) {
    self.prediction = prediction
    progress = LogProgress(log: prediction.logs)
  }

  public var id: Prediction.ID { prediction.id }
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

  func update(_ newer: Prediction) {
    // Late answers of a slower route never take an ended prediction back.
    guard !prediction.status.isTerminal || newer.status.isTerminal else { return }
    if newer.logs != prediction.logs { progress = LogProgress(log: newer.logs) }
    if newer != prediction { prediction = newer }
    if newer.status.isTerminal { isCanceling = false }
    if failure != nil { failure = nil }
  }

  func receive(_ text: String) {
    // Streams of files send addresses or whole data URIs; polling shows those.
    if streamed.isEmpty, text.hasPrefix("https://") || text.hasPrefix("data:") { return }
    if streamed.isEmpty, text.hasPrefix("http://") { return }
    streamed += text
  }
}

/// A piece of an output as it can be shown.
public enum OutputPart: Hashable, Sendable {
  case text(String)
  /// A file at an address; `label` names its place in an object.
  case file(address: String, label: String?)
  case json(String)

  /// The parts of an output, told from the value first and from the schema second.
  ///
  /// - Parameter streams: the prediction has an output stream, so a list of texts is one text.
  public static func parts(of value: JSONValue, kind: OutputKind?, streams: Bool) -> [OutputPart] {
    switch value {
    case .null:
      return []
    case .string(let text):
      return isFile(text, kind) ? [.file(address: text, label: nil)] : [.text(text)]
    case .array(let values):
      let strings = values.compactMap(\.string)
      if !strings.isEmpty, strings.count == values.count {
        if strings.allSatisfy({ isFile($0, kind) }) {
          return strings.map { .file(address: $0, label: nil) }
        }
        if kind == .textStream || (kind == nil && streams) { return [.text(strings.joined())] }
        return [.text(strings.joined(separator: "\n"))]
      }
      return [.json(value.abridged)]
    case .object(let members):
      let files = members.filter { $0.value.string.map { isFile($0, nil) } ?? false }
      let rest = members.filter { files[$0.key] == nil }
      let shown = rest.isEmpty ? [] : [OutputPart.json(JSONValue.object(rest).abridged)]
      return shown + files.map { .file(address: $0.value.string ?? "", label: $0.key) }
    case .bool, .number:
      return [.json(value.serialized())]
    }
  }

  /// A text is a file where the schema says so, or where it points at the service's file hosts.
  private static func isFile(_ text: String, _ kind: OutputKind?) -> Bool {
    if text.hasPrefix("data:") { return !text.prefix(64).contains(" ") }
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return false }
    guard !text.contains(where: \.isWhitespace) else { return false }
    switch kind {
    case .file, .files, .fileStream: return true
    case .text, .textStream: return false
    case .json, nil, OutputKind.none?: return true
    }
  }
}

extension JSONValue {
  /// Indented JSON with long lists of numbers cut, `[0.12, -0.5, … 768 numbers]`, for reading.
  public var abridged: String {
    var text = ""
    write(into: &text, indent: "")
    return text
  }

  private func write(into text: inout String, indent: String) {
    switch self {
    case .array(let values) where values.count > 6 && values.allSatisfy({ $0.double != nil }):
      text += "[" + values.prefix(4).map { $0.serialized() }.joined(separator: ", ")
      text += ", … \(values.count) numbers]"
    case .array(let values) where values.allSatisfy(\.isScalar):
      text += "[" + values.map { $0.serialized() }.joined(separator: ", ") + "]"
    case .array(let values):
      text += "[\n"
      for (index, value) in values.enumerated() {
        text += indent + "  "
        value.write(into: &text, indent: indent + "  ")
        text += index == values.count - 1 ? "\n" : ",\n"
      }
      text += indent + "]"
    case .object(let members) where members.isEmpty:
      text += "{}"
    case .object(let members):
      text += "{\n"
      for (index, member) in members.enumerated() {
        text += indent + "  " + JSONValue.string(member.key).serialized() + ": "
        member.value.write(into: &text, indent: indent + "  ")
        text += index == members.count - 1 ? "\n" : ",\n"
      }
      text += indent + "}"
    default:
      text += serialized()
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
