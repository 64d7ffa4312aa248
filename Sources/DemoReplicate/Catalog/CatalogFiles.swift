import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads the files given with `--demo-models` and `--demo-schemas`.
enum CatalogFiles {
  /// A list of short model objects: `[{"owner": …, "name": …, "description": …, "run_count": …},
  /// …]`.
  static func list(_ path: String) throws -> [DemoCatalog.Entry] {
    try JSONReader.read(bytes(path)) { (reader) throws(JSONSyntaxError) in
      let page = try Page<DemoCatalog.Entry>(from: &reader)
      // A person wrote this file, and wants to know of a mistake.
      if let odd = page.unreadable.first { throw reader.mistake(odd.description) }
      return page.results
    }
  }

  /// The model objects in a folder, one per file, sorted by file name.
  static func objects(in folder: String) throws -> [(DemoCatalog.Entry, JSONObject)] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      let bytes = try bytes("\(folder)/\(name)")
      guard let object = try JSONValue(parsing: bytes).object,
        let owner = object["owner"]?.string, let name = object["name"]?.string
      else { return nil }
      return complete(ModelID(owner: owner, name: name), object)
    }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    do throws(TransportError) {
      return try LocalFile.contents(of: path)
    } catch {
      guard case .file(let path, let reason) = error else { throw error }
      throw Unreadable(description: "\(path): \(reason)")
    }
  }

  /// A file that can't be read.
  private struct Unreadable: Error, CustomStringConvertible {
    let description: String
  }

  /// Adds the members that the service always sends, which handwritten objects may lack.
  private static func complete(
    _ id: ModelID, _ given: JSONObject
  ) -> (DemoCatalog.Entry, JSONObject) {
    var entry = DemoCatalog.Entry(id: id)
    entry.setTimes()
    var object: JSONObject = [
      "url": "https://replicate.com/\(id.description)", "owner": .string(id.owner),
      "name": .string(id.name), "description": .null, "visibility": "public", "github_url": .null,
      "paper_url": .null, "license_url": .null, "run_count": 0, "cover_image_url": .null,
      "default_example": .null, "latest_version": .null,
    ]
    for (name, value) in given where !name.hasPrefix("_") && !value.isNull { object[name] = value }
    if let version = object["latest_version"]?.object {
      var random = SeededRandom(id.description)
      var filled: JSONObject = [
        "id": .string(random.hex(64)),
        "created_at": .string(TimestampFormat.django(entry.versionAt)),
        "cog_version": "0.9.4", "openapi_schema": .null,
      ]
      for (name, value) in version where !value.isNull { filled[name] = value }
      object["latest_version"] = .object(filled)
    }
    if let version = object["latest_version"]?["created_at"]?.string {
      entry.versionAt = Timestamp(version).secondsSince1970 ?? entry.versionAt
    }
    entry.createdAt =
      object["created_at"]?.string.flatMap { Timestamp($0).secondsSince1970 }
      ?? entry.versionAt - 7200
    entry.description = object["description"]?.string
    entry.runCount = object["run_count"]?.int ?? 0
    entry.isOfficial = object["is_official"]?.bool ?? false
    entry.githubURL = object["github_url"]?.string
    entry.coverURL = object["cover_image_url"]?.string
    return (entry, object)
  }
}

extension DemoCatalog.Entry: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var owner: String?
    var name: String?
    self.init(id: ModelID(owner: "", name: ""))
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "owner": owner = try reader.optionalString()
      case "name": name = try reader.optionalString()
      case "description": description = try reader.optionalString()
      case "run_count": runCount = try reader.optionalInt() ?? 0
      case "is_official": isOfficial = try reader.optionalBool() ?? false
      case "url": url = try reader.optionalString()
      case "cover_image_url": coverURL = try reader.optionalString()
      case "github_url": githubURL = try reader.optionalString()
      default: try reader.skip()
      }
    }
    guard let owner, let name else { throw reader.mistake("a model without an owner or a name") }
    id = ModelID(owner: owner, name: name)
    setTimes()
  }

  /// Lists have no creation times, so these are derived from the name, between 2023 and 2026.
  fileprivate mutating func setTimes() {
    let chance = SeededRandom.hash(id.name)
    versionAt = 1_672_531_200 + Double(chance % 94_000_000_000) / 1000
    createdAt = versionAt - 7200 - Double(SeededRandom.mixed(chance) % 20_000_000)
  }
}
