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
    let bytes = try bytes(path)
    do throws(JSONSyntaxError) {
      return try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
        let page = try Page<DemoCatalog.Entry>(from: &reader)
        // A person wrote this file, and wants to know of a mistake.
        if let odd = page.unreadable.first { throw reader.mistake(odd.description) }
        return page.results
      }
    } catch {
      throw StartProblem("\(path): \(error)")
    }
  }

  /// The model objects in a folder, one per file, sorted by file name.
  static func objects(in folder: String) throws -> [(DemoCatalog.Entry, JSONObject)] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw StartProblem("the folder \(folder) can’t be read.")
    }
    return try names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      let bytes = try bytes(path)
      let value: JSONValue
      do throws(JSONSyntaxError) {
        value = try JSONValue(parsing: bytes)
      } catch {
        throw StartProblem("\(path): \(error)")
      }
      guard let object = value.object, let owner = object["owner"]?.string,
        let name = object["name"]?.string
      else { return nil }
      return complete(ModelID(owner: owner, name: name), object)
    }
  }

  private static func bytes(_ path: String) throws(StartProblem) -> [UInt8] {
    do throws(TransportError) {
      return try LocalFile.contents(of: path)
    } catch {
      guard case .file(let path, let reason) = error else {
        throw StartProblem("the file \(path) can’t be read.")
      }
      throw StartProblem("the file \(path) can’t be read: \(reason).")
    }
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
    // Null is a model without a version; such models exist.
    if given["latest_version"] == nil { object["latest_version"] = [:] }
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

extension CatalogFiles {
  /// A model object, with what it lacks from the model's entry in a list. Runs only ever grow, so the
  /// larger number is the newer one.
  static func merged(
    _ entry: DemoCatalog.Entry, _ object: JSONObject, with listed: DemoCatalog.Entry?
  ) -> (DemoCatalog.Entry, JSONObject) {
    var (entry, object) = (entry, object)
    if let listed {
      if entry.description?.isEmpty ?? true { entry.description = listed.description }
      entry.runCount = max(entry.runCount, listed.runCount)
      entry.isOfficial = entry.isOfficial || listed.isOfficial
      entry.coverURL = entry.coverURL ?? listed.coverURL
      entry.githubURL = entry.githubURL ?? listed.githubURL
      entry.url = entry.url ?? listed.url
      let texts = [
        ("description", entry.description), ("cover_image_url", entry.coverURL),
        ("github_url", entry.githubURL),
      ]
      for (name, text) in texts { object[name] = text.map { .string($0) } ?? .null }
      object["run_count"] = .number(JSONNumber(entry.runCount))
      if entry.isOfficial { object["is_official"] = true }
    }
    if var version = object["latest_version"]?.object, version["openapi_schema"]?.isNull ?? true {
      let task = ModelTask(name: entry.id.name, description: entry.description ?? "")
      version["openapi_schema"] = task.schema
      object["latest_version"] = .object(version)
    }
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
