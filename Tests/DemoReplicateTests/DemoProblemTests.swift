import DemoReplicate
import ReplicateAPI
import Testing

/// Error answers, word for word.
@Suite(.serialized) struct DemoProblemTests {
  private static let problem = ["application/problem+json"]

  private func create(
    _ service: RunningService, headers: [(String, String)] = [], token: String = DemoServer.token,
    input: JSONValue = ["prompt": "x"]
  ) async throws -> RunningService.Answer {
    try await service.call(
      "POST", "/models/lumen-lab/storyteller/predictions", ["input": input], headers: headers,
      token: "Bearer \(token)")
  }

  @Test(arguments: [
    (
      "r8_nocredit",
      #"{"title":"Insufficient credit","detail":"You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit. Once you purchase credit, please wait a few minutes before trying again.","status":402}"#
    ),
    (
      "r8_x_nobilling",
      #"{"title":"Billing required","detail":"You need to set up billing to run this model. Go to https://replicate.com/account/billing#billing to set it up. If you have recently set up billing, please wait a few minutes before trying again.","status":402}"#
    ),
  ])
  func `an account that can't pay can read but not run`(token: String, body: String) async throws {
    try await withService { service in
      let answer = try await create(service, token: token)
      #expect(answer.status == 402)
      #expect(answer.headers["content-type"] == Self.problem)
      #expect(answer.text == body + "\n")
      let look = try await service.call("GET", "/account", token: "Bearer \(token)")
      #expect(look.status == 200)
      #expect(await service.server.predictions().isEmpty)
    }
  }

  @Test(arguments: ["r8_freelimit", "r8_spendlimit"])
  func `every billing limit has its own title`(token: String) async throws {
    try await withService { service in
      let answer = try await create(service, token: token)
      #expect(answer.status == 402)
      #expect(try answer.json["title"]?.string?.hasSuffix("limit reached") == true)
    }
  }

  @Test(arguments: [
    ("", #"{"detail":"Failed to parse request body as JSON: EOF","status":400}"#),
    (
      #"{"input":"#,
      #"{"detail":"Failed to parse request body as JSON: unexpected EOF","status":400}"#
    ),
    (
      "nonsense",
      #"{"detail":"Failed to parse request body as JSON: invalid character 'n' looking for beginning of value","status":400}"#
    ),
  ])
  func `invalid JSON is rejected in Go's words`(text: String, body: String) async throws {
    try await withService { service in
      let answer = try await service.call("POST", "/predictions", text: text)
      #expect(answer.status == 400)
      #expect(answer.text == body + "\n")
    }
  }

  @Test func `invalid JSON is rejected in Django's words`() async throws {
    try await withService { service in
      let answer = try await service.call("POST", "/models", text: "nonsense")
      #expect(answer.status == 400)
      #expect(
        answer.text
          == #"{"detail":"JSON parse error - Expecting value: line 1 column 1 (char 0)"}"#)
    }
  }

  @Test(arguments: [
    "demo/painter", "demo/painter:latest", "lumen-lab/storyteller:hidden", "hidden", "no/body",
    "no/body:1", "demo/painter:", "",
  ])
  func `an invalid version is rejected`(version: String) async throws {
    try await withService { service in
      let answer = try await service.call(
        "POST", "/predictions", ["version": .string(version), "input": ["prompt": "x"]])
      #expect(answer.status == 422)
      #expect(
        answer.text
          == #"{"title":"Invalid version or not permitted","detail":"The specified version does not exist (or perhaps you don't have permission to use it?)","status":422}"#
          + "\n")
    }
  }

  @Test func `an official model can be run by name`() async throws {
    try await withService { service in
      let answer = try await service.call(
        "POST", "/predictions",
        ["version": "lumen-lab/storyteller", "input": ["prompt": "x"]])
      #expect(answer.status == 201)
      #expect(try answer.json["model"] == "lumen-lab/storyteller")
    }
  }

  @Test(arguments: [
    ("prefer", "wait=0"), ("prefer", "wait=x"), ("cancel-after", "4"), ("cancel-after", "soon"),
  ])
  func `invalid headers are rejected, and nothing runs`(
    name: String, value: String
  ) async throws {
    try await withService { service in
      let answer = try await create(service, headers: [(name, value)])
      #expect(answer.status == 400)
      #expect(answer.headers["content-type"] == Self.problem)
      #expect(await service.server.predictions().isEmpty)
    }
  }

  @Test func `a wait that is too short returns a starting prediction`() async throws {
    try await withService(speed: 0.01) { service in
      let answer = try await create(service, headers: [("prefer", "wait=1")])
      #expect(answer.status == 201)
      #expect(answer.headers["preference-applied"] == ["wait=1"])
      #expect(try answer.json["status"] == "starting")
      #expect(try answer.json["output"] == nil)
    }
  }

