import Support
import Testing

@testable import ReplicateAPI

@Suite struct `JSON values` {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "12", "-1.5", "1e3", "2.5E-7", #""""#, #""a""#, "[]", "{}",
    #"[1,[2,[3]],{"a":null}]"#, #"{"b":1,"a":2,"c":{"z":1,"y":[true]}}"#,
    "123456789012345678901234567890", #""\"\\\n\r\t\u0000\u001f""#, #""é 漢 👩‍👩‍👧""#,
  ])
  func `what is read is written again as it was`(text: String) throws {
    #expect(try JSONValue(parsing: text).serialized() == text)
  }

  @Test func `white space around and between is passed over`() throws {
    let value = try JSONValue(parsing: " \r\n\t{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n")
    #expect(value == ["a": [1, 2], "b": [:]])
  }

  @Test func `escapes are undone`() throws {
    let value = try JSONValue(parsing: #""\u0041\/\b\f\u00e9\ud83d\ude00\"""#)
    #expect(value == "A/\u{8}\u{c}é😀\"")
  }

  @Test(arguments: [#""\ud83d""#, #""\ud83dx""#, #""\ude00""#, #""\ud83d\u0041""#, #""\ud83d\n""#])
  func `half a surrogate pair becomes the replacement character`(text: String) throws {
    #expect(try JSONValue(parsing: text).string?.unicodeScalars.first == "\u{FFFD}")
  }

  @Test func `invalid UTF-8 becomes the replacement character`() throws {
    let value = try JSONValue(parsing: [0x22, 0x61, 0xFF, 0x62, 0x22])
    #expect(value == "a\u{FFFD}b")
  }

  @Test func `a byte order mark is passed over`() throws {
    #expect(try JSONValue(parsing: [0xEF, 0xBB, 0xBF, 0x31]) == 1)
  }

  @Test func `pretty text is indented by two spaces`() {
    let value: JSONValue = ["a": [1, ["b": .null]], "c": [], "d": [:]]
    #expect(
      value.serialized(pretty: true) == """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": [],
          "d": {}
        }
        """)
  }

  @Test(arguments: [
    ("", 1, 1), ("  ", 1, 3), ("tru", 1, 1), ("nul", 1, 1), ("truely", 1, 1), ("[1,]", 1, 4),
    ("{\"a\":1,}", 1, 8), ("[1 2]", 1, 4), ("{\"a\" 1}", 1, 6), ("{a:1}", 1, 2),
    ("{\"a\":}", 1, 6), ("[", 1, 2), ("\"abc", 1, 1), ("\"a\nb\"", 1, 3), ("01", 1, 1),
    ("1.", 1, 1), ("-", 1, 1), (".5", 1, 1), ("1e", 1, 1), ("+1", 1, 1), ("1 2", 1, 3),
    ("{\n  \"é\": x\n}", 2, 8), ("\"\\x\"", 1, 2), ("\"\\u12g4\"", 1, 2), ("[1}", 1, 3),
    ("NaN", 1, 1), ("'a'", 1, 1), ("[1]]", 1, 4),
  ])
  func `a mistake tells its line and column`(text: String, line: Int, column: Int) throws {
    let error = try #require(throws: JSONSyntaxError.self) { try JSONValue(parsing: text) }
    #expect(error.line == line, "\(text): \(error)")
    #expect(error.column == column, "\(text): \(error)")
  }

  @Test func `nesting that is too deep is refused`() {
    let deep = { (depth: Int) in
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try JSONValue(parsing: deep(500)) }
    #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: deep(100_000)) }
    #expect(throws: JSONSyntaxError.self) {
      try JSONValue(parsing: String(repeating: #"{"a":"#, count: 100_000))
    }
  }

  @Test func `the last of two members with one name counts`() throws {
    #expect(try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#) == ["a": 3, "b": 2])
  }

  @Test func `the order of members is kept`() throws {
    let value = try JSONValue(parsing: #"{"z":1,"a":2,"m":3}"#)
    #expect(value.object.map { Array($0.keys) } == ["z", "a", "m"])
  }

  @Test func `members and elements are reached by key and index`() throws {
    let value = try JSONValue(parsing: #"{"a":[1,2.5,"x",true,null]}"#)
    #expect(value["a"]?[0]?.int == 1)
    #expect(value["a"]?[1]?.double == 2.5)
    #expect(value["a"]?[1]?.int == nil)
    #expect(value["a"]?[2]?.string == "x")
    #expect(value["a"]?[3]?.bool == true)
    #expect(value["a"]?[4]?.isNull == true)
    #expect(value["a"]?[5] == nil)
    #expect(value["b"] == nil)
    #expect(value[0] == nil)
  }
}

@Suite struct `JSON numbers` {
  @Test func `numbers are equal by value`() {
    #expect(JSONNumber(literal: "1") == JSONNumber(literal: "1.0"))
    #expect(JSONNumber(literal: "100") == JSONNumber(literal: "1e2"))
    #expect(JSONNumber(literal: "1")?.hashValue == JSONNumber(literal: "1.0")?.hashValue)
    #expect(JSONNumber(literal: "0.5") != JSONNumber(literal: "0.25"))
    #expect(
      JSONNumber(literal: "123456789012345678901") != JSONNumber(literal: "123456789012345678902"))
  }

  @Test func `big integers keep their digits`() throws {
    let value = try JSONValue(parsing: "18446744073709551615")
    #expect(value.int == nil)
    #expect(value.serialized() == "18446744073709551615")
    #expect(try JSONValue(parsing: "9223372036854775807").int == Int.max)
  }

  @Test func `doubles are written as short as they can be`() {
    #expect(JSONNumber(7.5).literal == "7.5")
    #expect(JSONNumber(3.0).literal == "3")
    #expect(JSONNumber(0.1).literal == "0.1")
    #expect(JSONNumber(1e300).literal == "1e+300")
    #expect(JSONNumber(.nan).literal == "null")
  }

  @Test(arguments: ["", "01", "1.", "a", "1a", "--1", " 1", "0x10", "1e", "∞"])
  func `a text that is no number makes none`(text: String) {
    #expect(JSONNumber(literal: text) == nil)
  }
}

@Suite struct `The JSON reader` {
  @Test func `skipping a value passes over as much as reading it`() throws {
    let texts = [
      "1", "-2.5e3", "true", "null", #""a\"b""#, "[]", "{}", #"[[["]"]]]"#,
      #"{"a":{"b":["}","\\"]}}"#,
    ]
    for text in texts {
      let rest = try JSONReader.read(Array("[\(text), 7]".utf8)) {
        (reader) throws(JSONSyntaxError) -> Int? in
        try reader.enterArray()
        _ = try reader.nextElement()
        try reader.skip()
        _ = try reader.nextElement()
        let number = try reader.optionalInt()
        _ = try reader.nextElement()
        return number
      }
      #expect(rest == 7, "\(text)")
    }
  }

  @Test(arguments: ["[}", "{]", "[[}]", "{\"a\":[}}", "[\"", "[{", "{\"a\":\"\\"])
  func `brackets that don't fit are found in what is skipped`(text: String) {
    #expect(throws: JSONSyntaxError.self) {
      try JSONReader.read(Array(text.utf8)) { (reader) throws(JSONSyntaxError) in
        try reader.skip()
      }
    }
  }

  @Test func `deep nesting is skipped`() throws {
    let depth = 100_000
    let text =
      String(repeating: #"{"a":["#, count: depth) + String(repeating: "]}", count: depth)
    try JSONReader.read(Array(text.utf8)) { (reader) throws(JSONSyntaxError) in
      try reader.skip()
    }
  }

  @Test func `integers are read from digits, fractions and strings`() throws {
    let text = #"[7, -7, 7.0, "7", 7.4, null, true, [1], 999999999999999999, 99999999999999999999]"#
    let numbers = try JSONReader.read(Array(text.utf8)) {
      (reader) throws(JSONSyntaxError) -> [Int?] in
      var numbers: [Int?] = []
      try reader.enterArray()
      while try reader.nextElement() { numbers.append(try reader.optionalInt()) }
      return numbers
    }
    #expect(
      numbers == [7, -7, 7, 7, 7, nil, nil, nil, 999_999_999_999_999_999, nil])
  }

  @Test func `no text, however broken, does more than throw`() {
    let seeds = [
      #"{"id":"a","input":{"n":[1,2.5,-3e4],"s":"\u00e9\n"},"ok":true,"none":null}"#,
      #"{"next":null,"results":[{"owner":"a","name":"b","run_count":12,"latest_version":{}}]}"#,
      #"[[["\\","\""],{"a":{"b":{}}}],"👩‍👩‍👧"]"#,
    ].map { Array($0.utf8) }
    let marks = Array(#"{}[]",:\0e-"#.utf8)
    var generator = SplitMix(seed: 1)
    var read = 0
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = seeds.randomElement(using: &generator) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let index = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: index)
        case 2: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: index)
        default: bytes.removeSubrange(index...)
        }
        if bytes.isEmpty { bytes = [0x5B] }
      }
      do {
        let value = try JSONValue(parsing: bytes)
        let again = try JSONValue(parsing: value.serialized())
        #expect(again == value)
        read += 1
      } catch {
        refused += 1
      }
      // What is thrown away was only skipped, which must be as safe.
      _ = try? JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in try reader.skip() }
      _ = try? JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
        try Page<ModelSummary>(from: &reader)
      }
      _ = try? JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
        try Prediction(from: &reader)
      }
    }
    #expect(read > 500)
    #expect(refused > 5_000)
  }
}
