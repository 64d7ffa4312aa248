import Support
import Testing

@testable import ReplicateAPI

/// Against recordings of the real service, which aren't part of this repository: where they are
/// absent these tests are skipped, and say so.
@Suite(
  .enabled(
    if: ReferenceData.folder != nil,
    "no reference data: neither REPLICANT_REFERENCE_DATA nor the folder beside the package"))
struct `The reference data` {
  @Test func `every recorded schema becomes inputs, and none is dropped`() throws {
    let files = ReferenceData.files(in: "schemas")
    #expect(files.count >= 85)
    var kinds: [String: Int] = [:]
    var outputs: [String: Int] = [:]
    var inputCount = 0
    for file in files {
      let bytes = try ReferenceData.bytes(of: file)
      let model = try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
        try Model(from: &reader)
      }
      let document = try #require(model.latestVersion?.openAPISchema, "\(file)")
      let schema = try #require(model.latestVersion?.schema)
      let properties = document["components"]?["schemas"]?["Input"]?["properties"]?.object ?? [:]
      #expect(Set(schema.inputs.map(\.name)) == Set(properties.keys), "\(file)")
      #expect(schema.inputs.count == properties.count, "\(file)")
      inputCount += schema.inputs.count
      for input in schema.inputs { kinds[input.kind.name, default: 0] += 1 }
      outputs["\(schema.output)", default: 0] += 1

      let orders = schema.inputs.map { properties[$0.name]?["x-order"]?.double ?? .infinity }
      #expect(orders == orders.sorted(), "\(file)")
    }
    print("\(files.count) schemas, \(inputCount) inputs, none dropped")
    for (kind, count) in kinds.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      print("  \(kind)  \(count)")
    }
    print("outputs")
    for (kind, count) in outputs.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      print("  \(kind)  \(count)")
    }
    #expect(kinds["json", default: 0] <= 1)
  }

  @Test func `every recorded answer is read as its route's type`() throws {
    let files = ReferenceData.files(in: "recorded")
    #expect(files.count >= 14)
    var counts: [String: Int] = [:]
    for file in files {
      let exchanges = try JSONValue(parsing: ReferenceData.bytes(of: file)).array ?? []
      #expect(!exchanges.isEmpty, "\(file)")
      for exchange in exchanges {
        let name = try decode(exchange, file)
        counts[name, default: 0] += 1
      }
    }
    let total = counts.values.reduce(0, +)
    print("\(total) recorded answers in \(files.count) files, all read")
    for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print("  \(name)  \(count)") }
    #expect(total >= 60)
  }

  @Test func `every listed model is read`() throws {
    let files = ReferenceData.files(in: ".").filter { $0.hasSuffix("/models.json") }
    let bytes = try ReferenceData.bytes(of: try #require(files.first))
    let page = try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
      try Page<ModelSummary>(from: &reader)
    }
    print("\(page.results.count) listed models, all read")
    #expect(page.results.count >= 5_000)
    #expect(page.results.allSatisfy { !$0.id.owner.isEmpty && !$0.id.name.isEmpty })
  }

  @Test func `the vendor's document has the operations of the route table, and no others`() throws {
    let file = try #require(
      ReferenceData.files(in: ".").first { $0.hasSuffix("/openapi.json") })
    let document = try JSONValue(parsing: ReferenceData.bytes(of: file))
    var operations: Set<String> = []
    for (path, item) in document["paths"]?.object ?? [:] {
      for (method, operation) in item.object ?? [:] where operation["operationId"] != nil {
        operations.insert("\(method.uppercased()) \(path)")
      }
    }
    #expect(operations.symmetricDifference(Route.allCases.map(\.rawValue)) == [])
  }

  /// Reads one answer, and says as what.
  private func decode(_ exchange: JSONValue, _ file: String) throws -> String {
    let request = try #require(exchange["request"])
    let method = try #require(request["method"]?.string)
    let url = try #require(request["uri"]?.string)
    let status = try #require(exchange["response"]?["status"]?.int)
    let body = exchange["response"]?["body"] ?? .null
    let bytes = Array((body.string ?? body.serialized()).utf8)
    let path = try #require(url.split(separator: "/v1", maxSplits: 1).last)
    let match = try #require(
      Route.matching(method: method, path: String(path.prefix { $0 != "?" })), "\(url)")

    guard status < 300 else {
      let error = ReplicateError(
        ErrorAnswer(status: status, headers: [], body: bytes).reason(status: status))
      #expect(error.errorDescription?.isEmpty == false)
      return "error \(status)"
    }
    switch match.route {
    case .getCollection: try check(Collection.self, bytes)
    case .listCollections:
      let page = try check(Page<Collection>.self, bytes)
      #expect(page.results.count == body["results"]?.array?.count)
    case .listModels, .searchModels:
      let page = try check(Page<ModelSummary>.self, bytes)
      #expect(page.results.count == body["results"]?.array?.count)
      try check(Page<Model>.self, bytes)
    case .getModel:
      let model = try check(Model.self, bytes)
      #expect(model.runCount == body["run_count"]?.int)
    case .getModelVersion:
      let version = try check(ModelVersion.self, bytes)
      #expect(version.schema?.inputs.isEmpty == false)
      #expect(version.createdAt?.secondsSince1970 != nil)
    case .getPrediction, .createPrediction, .createModelPrediction, .cancelPrediction:
      let prediction = try check(Prediction.self, bytes)
      #expect(prediction.id.rawValue == body["id"]?.string)
      #expect(prediction.createdAt?.secondsSince1970 != nil)
      if case .unknown(let status) = prediction.status { Issue.record("\(status)") }
    case .getTraining:
      // A training has a prediction's fields, under other addresses.
      try check(Prediction.self, bytes)
    case .listHardware, .listFiles, .getFile, .createFile: try check(JSONValue.self, bytes)
    case .deleteFile: #expect(body == "" || body.isNull)
    default: Issue.record("\(match.route.rawValue) has no reader here")
    }
    return match.route.rawValue
  }

  @discardableResult
  private func check<Value: JSONReadable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
      try Value(from: &reader)
    }
  }
}

extension InputKind {
  /// The kind without its rules.
  fileprivate var name: String {
    switch self {
    case .text: "text"
    case .secret: "secret"
    case .file: "file"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .enumeration: "enumeration"
    case .array(let element, _, _): "array of \(element.name)"
    case .object: "object"
    case .union: "union"
    case .json: "json"
    }
  }
}
