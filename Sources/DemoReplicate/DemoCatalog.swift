import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What there is to browse: the demo's own models, and those of `--demo-models` and
/// `--demo-schemas`.
struct DemoCatalog: Sendable {
  /// A model of a foreign list: slim, for there may be a hundred thousand.
  struct Listed: Sendable {
    var id: ModelID
    var description: String?
    var runCount: Int
    var coverURL: String?
    var githubURL: String?
    var url: String?
    /// The model object as it came, where there is one.
    var object: JSONValue?
  }

  private let own: OrderedDictionary<ModelID, DemoModel>
  private let ownCollections: [DemoCollection]
  private let listed: [Listed]
  private let places: [ModelID: Int]
  /// Every model written once, the demo's own first.
  let allModels: [UInt8]

  static let pageSize = 25
  static let allSlug = "all-models"

  init(_ options: DemoOptions) throws {
    var own: OrderedDictionary<ModelID, DemoModel> = [:]
    for model in DemoModels.all() { own[model.id] = model }
    var listed: [Listed] = []
    var places: [ModelID: Int] = [:]
    func add(_ model: Listed) {
      guard own[model.id] == nil else { return }
      if let place = places[model.id] {
        if model.object != nil { listed[place] = model }
        return
      }
      places[model.id] = listed.count
      listed.append(model)
    }
    if let file = options.modelsFile {
      for model in try Self.readModels(file) { add(model) }
    }
    if let folder = options.schemasFolder {
      for model in try Self.readSchemas(folder) { add(model) }
    }
    self.own = own
    self.listed = listed
    self.places = places
    ownCollections = DemoModels.collections()
    var text: [UInt8] = []
    if !listed.isEmpty {
      text.append(contentsOf: own.values.map { Self.slim($0) }.joined(separator: ",").utf8)
      for model in listed {
        text.append(UInt8(ascii: ","))
        text.append(contentsOf: Self.slim(model).utf8)
      }
    }
    allModels = text
  }

  // MARK: Models

  var count: Int { own.count + listed.count }

  func contains(_ id: ModelID) -> Bool { own[id] != nil || places[id] != nil }

  /// What runs under this name; foreign ones echo.
  func model(_ id: ModelID) -> DemoModel? {
    if let model = own[id] { return model }
    guard let place = places[id] else { return nil }
    let foreign = listed[place]
    var model = DemoModels.echo(
      id: id, description: foreign.description ?? "", runCount: foreign.runCount,
      schema: foreign.object?["latest_version"]?["openapi_schema"])
    if let version = foreign.object?["latest_version"], let id = version["id"]?.string {
      model.versions = [
        DemoVersion(
          id: id, createdAt: version["created_at"]?.string ?? "2024-01-01T00:00:00.000000Z",
          cogVersion: version["cog_version"]?.string ?? "0.9.0")
      ]
    }
    model.isOfficial = foreign.object?["is_official"]?.bool ?? false
    model.githubURL = foreign.githubURL
    return model
  }

  /// The model that has this version.
  func model(version: String) -> DemoModel? {
    for model in own.values where model.versions.contains(where: { $0.id == version }) {
      return model
    }
    for foreign in listed {
      if let found = model(foreign.id), found.versions.contains(where: { $0.id == version }) {
        return found
      }
    }
    return nil
  }

  var ownModels: [DemoModel] { Array(own.values) }

  /// The ids from an offset on, for pages of the list of all.
  func ids(from offset: Int) -> [ModelID] {
    let own = own.keys.dropFirst(min(offset, own.count)).prefix(Self.pageSize)
    let rest = listed.dropFirst(max(0, offset - self.own.count)).prefix(Self.pageSize - own.count)
    return own + rest.map(\.id)
  }

  // MARK: Objects

  /// The whole model object, as Django writes it.
  func object(of id: ModelID, example: JSONValue = .null) -> JSONValue? {
    if let model = own[id] { return Self.object(of: model, example: example) }
    guard let place = places[id] else { return nil }
    let foreign = listed[place]
    guard let given = foreign.object?.object else {
      return model(id).map { Self.object(of: $0, example: .null) }
    }
    // Objects that were transcribed lack some of what the service always sends.
    var object: JSONObject = [
      "url": .string("https://replicate.com/\(id)"), "owner": .string(id.owner),
      "name": .string(id.name), "description": .null, "visibility": "public",
      "github_url": .null, "paper_url": .null, "license_url": .null,
      "run_count": .number(JSONNumber(foreign.runCount)), "cover_image_url": .null,
      "default_example": .null, "latest_version": .null,
    ]
    for (name, value) in given where !name.hasPrefix("_") { object[name] = value }
    if var version = object["latest_version"]?.object {
      for (name, value) in Self.emptyVersion(id) where version[name] == nil {
        version[name] = value
      }
      object["latest_version"] = .object(version)
    }
    return .object(object)
  }

