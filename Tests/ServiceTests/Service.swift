import DemoReplicate
import ReplicateAPI
import Testing

/// A demo service at its own ports, and clients for it.
struct Service: Sendable {
  let server: DemoServer
  let client: Client

  /// Runs a test's body with a service, which is stopped on every way out.
  static func run(
    _ options: DemoOptions = DemoOptions(), speed: Double = 200,
    _ body: (Service) async throws -> Void
  ) async throws {
    var options = options
    options.speed = speed
    let server = try await DemoServer.start(options)
    let service = Service(server: server, client: client(of: server))
    do {
      try await body(service)
    } catch {
      await service.client.shutdown()
      await server.stop()
      throw error
    }
    await service.client.shutdown()
    await server.stop()
  }

  static func client(
    of server: DemoServer, _ change: (inout Client.Configuration) -> Void = { _ in }
  ) -> Client {
    var configuration = Client.Configuration(token: DemoServer.token, baseURL: server.baseURL)
    change(&configuration)
    return Client(configuration)
  }

  /// The newest version of a model; a list with odd rows has others that only look like one.
  func version(of model: ModelID) async throws -> ModelVersion.ID {
    let versions = try await client.send(.versions(of: model)).results.map(\.id)
    return try #require(versions.first { $0.rawValue.count == 64 })
  }

  func end(of prediction: Prediction) async throws -> Prediction {
    var last = prediction
    for try await update in client.updates(of: prediction) { last = update }
    return last
  }

  /// A model of the account's own, without a version.
  func ownModel(_ name: String) async throws -> Model {
    try await client.send(
      .createModel(
        ModelRequest(
          id: ModelID(owner: "demo", name: name), visibility: .private, hardware: "cpu",
          description: "A model of my own")))
  }
}

extension ModelID {
  static let palindrome = ModelID(owner: "inkwell", name: "is-it-a-palindrome")
  static let painter = ModelID(owner: "demo", name: "painter")
}

/// Why some work fails; nil where it doesn't.
func failure(
  isolation: isolated (any Actor)? = #isolation, of work: () async throws -> Void
) async -> ReplicateError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? ReplicateError
  }
}

extension Service {
  /// The files that were uploaded since the service began: its account has some from the start.
  var uploads: [File] {
    get async throws {
      let earlier: Set = [
        "neon-street.png", "minutes.txt", "paper-foxes.zip", "lighthouse.png", "row-your-boat.wav",
        "palettes.json", "rose window.png", "winter-forest.png",
      ]
      return try await client.send(.files).results.filter { !earlier.contains($0.name ?? "") }
    }
  }
}
