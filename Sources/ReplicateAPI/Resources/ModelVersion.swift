/// A version of a model. Versions never change.
public struct ModelVersion: Sendable, Hashable, Identifiable {
  /// Opaque. Usually 64 hexadecimal digits, but `hidden` for official models without versions, and
  /// `dp-…` or `d-…` for internal deployments behind some official models.
  public struct ID: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
      self.rawValue = rawValue
    }

    public init(_ rawValue: String) {
      self.rawValue = rawValue
    }
  }

  public var id: ID
  public var createdAt: Timestamp?
  /// The version of Cog that built this, as sent: `0.8.6`, `v0.10.0-alpha3+dev`.
  public var cogVersion: String?
  /// The OpenAPI document of the input and output, which ``schema`` reads.
  public var openAPISchema: JSONValue?

  public init(
    id: ID, createdAt: Timestamp? = nil, cogVersion: String? = nil,
    openAPISchema: JSONValue? = nil
  ) {
    self.id = id
    self.createdAt = createdAt
    self.cogVersion = cogVersion
    self.openAPISchema = openAPISchema
  }

  /// The inputs of a run and the kind of its output; nil if the version has no schema. Computed on
  /// each call.
  public var schema: ModelSchema? {
    openAPISchema.map { ModelSchema(openAPI: $0, cogVersion: cogVersion) }
  }
}

extension ModelVersion.ID: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
}

extension ModelVersion: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    guard let version = try ModelVersion(ifPresent: &reader), !version.id.rawValue.isEmpty else {
      throw reader.mistake("a version without an id")
    }
    self = version
  }

  /// Nil for null, `{}`, and anything else without an id and a schema.
  init?(ifPresent reader: inout JSONReader) throws(JSONSyntaxError) {
    var version = ModelVersion(id: "")
    guard try reader.enterOptionalObject() else { return nil }
    while let key = try reader.nextKey() {
      switch key {
      case "id": version.id = ID(try reader.optionalString() ?? "")
      case "created_at": version.createdAt = try reader.optionalTimestamp()
      case "cog_version": version.cogVersion = try reader.optionalString()
      case "openapi_schema": version.openAPISchema = try reader.optionalValue()
      default: try reader.skip()
      }
    }
    if version.id.rawValue.isEmpty, version.openAPISchema == nil { return nil }
    self = version
  }
}
