import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Every recorded model's schema becomes a form.
@MainActor @Suite(.enabled(if: ReferenceData.folder != nil, "the reference data is absent"))
struct FormReferenceTests {
  private struct Case {
    var file: String
    var schema: ModelSchema
    var properties: [String]
  }

  private func cases() throws -> [Case] {
    try ReferenceData.files(in: "schemas").map { path in
      let model = try JSONValue(parsing: ReferenceData.bytes(of: path))
      let document = model["latest_version"]?["openapi_schema"] ?? .null
      let input = document["components"]?["schemas"]?["Input"]
      return Case(
        file: path, schema: ModelSchema(openAPI: document),
        properties: input?["properties"]?.object.map { Array($0.keys) } ?? [])
    }
  }

  private func form(_ schema: ModelSchema) -> InputForm {
    InputForm(model: ModelID(owner: "a", name: "b"), version: nil, schema: schema)
  }

  @Test func `each has as many fields as inputs, and draws at any size`() throws {
    let cases = try cases()
    #expect(cases.count == 85)
    var kinds: [String: Int] = [:]
    for one in cases {
      let form = form(one.schema)
      #expect(Set(form.fields.map(\.name)) == Set(one.properties), "\(one.file)")
      #expect(form.fields.count == one.properties.count, "\(one.file)")
      for field in form.fields { kinds[kind(of: field), default: 0] += 1 }
      for size in [Size(width: 80, height: 20), Size(width: 38, height: 9)] {
        let pane = FormPane()
        for _ in form.fields {
          var canvas = Canvas(size: size)
          let drawn = pane.draw(form, on: &canvas, in: canvas.bounds, .test())
          #expect(form.focusedField?.control.isTyped != true || drawn.cursor != nil)
          form.perform(.next)
        }
        form.perform(.first)
      }
    }
    #expect(kinds["json"] ?? 0 < 5, "most inputs have a control of their own: \(kinds)")
  }

  @Test func `each is valid once its required texts and files are filled in`() throws {
    for one in try cases() {
      let form = form(one.schema)
      for (index, field) in form.fields.enumerated() where field.isMissing {
        form.perform(.focus(index))
        switch field.control {
        case .file: form.perform(.edit(.insert("https://a.example/x.png")))
        case .integer, .number: form.perform(.stepUp)
        case .list, .json: form.perform(.edit(.insert(#"["https://a.example/x.png"]"#)))
        default: form.perform(.edit(.insert("text")))
        }
      }
      #expect(form.validate(), "\(one.file): \(form.focusedField?.problem ?? "")")
      let required = Set(form.fields.filter(\.isRequired).map(\.name))
      #expect(required.isSubset(of: form.payload.keys), "\(one.file)")
      #expect(form.payload.values.allSatisfy { !$0.isNull })
    }
  }

  private func kind(of field: FormField) -> String {
    switch field.control {
    case .text: "text"
    case .secret: "secret"
    case .file: "file"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "boolean"
    case .enumeration: "enumeration"
    case .list: "list"
    case .json: "json"
    }
  }
}
