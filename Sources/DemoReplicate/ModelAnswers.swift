import OrderedCollections
import ReplicateAPI

// Collections, models, versions and search, which the service's Django side answers.
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
    else { throw .notFound }
    let head: JSONValue = [
      "name": .string(collection.name), "slug": .string(collection.slug),
      "description": .string(collection.description),
      "full_description": .string(collection.fullDescription),
    ]
    var body = Array(head.serialized().dropLast().utf8)
    body.append(contentsOf: #","models":["#.utf8)
    if collection.slug == DemoCatalog.allSlug {
      body.append(contentsOf: catalog.allModels)
    } else {
      let models = collection.models.compactMap { catalog.object(of: $0)?.serialized() }
      body.append(contentsOf: models.joined(separator: ",").utf8)
    }
    body.append(contentsOf: "]}".utf8)
    return DemoAnswer(body: body)
  }

  func listModels(_ call: Call) throws(Problem) -> DemoAnswer {
    let offset = try Cursor.offset(call.query["cursor"])
    let ids = catalog.ids(from: offset)
    let end = offset + ids.count
    return .page(
      ids.compactMap { catalog.object(of: $0)?.serialized() },
      next: end < catalog.count
        ? Cursor.address(call, "/models", "o=\(end)", keeping: ["sort_by", "sort_direction"])
        : nil)
  }

  /// QUERY /models: the words are the body, as plain text; one of the official clients sends them as
  /// a JSON string.
  func searchModels(_ call: Call) -> DemoAnswer {
    var text = String(decoding: call.body, as: UTF8.self)
    if let quoted = (try? JSONValue(parsing: text))?.string { text = quoted }
    let found = catalog.search(text, limit: DemoCatalog.pageSize)
    return .page(found.compactMap { catalog.object(of: $0.id)?.serialized() }, next: nil)
  }

  func search(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let text = call.query["query"], !text.isEmpty else {
      throw .badRequest(#"Query parameter "query" is required"#)
    }
    let limit = min(max(call.query["limit"].flatMap { Int($0) } ?? 20, 1), 50)
    let words = text.lowercased()
    let models: [JSONValue] = catalog.search(text, limit: limit).compactMap { id, score in
      guard let model = catalog.object(of: id) else { return nil }
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

  func getModel(_ call: Call) throws(Problem) -> DemoAnswer {
    let id = call.model
    let example = catalog.model(id).flatMap { exampleRecord(of: $0) } ?? .null
    guard let object = catalog.object(of: id, example: example) else { throw .notFound }
    return .json(object)
  }

  /// The default example: the model's own example input, run once.
  private func exampleRecord(of model: DemoModel) -> JSONValue? {
    guard !model.exampleInput.isEmpty, let version = model.versions.first else { return nil }
    var dice = Dice(model.id.description, options.seed)
    var record = PredictionRecord(
      id: dice.identifier(), model: model.id, version: version.id, input: model.exampleInput,
      createdAt: 1_760_000_000 + Double(dice.whole(0...30_000_000)))
    record.status = .succeeded
    record.startedAt = record.createdAt + 0.4
    record.completedAt = record.createdAt + 4.1
    record.metrics = ["predict_time": 3.7]
    return record.django(.init(api: "https://api.replicate.com/v1", output: ""))
  }

  func listExamples(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let model = catalog.model(call.model) else { throw .notFound }
    return .page([exampleRecord(of: model)].compactMap { $0?.serialized() }, next: nil)
  }

  func getReadme(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let model = catalog.model(call.model), !model.readme.isEmpty else { throw .notFound }
    return .text(model.readme)
  }

  func listVersions(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let model = catalog.model(call.model), model.versions.first?.id != "hidden" else {
      throw .notFound
    }
    return .page(
      model.versions.map { DemoCatalog.version($0, of: model).serialized() }, next: nil)
  }

  func getVersion(_ call: Call) throws(Problem) -> DemoAnswer {
    guard let model = catalog.model(call.model),
      let version = model.versions.first(where: { $0.id == call["version_id"] })
    else { throw .notFound }
    return .json(DemoCatalog.version(version, of: model))
  }
}

/// The cursors of lists: opaque to clients, base64 of where the next page begins.
enum Cursor {
  /// The place in a cursor, such as `o=25`.
  static func place(_ cursor: String?) throws(Problem) -> String? {
    guard let cursor, !cursor.isEmpty else { return nil }
    guard let bytes = DataURI.base64Decoded(Substring(cursor)) else {
      throw .badRequest("Invalid cursor")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func offset(_ cursor: String?) throws(Problem) -> Int {
    guard let place = try place(cursor) else { return 0 }
    guard place.hasPrefix("o="), let offset = Int(place.dropFirst(2)), offset >= 0 else {
      throw .badRequest("Invalid cursor")
    }
    return offset
  }

  /// The absolute address of the next page.
  static func address(
    _ call: DemoService.Call, _ path: String, _ place: String, keeping names: [String]
  ) -> String {
    let cursor = DataURI.base64Encoded(Array(place.utf8))
    let kept = names.compactMap { name in
      call.query[name].map { "&\(name)=\(escaped($0))" }
    }
    return "\(call.base)\(path)?cursor=\(escaped(cursor))\(kept.joined())"
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "."):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        result += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}
