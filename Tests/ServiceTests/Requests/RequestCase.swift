import Foundation
import ReplicateAPI
import Running
import Support

/// A request that every language has to send exactly.
struct RequestCase: Sendable {
  /// Also the value of the input `case`, by which the service's record of it is found.
  var name: String
  var input: JSONObject
  var target = Target.version
  var options = PredictionOptions()
  /// The model's inputs beside those of all cases.
  var fields: [InputField] = []
  /// Whether it is compiled with the tests. Very long texts aren't.
  var isCompiled = true

  enum Target: Sendable {
    case version, model, deployment
  }

  static let model = ModelID(owner: "acme", name: "anything")
  static let deployment = ModelID(owner: "demo", name: "anything")
  static let version = ModelVersion.ID(String(repeating: "a1b2c3d4", count: 8))

  /// What the files hold, by their names in the folder of the files, which is the home folder, too.
  static let files: [String: [UInt8]] = [
    "small.png": (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) },
    "empty.txt": [],
    "edge.bin": Array(repeating: 0xAB, count: 256_000),
    "large.wav": (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 / 256) },
    "it's a \"photo\" of $HOME `x`.jpg": [0xFF, 0xD8, 0xFF],
  ]

  /// The values of the secrets' variables.
  static let secrets = [
    "API_KEY": "s3cr3t \"q\" \\ $HOME `id` 'é' 🙂", "KEYS_1": "one", "KEYS_2": "two",
    "INPUT_REPLICATE_API_TOKEN": "r8_not_the_token_of_the_account", "TOKEN": "inside",
    "SECRET": "s3cret",
  ]

  /// What Replicant knows about the model. The service's own schema takes everything, so that it
  /// doesn't hide the secrets.
  static let schema = ModelSchema(
    inputs: [
      InputField(name: "case"), InputField(name: "api_key", kind: .secret()),
      InputField(name: "replicate_api_token", kind: .secret()),
      InputField(name: "keys", kind: .array(.secret())),
      InputField(
        name: "login",
        kind: .object(ObjectRules(members: [.init(name: "token", kind: .secret())]))),
      InputField(name: "image", kind: .file()), InputField(name: "sound", kind: .file()),
      InputField(name: "images", kind: .array(.file())),
      InputField(name: "anything", kind: .union([.text(), .file()])),
    ], output: .text)

  func plan(files folder: String = "") -> RunPlan {
    var input = input
    input["case"] = .string(name)
    let target: PredictionTarget =
      switch self.target {
      case .version: .version(Self.version)
      case .model: .model(Self.model)
      case .deployment: .deployment(Self.deployment)
      }
    var schema = Self.schema
    schema.inputs += fields
    return RunPlan(
      target, of: Self.model, input: input.mapValues { $0.inFolder(folder) }, schema: schema,
      options: options)
  }

}

extension JSONValue {
  /// Paths of the table, which begin with FILES, in a folder.
  fileprivate func inFolder(_ folder: String) -> JSONValue {
    switch self {
    case .string(let text) where text.hasPrefix("FILES/"):
      .string(folder + text.dropFirst("FILES".count))
    case .array(let elements): .array(elements.map { $0.inFolder(folder) })
    default: self
    }
  }
}

extension RequestCase {
  private static func number(_ literal: String) -> JSONValue {
    JSONNumber(literal: literal).map { .number($0) } ?? .null
  }

  private static func texts(_ texts: KeyValuePairs<String, String>) -> JSONObject {
    JSONObject(uniqueKeysWithValues: texts.map { ($0.key, .string($0.value)) })
  }

  private static func numbers(_ literals: [String]) -> JSONObject {
    JSONObject(uniqueKeysWithValues: literals.enumerated().map { ("n\($0)", number($1)) })
  }

  private static let controls = String(
    String.UnicodeScalarView(
      ((0...0x1F).map { $0 } + Array(0x7F...0xA0)).compactMap { Unicode.Scalar($0 as Int) }))

  /// Every kind of input in one request, as an input called by the name of the kind.
  private static let kinds = RequestCase(
    name: "kinds",
    input: JSONObject(uniqueKeysWithValues: InputExample.all.map { ($0.kind, $0.sent) }),
    fields: InputExample.all.flatMap { example in
      example.modelSchema.inputs.map { input in
        var input = input
        input.name = example.kind
        return input
      }
    })

