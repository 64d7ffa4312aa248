// swift-format-ignore-file
// Written by RequestCodeTests with RECORD_SNAPSHOTS=1: the Swift code of its table.
import Foundation
import ReplicateAPI

let samples: [(name: String, run: @Sendable () async throws -> Void)] = [
  ("kinds", sample0),
  ("plain", sample1),
  ("quotes", sample2),
  ("backslashes", sample3),
  ("lines", sample4),
  ("shell", sample5),
  ("unicode", sample6),
  ("controls", sample7),
  ("long", sample8),
  ("empty", sample10),
  ("integers", sample11),
  ("large integer", sample12),
  ("integers beyond floats", sample13),
  ("floats", sample14),
  ("floats with more digits", sample15),
  ("exponents", sample16),
  ("switches", sample17),
  ("nested", sample18),
  ("nested numbers", sample19),
  ("names", sample20),
  ("names of numbers", sample21),
  ("secrets", sample22),
  ("secrets and digits", sample23),
  ("small file", sample24),
  ("large file", sample25),
  ("files", sample26),
  ("home", sample27),
  ("addresses", sample28),
  ("model", sample29),
  ("deployment", sample30),
  ("options", sample31),
  ("options of a model", sample32),
  ("options of a deployment", sample33),
]

@Sendable func sample0() async throws {
  let client = Client(try .fromEnvironment())
  let environment = ProcessInfo.processInfo.environment
  let input: JSONObject = [
    "text": "a fox",
    "long text": "one\ntwo 漢字",
    "text with lengths": "äöü",
    "text with a pattern": "ab-12",
    "date-time": "2026-11-27T12:30:00+01:00",
    "date": "2028-02-29",
    "time": "23:59:59Z",
    "email": "a@b.example",
    "UUID": "123e4567-e89b-12d3-a456-426614174000",
    "secret": .string(environment["SECRET"]!),
    "text or null, required": .null,
    "integer": 7,
    "integer of 64 bits": try JSONValue(parsing: "18446744073709551615"),
    "integer multiple": 520,
    "number": 0.30,
    "number with exclusive bounds": 0.001,
    "number with a bound as in OpenAPI 3.0": 1,
    "number multiple": 0.3,
    "number with ge and le": 5,
    "boolean": false,
    "enumeration": "png",
    "enumeration by reference": "chalk",
    "enumeration of integers": 768,
    "enumeration with titles": "l",
    "enumeration of 200 values": "v137",
    "enumeration with an odd default": "near",
    "file": "https://a.example/x.png",
    "any object": [
      "a": [1],
    ],
    "object with members": ["a": 1],
    "dictionary": ["a": "b"],
    "union of text and number": "plain text",
    "union, as a number": 1.5,
    "union of choices and integer": "auto",
    "union by a list of types": true,
    "any value": [.null],
    "list of texts": ["one", "2"],
    "list of different texts": ["a", "b"],
    "list of files": ["https://a.example/1.png"],
    "list of integers": [1, 22],
    "list of numbers": [0.5, 22],
    "list of booleans": [true, false],
    "list of choices": ["oil", "ink"],
    "list of lists": [
      [1, 2],
      [3],
    ],
    "list of objects": [
      ["role": "user"],
    ],
    "case": "kinds",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["secret"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample1() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "a lighthouse in the rain",
    "steps": 28,
    "case": "plain",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample2() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "double": "She said \"hi\", and left",
    "single": "it's 'fine'",
    "back": "`uname`",
    "both": "'\"'\"'",
    "triple": "\"\"\" ''' ```",
    "angle": "</script><!--",
    "case": "quotes",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample3() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "one": "\\",
    "path": "C:\\new\\table\\x41\\u0041\\U00000041\\0",
    "end": "ends with \\",
    "escaped": "\\\" \\' \\\\ \\( \\{ \\$",
    "swift": "\\(1 + 1) 2",
    "case": "backslashes",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample4() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "lines": "first\nsecond\n\nfourth\n",
    "windows": "a\r\nb\r\n",
    "mac": "a\rb\r",
    "tabs": "\ta\t\tb",
    "here": "EOF\n'EOF'\nEOF\n",
    "blank": "   ",
    "newline": "\n",
    "case": "lines",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample5() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "variables": "$HOME ${HOME} $1 $$ $? $!",
    "commands": "$(id) `id` <(id) | id && id; id &",
    "globs": "* ? [a-z] {a,b} ~ ~root !!",
    "comments": "# a -- b // c /* d */",
    "dash": "-n",
    "format": "%s %d %(name)s {0} {name} {{}}",
    "template": "${1 + 1} $ { ${`x`}",
    "at": "@file",
    "null": "/dev/null",
    "case": "shell",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample6() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "japanese": "日本語のプロンプト",
    "arabic": "منارة في المطر",
    "combining": "é é ñ",
    "quotes": "“curly” ‘single’ «guillemets» —",
    "math": "∑ x² ≠ ½ ·",
    "wide": "ＦＵＬＬ　ＷＩＤＴＨ",
    "emoji": "👩‍👩‍👧‍👦 👍🏽 ❤️ 🇩🇪 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 1️⃣",
    "private": "􏿿",
    "none": "�￾",
    "case": "unicode",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample7() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "all": "\u{0}\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{e}\u{f}\u{10}\u{11}\u{12}\u{13}\u{14}\u{15}\u{16}\u{17}\u{18}\u{19}\u{1a}\u{1b}\u{1c}\u{1d}\u{1e}\u{1f}\u{7f}\u{80}\u{81}\u{82}\u{83}\u{84}\u{85}\u{86}\u{87}\u{88}\u{89}\u{8a}\u{8b}\u{8c}\u{8d}\u{8e}\u{8f}\u{90}\u{91}\u{92}\u{93}\u{94}\u{95}\u{96}\u{97}\u{98}\u{99}\u{9a}\u{9b}\u{9c}\u{9d}\u{9e}\u{9f} ",
    "escape": "\u{1b}[31mred\u{1b}[0m \u{9b}31m",
    "nul": "a\u{0}b",
    "digits": "\u{0}1\u{1}2",
    "separators": "a\u{2028}b\u{2029}c\u{85}d\u{b}e\u{c}f",
    "bidi": "\u{202e}desrever\u{202c} \u{2066}x\u{2069} \u{200f}\u{61c}",
    "invisible": "zero\u{200b}width\u{ad}soft\u{feff}bom\u{2060}",
    "case": "controls",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample8() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. All work and no play. ",
    "code": "if (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\nif (a && b) { return \"x\\n\"; }\n",
    "case": "long",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample10() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "text": "",
    "list": [],
    "object": [:],
    "lists": [
      [],
      [[]],
      [:],
    ],
    "case": "empty",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample11() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "n0": 0,
    "n1": -1,
    "n2": 42,
    "n3": 2147483648,
    "n4": 9007199254740991,
    "n5": -9007199254740991,
    "n6": 9223372036854775807,
    "n7": -9223372036854775808,
    "case": "integers",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample12() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "seed": try JSONValue(parsing: "18446744073709551615"),
    "case": "large integer",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample13() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "n0": 9007199254740993,
    "n1": try JSONValue(parsing: "9223372036854775808"),
    "n2": try JSONValue(parsing: "18446744073709551614"),
    "n3": try JSONValue(parsing: "-9223372036854775809"),
    "n4": try JSONValue(parsing: "1000000000000000000000"),
    "n5": try JSONValue(parsing: "123456789012345678901234567890123456789"),
    "n6": try JSONValue(parsing: "12345678901234567890123456789012345678901234567890"),
    "case": "integers beyond floats",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample14() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "n0": 0.1,
    "n1": -2.5,
    "n2": 7.0,
    "n3": 0.30000000000000004,
    "n4": 1e-7,
    "n5": 1E5,
    "n6": 1.5e+300,
    "n7": try JSONValue(parsing: "5e-324"),
    "n8": 1.7976931348623157e308,
    "n9": 123456.789,
    "n10": 0.0,
    "n11": 1e22,
    "n12": -1.0E-10,
    "case": "floats",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample15() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "n0": try JSONValue(parsing: "3.14159265358979323846264338327950288"),
    "n1": try JSONValue(parsing: "0.1000000000000000055511151231257827021181583"),
    "n2": try JSONValue(parsing: "100000000000000000000.5"),
    "case": "floats with more digits",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample16() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "n0": try JSONValue(parsing: "1e400"),
    "n1": try JSONValue(parsing: "-12.5e309"),
    "n2": try JSONValue(parsing: "9007199254740993.0"),
    "n3": try JSONValue(parsing: "18446744073709551615e0"),
    "case": "exponents",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample17() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "on": true,
    "off": false,
    "nothing": .null,
    "list": [true, .null],
    "case": "switches",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample18() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "object": [
      "a": [
        "b": [
          "c": [1, 2.5, "three", .null, false, [:], []],
        ],
      ],
      "list": [
        ["x": 1],
        ["x": 2],
      ],
    ],
    "matrix": [
      [1, 2, 3],
      [4, 5, 6],
    ],
    "mixed": [
      1,
      "1",
      true,
      .null,
      ["a"],
      ["a": "b"],
    ],
    "texts": ["a \"b\"", "c\nd", "$e", "`f`", "\\g"],
    "messages": [
      ["role": "system", "content": "You answer in rhymes."],
      [
        "role": "user",
        "content": "What’s the weather like, and what will it be tomorrow?",
      ],
    ],
    "case": "nested",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample19() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "ranges": [
      ["from": try JSONValue(parsing: "18446744073709551615"), "to": 0.10],
      ["x": 1],
    ],
    "case": "nested numbers",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample20() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "": "empty",
    " ": "blank",
    "a b": "space",
    "a-b": "dash",
    "a.b": "dot",
    "1st": "digit",
    "2": "number",
    "__proto__": "prototype",
    "constructor": "method",
    "class": "keyword",
    "None": "none",
    "ünïcödé": "letters",
    "\"quoted\"": "quotes",
    "back\\slash": "backslash",
    "$dollar": "dollar",
    "${x}": "template",
    "`tick`": "tick",
    "new\nline": "newline",
    "🙂": "emoji",
    "\u{202e}": "bidi",
    "case ": "almost",
    "input": "input",
    "version": "version",
    "case": "names",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample21() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "__proto__": try JSONValue(parsing: "18446744073709551615"),
    "${x}`": "`${y}`",
    "$": "${",
    "case": "names of numbers",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample22() async throws {
  let client = Client(try .fromEnvironment())
  let environment = ProcessInfo.processInfo.environment
  let input: JSONObject = [
    "prompt": "$HOME \\ `x` \"y\"",
    "api_key": .string(environment["API_KEY"]!),
    "replicate_api_token": .string(environment["INPUT_REPLICATE_API_TOKEN"]!),
    "keys": [.string(environment["KEYS_1"]!), .string(environment["KEYS_2"]!)],
    "login": ["name": "me", "token": .string(environment["TOKEN"]!)],
    "case": "secrets",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["api_key", "replicate_api_token", "keys", "login"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample23() async throws {
  let client = Client(try .fromEnvironment())
  let environment = ProcessInfo.processInfo.environment
  let input: JSONObject = [
    "api_key": .string(environment["API_KEY"]!),
    "seed": try JSONValue(parsing: "18446744073709551615"),
    "case": "secrets and digits",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["api_key"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample24() async throws {
  let client = Client(try .fromEnvironment())

  // Small files go along as data URLs. Larger ones are uploaded first.
  func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    if data.count <= 256000 {
      return .string("data:\(type);base64,\(data.base64EncodedString())")
    }
    let upload = FileUpload(
      .bytes(Array(data)), name: url.lastPathComponent, contentType: type)
    return .string(try await client.upload(upload).url)
  }

  let input: JSONObject = [
    "image": try await inputFile("./small.png", type: "image/png", client),
    "strength": 0.8,
    "case": "small file",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["image"],
    fileInputs: ["image"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample25() async throws {
  let client = Client(try .fromEnvironment())

  // Small files go along as data URLs. Larger ones are uploaded first.
  func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    if data.count <= 256000 {
      return .string("data:\(type);base64,\(data.base64EncodedString())")
    }
    let upload = FileUpload(
      .bytes(Array(data)), name: url.lastPathComponent, contentType: type)
    return .string(try await client.upload(upload).url)
  }

  let input: JSONObject = [
    "sound": try await inputFile("./large.wav", type: "audio/wav", client),
    "case": "large file",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["sound"],
    fileInputs: ["sound"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample26() async throws {
  let client = Client(try .fromEnvironment())

  // Small files go along as data URLs. Larger ones are uploaded first.
  func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    if data.count <= 256000 {
      return .string("data:\(type);base64,\(data.base64EncodedString())")
    }
    let upload = FileUpload(
      .bytes(Array(data)), name: url.lastPathComponent, contentType: type)
    return .string(try await client.upload(upload).url)
  }

  let input: JSONObject = [
    "prompt": "\\ $HOME `x`",
    "images": [
      try await inputFile("./small.png", type: "image/png", client),
      "https://a.example/b.png",
      try await inputFile("./edge.bin", type: "application/octet-stream", client),
    ],
    "image": try await inputFile("./it's a \"photo\" of $HOME `x`.jpg", type: "image/jpeg", client),
    "sound": try await inputFile("./empty.txt", type: "text/plain", client),
    "case": "files",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["images", "image", "sound"],
    fileInputs: ["images", "image", "sound"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample27() async throws {
  let client = Client(try .fromEnvironment())

  // Small files go along as data URLs. Larger ones are uploaded first.
  func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    if data.count <= 256000 {
      return .string("data:\(type);base64,\(data.base64EncodedString())")
    }
    let upload = FileUpload(
      .bytes(Array(data)), name: url.lastPathComponent, contentType: type)
    return .string(try await client.upload(upload).url)
  }

  let input: JSONObject = [
    "image": try await inputFile(NSHomeDirectory() + "/small.png", type: "image/png", client),
    "seed": try JSONValue(parsing: "18446744073709551615"),
    "case": "home",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["image"],
    fileInputs: ["image"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample28() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "image": "https://replicate.delivery/a/b.png?x=1&y=$2",
    "sound": "data:audio/wav;base64,UklGRg==",
    "images": ["HTTP://a.example/c.png"],
    "anything": "just/a text",
    "case": "addresses",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample29() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "a fox",
    "case": "model",
  ]
  let request = PredictionRequest(
    .model(ModelID(owner: "acme", name: "anything")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample30() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "a fox",
    "case": "deployment",
  ]
  let request = PredictionRequest(
    .deployment(ModelID(owner: "demo", name: "anything")),
    input: input)
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample31() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "a fox",
    "case": "options",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    options: PredictionOptions(wait: .seconds(2), cancelAfter: .seconds(90), webhook: "https://127.0.0.1:9/hook?a=b&c=$d'e\"", webhookEvents: [.start, .completed]))
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample32() async throws {
  let client = Client(try .fromEnvironment())
  let input: JSONObject = [
    "prompt": "a fox",
    "case": "options of a model",
  ]
  let request = PredictionRequest(
    .model(ModelID(owner: "acme", name: "anything")),
    input: input,
    options: PredictionOptions(wait: .seconds(1), webhook: "https://127.0.0.1:9/hook"))
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sample33() async throws {
  let client = Client(try .fromEnvironment())

  // Small files go along as data URLs. Larger ones are uploaded first.
  func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {
    let url = URL(fileURLWithPath: path)
    let data = try Data(contentsOf: url)
    if data.count <= 256000 {
      return .string("data:\(type);base64,\(data.base64EncodedString())")
    }
    let upload = FileUpload(
      .bytes(Array(data)), name: url.lastPathComponent, contentType: type)
    return .string(try await client.upload(upload).url)
  }

  let input: JSONObject = [
    "image": try await inputFile("./small.png", type: "image/png", client),
    "case": "options of a deployment",
  ]
  let request = PredictionRequest(
    .deployment(ModelID(owner: "demo", name: "anything")),
    input: input,
    options: PredictionOptions(wait: .seconds(1), cancelAfter: .seconds(3600), webhook: "https://127.0.0.1:9/hook", webhookEvents: [.output]),
    privateInputs: ["image"],
    fileInputs: ["image"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}

@Sendable func sampleOfAnAddress() async throws {
  var configuration = try Client.Configuration.fromEnvironment()
  configuration.baseURL = "http://127.0.0.1:9/v1"
  let client = Client(configuration)
  let environment = ProcessInfo.processInfo.environment
  let input: JSONObject = [
    "text": "a fox",
    "long text": "one\ntwo 漢字",
    "text with lengths": "äöü",
    "text with a pattern": "ab-12",
    "date-time": "2026-11-27T12:30:00+01:00",
    "date": "2028-02-29",
    "time": "23:59:59Z",
    "email": "a@b.example",
    "UUID": "123e4567-e89b-12d3-a456-426614174000",
    "secret": .string(environment["SECRET"]!),
    "text or null, required": .null,
    "integer": 7,
    "integer of 64 bits": try JSONValue(parsing: "18446744073709551615"),
    "integer multiple": 520,
    "number": 0.30,
    "number with exclusive bounds": 0.001,
    "number with a bound as in OpenAPI 3.0": 1,
    "number multiple": 0.3,
    "number with ge and le": 5,
    "boolean": false,
    "enumeration": "png",
    "enumeration by reference": "chalk",
    "enumeration of integers": 768,
    "enumeration with titles": "l",
    "enumeration of 200 values": "v137",
    "enumeration with an odd default": "near",
    "file": "https://a.example/x.png",
    "any object": [
      "a": [1],
    ],
    "object with members": ["a": 1],
    "dictionary": ["a": "b"],
    "union of text and number": "plain text",
    "union, as a number": 1.5,
    "union of choices and integer": "auto",
    "union by a list of types": true,
    "any value": [.null],
    "list of texts": ["one", "2"],
    "list of different texts": ["a", "b"],
    "list of files": ["https://a.example/1.png"],
    "list of integers": [1, 22],
    "list of numbers": [0.5, 22],
    "list of booleans": [true, false],
    "list of choices": ["oil", "ink"],
    "list of lists": [
      [1, 2],
      [3],
    ],
    "list of objects": [
      ["role": "user"],
    ],
    "case": "kinds",
  ]
  let request = PredictionRequest(
    .version(ModelVersion.ID("a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4a1b2c3d4")),
    input: input,
    privateInputs: ["secret"])
  var run = try await client.create(request, recording: MemoryIntentStore())
  for try await update in client.updates(of: run) { run = update }
  print(run.status.rawValue, run.output ?? .null)
  await client.shutdown()
}
