import Logging
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Lets a ``Client`` talk to a cog server, the HTTP server in every model’s container, such as one
/// that `docker run` or `cog serve` has started on this machine.
///
///     let client = Client(cogServer: try .cogServer("http://localhost:5000"), clock: clock)
///     let page = try await client.send(.models())          // the server’s model: cog/localhost-5000
///
/// It translates the client’s calls into those of cog’s HTTP API. Such a server has one model, runs it,
/// and remembers nothing. So the list of predictions has only those that were made with this
/// transport, the last 500, and there are no collections, deployments, trainings, or uploads: their
/// lists are empty, and other calls about them fail with a 404 that says so. What the server answers
/// with its runs is passed on: outputs that are files are data URLs.
///
/// A run that the server can’t take yet, because it is busy or still being set up, stays `starting` and
/// is sent again until the server takes it. Runs are sent in the order in which they were created.
/// Servers since cog 0.17 show logs and output while a run is under way; older ones only at its end.
public final class CogTransport: Transport {
  /// The token for a server without one, since a ``Client`` needs a token. It is never sent.
  public static let noToken = "none"

  private let server: CogServer
  private let runs: CogRuns
  private let clock: any Clock<Duration>
  /// The model as it was last seen.
  private let known = Mutex<CogModel?>(nil)

  /// How long a call waits for a model that is being set up and has no schema until then.
  private static let longestSetup = Duration.seconds(20)
  private static let setupPause = Duration.seconds(1)

  /// - Parameters:
  ///   - transport: What sends the calls to the server, with patience: a run’s call is silent for as
  ///     long as the run takes.
  ///   - baseURL: The server’s address, such as `http://localhost:5000`; also the base URL of the
  ///     client. Other calls are passed on as they are.
  ///   - clock: Measures the waits between attempts.
  public convenience init(
    wrapping transport: any Transport, baseURL: String, clock: any Clock<Duration>
  ) {
    self.init(wrapping: transport, baseURL: baseURL, clock: clock) {
      Timestamp(secondsSince1970: Date().timeIntervalSince1970)
    }
  }

  /// - Parameter now: The time of this machine.
  init(
    wrapping transport: any Transport, baseURL: String, clock: any Clock<Duration>,
    now: @escaping @Sendable () -> Timestamp
  ) {
    var baseURL = baseURL
    while baseURL.hasSuffix("/") { baseURL.removeLast() }
    server = CogServer(transport: transport, baseURL: baseURL)
    runs = CogRuns(server, clock: clock, now: now)
    self.clock = clock
  }

  /// Answers a call under the base URL; passes any other one on.
  public func send(
    _ request: TransportRequest
  ) async throws(TransportError) -> TransportResponse {
    if Task.isCancelled { throw .canceled }
    guard request.url.hasPrefix(server.baseURL + "/") else {
      return try await server.transport.send(request)
    }
    let target = request.url.dropFirst(server.baseURL.count)
    let path = String(target.prefix { $0 != "?" })
    guard let (route, parameters) = Route.matching(method: request.method, path: path) else {
      return CogAnswer.missing(Self.absence("such call")).response
    }
    let call = Call(
      route: route, parameters: parameters, query: Self.query(target), request: request,
      headers: Self.passedOn(request.headers))
    return try await answer(call).response
  }

  /// Ends all runs’ calls, then closes all connections. Servers since cog 0.17 end the runs, too.
  public func shutdown() async {
    await runs.shutdown()
    await server.transport.shutdown()
  }
}

extension Client.Configuration {
  /// The settings for a cog server.
  ///
  /// - Parameters:
  ///   - address: The server’s address, such as `http://localhost:5000`.
  ///   - token: Sent to the server if there is one. Cog’s own servers ask for none.
  /// - Throws: ``ReplicateError/Reason/badConfiguration(reason:)`` if it isn’t an address.
  public static func cogServer(
    _ address: String, token: String? = nil
  ) throws(ReplicateError) -> Self {
    var address = address
    while address.hasSuffix("/") { address.removeLast() }
    var configuration = Self(token: token ?? CogTransport.noToken, baseURL: address)
    // A run’s call is silent until the run ends.
    configuration.limits.patientSilence = .seconds(86_400)
    if Origin(address) == nil {
      throw ReplicateError(
        .badConfiguration(reason: "\(address) isn’t an address like http://localhost:5000."))
    }
    if let problem = configuration.problem { throw problem }
    configuration.serviceName = configuration.nameOfHost
    return configuration
  }
}