  static let all: [RequestCase] = [
    kinds,
    RequestCase(name: "plain", input: ["prompt": "a lighthouse in the rain", "steps": 28]),
    RequestCase(
      name: "quotes",
      input: texts([
        "double": #"She said "hi", and left"#, "single": "it's 'fine'", "back": "`uname`",
        "both": #"'"'"'"#, "triple": #"""" ''' ```"#, "angle": "</script><!--",
      ])),
    RequestCase(
      name: "backslashes",
      input: texts([
        "one": #"\"#, "path": #"C:\new\table\x41\u0041\U00000041\0"#, "end": #"ends with \"#,
        "escaped": #"\" \' \\ \( \{ \$"#, "swift": #"\(1 + 1) \#(2)"#,
      ])),
    RequestCase(
      name: "lines",
      input: texts([
        "lines": "first\nsecond\n\nfourth\n", "windows": "a\r\nb\r\n", "mac": "a\rb\r",
        "tabs": "\ta\t\tb", "here": "EOF\n'EOF'\nEOF\n", "blank": "   ", "newline": "\n",
      ])),
    RequestCase(
      name: "shell",
      input: texts([
        "variables": "$HOME ${HOME} $1 $$ $? $!", "commands": "$(id) `id` <(id) | id && id; id &",
        "globs": "* ? [a-z] {a,b} ~ ~root !!", "comments": "# a -- b // c /* d */", "dash": "-n",
        "format": "%s %d %(name)s {0} {name} {{}}", "template": "${1 + 1} $ { ${`x`}",
        "at": "@file", "null": "/dev/null",
      ])),
    RequestCase(
      name: "unicode",
      input: texts([
        "japanese": "日本語のプロンプト", "arabic": "منارة في المطر",
        "combining": "e\u{301} \u{e9} n\u{303}",
        "quotes": "“curly” ‘single’ «guillemets» —", "math": "∑ x² ≠ ½ ·", "wide": "ＦＵＬＬ　ＷＩＤＴＨ",
        "emoji": "👩‍👩‍👧‍👦 👍🏽 ❤️ 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣", "private": "\u{E000}\u{10FFFF}", "none": "\u{FFFD}\u{FFFE}",
      ])),
    RequestCase(
      name: "controls",
      input: texts([
        "all": controls, "escape": "\u{1B}[31mred\u{1B}[0m \u{9B}31m", "nul": "a\0b",
        "digits": "\0" + "1\u{1}2", "separators": "a\u{2028}b\u{2029}c\u{85}d\u{B}e\u{C}f",
        "bidi": "\u{202E}desrever\u{202C} \u{2066}x\u{2069} \u{200F}\u{61C}",
        "invisible": "zero\u{200B}width\u{AD}soft\u{FEFF}bom\u{2060}",
      ])),
    RequestCase(
      name: "long",
      input: [
        "prompt": .string(String(repeating: "All work and no play. ", count: 400)),
        "code": .string(String(repeating: "if (a && b) { return \"x\\n\"; }\n", count: 100)),
      ]),
    RequestCase(
      name: "very long", input: ["prompt": .string(String(repeating: "é'\"$ ", count: 60_000))],
      isCompiled: false),
    RequestCase(
      name: "empty", input: ["text": "", "list": [], "object": [:], "lists": [[], [[]], [:]]]),
    RequestCase(
      name: "integers",
      input: numbers([
        "0", "-1", "42", "2147483648", "9007199254740991", "-9007199254740991",
        "9223372036854775807", "-9223372036854775808",
      ])),
    RequestCase(name: "large integer", input: ["seed": number("18446744073709551615")]),
    RequestCase(
      name: "integers beyond floats",
      input: numbers([
        "9007199254740993", "9223372036854775808", "18446744073709551614",
        "-9223372036854775809", "1000000000000000000000", "123456789012345678901234567890123456789",
        "12345678901234567890123456789012345678901234567890",
      ])),
    RequestCase(
      name: "floats",
      input: numbers([
        "0.1", "-2.5", "7.0", "0.30000000000000004", "1e-7", "1E5", "1.5e+300", "5e-324",
        "1.7976931348623157e308", "123456.789", "0.0", "1e22", "-1.0E-10",
      ])),
    RequestCase(
      name: "floats with more digits",
      input: numbers([
        "3.14159265358979323846264338327950288", "0.1000000000000000055511151231257827021181583",
        "100000000000000000000.5",
      ])),
    RequestCase(
      name: "exponents",
      input: numbers(["1e400", "-12.5e309", "9007199254740993.0", "18446744073709551615e0"])),
    RequestCase(
      name: "switches", input: ["on": true, "off": false, "nothing": .null, "list": [true, .null]]),
    RequestCase(
      name: "nested",
      input: [
        "object": [
          "a": ["b": ["c": [1, 2.5, "three", .null, false, [:], []]]],
          "list": [["x": 1], ["x": 2]],
        ],
        "matrix": [[1, 2, 3], [4, 5, 6]], "mixed": [1, "1", true, .null, ["a"], ["a": "b"]],
        "texts": ["a \"b\"", "c\nd", "$e", "`f`", "\\g"],
        "messages": [
          ["role": "system", "content": "You answer in rhymes."],
          ["role": "user", "content": "What’s the weather like, and what will it be tomorrow?"],
        ],
      ]),
    RequestCase(
      name: "nested numbers",
      input: [
        "ranges": [["from": number("18446744073709551615"), "to": number("0.10")], ["x": 1]]
      ]),
    RequestCase(
      name: "names",
      input: texts([
        "": "empty", " ": "blank", "a b": "space", "a-b": "dash", "a.b": "dot", "1st": "digit",
        "2": "number", "__proto__": "prototype", "constructor": "method", "class": "keyword",
        "None": "none", "ünïcödé": "letters", "\"quoted\"": "quotes", "back\\slash": "backslash",
        "$dollar": "dollar", "${x}": "template", "`tick`": "tick", "new\nline": "newline",
        "🙂": "emoji", "\u{202E}": "bidi", "case ": "almost", "input": "input", "version": "version",
      ])),
    RequestCase(
      name: "names of numbers",
      input: ["__proto__": number("18446744073709551615"), "${x}`": "`${y}`", "$": "${"]),
    RequestCase(
      name: "secrets",
      input: [
        "prompt": "$HOME \\ `x` \"y\"", "api_key": .string(secrets["API_KEY"] ?? ""),
        "replicate_api_token": "r8_not_the_token_of_the_account", "keys": ["one", "two"],
        "login": ["name": "me", "token": "inside"],
      ]),
    RequestCase(
      name: "secrets and digits",
      input: ["api_key": .string(secrets["API_KEY"] ?? ""), "seed": number("18446744073709551615")]),
    RequestCase(name: "small file", input: ["image": "FILES/small.png", "strength": 0.8]),
    RequestCase(name: "large file", input: ["sound": "FILES/large.wav"]),
    RequestCase(
      name: "files",
      input: [
        "prompt": "\\ $HOME `x`",
        "images": ["FILES/small.png", "https://a.example/b.png", "FILES/edge.bin"],
        "image": "FILES/it's a \"photo\" of $HOME `x`.jpg", "sound": "FILES/empty.txt",
      ]),
    RequestCase(
      name: "home", input: ["image": "~/small.png", "seed": number("18446744073709551615")]),
    RequestCase(
      name: "addresses",
      input: [
        "image": "https://replicate.delivery/a/b.png?x=1&y=$2",
        "sound": "data:audio/wav;base64,UklGRg==",
        "images": ["HTTP://a.example/c.png"], "anything": "just/a text",
      ]),
    RequestCase(name: "model", input: ["prompt": "a fox"], target: .model),
    RequestCase(name: "deployment", input: ["prompt": "a fox"], target: .deployment),
    RequestCase(
      name: "options", input: ["prompt": "a fox"],
      options: PredictionOptions(
        wait: .seconds(2), cancelAfter: .seconds(90),
        webhook: "https://127.0.0.1:9/hook?a=b&c=$d'e\"",
        webhookEvents: [.start, .completed])),
    RequestCase(
      name: "options of a model", input: ["prompt": "a fox"], target: .model,
      options: PredictionOptions(wait: .seconds(1), webhook: "https://127.0.0.1:9/hook")),
    RequestCase(
      name: "options of a deployment", input: ["image": "FILES/small.png"], target: .deployment,
      options: PredictionOptions(
        wait: .seconds(1), cancelAfter: .seconds(3600), webhook: "https://127.0.0.1:9/hook",
        webhookEvents: [.output])),
  ]

  /// The model as the service knows it.
  static let serverModel: JSONValue = [
    "url": "https://replicate.com/acme/anything", "owner": "acme", "name": "anything",
    "description": "Takes whatever it is given", "visibility": "public", "run_count": 1,
    "is_official": true,
    "latest_version": [
      "id": .string(version.rawValue), "created_at": "2026-08-01T00:00:00.000000Z",
      "cog_version": "0.16.0",
      "openapi_schema": [
        "components": [
          "schemas": [
            "Input": ["type": "object", "properties": ["case": ["type": "string"]]],
            "Output": ["type": "string"],
          ]
        ]
      ],
    ],
  ]
}
