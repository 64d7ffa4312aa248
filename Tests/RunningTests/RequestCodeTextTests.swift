import ReplicateAPI
import Testing

@testable import Running

/// How a request reads as code. That the code sends what it should is shown by running it, in
/// ServiceTests.
@Suite struct RequestCodeTextTests {
  private func code(
    _ input: JSONObject, _ language: RequestCode.Language,
    target: PredictionTarget = .version("5c7d1a9b"),
    inputs: [InputField]? = nil, options: PredictionOptions = PredictionOptions(),
    baseURL: String = Client.Configuration.publicBaseURL
  ) -> String {
    let plan = RunPlan(
      target, input: input, schema: inputs.map { ModelSchema(inputs: $0) }, options: options)
    return RequestCode(plan, baseURL: baseURL).text(in: language)
  }

  @Test func `an accent doesn't hide what ends a literal`() {
    let schema = [InputField(name: "image", kind: .file()), InputField(name: "seed")]
    let curl = code(["image": "/tmp/it'\u{301} $(id) '\u{301}.png"], .curl, inputs: schema)
    #expect(curl.utf8.contains(#"'\''"#.utf8))
    let big = JSONValue.number(JSONNumber(literal: "18446744073709551615") ?? 0)
    let script = code(["prompt": "`\u{301} ${\u{301}id}", "seed": big], .javaScript)
    #expect(script.utf8.contains(#"\u0060"#.utf8) && script.utf8.contains(#"\u0024{"#.utf8))
    #expect(!script.utf8.contains("`\u{301}".utf8) && !script.utf8.contains("${\u{301}".utf8))
  }

