import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The parts of the service that work without a socket.
struct DemoPartsTests {
  @Test func `Django timestamps have six digits, and Go timestamps no trailing zeros`() {
    #expect(TimestampFormat.django(1_700_000_000) == "2023-11-14T22:13:20.000000Z")
    #expect(TimestampFormat.director(1_700_000_000) == "2023-11-14T22:13:20Z")
    #expect(TimestampFormat.director(1_700_000_000.5) == "2023-11-14T22:13:20.5Z")
    #expect(TimestampFormat.django(1_709_164_800.25) == "2024-02-29T00:00:00.250000Z")
  }

  @Test func `an event with several lines has a data line for each`() {
    let event = StreamEvent(name: "output", id: "1:0", data: "one\n two\n")
    #expect(event.text == "event: output\nid: 1:0\ndata: one\ndata:  two\ndata: \n\n")
    #expect(StreamEvent.index(of: "1690212292:17") == 17)
  }

  @Test func `the parts of a form have names and types`() throws {
    let body =
      "--b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.bin\"\r\n"
      + "Content-Type: image/png\r\n\r\none\r\ntwo\r\n--b\r\n"
      + "Content-Disposition: form-data; name=\"metadata\"\r\n\r\n{}\r\n--b--\r\n"
    let parts = try #require(
      MultipartPart.parts(
        of: Array(body.utf8), contentType: "multipart/form-data; boundary=\"b\""))
    #expect(parts.map(\.name) == ["content", "metadata"])
    #expect(parts.first?.filename == "a.bin")
    #expect(parts.first?.type == "image/png")
    #expect(parts.first.map { String(decoding: $0.bytes, as: UTF8.self) } == "one\r\ntwo")
    #expect(MultipartPart.parts(of: Array(body.utf8), contentType: "text/plain") == nil)
  }

  @Test func `a part's name can contain header syntax`() throws {
    let body =
      #"--b  \#r\#ncontent-disposition: form-data; filename="a;b=\"c\".png"; Name=n\#r\#n\#r\#n"#
      + "x\r\n--b--"
    let parts = try #require(
      MultipartPart.parts(
        of: Array(body.utf8), contentType: "Multipart/Form-Data; charset=utf-8; Boundary=b"))
    #expect(parts.map(\.name) == ["n"])
    #expect(parts.first?.filename == #"a;b="c".png"#)
  }

  @Test func `only a complete delimiter on its own line separates parts`() throws {
    let content = "--b\r\n--bc\r\n--b--c\r\nx --b"
    let body =
      "not --b\r\n--b\r\n\r\n--b: \(content)\r\n--b--\r\n--b\r\n\r\nafter the end\r\n--b--"
    let type = "multipart/form-data; boundary=b"
    let parts = try #require(MultipartPart.parts(of: Array(body.utf8), contentType: type))
    #expect(parts.map { String(decoding: $0.bytes, as: UTF8.self) } == ["--b: \(content)"])
    #expect(MultipartPart.parts(of: Array("no form".utf8), contentType: type) == nil)
    #expect(MultipartPart.parts(of: [], contentType: #"multipart/form-data; boundary="""#) == nil)
  }

  @Test func `a version ID contains the index of its model`() throws {
    let id = ModelID(owner: "a", name: "b")
    let version = VersionID.id(of: id, at: 4711)
    #expect(version.count == 64)
    #expect(VersionID.index(in: version) == 4711)
    #expect(VersionID.index(in: "hidden") == nil)
  }

  @Test func `names rank above owners, and owners above descriptions`() {
    func entry(_ owner: String, _ name: String, _ description: String, _ runs: Int) -> Entry {
      Entry(
        id: ModelID(owner: owner, name: name), description: description, runCount: runs)
    }
    let index = SearchIndex([
      entry("x", "one", "Writes a Poem", 9), entry("poem", "two", "", 8),
      entry("x", "my-poem", "", 7), entry("x", "poem", "", 1), entry("x", "other", "", 99),
      entry("x", "poems", "", 6),
    ])
    #expect(index.search("POEM", limit: 10).map(\.index) == [3, 5, 2, 1, 0])
    #expect(index.search("poem", limit: 2).map(\.index) == [3, 5])
    #expect(index.search("x poem", limit: 9).map(\.index) == [3, 5, 2, 0])
    #expect(index.search("  ", limit: 9).isEmpty)
  }

  private typealias Entry = DemoCatalog.Entry

  @Test(arguments: [
    ("30", 30.0), ("30s", 30), ("5m", 300), ("1h30m45s", 5445), ("4", nil), ("soon", nil),
    ("", nil), ("5s5m", nil), ("5m30", nil), ("1m1m", nil), ("-30", nil), ("٣٠", nil),
    ("0h10s", 10),
  ])
  func `all forms of Cancel-After are parsed`(text: String, seconds: Double?) {
    #expect((try? PredictionHeaders.lifetime(text)) == seconds)
  }

  @Test(arguments: [
    ("wait", 60.0), ("wait=1", 1), ("wait=60", 60), ("wait=99", 60), ("respond-async", nil),
    ("respond-async, wait=5", 5),
  ])
  func `only the wait preference is parsed`(text: String, seconds: Double?)
    throws
  {
    #expect(try PredictionHeaders.wait(text)?.seconds == seconds)
  }

  @Test(arguments: ["wait=0", "wait=100", "wait=", "wait=x", "wait=1.5", "wait=-1"])
  func `an invalid wait is rejected`(text: String) {
    #expect(throws: Problem.self) { try PredictionHeaders.wait(text) }
  }

  @Test func `every backend has its own timestamp format`() {
    #expect(TimestampFormat.kept(1_700_000_000.0625) == "2023-11-14T22:13:20.0625Z")
    #expect(TimestampFormat.files(1_700_000_000) == "2023-11-14T22:13:20.000Z")
    #expect(TimestampFormat.http(1_700_142_022.9) == "Thu, 16 Nov 2023 13:40:22 GMT")
  }

  @Test func `inputs are validated with gojsonschema's messages`() {
    let schema: JSONValue = [
      "components": [
        "schemas": [
          "Input": [
            "required": ["text"],
            "properties": [
              "text": ["type": "string", "minLength": 3, "pattern": "^a"],
              "count": ["type": "integer", "minimum": 1],
              "list": ["type": "array", "maxItems": 1, "items": ["type": "number"]],
              "link": ["type": "string", "format": "uri"],
              "mixed": ["anyOf": [["type": "string"], ["type": "null"]]],
              "size": ["allOf": [["$ref": "#/components/schemas/size"]]],
            ],
          ],
          "size": ["enum": ["big", "small"], "type": "string"],
        ]
      ]
    ]
    func words(_ input: JSONObject) -> [String] {
      InputValidation.invalidFields(in: input, schema: schema).map {
        "\($0.field): \($0.description)"
      }
    }
    #expect(words([:]) == ["input: text is required"])
    #expect(
      words(["text": "b"]) == [
        "input.text: String length must be greater than or equal to 3",
        "input.text: Does not match pattern '^a'",
      ])
    // As many scalars as required, although they are displayed as fewer letters.
    #expect(words(["text": "ae\u{301}"]).isEmpty)
    #expect(
      words(["text": "abc", "count": 0.5, "list": ["x", 2], "link": "no", "mixed": 3, "size": "m"])
        == [
          "input.count: Invalid type. Expected: integer, given: number",
          "input.list: Array must have at most 1 items",
          "input.list.0: Invalid type. Expected: number, given: string",
          "input.link: Does not match format 'uri'",
          "input.mixed: Must validate at least one schema (anyOf)",
          #"input.size: size must be one of the following: "big", "small""#,
        ])
    #expect(words(["text": "abc", "mixed": .null, "unknown": 1, "count": 2]).isEmpty)
  }
}
