import DemoReplicate
import Foundation
import Panes
import ReplicateAPI
import Running
import Support
import Testing
import ViewModels

/// The forms of real models, from the first key to what the service has received. INPUT_REQUESTS
/// names a file for the inputs, which scripts/schemas checks with another reader of the schemas.
@MainActor
@Suite(.enabled(if: ReferenceData.folder != nil, "the reference data is absent"))
struct SchemaFormTests {
  private struct Case {
    var id: ModelID
    var file: String
    /// The schema's own words, read without the code that is tested.
    var component: JSONValue
    var document: JSONValue

    init(_ path: String) throws {
      file = URL(filePath: path).lastPathComponent
      let model = try JSONValue(parsing: ReferenceData.bytes(of: path))
      id = ModelID(owner: model["owner"]?.string ?? "", name: model["name"]?.string ?? "")
      document = model["latest_version"]?["openapi_schema"] ?? .null
      component = document["components"]?["schemas"]?["Input"] ?? .null
    }

    /// The required inputs for which neither the schema has a value nor a control begins with one.
    var empty: Set<String> {
      Set((component["required"]?.array ?? []).compactMap(\.string)).filter { name in
        let property = component["properties"]?[name] ?? .null
        let part = property["allOf"]?[0] ?? property
        let target = part["$ref"]?.string?.split(separator: "/").last.map(String.init)
        let schema = target.flatMap { document["components"]?["schemas"]?[$0] } ?? part
        let hasDefault = (property["default"] ?? schema["default"] ?? .null) != .null
        return !hasDefault && schema["enum"] == nil && schema["type"] != "boolean"
      }
    }

    /// Whether the schema lists texts as the choices of a number, so that no value is valid.
    func contradicts(_ name: String) -> Bool {
      let property = component["properties"]?[name] ?? .null
      guard ["integer", "number"].contains(property["type"]?.string) else { return false }
      return property["enum"]?.array?.allSatisfy { $0.string != nil } ?? false
    }
  }

  /// The program without a screen, at a service.
  @MainActor private final class Program {
    let navigator: Navigator

    init(_ service: Service) {
      navigator = Navigator(
        client: service.client, desktop: RecordingDesktop(), places: PlaceTable.places)
    }

    var form: InputForm? {
      get throws { try #require(navigator.places[.model] as? ModelViewModel).form }
    }

    func open(_ id: ModelID) async throws -> InputForm {
      navigator.perform(.openAddress(.form(FormRequest(model: id, input: [:]))))
      await navigator.settled()
      return try #require(try form, "\(id) has no form")
    }

    func press(_ keys: [FormCommand], in field: Int) {
      navigator.perform(.form(.focus(field)))
      for key in keys { navigator.perform(.form(key)) }
    }

    func end() { navigator.session.runs.end() }

    func run() async {
      navigator.perform(.run)
      await navigator.settled()
    }
  }

  private struct Counts {
    var schemas = 0
    var empty = 0
    var emptySchemas = 0
    var fields = 0
    var redacted = 0
    var skipped: [String] = []
  }