  @Test func `the proxy rejects a body that is too long`() async throws {
    try await withService { service in
      let text = String(repeating: "x", count: 21 << 20)
      let answer = try await service.call(
        "POST", "/models/lumen-lab/storyteller/predictions",
        text: #"{"input":{"prompt":"\#(text)"}}"#)
      #expect(answer.status == 413)
      #expect(answer.headers["content-type"] == ["text/html"])
      #expect(answer.text.contains("<center><h1>413 Request Entity Too Large</h1></center>"))
      #expect(try await service.call("GET", "/account").status == 200)
    }
  }

  @Test(arguments: [
    "/models?sort_by=name", "/models?sort_direction=down", "/models?cursor=x",
    "/predictions?created_before=noon", "/predictions?source=api", "/search?query=x&limit=51",
  ])
  func `invalid parameters are rejected`(path: String) async throws {
    try await withService { service in
      let answer = try await service.call("GET", path)
      #expect(answer.status == 400)
      #expect(try answer.json["detail"]?.string?.isEmpty == false)
    }
  }

  @Test func `each backend has its own headers`() async throws {
    try await withService { service in
      let list = try await service.call("GET", "/collections")
      #expect(list.headers["allow"] == ["GET, HEAD, OPTIONS"])
      #expect(list.headers["vary"] == ["Cookie, origin, Accept-Encoding"])
      #expect(list.headers["content-type"] == ["application/json"])
      #expect(list.headers["date"].first?.hasSuffix(" GMT") == true)
      let hardware = try await service.call("GET", "/hardware")
      #expect(hardware.headers["allow"] == ["OPTIONS, GET"])
      let search = try await service.call("QUERY", "/models", text: "x")
      #expect(search.headers["allow"] == ["GET, POST, QUERY"])
      let created = try await create(service)
      #expect(created.headers["allow"].isEmpty)
      #expect(created.headers["replicate-target-cluster"] == ["coreweave-us"])
      #expect(created.headers["content-type"] == ["application/json; charset=utf-8"])
      let synchronous = try await create(service, headers: [("prefer", "wait")])
      #expect(synchronous.headers["content-type"] == ["application/json; charset=UTF-8"])
      #expect(!synchronous.text.hasSuffix("\n"))
    }
  }

  @Test func `HEAD has no body, and OPTIONS describes the path`() async throws {
    try await withService { service in
      let head = try await service.call("HEAD", "/hardware")
      #expect(head.status == 200)
      #expect(head.bytes.isEmpty)
      #expect(head.headers["content-length"] != ["0"])
      let options = try await service.call("OPTIONS", "/models/a/b")
      #expect(options.status == 200)
      #expect(options.headers["allow"] == ["GET, PATCH, DELETE, HEAD, OPTIONS"])
      #expect(try await service.call("OPTIONS", "/predictions/x/cancel").status == 405)
    }
  }

  @Test func `only search works without a token`() async throws {
    try await withService { service in
      let found = try await service.call("GET", "/search?query=story", token: nil)
      #expect(found.status == 200)
      #expect(try await service.call("GET", "/models", token: nil).status == 401)
    }
  }

  @Test func `members of the wrong type are rejected`() async throws {
    try await withService { service in
      let answer = try await service.call(
        "POST", "/models/lumen-lab/storyteller/predictions",
        ["input": ["prompt": "x"], "stream": "x", "webhook": 12, "webhook_events_filter": "x"])
      #expect(answer.status == 422)
      let fields = try answer.json["invalid_fields"]?.array?.compactMap { $0["field"]?.string }
      #expect(fields == ["webhook", "webhook_events_filter", "stream"])
    }
  }

  @Test func `the 601st create within a minute is rejected`() async throws {
    // So slow that no tokens are added during the test.
    try await withService(speed: 0.001) { service in
      var answer = try await create(service, input: [])
      var granted = 0
      while answer.status != 429, granted < 700 {
        #expect(answer.status == 422)
        #expect(answer.headers["ratelimit-remaining"] == [String(599 - granted)])
        granted += 1
        answer = try await create(service, input: [])
      }
      #expect(granted == 600)
      let seconds = try #require(answer.headers["ratelimit-reset"].first)
      #expect(answer.headers["ratelimit-remaining"] == ["0"])
      #expect(
        answer.text
          == #"{"detail":"Request was throttled. Your rate limit resets in ~\#(seconds)s.","status":429}"#
          + "\n")
      #expect(try await create(service, token: "r8_another", input: []).status == 422)
      #expect(try await service.call("GET", "/account").status == 200)
    }
  }
}