  private static func emptyVersion(_ id: ModelID) -> JSONObject {
    var dice = Dice(id.description)
    return [
      "id": .string(dice.hex(64)), "created_at": "2024-01-01T00:00:00.000000Z",
      "cog_version": "0.9.0", "openapi_schema": .null,
    ]
  }

  static func object(of model: DemoModel, example: JSONValue) -> JSONValue {
    [
      "url": .string("https://replicate.com/\(model.id)"), "owner": .string(model.id.owner),
      "name": .string(model.id.name), "description": .string(model.description),
      "visibility": "public", "is_official": .bool(model.isOfficial),
      "github_url": string(model.githubURL), "paper_url": string(model.paperURL),
      "license_url": string(model.licenseURL), "run_count": .number(JSONNumber(model.runCount)),
      "cover_image_url": .null, "default_example": example,
      "latest_version": model.versions.first.map { version($0, of: model) } ?? .null,
    ]
  }

  static func version(_ version: DemoVersion, of model: DemoModel) -> JSONValue {
    [
      "id": .string(version.id), "created_at": .string(version.createdAt),
      "cog_version": .string(version.cogVersion), "openapi_schema": model.schema,
    ]
  }

  /// A model as a long list shows it: without versions and examples.
  private static func slim(_ model: DemoModel) -> String {
    slim(
      Listed(
        id: model.id, description: model.description, runCount: model.runCount,
        githubURL: model.githubURL), isOfficial: model.isOfficial)
  }

  private static func slim(_ model: Listed, isOfficial: Bool = false) -> String {
    let object: JSONValue = [
      "url": .string(model.url ?? "https://replicate.com/\(model.id)"),
      "owner": .string(model.id.owner), "name": .string(model.id.name),
      "description": string(model.description), "visibility": "public",
      "is_official": .bool(isOfficial), "github_url": string(model.githubURL),
      "paper_url": .null, "license_url": .null, "run_count": .number(JSONNumber(model.runCount)),
      "cover_image_url": string(model.coverURL), "default_example": .null,
      "latest_version": .null,
    ]
    return object.serialized()
  }

  private static func string(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  // MARK: Collections

  /// Name, slug, description and models of each collection; the one of all models last.
  var collections: [DemoCollection] {
    guard !listed.isEmpty else { return ownCollections }
    return ownCollections + [
      DemoCollection(
        slug: Self.allSlug, name: "All models",
        description: "Every model there is, \(count) of them, in one list.",
        fullDescription: "Every model there is.", models: [])
    ]
  }

  // MARK: Search

  /// The models that hold every word somewhere, those that hold it in their name first.
  func search(_ text: String, limit: Int) -> [(id: ModelID, score: Double)] {
    let words = text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber })
    guard !words.isEmpty else { return [] }
    var found: [(id: ModelID, score: Double, runs: Int)] = []
    func weigh(_ id: ModelID, _ description: String?, _ runs: Int) {
      var score = 0.0
      let name = id.name.lowercased()
      let owner = id.owner.lowercased()
      let rest = (description ?? "").lowercased()
      for word in words {
        if name.hasPrefix(word) {
          score += 4
        } else if name.contains(word) {
          score += 3
        } else if owner.contains(word) {
          score += 2
        } else if rest.contains(word) {
          score += 1
        } else {
          return
        }
      }
      found.append((id, score / Double(4 * words.count), runs))
    }
    for model in own.values { weigh(model.id, model.description, model.runCount) }
    for model in listed { weigh(model.id, model.description, model.runCount) }
    found.sort { ($0.score, $0.runs) > ($1.score, $1.runs) }
    return found.prefix(limit).map { ($0.id, $0.score) }
  }

  // MARK: Files

  private static func readModels(_ path: String) throws -> [Listed] {
    let value = try JSONValue(parsing: try bytes(path))
    return (value.array ?? value["results"]?.array ?? []).compactMap(listed)
  }

  private static func readSchemas(_ folder: String) throws -> [Listed] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
      let object = try JSONValue(parsing: try bytes("\(folder)/\(name)"))
      var model = listed(object)
      model?.object = object
      return model
    }
  }

  private static func bytes(_ path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(fileURLWithPath: path)))
  }

  private static func listed(_ object: JSONValue) -> Listed? {
    guard let owner = object["owner"]?.string, let name = object["name"]?.string else {
      return nil
    }
    return Listed(
      id: ModelID(owner: owner, name: name), description: object["description"]?.string,
      runCount: object["run_count"]?.int ?? 0, coverURL: object["cover_image_url"]?.string,
      githubURL: object["github_url"]?.string, url: object["url"]?.string)
  }
}
