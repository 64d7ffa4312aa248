import Logging

/// Options for the demo service.
public struct DemoOptions: Sendable {
  /// The speed of the service's time; 2 is twice as fast.
  public var speed = 1.0
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
  public var logger = Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() })

  public init() {}

  public static let ports = 0...65_535
}
