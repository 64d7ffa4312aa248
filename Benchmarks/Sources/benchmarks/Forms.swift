import ReplicateAPI
import ViewModels

extension Benchmark {
  static let forms: [Benchmark] = [
    Benchmark(name: "form-open-1000", iterations: 50) {
      let document = Forms.document(fields: 1000)
      return { MainActor.assumeIsolated { Forms.form(document).fields.count } }
    },
    Benchmark(name: "form-key-1000", iterations: 500) {
      let form = MainActor.assumeIsolated { Forms.form(Forms.document(fields: 1000)) }
      return { MainActor.assumeIsolated { Forms.press(form, [.next, .edit(.insert("7"))]) } }
    },
    text("form-key-megabyte", of: "word and word and more words of it "),
    text("form-key-megabyte-lines", of: "a line of a prompt, of some fifty characters or so\n"),
    text("form-key-megabyte-wide", of: "漢字仮名交じりの文章を"),
  ]

  /// A key at the beginning of a text of a megabyte, and the rows that are drawn after it.
  private static func text(_ name: String, of piece: String) -> Benchmark {
    Benchmark(name: name, iterations: 100) {
      let text = String(repeating: piece, count: 1_000_000 / piece.utf8.count)
      let form = MainActor.assumeIsolated {
        let form = Forms.form(["text": ["type": "string", "default": .string(text)]])
        _ = Forms.press(form, [.edit(.left)])
        return form
      }
      let rows = MainActor.assumeIsolated { TextRowCache() }
      return {
        MainActor.assumeIsolated {
          let count = Forms.press(form, [.edit(.insert("x"))])
          let text = form.focusedField?.control.buffer?.text ?? ""
          return count + rows.rows(of: text, columns: 76, width: Forms.width).count
        }
      }
    }
  }
}

@MainActor
private enum Forms {
  nonisolated static let width: @Sendable (Character) -> Int = { character in
    ("\u{2E80}"..."\u{FFFF}").contains(character) ? 2 : 1
  }

  nonisolated static func document(fields count: Int) -> JSONObject {
    let kinds: [JSONObject] = [
      ["type": "string", "description": "What to paint, see [the docs](https://a.example)."],
      ["type": "integer", "minimum": 0, "maximum": 100, "default": 5],
      ["type": "number", "minimum": 0, "maximum": 1, "default": 0.5],
      ["type": "boolean", "default": true],
      ["allOf": [["$ref": "#/components/schemas/choice"]], "default": "b"],
      ["type": "string", "format": "uri"],
      ["type": "array", "items": ["type": "string"], "default": ["a", "b"]],
    ]
    let properties = (0..<count).map { index in
      var schema = kinds[index % kinds.count]
      schema["x-order"] = .number(JSONNumber(index))
      return ("field_\(index)", JSONValue.object(schema))
    }
    return JSONObject(properties) { first, _ in first }
  }

  static func form(_ properties: JSONObject) -> InputForm {
    let document: JSONValue = [
      "components": [
        "schemas": [
          "Input": ["type": "object", "properties": .object(properties)],
          "choice": ["enum": ["a", "b", "c"], "type": "string"],
        ]
      ]
    ]
    let form = InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(openAPI: document))
    form.typesetting.width = width
    form.typesetting.textColumns = 76
    return form
  }

  /// What the title shows is counted after every key, too.
  static func press(_ form: InputForm, _ commands: [FormCommand]) -> Int {
    for command in commands { form.perform(command) }
    return form.changedCount + form.invalidCount + form.missingCount
  }
}
