import OrderedCollections
import ReplicateAPI

/// All models and collections: the built-in ones, and those of `--demo-models` and
/// `--demo-schemas`. There can be a hundred thousand models, so only what lists need is stored; the
/// rest is created on demand.
struct DemoCatalog: Sendable {
  /// The stored part of a model.
  struct Entry: Sendable {
    var id: ModelID
    var description: String?
    var runCount = 0
    var isOfficial = false
    var url: String?
    var coverURL: String?
    var githubURL: String?
    /// Seconds since 1970.
    var versionAt = 0.0
    var createdAt = 0.0
  }

  /// The built-in models come first.
  let entries: [Entry]
  let own: [DemoModel]
  /// The model objects of `--demo-schemas`, by their index in `entries`.
  let objects: [Int: JSONObject]
  /// The answer with all models of `--demo-models`; nil without that option.
  let allModels: [UInt8]?
  let collections: [DemoCollection]
  let searchIndex: SearchIndex
  private let indices: [ModelID: Int]
  private let newestVersionFirst: [Int]
  private let newestFirst: [Int]

  static let pageSize = 25
  static let allSlug = "all-models"
  private static let schemasSlug = "models-with-schemas"

  init(_ options: DemoOptions) throws {
    own = DemoModels.all()
    var entries = own.map { Entry($0) }
    var indices = [ModelID: Int](
      entries.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var objects: [Int: JSONObject] = [:]
    var collections = DemoModels.collections()
    let listed = try options.modelsFile.map { try CatalogFiles.list($0) } ?? []
    if let folder = options.schemasFolder {
      let known = [ModelID: Entry](
        listed.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      let given = try CatalogFiles.objects(in: folder).map { entry, object in
        CatalogFiles.merged(entry, object, with: known[entry.id])
      }
      for (entry, object) in given where indices[entry.id] == nil {
        indices[entry.id] = entries.count
        objects[entries.count] = object
        entries.append(entry)
      }
      collections.append(
        DemoCollection(
          slug: Self.schemasSlug, name: "Models with schemas",
          description: "The models of --demo-schemas, which echo their input.",
          fullDescription: "The models of `--demo-schemas`, which echo their input.",
          models: given.map(\.0.id)))
    }
    if options.modelsFile != nil {
      let all = DemoCollection(
        slug: Self.allSlug, name: "All models",
        description: "Every model of --demo-models: \(listed.count) in one list.",
        fullDescription: "Every model of `--demo-models`, in one list.", models: [])
      collections.append(all)
      indices.reserveCapacity(entries.count + listed.count)
      for entry in listed where indices[entry.id] == nil {
        indices[entry.id] = entries.count
        entries.append(entry)
      }
      // Each as it is known everywhere else.
      allModels = ModelObjects.collection(
        all, of: listed.map { entry in indices[entry.id].map { entries[$0] } ?? entry })
    } else {
      allModels = nil
    }
    self.entries = entries
    self.indices = indices
    self.objects = objects
    self.collections = collections
    searchIndex = SearchIndex(entries)
    newestVersionFirst = entries.indices.sorted { entries[$0].versionAt > entries[$1].versionAt }
    newestFirst = entries.indices.sorted { entries[$0].createdAt > entries[$1].createdAt }
  }

  func index(of id: ModelID) -> Int? { indices[id] }

  /// The model with this name. All models except the built-in ones echo their input; those without
  /// a schema get the inputs and the output of their ``ModelTask``.
  func model(_ id: ModelID) -> DemoModel? { indices[id].map { model(at: $0) } }

  func model(at index: Int) -> DemoModel {
    if own.indices.contains(index) { return own[index] }
    let entry = entries[index]
    let object = objects[index]
    let version = object?["latest_version"]
    var model = DemoModels.echo(
      id: entry.id, description: entry.description ?? "", runCount: entry.runCount,
      schema: version?["openapi_schema"].flatMap { $0.isNull ? nil : $0 })
    model.isOfficial = entry.isOfficial
    model.githubURL = entry.githubURL
    model.paperURL = object?["paper_url"]?.string
    model.licenseURL = object?["license_url"]?.string
    model.versions = [
      DemoVersion(
        id: version?["id"]?.string ?? VersionID.id(of: entry.id, at: index),
        createdAt: version?["created_at"]?.string ?? TimestampFormat.django(entry.versionAt),
        cogVersion: version?["cog_version"]?.string ?? "0.9.4")
    ]
    if let input = object?["default_example"]?["input"]?.object { model.exampleInput = input }
    return model
  }

  /// The model with this version.
  func model(version: String) -> DemoModel? {
    if let model = own.first(where: { $0.versions.contains { $0.id == version } }) { return model }
    if let index = objects.first(where: { $1["latest_version"]?["id"]?.string == version })?.key {
      return model(at: index)
    }
    guard let index = VersionID.index(in: version), entries.indices.contains(index),
      !own.indices.contains(index), objects[index] == nil,
      VersionID.id(of: entries[index].id, at: index) == version
    else { return nil }
    return model(at: index)
  }

  /// The indices of all models, sorted for a list.
  func order(byCreation: Bool) -> [Int] { byCreation ? newestFirst : newestVersionFirst }

  /// How many models come before a date in a list.
  func count(after date: Double, byCreation: Bool) -> Int {
    let order = order(byCreation: byCreation)
    var (low, high) = (0, order.count)
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[order[middle]]
      if (byCreation ? entry.createdAt : entry.versionAt) > date {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }
}

extension AccountModels.Item {
  /// The date that a list is sorted by: of a model without versions, its own.
  func date(byCreation: Bool) -> Double {
    let version = model.versions.first.flatMap { Timestamp($0.createdAt).secondsSince1970 }
    return byCreation ? createdAt : version ?? createdAt
  }
}

extension DemoCatalog.Entry {
  init(_ model: DemoModel) {
    id = model.id
    description = model.description
    runCount = model.runCount
    isOfficial = model.isOfficial
    githubURL = model.githubURL
    versionAt = model.versions.first.flatMap { Timestamp($0.createdAt).secondsSince1970 } ?? 0
    createdAt =
      (model.versions.last.flatMap { Timestamp($0.createdAt).secondsSince1970 } ?? versionAt) - 7200
  }
}