extension Client {
  /// A client of a cog server; see ``CogTransport``.
  ///
  /// - Parameters:
  ///   - configuration: From ``Configuration/cogServer(_:token:)``, or changed from that.
  ///   - logger: Gets a line for each call.
  ///   - clock: Measures the waits between attempts.
  public init(
    cogServer configuration: Configuration,
    logger: Logger = Logger(label: "replicate", factory: { _ in SwiftLogNoOpLogHandler() }),
    clock: any Clock<Duration>
  ) {
    self.init(
      configuration,
      transport: CogTransport(
        wrapping: AsyncHTTPTransport(
          limits: configuration.limits, network: configuration.network),
        baseURL: configuration.baseURL, clock: clock),
      logger: logger, clock: clock)
  }
}

// MARK: The calls

extension CogTransport {
  private struct Call {
    var route: Route
    var parameters: [String: String]
    var query: [String: String]
    var request: TransportRequest
    /// Those of the request that the server gets, too.
    var headers: CogServer.Headers

    subscript(_ name: String) -> String { parameters[name] ?? "" }
  }

  private enum Lookup {
    case model(CogModel)
    case problem(CogAnswer)
  }

  private func answer(_ call: Call) async throws(TransportError) -> CogAnswer {
    switch call.route {
    case .getAccount:
      return .json([
        "type": "user", "username": .string(CogModel.owner),
        "name": .string("cog server at \(Client.Configuration.nameOfHost(in: server.baseURL))"),
      ])
    case .listModels, .searchModels:
      return try await withModel(call) { .page([$0.json]) }
    case .search:
      return try await withModel(call) {
        [
          "query": .string(call.query["query"] ?? ""), "models": [["model": $0.json]],
          "collections": [], "pages": [],
        ]
      }
    case .getModel: return try await withNamedModel(call) { .json($0.json) }
    case .listModelVersions: return try await withNamedModel(call) { .page([$0.versionJSON]) }
    case .getModelVersion:
      return try await withNamedModel(call) {
        $0.version == call["version_id"]
          ? .json($0.versionJSON) : .missing(Self.otherVersion($0, call["version_id"]))
      }
    case .listModelExamples: return try await withNamedModel(call) { _ in .page([]) }
    case .createPrediction, .createModelPrediction: return try await create(call)
    case .getPrediction: return await runs.prediction(call["prediction_id"])
    case .cancelPrediction: return await runs.cancel(call["prediction_id"])
    case .listPredictions: return await runs.list(call.query)
    case .listCollections, .listDeployments, .listTrainings, .listFiles: return .page([])
    case .listHardware: return .json([])
    case .getCollection: return .missing(Self.absence("collections"))
    case .createDeployment, .getDeployment, .updateDeployment, .deleteDeployment,
      .createDeploymentPrediction:
      return .missing(Self.absence("deployments"))
    case .createTraining, .getTraining, .cancelTraining:
      return .missing(Self.absence("trainings"))
    case .createFile:
      return .missing(
        """
        A cog server takes no uploads. Use a smaller file, which is sent in the input itself, or a \
        URL that the server can reach.
        """)
    case .getFile, .deleteFile, .downloadFile: return .missing(Self.absence("uploaded files"))
    case .getModelReadme: return .missing(Self.absence("READMEs"))
    case .createModel, .updateModel, .deleteModel, .deleteModelVersion:
      return .missing(
        "The model of a cog server can’t be changed here. Change it and build it again.")
    case .getDefaultWebhookSecret: return .missing(Self.absence("webhook secret"))
    }
  }

  private func create(_ call: Call) async throws(TransportError) -> CogAnswer {
    guard let request = CogRequest(call.request) else {
      return .problem(400, "Bad request", "The request isn’t JSON with an input.")
    }
    func refused(by model: CogModel) -> CogAnswer? {
      if call.route == .createModelPrediction {
        return Self.named(call) == model.id ? nil : .missing(Self.otherModel(model, call))
      }
      let version = request.version ?? ""
      if model.isNamed(by: version) { return nil }
      return .problem(422, "Invalid version", Self.otherVersion(model, version))
    }
    if let model = known.withLock({ $0 }), refused(by: model) == nil {
      return try await runs.create(request, model: model, headers: call.headers)
    }
    switch try await model(call) {
    case .problem(let answer): return answer
    case .model(let model):
      if let refusal = refused(by: model) { return refusal }
      return try await runs.create(request, model: model, headers: call.headers)
    }
  }

