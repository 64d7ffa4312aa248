import ReplicateAPI
import Running
import Testing

@Suite struct OutputTests {
  private func parts(
    _ value: JSONValue, _ kind: OutputKind? = nil, streams: Bool = false
  ) -> [OutputPart] {
    OutputPart.parts(of: value, kind: kind, streams: streams)
  }

  private static let tokens: JSONValue = [
    "The", " light", "house", " stands", ".", "\n\n", "It", " was", " lit", " in", " ", "18", "72",
  ]

  @Test func `pieces of a text are joined where the schema says so, or where they bring blanks`() {
    let text = "The lighthouse stands.\n\nIt was lit in 1872"
    #expect(parts(Self.tokens, .textStream) == [.text(text)])
    #expect(parts(Self.tokens, nil) == [.text(text)])
    #expect(parts(Self.tokens, OutputKind.none) == [.text(text)])
    #expect(parts(["日", "本", "語"], .textStream) == [.text("日本語")])
  }

  @Test func `a list of separate texts stays one`() {
    #expect(parts(["a cat", "a dog"], nil) == [.text("a cat\na dog")])
    #expect(parts(["one ", "two"], .json) == [.text("one \ntwo")])
    #expect(parts(["a"], nil) == [.text("a")])
  }

  private static let address = "https://replicate.delivery/xezq/out.png"
  private static let data = "data:image/png;base64,QUJD"

  @Test func `files are found at any depth, with their places`() {
    let nested: JSONValue = [
      "caption": "a fox", "images": [.string(Self.address), .string(Self.data)],
      "mask": .string(Self.address), "deep": [["x": ["file": .string(Self.data), "score": 0.5]]],
    ]
    let expected: [OutputPart] = [
      .json(
        JSONValue(dictionaryLiteral: ("caption", "a fox"), ("deep", [["x": ["score": 0.5]]]))
          .abridged),
      .file(address: Self.address, label: "images[0]"),
      .file(address: Self.data, label: "images[1]"),
      .file(address: Self.address, label: "mask"),
      .file(address: Self.data, label: "deep[0].x.file"),
    ]
    for kind in [nil, OutputKind.json, .text, .file, OutputKind.none] {
      #expect(parts(nested, kind) == expected)
    }
  }

  @Test func `a list of objects with files has files only where nothing is left`() {
    #expect(
      parts([["file": .string(Self.address)], ["file": .string(Self.data)]], .json) == [
        .file(address: Self.address, label: "[0].file"),
        .file(address: Self.data, label: "[1].file"),
      ])
  }

  @Test func `texts and files in one list are told apart`() {
    #expect(
      parts(["a fox", "a hen", .string(Self.address)], .json) == [
        .text("a fox\na hen"), .file(address: Self.address, label: nil),
      ])
  }

  @Test func `what the schema calls text is a file if it's on the service's own host`() {
    #expect(parts(.string(Self.address), .text) == [.file(address: Self.address, label: nil)])
    #expect(parts("https://example.com/a", .text) == [.text("https://example.com/a")])
    #expect(parts("data: of no kind, just words", nil) == [.text("data: of no kind, just words")])
  }

  @Test(arguments: ["", [], [:], .null, [""], ["", ""]] as [JSONValue])
  func `an empty output has no parts`(value: JSONValue) {
    for kind in [nil, OutputKind.text, .textStream, .json, .files] {
      #expect(parts(value, kind).isEmpty)
    }
  }

  @Test func `JSON for reading names data URIs by kind and size`() {
    let value: JSONValue = [
      "a": [.string("data:image/png;base64," + String(repeating: "QUJD", count: 1000))]
    ]
    #expect(value.abridged.contains(#"["data: image/png, 3,000 bytes"]"#))
  }
}
