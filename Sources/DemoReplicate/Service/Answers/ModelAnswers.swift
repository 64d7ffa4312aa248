import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

// Collections, models, versions and search, which Replicate's Django backend answers.
extension DemoService {
  func listCollections() -> DemoAnswer {
    .page(
      catalog.collections.map { collection in
        JSONValue.object([
          "name": .string(collection.name), "slug": .string(collection.slug),
          "description": .string(collection.description),
        ]).serialized()
      }, next: nil)
  }

  func getCollection(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let collection = catalog.collections.first(where: { $0.slug == call["collection_slug"] })
    else { throw .missing }
    if collection.slug == DemoCatalog.allSlug, let all = catalog.allModels {
      return DemoAnswer(body: all, constantName: DemoCatalog.allSlug)
    }
    return .json([
      "name": .string(collection.name), "slug": .string(collection.slug),
      "description": .string(collection.description),
      "full_description": .string(collection.fullDescription),
      "models": .array(
        collection.models.compactMap { catalog.index(of: $0).map { object(at: $0) } }),
    ])
  }

  /// A model's JSON. Only the GET of a single model includes an example.
  private func object(at index: Int, example: JSONValue = .null) -> JSONValue {
    if let object = catalog.objects[index] { return .object(object) }
    let entry = catalog.entries[index]
    return ModelObjects.object(
      of: catalog.model(at: index), createdAt: entry.createdAt, coverURL: entry.coverURL,
      example: example)
  }

  func listModels(_ call: Call) async throws(Problem) -> DemoAnswer {
    let offset = try Cursor.offset(call.query["cursor"])
    try Self.check(
      "sort_by", ["model_created_at", "latest_version_created_at"], call.query["sort_by"])
    try Self.check("sort_direction", ["asc", "desc"], call.query["sort_direction"])
    let byCreation = call.query["sort_by"] == "model_created_at"
    let order = catalog.order(byCreation: byCreation)
    let own = await accountModels.all()
      .map { (item: $0, date: $0.date(byCreation: byCreation)) }.sorted { $0.date > $1.date }
    // Where the account's own models are among the others.
    let slots = own.enumerated().map { $0 + catalog.count(after: $1.date, byCreation: byCreation) }
    let count = own.count + order.count
    let isAscending = call.query["sort_direction"] == "asc"
    let end = min(count, offset + DemoCatalog.pageSize)
    let page = (min(offset, end)..<end).map { index -> String in
      let index = isAscending ? count - 1 - index : index
      if let slot = slots.firstIndex(of: index) { return own[slot].item.object().serialized() }
      return object(at: order[index - slots.count { $0 < index }]).serialized()
    }
    return .page(
      page,
      next: end < count
        ? Cursor.address(call, "/models", "o=\(end)", keeping: ["sort_by", "sort_direction"])
        : nil)
  }

  private static func check(
    _ name: String, _ choices: [String], _ given: String?
  ) throws(Problem) {
    guard let given, !choices.contains(given) else { return }
    let words = choices.map { "\"\($0)\"" }.joined(separator: ", ")
    throw .badRequest("\(name) must be one of \(words).")
  }

  /// QUERY /models: the body is the query as plain text. One of the official clients sends a JSON
  /// string.
  func searchModels(_ call: Call) -> DemoAnswer {
    var text = String(decoding: call.body, as: UTF8.self)
    if let quoted = (try? JSONValue(parsing: text))?.string { text = quoted }
    let found = catalog.searchIndex.search(text, limit: DemoCatalog.pageSize)
    return .page(found.map { object(at: $0.index).serialized() }, next: nil)
  }

  func search(_ call: Call) throws(Problem) -> DemoAnswer {
    if options.faults.contains(.noSearch) { throw .missing }
    guard let text = call.query["query"], !text.isEmpty else {
      throw .badRequest(#"Query parameter "query" is required"#)
    }
    guard let limit = Int(call.query["limit"] ?? "20"), (1...50).contains(limit) else {
      throw .badRequest(#"Query parameter "limit" must be between 1 and 50"#)
    }
    let words = text.lowercased()
    let models: [JSONValue] = catalog.searchIndex.search(text, limit: limit).map { index, score in
      let model = object(at: index)
      return [
        "model": model,
        "metadata": [
          "generated_description": model["description"] ?? .null, "tags": [],
          "score": .number(JSONNumber(score)),
        ],
      ]
    }
    let collections: [JSONValue] = catalog.collections.filter {
      $0.name.lowercased().contains(words) || $0.slug.contains(words)
    }.map { collection in
      [
        "name": .string(collection.name), "slug": .string(collection.slug),
        "description": .string(collection.description),
        "models": .array(collection.models.map { .string($0.description) }),
      ]
    }
    return .json([
      "query": .string(text), "models": .array(models), "collections": .array(collections),
      "pages": [],
    ])
  }

  /// A model of the account or the catalog.
  func model(_ id: ModelID) async -> DemoModel? {
    if let item = await accountModels.item(id) { return item.model }
    return catalog.model(id)
  }

  func getModel(_ call: Call) async throws(Problem) -> DemoAnswer {
    if let item = await accountModels.item(call.model) {
      let base = addresses.base
      let example = await examples(of: item, origin: base.output).first
      return .json(item.object(example: example?.django(base) ?? .null))
    }
    guard let index = catalog.index(of: call.model) else { throw .missing }
    // Objects from `--demo-schemas` have their own example.
    if catalog.objects[index] != nil { return .json(object(at: index)) }
    let base = addresses.base
    let example = await EarlierPredictions.example(
      of: catalog.model(at: index), origin: base.output)
    return .json(object(at: index, example: example?.django(base) ?? .null))
  }

  func listExamples(_ call: Call) async throws(Problem) -> DemoAnswer {
    let base = addresses.base
    let examples: [PredictionRecord]
    if let item = await accountModels.item(call.model) {
      examples = await self.examples(of: item, origin: base.output)
    } else if let model = catalog.model(call.model) {
      examples = await EarlierPredictions.examples(of: model, origin: base.output)
    } else {
      throw .missing
    }
    return .page(examples.map { $0.django(base).serialized() }, next: nil)
  }

  /// The account's public models from the start have examples, like those of others.
  private func examples(of item: AccountModels.Item, origin: String) async -> [PredictionRecord] {
    guard item.visibility == "public", EarlierModels.model(item.model.id) != nil else { return [] }
    return await EarlierPredictions.examples(of: item.model, origin: origin)
  }

  func getReadme(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let model = await model(call.model), !model.readme.isEmpty else { throw .missing }
    return .text(model.readme)
  }

  func listVersions(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let model = await model(call.model), model.versions.first?.id != "hidden" else {
      throw .missing
    }
    return .page(
      model.versions.map { ModelObjects.version($0, of: model).serialized() }, next: nil)
  }

  func getVersion(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let model = await model(call.model),
      let version = model.versions.first(where: { $0.id == call["version_id"] })
    else { throw .missing }
    return .json(ModelObjects.version(version, of: model))
  }
}