  private func withModel(
    _ call: Call, _ answer: (CogModel) -> CogAnswer
  ) async throws(TransportError) -> CogAnswer {
    switch try await model(call) {
    case .model(let model): answer(model)
    case .problem(let problem): problem
    }
  }

  private func withModel(
    _ call: Call, _ document: (CogModel) -> JSONValue
  ) async throws(TransportError) -> CogAnswer {
    try await withModel(call) { (model) -> CogAnswer in .json(document(model)) }
  }

  private func withNamedModel(
    _ call: Call, _ answer: (CogModel) -> CogAnswer
  ) async throws(TransportError) -> CogAnswer {
    try await withModel(call) { model -> CogAnswer in
      Self.named(call) == model.id ? answer(model) : .missing(Self.otherModel(model, call))
    }
  }

  private static func named(_ call: Call) -> ModelID {
    ModelID(owner: call["model_owner"], name: call["model_name"])
  }
}

// MARK: The model

extension CogTransport {
  private func model(_ call: Call) async throws(TransportError) -> Lookup {
    // The oldest servers answer nothing while they run.
    if let model = known.withLock({ $0 }), !model.isCoglet, await runs.isBusy {
      return .model(model)
    }
    var waited = Duration.zero
    while true {
      let health = try await server.health(call.headers)
      if let failure = health?.failure {
        return .problem(.problem(409, "The model doesn’t run", failure))
      }
      let answer = try await server.schema(call.headers)
      let document = answer.isSuccess ? answer.document : nil
      if let document, document.object != nil {
        return found(
          CogModel(
            baseURL: server.baseURL, schema: answer.body, document: document, health: health))
      }
      guard let health else { return .problem(Self.stranger(answer)) }
      guard health.isStarting else {
        return found(
          CogModel(baseURL: server.baseURL, schema: [], document: nil, health: health))
      }
      if waited >= Self.longestSetup {
        return .problem(
          .problem(
            409, "The model isn’t ready",
            "The model on the cog server is still being set up. Try again in a while."))
      }
      do { try await clock.sleep(for: Self.setupPause) } catch { throw .canceled }
      waited += Self.setupPause
    }
  }

  private func found(_ model: CogModel) -> Lookup {
    known.withLock { $0 = model }
    return .model(model)
  }

  /// The error of something that isn’t a cog server, or that wants a token.
  private static func stranger(_ answer: CogServer.Answer) -> CogAnswer {
    if answer.isSuccess || answer.status == 404 {
      return .missing("What answers at this address isn’t a cog server. Check the address.")
    }
    return CogAnswer(status: answer.status, body: answer.body)
  }
}

// MARK: Words and headers

extension CogTransport {
  private static func absence(_ what: String) -> String {
    """
    A cog server has no \(what): it only runs its one model. That needs Replicate itself, and a token.
    """
  }

  private static func otherModel(_ model: CogModel, _ call: Call) -> String {
    "The only model of this cog server is \(model.id), not \(named(call))."
  }

  private static func otherVersion(_ model: CogModel, _ version: String) -> String {
    """
    The cog server’s model is now \(model.id):\(model.version.prefix(8)), not \
    \(version.prefix(80)). Load it again.
    """
  }

  private static func passedOn(_ headers: CogServer.Headers) -> CogServer.Headers {
    headers.filter {
      switch $0.name.lowercased() {
      case "authorization": $0.value != "Bearer \(noToken)"
      case "user-agent", "accept-encoding": true
      default: false
      }
    }
  }

  private static func query(_ target: Substring) -> [String: String] {
    var query: [String: String] = [:]
    for item in target.drop(while: { $0 != "?" }).dropFirst().split(separator: "&") {
      let name = item.prefix { $0 != "=" }
      query[PercentEncoding.decoded(name)] = PercentEncoding.decoded(
        item.dropFirst(name.count).dropFirst())
    }
    return query
  }
}
