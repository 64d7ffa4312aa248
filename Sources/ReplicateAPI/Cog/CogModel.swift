import Crypto

/// The one model of a cog server, as Replicate describes models.
struct CogModel: Sendable {
  static let owner = "cog"

  var id: ModelID
  /// 64 hexadecimal digits, made from the schema: another schema is another version.
  var version: String
  var description: String
  var cogVersion: String?
  /// Whether the server is coglet, which answers other calls while it runs.
  var isCoglet: Bool
  var baseURL: String
  /// The server’s OpenAPI document; nil if it has none.
  private let document: JSONValue?

  /// Whether the server can be asked about a run that is under way, with an input that it rejects.
  /// Without a schema it rejects none, and some versions of coglet hang after a run that fails.
  var showsRuns: Bool { isCoglet && document?["components"]?["schemas"]?["Input"] != nil }

  /// - Parameters:
  ///   - baseURL: The server’s address.
  ///   - schema: The bytes of its OpenAPI document; empty if it has none.
  init(baseURL: String, schema: [UInt8], document: JSONValue?, health: CogHealth?) {
    let place = Client.Configuration.nameOfHost(in: baseURL)
    let title = Self.name(document?["info"]?["title"]?.string ?? "")
    // All of cog’s own servers have the same title.
    let name = title.isEmpty || title == "cog" ? Self.name(place) : title
    id = ModelID(owner: Self.owner, name: name.isEmpty ? "model" : name)
    version = Array(SHA256.hash(data: schema)).hexadecimal
    let text = document?["info"]?["description"]?.string ?? ""
    description = text.isEmpty ? "The model of the cog server at \(place)." : text
    cogVersion = health?.cogVersion
    isCoglet = health?.isCoglet ?? false
    self.baseURL = baseURL
    self.document = document
  }

  /// As lists have it, and as a whole.
  var json: JSONValue {
    [
      "url": .string(baseURL), "owner": .string(id.owner), "name": .string(id.name),
      "description": .string(description), "visibility": "private", "github_url": .null,
      "paper_url": .null, "license_url": .null, "run_count": 0, "cover_image_url": .null,
      "default_example": .null, "latest_version": versionJSON,
    ]
  }

  var versionJSON: JSONValue {
    [
      "id": .string(version), "created_at": .null,
      "cog_version": cogVersion.map(JSONValue.string) ?? .null,
      "openapi_schema": document ?? .null,
    ]
  }

  /// Whether a create’s `version` is this one: its ID, with or without the model’s name, or only
  /// the name.
  func isNamed(by version: String) -> Bool {
    [self.version, "\(id)", "\(id):\(self.version)"].contains(version)
  }

  /// A text as the name of a model: lower-case letters, digits, and `-._`.
  private static func name(_ text: String) -> String {
    var name = ""
    for byte in text.lowercased().utf8.prefix(200) {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "."), UInt8(ascii: "_"):
        name.unicodeScalars.append(Unicode.Scalar(byte))
      default: if !name.isEmpty, name.last != "-" { name += "-" }
      }
    }
    while let last = name.last, "-._".contains(last) { name.removeLast() }
    return String(name.drop { "-._".contains($0) }.prefix(64))
  }
}