  @Test func `curl`() {
    #expect(
      code(["prompt": "it's a \"fox\"", "steps": 4], .curl) == """
        curl --silent --show-error --fail-with-body https://api.replicate.com/v1/predictions \\
          --header "Authorization: Bearer $REPLICATE_API_TOKEN" \\
          --header "Content-Type: application/json" \\
          --data-binary @- <<'EOF'
        {
          "version": "5c7d1a9b",
          "input": {
            "prompt": "it's a \\"fox\\"",
            "steps": 4
          }
        }
        EOF

        """)
  }

  @Test func `Python`() {
    #expect(
      code(["prompt": "a fox", "sizes": [1, 2.5], "fast": true, "mask": .null], .python) == """
        import replicate

        prediction = replicate.predictions.create(
            version="5c7d1a9b",
            input={
                "prompt": "a fox",
                "sizes": [1, 2.5],
                "fast": True,
                "mask": None,
            },
        )
        prediction.wait()
        print(prediction.status, prediction.output)

        """)
  }

  @Test func `JavaScript`() {
    #expect(
      code(["prompt": "a fox", "guidance-scale": 7.5], .javaScript) == """
        // For Node 18 or later. Save this as run.mjs, and run: node run.mjs

        const headers = { Authorization: `Bearer ${process.env.REPLICATE_API_TOKEN}` };

        const response = await fetch("https://api.replicate.com/v1/predictions", {
          method: "POST",
          headers: { ...headers, "Content-Type": "application/json" },
          body: JSON.stringify({
            version: "5c7d1a9b",
            input: {
              prompt: "a fox",
              "guidance-scale": 7.5,
            },
          }),
        });
        if (!response.ok) throw new Error(await response.text());
        let prediction = await response.json();

        while (!["succeeded", "failed", "canceled", "aborted"].includes(prediction.status)) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          prediction = await (await fetch(prediction.urls.get, { headers })).json();
        }
        console.log(prediction.status, prediction.output);

        """)
  }

  @Test func `Swift`() {
    #expect(
      code(["prompt": "a fox", "seed": 7], .swift) == """
        import ReplicateAPI

        let client = Client(try .fromEnvironment())
        let input: JSONObject = [
          "prompt": "a fox",
          "seed": 7,
        ]
        let request = PredictionRequest(
          .version(ModelVersion.ID("5c7d1a9b")),
          input: input)
        var run = try await client.create(request, recording: MemoryIntentStore())
        for try await update in client.updates(of: run) { run = update }
        print(run.status.rawValue, run.output ?? .null)
        await client.shutdown()

        """)
  }

  @Test(arguments: RequestCode.Language.allCases)
  func `a secret is in no code, and its variable is`(language: RequestCode.Language) {
    let text = code(
      ["api_key": "sk-12345", "keys": ["sk-one"]], language,
      inputs: [
        InputField(name: "api_key", kind: .secret()),
        InputField(name: "keys", kind: .array(.secret())),
      ])
    #expect(!text.contains("sk-"))
    #expect(text.contains("API_KEY") && text.contains("KEYS_1"))
    // What the schema doesn't name is judged by its name.
    let unknown = code(["hf_token": "hf_12345"], language, inputs: [])
    #expect(!unknown.contains("hf_12345") && unknown.contains("HF_TOKEN"))
  }

  @Test(arguments: RequestCode.Language.allCases)
  func `only another address than Replicate's is in the code of a library`(
    language: RequestCode.Language
  ) {
    let usual = code([:], language)
    #expect(usual.contains("api.replicate.com") == [.curl, .javaScript].contains(language))
    let other = code([:], language, baseURL: "http://127.0.0.1:8080/v1")
    #expect(other.contains("http://127.0.0.1:8080") && !other.contains("api.replicate.com"))
  }

  @Test(arguments: RequestCode.Language.allCases)
  func `the options of the run are in the code`(language: RequestCode.Language) {
    let text = code(
      [:], language,
      options: PredictionOptions(
        wait: .seconds(5), cancelAfter: .seconds(300), webhook: "https://a.example/hook",
        webhookEvents: [.start, .completed]))
    for part in ["5", "300", "https://a.example/hook", "start", "completed"] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.contains("wait"))
  }

  @Test(arguments: RequestCode.Language.allCases)
  func `a path is read, and an address isn't`(language: RequestCode.Language) {
    let inputs = [InputField(name: "image", kind: .file())]
    let path = code(["image": "~/my photo.png"], language, inputs: inputs)
    #expect(path.contains("my photo.png"))
    #expect(path.contains(language == .python ? "open(" : "image/png"))
    for address in ["https://a.example/b.png", "data:image/png;base64,AAAA"] {
      let text = code(["image": .string(address)], language, inputs: inputs)
      #expect(text.contains("\"\(address)\""))
      #expect(!text.contains("open(") && !text.lowercased().contains("input_?file"))
    }
  }

  @Test(arguments: [
    ("42", true), ("0.1", true), ("1e22", true), ("5e-324", true), ("9007199254740993", false),
    ("18446744073709551615", false), ("0.10000000000000000555", false), ("1e400", false),
    ("9007199254740992", true), ("0.10", true),
  ])
  func `which numbers a float holds`(literal: String, isExact: Bool) throws {
    let number = try #require(JSONNumber(literal: literal))
    #expect(CodeText.isExactInDouble(number) == isExact)
  }

  @Test func `JSON shows every character that a person can't see`() throws {
    let input: JSONObject = ["a\u{202E}": "x\u{0}\u{1B}[1m\u{85}\u{200B}\u{E0041}", "emoji": "👩‍👩‍👧 ❤️"]
    let text = RequestCode.json(input)
    #expect(text.contains(#""a\u202e": "x\u0000\u001b[1m\u0085\u200b\udb40\udc41""#))
    #expect(text.contains("👩‍👩‍👧 ❤️"))
    #expect(try JSONValue(parsing: text) == .object(input))
  }

  @Test func `JSON is written as a person would`() {
    let text = RequestCode.json([
      "prompt": "a fox", "sizes": [1, 2, 3], "nothing": [:],
      "messages": [["role": "user", "content": "hello"]],
    ])
    #expect(
      text == """
        {
          "prompt": "a fox",
          "sizes": [1, 2, 3],
          "nothing": {},
          "messages": [
            { "role": "user", "content": "hello" }
          ]
        }
        """)
    #expect(RequestCode.json([:]) == "{}")
  }

  @Test func `the summary says where the request goes`() {
    let plan = RunPlan(
      .deployment(ModelID(owner: "acme", name: "live")), input: [:],
      options: PredictionOptions(wait: .seconds(5), webhook: "https://a.example"))
    #expect(
      RequestCode(plan).summary == [
        "POST https://api.replicate.com/v1/deployments/acme/live/predictions",
        "webhook: \"https://a.example\"", "Prefer: wait=5",
      ])
  }
}
