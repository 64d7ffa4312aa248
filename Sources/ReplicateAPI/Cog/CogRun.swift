/// A run on a cog server. The server forgets it with its answer, so this is all that is known of it.
struct CogRun: Sendable {
  enum Phase: Sendable {
    /// Waiting for its turn, or for the server to be free.
    case waiting
    /// Sent. The server may still refuse it.
    case sent
    /// Sent, and not refused for so long that it must be running.
    case accepted
    case ended
  }

  /// Why it never became a run.
  enum Refusal: Sendable {
    case answer(CogAnswer)
    case failure(TransportError)
  }

  let id: String
  let model: CogModel
  var request: CogRequest
  let headers: CogServer.Headers
  let createdAt: Timestamp

  var phase = Phase.waiting
  var status = Prediction.Status.starting
  var output = JSONValue.null
  var logs = ""
  var error: String?
  var metrics: JSONObject = [:]
  /// When it was sent last.
  var sentAt: Timestamp?
  var startedAt: Timestamp?
  var completedAt: Timestamp?
  var deadline: Timestamp?
  var refusal: Refusal?
  /// Whether its create still waits, so that a refusal can be that call’s answer.
  var isBeingCreated = true
  var isCancelRequested = false
  /// Whether its input, output, and logs were dropped to save memory.
  var isDataRemoved = false
  /// The size of its input, output, and logs, about, in bytes.
  var size: Int
  var waiters: [AsyncStream<Void>.Continuation] = []

  init(_ request: CogRequest, model: CogModel, headers: CogServer.Headers, at time: Timestamp) {
    id = Self.newID()
    self.model = model
    self.request = request
    self.headers = headers
    createdAt = time
    size = request.size
  }

  /// Whether the server shows the state of this run.
  var isVisible: Bool { model.showsRuns && phase == .accepted }

  /// Counts it as running since it was sent.
  mutating func accept() {
    phase = .accepted
    status = .processing
    startedAt = sentAt
  }

  /// Takes the server’s answer about a run that has ended.
  mutating func end(with answer: JSONValue, size: Int, at time: Timestamp) {
    let word = answer["status"]?.string ?? ""
    let status = Prediction.Status(rawValue: word)
    // The oldest servers give only an output.
    let hasEnded = status.isTerminal
    output = answer["output"] ?? .null
    // Coglet’s answers about runs that failed or were canceled have no logs.
    if let logs = answer["logs"]?.string, !logs.isEmpty { self.logs = logs }
    metrics = answer["metrics"]?.object ?? [:]
    startedAt = answer["started_at"]?.string.map { Timestamp($0) } ?? sentAt
    self.size += size
    end(
      hasEnded ? status : .succeeded, answer["error"]?.string.map(Self.cause),
      at: answer["completed_at"]?.string.map { Timestamp($0) } ?? time)
  }

  /// An error without what coglet puts before it, twice.
  private static func cause(_ error: String) -> String {
    var cause = error[...]
    while cause.hasPrefix("Prediction failed: ") { cause.removeFirst("Prediction failed: ".count) }
    return cause.isEmpty ? error : String(cause)
  }

  /// Ends it without an answer that has an output.
  mutating func end(_ status: Prediction.Status, _ error: String?, at time: Timestamp) {
    self.status = status
    self.error = error
    completedAt = time
    phase = .ended
  }

  /// Takes what the server shows of a run that is under way.
  mutating func show(_ state: JSONValue) {
    if let logs = state["logs"]?.string { self.logs = logs }
    if let output = state["output"], !output.isNull { self.output = output }
  }

  /// Drops what takes memory, as Replicate does an hour after the end.
  mutating func removeData() {
    isDataRemoved = true
    request.input = [:]
    output = .null
    logs = ""
    size = 0
  }

  /// As Replicate describes predictions.
  func json(_ baseURL: String) -> JSONValue {
    let address = "\(baseURL)/predictions/\(id)"
    var prediction: JSONObject = [
      "id": .string(id), "model": .string("\(model.id)"), "version": .string(model.version),
      "input": .object(request.input), "logs": .string(logs),
      "output": output, "data_removed": .bool(isDataRemoved),
      "error": error.map(JSONValue.string) ?? .null, "source": "api",
      "status": .string(status.rawValue), "created_at": .string(createdAt.text),
      "started_at": startedAt.map { .string($0.text) } ?? .null,
      "completed_at": completedAt.map { .string($0.text) } ?? .null,
      "metrics": .object(metrics),
      "urls": ["get": .string(address), "cancel": .string(address + "/cancel")],
    ]
    if let deadline { prediction["deadline"] = .string(deadline.text) }
    if let webhook = request.webhook { prediction["webhook"] = webhook }
    if let events = request.webhookEvents { prediction["webhook_events_filter"] = events }
    return .object(prediction)
  }

  /// 26 letters and digits, as Replicate’s.
  private static func newID() -> String {
    let characters = Array("0123456789abcdefghijklmnopqrstuvwxyz")
    return String((0..<26).map { _ in characters[Int.random(in: characters.indices)] })
  }
}

/// What a create asks for.
struct CogRequest: Sendable {
  var version: String?
  var input: JSONObject
  var webhook: JSONValue?
  var webhookEvents: JSONValue?
  /// The `Prefer: wait` header.
  var wait: Duration = .zero
  /// The `Cancel-After` header.
  var cancelAfter: Duration?
  /// In bytes.
  var size: Int

  /// Nil if the body isn’t a JSON object with an input.
  init?(_ request: TransportRequest) {
    let body = request.body ?? []
    let document: JSONValue
    do { document = try JSONValue(parsing: body) } catch { return nil }
    guard let input = document["input"]?.object else { return nil }
    self.input = input
    version = document["version"]?.string
    webhook = document["webhook"]
    webhookEvents = document["webhook_events_filter"]
    size = body.count
    for (name, value) in request.headers {
      switch name.lowercased() {
      case "prefer" where value.hasPrefix("wait"): wait = Self.seconds(value) ?? .seconds(60)
      case "cancel-after": cancelAfter = Self.seconds(value)
      default: break
      }
    }
  }

  /// The body of the server’s call.
  func body(id: String) -> [UInt8] {
    var body: JSONObject = ["id": .string(id), "input": .object(input)]
    if let webhook { body["webhook"] = webhook }
    if let webhookEvents { body["webhook_events_filter"] = webhookEvents }
    return Array(JSONValue.object(body).serialized().utf8)
  }

  /// `wait=5`, `300s`, `5m`, `2h`.
  private static func seconds(_ text: String) -> Duration? {
    let digits = text.drop { !$0.isASCII || !$0.isNumber }.prefix { $0.isASCII && $0.isNumber }
    guard let number = Double(digits) else { return nil }
    let unit = text.hasSuffix("h") ? 3600.0 : text.hasSuffix("m") ? 60 : 1
    return Duration(clampingSeconds: number * unit)
  }
}
