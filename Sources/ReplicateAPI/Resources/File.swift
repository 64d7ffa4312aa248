import OrderedCollections

/// A file that was uploaded as an input for models. The service keeps it for 24 hours.
public struct File: Sendable, Hashable, Identifiable {
  /// Opaque.
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
  /// The name given by the uploader. The service sends it although its API document doesn't list
  /// it.
  public var name: String?
  public var contentType: String
  /// In bytes.
  public var size: Int
  /// Hexadecimal digits by algorithm, `sha256` and `md5`.
  public var checksums: [String: String]
  public var metadata: JSONObject
  public var createdAt: Timestamp?
  public var expiresAt: Timestamp?
  /// The value for a model's file input.
  public var url: String

  public init(
    id: ID, name: String? = nil, contentType: String = "application/octet-stream", size: Int = 0,
    checksums: [String: String] = [:], metadata: JSONObject = [:], createdAt: Timestamp? = nil,
    expiresAt: Timestamp? = nil, url: String = ""
  ) {
    self.id = id
    self.name = name
    self.contentType = contentType
    self.size = size
    self.checksums = checksums
    self.metadata = metadata
    self.createdAt = createdAt
    self.expiresAt = expiresAt
    self.url = url
  }
}

extension File.ID: ExpressibleByStringLiteral, CustomStringConvertible {
  public init(stringLiteral value: String) { self.init(value) }
  public var description: String { rawValue }
}

extension File: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var file = File(id: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "id": file.id = ID(try reader.optionalString() ?? "")
      case "name": file.name = try reader.optionalString()
      case "content_type": file.contentType = try reader.optionalString() ?? ""
      case "size": file.size = try reader.optionalInt() ?? 0
      case "checksums":
        for (name, value) in try reader.optionalObject() ?? [:] {
          file.checksums[name] = value.string
        }
      case "metadata": file.metadata = try reader.optionalObject() ?? [:]
      case "created_at": file.createdAt = try reader.optionalTimestamp()
      case "expires_at": file.expiresAt = try reader.optionalTimestamp()
      case "urls": file.url = try reader.optionalObject()?["get"]?.string ?? ""
      default: try reader.skip()
      }
    }
    if file.id.rawValue.isEmpty { throw reader.mistake("a file without an id") }
    self = file
  }
}
