/// A model version that an account runs on its own hardware, under its own name.
public struct Deployment: Sendable, Hashable, Identifiable {
  /// One release of a deployment: a version and the hardware it runs on.
  public struct Release: Sendable, Hashable {
    /// Counts up from 1 with each change to the deployment.
    public var number: Int
    /// The model, as `owner/name`.
    public var model: String
    public var version: ModelVersion.ID
    public var createdAt: Timestamp?
    public var createdBy: Account?
    public var configuration: Configuration

    public init(
      number: Int = 1, model: String = "", version: ModelVersion.ID = "",
      createdAt: Timestamp? = nil, createdBy: Account? = nil,
      configuration: Configuration = Configuration()
    ) {
      self.number = number
      self.model = model
      self.version = version
      self.createdAt = createdAt
      self.createdBy = createdBy
      self.configuration = configuration
    }
  }

  /// A release's hardware and scaling.
  public struct Configuration: Sendable, Hashable {
    /// The ``Hardware/sku``.
    public var hardware: String
    /// How many instances always run, 0 to 5.
    public var minInstances: Int
    /// How many instances may run at most, 0 to 20.
    public var maxInstances: Int

    public init(hardware: String = "", minInstances: Int = 0, maxInstances: Int = 0) {
      self.hardware = hardware
      self.minInstances = minInstances
      self.maxInstances = maxInstances
    }
  }

  public var id: ModelID
  public var currentRelease: Release?

  public init(id: ModelID, currentRelease: Release? = nil) {
    self.id = id
    self.currentRelease = currentRelease
  }
}

extension Deployment: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var deployment = Deployment(id: ModelID(owner: "", name: ""))
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "owner": deployment.id.owner = try reader.optionalString() ?? ""
      case "name": deployment.id.name = try reader.optionalString() ?? ""
      case "current_release": deployment.currentRelease = try Release(ifPresent: &reader)
      default: try reader.skip()
      }
    }
    if deployment.id.name.isEmpty { throw reader.mistake("a deployment without a name") }
    self = deployment
  }
}

extension Deployment.Release {
  init?(ifPresent reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init()
    guard try reader.enterOptionalObject() else { return nil }
    while let key = try reader.nextKey() {
      switch key {
      case "number": number = try reader.optionalInt() ?? 0
      case "model": model = try reader.optionalString() ?? ""
      case "version": version = ModelVersion.ID(try reader.optionalString() ?? "")
      case "created_at": createdAt = try reader.optionalTimestamp()
      case "created_by": createdBy = try Account(ifPresent: &reader)
      case "configuration":
        guard try reader.enterOptionalObject() else { continue }
        while let key = try reader.nextKey() {
          switch key {
          case "hardware": configuration.hardware = try reader.optionalString() ?? ""
          case "min_instances": configuration.minInstances = try reader.optionalInt() ?? 0
          case "max_instances": configuration.maxInstances = try reader.optionalInt() ?? 0
          default: try reader.skip()
          }
        }
      default: try reader.skip()
      }
    }
  }
}