  @Test(.timeLimit(.minutes(10)))
  func `what is typed into the form of every real model arrives as it was typed`() async throws {
    var options = DemoOptions()
    options.schemasFolder = try #require(ReferenceData.folder) + "/schemas"
    var counts = Counts()
    var lines: [String] = []
    let files = ReferenceData.files(in: "schemas")
    // A service takes 600 creates a minute.
    for start in stride(from: 0, to: files.count, by: 30) {
      try await Service.runForms(options) { service in
        let program = Program(service)
        for path in files[start..<min(files.count, start + 30)] {
          try await check(try Case(path), program, service, &counts, &lines)
        }
        program.end()
      }
    }
    if let path = ProcessInfo.processInfo.environment["INPUT_REQUESTS"] {
      try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: path))
    }
    print(
      """
      \(counts.schemas) schemas, \(lines.count) inputs received as typed
        \(counts.emptySchemas) forms refused with \(counts.empty) required fields empty, nothing sent
        \(counts.fields) other fields changed one by one, \(counts.redacted) of them secrets
        \(counts.skipped.count) fields skipped
      """)
    for reason in counts.skipped { print("    \(reason)") }
    #expect(counts.schemas >= 85)
  }

  private func check(
    _ one: Case, _ program: Program, _ service: Service, _ counts: inout Counts,
    _ lines: inout [String]
  ) async throws {
    counts.schemas += 1
    let form = try await program.open(one.id)
    let before = await service.server.predictions().count
    let missing = form.fields.filter(\.isMissing).map(\.name)
    #expect(Set(missing) == one.empty, "\(one.file)")
    if !missing.isEmpty {
      counts.emptySchemas += 1
      counts.empty += missing.count
      await program.run()
      #expect(try program.form === form, "\(one.file): the form stays open")
      let marked = form.fields.filter { $0.mark == .required }
      #expect(marked.map(\.name) == missing)
      #expect(marked.allSatisfy { $0.problem == "is required" })
      #expect(form.focusedField?.name == missing[0])
      #expect(await service.server.predictions().count == before, "\(one.file): nothing is sent")
    }
    // Every required field, typed.
    var expected: JSONObject = [:]
    for (index, field) in form.fields.enumerated() where field.isRequired {
      if field.isMissing, let (keys, value) = FieldFiller.keys(for: field) {
        program.press(keys, in: index)
        expected[field.name] = value
      } else {
        expected[field.name] = field.value
      }
    }
    await program.run()
    let created = await service.server.predictions()
    #expect(created.count == before + 1, "\(one.file): exactly one run")
    try expect(created.last?.input, expected, one, "required", form, &counts, &lines)

    // Then each other field, alone.
    let schema = form.schema
    for (index, field) in form.fields.enumerated() where !field.isRequired {
      let form = InputForm(
        model: one.id, version: form.version, target: form.target, schema: schema,
        prefill: expected)
      #expect(form.notes.items.isEmpty || schema.inputs.contains { $0.kind == .secret() })
      guard let (keys, value) = FieldFiller.keys(for: form.fields[index]) else {
        counts.skipped.append("\(one.file) \(field.name): it has no other value")
        continue
      }
      if one.contradicts(field.name) {
        counts.skipped.append(
          "\(one.file) \(field.name): no value is both of its type and one of its choices")
        continue
      }
      counts.fields += 1
      // Secrets aren't carried over, so they are typed again.
      for (place, secret) in form.fields.enumerated() where secret.isSecret && secret.isMissing {
        for key in [.focus(place)] + (FieldFiller.keys(for: secret)?.keys ?? []) {
          form.perform(key)
        }
      }
      for key in [.focus(index)] + keys { form.perform(key) }
      #expect(form.fields[index].problem == nil, "\(one.file) \(field.name)")
      let run = try await service.create(form)
      var all = expected
      all[field.name] = value
      let received = await service.server.input(of: run)
      try expect(received, all, one, field.name, form, &counts, &lines)
    }
  }

  /// The service's record has what was typed, digit for digit. It redacts secrets itself.
  private func expect(
    _ received: JSONObject?, _ typed: JSONObject, _ one: Case, _ what: String, _ form: InputForm,
    _ counts: inout Counts, _ lines: inout [String]
  ) throws {
    var received = try #require(received, "\(one.file) \(what)")
    var sent = typed
    for field in form.fields where field.isSecret && typed[field.name] != nil {
      counts.redacted += 1
      #expect(received[field.name] != typed[field.name], "\(one.file) \(field.name)")
      received[field.name] = nil
      sent[field.name] = nil
    }
    #expect(
      Dictionary(uniqueKeysWithValues: received.map { ($0, $1.serialized()) })
        == Dictionary(uniqueKeysWithValues: sent.map { ($0, $1.serialized()) }),
      "\(one.file) \(what)")
    lines.append(
      JSONValue.object([
        "file": .string(one.file), "changed": .string(what), "input": .object(typed),
      ]).serialized())
  }
}

/// Every kind of input at the service. See also `Kinds of inputs` in Tests/PanesTests.
@MainActor
@Suite struct `Kinds of inputs at the service` {
  private func withService(_ body: @MainActor (Service) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "kinds-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, example) in InputExample.all.enumerated() {
      let model: JSONValue = [
        "owner": "kinds", "name": .string("k\(index)"),
        "latest_version": ["id": .null, "openapi_schema": example.document],
      ]
      try Data(model.serialized().utf8).write(to: folder.appending(path: "kinds_k\(index).json"))
    }
    var options = DemoOptions()
    options.schemasFolder = folder.path
    try await Service.runForms(options, body)
  }

  @Test func `each arrives as it was typed, and the service refuses what the form does`()
    async throws
  {
    try await withService { service in
      for (index, example) in InputExample.all.enumerated() {
        let id = ModelID(owner: "kinds", name: "k\(index)")
        let version = try await service.version(of: id)
        let form = InputForm(
          model: id, version: version, schema: example.modelSchema, random: { $0.upperBound })
        for key in example.keys { form.perform(key) }
        let run = try await service.create(form)
        let received = await service.server.input(of: run)?["x"]
        if example.kind == "secret" {
          #expect(received != nil && received != example.sent)
        } else {
          #expect(received?.serialized() == example.sent.serialized(), "\(example.kind)")
        }
        guard let (value, error) = example.rejected else { continue }
        let refusal = await failure {
          _ = try await service.client.send(
            .createPrediction(version: version.rawValue, input: ["x": value]))
        }
        guard case .invalidInput(let fields, _)? = refusal?.reason else {
          Issue.record("\(example.kind): \(value) isn't refused")
          continue
        }
        #expect(fields.contains { $0.type == error }, "\(example.kind): \(fields)")
      }
    }
  }
}

extension Service {
  /// Runs a test's body where forms live. The service's time goes so slowly that no model gets to
  /// work: what matters is what it was given.
  @MainActor fileprivate static func runForms(
    _ options: DemoOptions, _ body: @MainActor (Service) async throws -> Void
  ) async throws {
    var options = options
    options.speed = 0.02
    let server = try await DemoServer.start(options)
    let service = Service(server: server, client: client(of: server))
    do {
      try await body(service)
    } catch {
      await service.client.shutdown()
      await server.stop()
      throw error
    }
    await service.client.shutdown()
    await server.stop()
  }

  /// Sends a form as a run of it would be.
  @MainActor fileprivate func create(_ form: InputForm) async throws -> Prediction.ID {
    let request = PredictionRequest(form.target, input: form.payload)
    return try await client.send(.createPrediction(request)).id
  }
}

extension DemoServer {
  fileprivate func input(of id: Prediction.ID) async -> JSONObject? {
    await predictions().last { $0.id == id.rawValue }?.input
  }
}
