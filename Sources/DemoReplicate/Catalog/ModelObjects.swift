import OrderedCollections
import ReplicateAPI

/// The JSON of models and versions, as Django writes it.
enum ModelObjects {
  /// A model, with its members in the order of Replicate's newer answers.
  static func object(
    of model: DemoModel, visibility: String = "public", createdAt: Double, coverURL: String? = nil,
    weightsURL: String? = nil, example: JSONValue
  ) -> JSONValue {
    [
      "cover_image_url": string(coverURL), "created_at": .string(TimestampFormat.django(createdAt)),
      "default_example": example,
      "description": model.description.isEmpty ? .null : .string(model.description),
      "github_url": string(model.githubURL), "is_official": .bool(model.isOfficial),
      "latest_version": model.versions.first.map { version($0, of: model) } ?? .null,
      "license_url": string(model.licenseURL), "name": .string(model.id.name),
      "owner": .string(model.id.owner), "paper_url": string(model.paperURL),
      "run_count": .number(JSONNumber(model.runCount)),
      "url": "https://replicate.com/\(model.id.description)", "visibility": .string(visibility),
      "weights_url": string(weightsURL),
    ]
  }

  static func version(_ version: DemoVersion, of model: DemoModel) -> JSONValue {
    [
      "id": .string(version.id), "created_at": .string(version.createdAt),
      "cog_version": .string(version.cogVersion), "openapi_schema": model.schema,
    ]
  }

  private static func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  // MARK: Long lists

  /// A collection with the models of a long list, which have no versions or examples. It is written
  /// byte by byte, since there can be a hundred thousand.
  static func collection(_ collection: DemoCollection, of entries: [DemoCatalog.Entry]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(entries.count * 512)
    append(#"{"name":"#, collection.name, to: &text)
    append(#","slug":"#, collection.slug, to: &text)
    append(#","description":"#, collection.description, to: &text)
    append(#","full_description":"#, collection.fullDescription, to: &text)
    text.append(contentsOf: #","models":["#.utf8)
    for (index, entry) in entries.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      append(entry, to: &text)
    }
    text.append(contentsOf: "]}".utf8)
    return text
  }

  private static func append(_ entry: DemoCatalog.Entry, to text: inout [UInt8]) {
    let url = entry.url ?? "https://replicate.com/\(entry.id.owner)/\(entry.id.name)"
    append(#"{"url":"#, url, to: &text)
    append(#","owner":"#, entry.id.owner, to: &text)
    append(#","name":"#, entry.id.name, to: &text)
    append(#","description":"#, entry.description, to: &text)
    append(#","visibility":"#, "public", to: &text)
    append(#","github_url":"#, entry.githubURL, to: &text)
    text.append(contentsOf: #","paper_url":null,"license_url":null,"run_count":"#.utf8)
    text.append(contentsOf: String(entry.runCount).utf8)
    append(#","cover_image_url":"#, entry.coverURL, to: &text)
    text.append(contentsOf: #","default_example":null,"latest_version":null"#.utf8)
    text.append(contentsOf: #","is_official":\#(entry.isOfficial)}"#.utf8)
  }

  private static func append(_ key: StaticString, _ value: String?, to text: inout [UInt8]) {
    key.withUTF8Buffer { text.append(contentsOf: $0) }
    guard let value else { return text.append(contentsOf: "null".utf8) }
    text.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(byte)
      case 0..<0x20:
        text.append(contentsOf: (byte < 16 ? #"\u000"# : #"\u00"#).utf8)
        text.append(contentsOf: String(byte, radix: 16).utf8)
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
