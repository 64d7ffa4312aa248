import OrderedCollections

/// A file that was uploaded to be a model's input. The service keeps it for a day.
public struct File: Sendable, Hashable, Identifiable {
  /// To be taken as opaque.
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
  /// As the uploader called it; the vendor's document leaves it out, the service tells it.
  public var name: String?
  public var contentType: String
  /// In bytes.
  public var size: Int
  /// By the names of the algorithms, `sha256` and `md5`, in hexadecimal digits.
  public var checksums: [String: String]
  public var metadata: JSONObject
  public var createdAt: Timestamp?
  public var expiresAt: Timestamp?
  /// What a model takes as the value of a file input.
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
