import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The format `uri`, and the errors that name all that is wrong.
struct URIFormatTests {
  @Test(arguments: [
    "http://e.com", "https://e.com/a b?c d#e f", "http://", "http:", "http:///x", "http:/x", "a:b",
    "data:image/png;base64,AAAA", "data:text/plain,100%", "mailto:a@e.com", "urn:isbn:1",
    "HTTP://E.COM/", "h2+x-y.z://e", "http://e.com:", "http://e.com:80/", "http://e.com:99999999/",
    "http://[::1]/", "http://[::1]:8080/x", "http://[fe80::1%25en0]/", "http://[fe80::1%25%65n]/",
    "http://user@e.com/", "http://user:pass%40@e.com/", "http://a@b@e.com/", "http://e_x.com/",
    "http://é.example/ü", "http://%C3%A9.example/", "http://e.com/%41",
    "http://e.com/?%zz", "http://e.com?%", "http://e.com/#%20", "http://<e>/",
    "http://e.com/\u{80}",
    "http://e.com/?", "http://e.com/a?b?c", "http://!$&'()*+,;=/", "x://\"", "http://e.com/[",
    "http://e.com//a:b", "a:%zz", "http://e.com/#\n", "http://a%25b/",
  ])
  func `what Go accepts is a URI`(text: String) {
    #expect(URIFormat.matches(text))
  }

  @Test(arguments: [
    "1http://x", "http://[", "http://a b/", "http://e.com:port/", "http://e.com/%zz",
    "http://e.com\\a", "", ":", "://e.com", "e.com", "/a/b", "//e.com/a", "*", "#a", "?a", "http",
    "ht tp://e.com", "http_x://e.com", "ü://e.com", "+a:b", "-a:b", ".a:b", " http://e.com",
    "http://e.com/%", "http://e.com/%4", "http://e.com/%4g", "http://e.com/#%zz", "http://e.com/\n",
    "http://e.com/\u{7F}", "http://e.com/\t", "http://e.com:-1/", "http://e.com:8 0/",
    "http://e.com:80:x/", "http://[::1", "http://[::1]x/", "http://[::1]:x/", "http://[a b]/",
    "http://%41.com/", "http://a%20b/", "http://a%zz/", "http://a`b/", "http://a|b/", "http://a{b/",
    "http://a^b/", "http://a\\b/", "data:a\\b", "http://u ser@e.com/", "http://u%zz@e.com/",
    "http://ü@e.com/", "http://<@e.com/", "http://[fe80::1%25%zz]/",
    "http://[fe80::1%25%00]/", "http://e.com/a\u{0}", "http://a\u{7F}/",
  ])
  func `what Go refuses is none`(text: String) {
    #expect(!URIFormat.matches(text))
  }

  @Test(arguments: ["http://[", "http://a b/", "http://127.0.0.1:port/", "http://127.0.0.1/%zz"])
  func `the address of a webhook has to be a URI, too`(address: String) {
    #expect(Webhook.read(["webhook": .string(address)]).errors.map(\.type) == ["format"])
  }

  private static let schema: JSONValue = [
    "components": [
      "schemas": [
        "Input": [
          "required": ["text"],
          "properties": [
            "text": ["type": "string"], "link": ["type": "string", "format": "uri"],
            "size": ["enum": ["ab", "abc"], "type": "string", "minLength": 3],
            "both": [
              "type": "string", "anyOf": [["pattern": "^a"], ["pattern": "^b"]], "maxLength": 1,
            ],
            "one": ["oneOf": [["const": 1], ["const": 2], ["type": "integer", "minimum": 2]]],
            "step": ["type": "integer", "multipleOf": 8],
            "links": [
              "type": "array", "uniqueItems": true, "items": ["type": "string", "format": "uri"],
            ],
            "messages": ["type": "array", "items": ["$ref": "#/components/schemas/Message"]],
          ],
        ],
        "Message": [
          "type": "object", "required": ["role", "content"], "additionalProperties": false,
          "properties": [
            "role": ["type": "string", "enum": ["user", "system"]], "content": ["type": "string"],
            "picture": ["type": "string", "format": "uri"],
          ],
        ],
      ]
    ]
  ]

  private func fields(_ input: JSONObject) -> [String] {
    InputValidation.invalidFields(in: input, schema: Self.schema).map { "\($0.field) \($0.type)" }
  }

  @Test func `every field that is wrong is named`() {
    #expect(
      fields(["link": "http://[", "links": ["a:b", "1http://x", "http://a b/"], "step": 12]) == [
        "input required", "input.link format", "input.links.1 format", "input.links.2 format",
        "input.step multiple_of",
      ])
  }

  @Test func `everything that is wrong with a field is named`() {
    #expect(
      fields(["text": "", "size": "x", "both": "cc", "links": ["a:b", "a:b"]]) == [
        "input.size enum", "input.size string_gte", "input.both number_any_of",
        "input.both string_lte", "input.links unique",
      ])
  }

  @Test func `objects in lists are checked by their own schema`() {
    #expect(
      fields([
        "text": "",
        "messages": [
          ["role": "user", "content": "x"], ["role": "cat"], "text",
          ["role": "user", "content": 1, "picture": "x", "mood": "good"],
        ],
      ]) == [
        "input.messages.1 required", "input.messages.1.role enum", "input.messages.2 invalid_type",
        "input.messages.3 additional_property_not_allowed", "input.messages.3.content invalid_type",
        "input.messages.3.picture format",
      ])
  }

  @Test func `exactly one alternative has to fit`() {
    #expect(fields(["text": "", "one": 1]).isEmpty)
    #expect(fields(["text": "", "one": 2]) == ["input.one number_one_of"])
    #expect(fields(["text": "", "one": 0]) == ["input.one number_one_of"])
  }

  @Test func `an answer names what is wrong in the body and in the input at once`() async throws {
    try await withService { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "every-input"))
      let answer = try await service.call(
        "POST", "/predictions",
        [
          "version": .string(version), "model": "a/b", "stream": 1, "webhook": "http://[",
          "input": [
            "text": 1, "file": "http://a b/", "integer": 11, "words": [],
            "required_or_null": .null,
          ],
        ])
      #expect(answer.status == 422)
      let fields = try answer.json["invalid_fields"]?.array?.compactMap { $0["field"]?.string }
      #expect(
        fields == [
          "", "webhook", "stream", "input", "input.text", "input.file", "input.integer",
          "input.words",
        ])
      let bodyOnly = try await service.call(
        "POST", "/predictions", ["version": 3, "stream": 1, "input": []])
      #expect(
        try bodyOnly.json["invalid_fields"]?.array?.compactMap { $0["field"]?.string } == [
          "version", "stream", "input",
        ])
      #expect(await service.server.predictions().isEmpty)
    }
  }
}
