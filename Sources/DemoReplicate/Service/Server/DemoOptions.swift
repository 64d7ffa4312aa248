import Logging

/// How the demo service behaves.
public struct DemoOptions: Sendable {
  /// How fast its time goes; 2 is twice as fast.
  public var speed = 1.0
  /// A JSON file with a list of models to add.
  public var modelsFile: String?
  /// A folder with one model object a file to add.
  public var schemasFolder: String?
  /// The port at 127.0.0.1; 0 takes a free one.
  public var port = 0
  /// The same seed gives the same ids, history and chance.
  public var seed: UInt64 = 1
  /// What the service does badly on purpose.
  public var faults: Set<DemoFault> = []
  public var logger = Logger(label: "demo", factory: { _ in SwiftLogNoOpLogHandler() })

  public init() {}
}
