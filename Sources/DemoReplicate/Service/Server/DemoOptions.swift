import Logging

/// Options for the demo service.
public struct DemoOptions: Sendable {
  /// The speed of the service's time; 2 is twice as fast.
  public var speed = 1.0
  /// The speed at which what is kept grows old: the data of a prediction, which is removed after an
  /// hour, and files, after a day. It is its own, since whoever wants fast models doesn't want to
  /// lose what they made.
  public var agingSpeed = 1.0
  /// A JSON file with a list of models to add.
  public var modelsFile: String?
  /// A folder of JSON files to add, one model object each.
  public var schemasFolder: String?
  /// The port on 127.0.0.1; 0 picks a free one. ``DemoServer/start(_:)`` throws if it is none of
  /// ``ports``.
  public var port = 0
  /// Seed for the random numbers; the same seed gives the same IDs, history and faults.
  public var seed: UInt64 = 1
  /// The faults to inject.
  public var faults: Set<DemoFault> = []
  /// Called with each request that arrives, before it is answered, also on the port of output files.
  /// It is called on any thread.
  public var onRequest: (@Sendable (ReceivedRequest) -> Void)?
  public var logger = Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() })

  public init() {}

  public static let ports = 0...65_535
}

/// A request as the demo service has received it, for a test to ask what a client really sent.
public struct ReceivedRequest: Sendable, Hashable {
  public var method: String
  /// With the query.
  public var path: String
  /// The port's name: `api`, or `output` for files and streams.
  public var port: String
  /// The names are in lower case.
  public var headers: [String: String]
}
