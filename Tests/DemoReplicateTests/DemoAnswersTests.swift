import DemoReplicate
import Foundation
import ReplicateAPI
import Support
import Testing

/// The details of answers: their words, their bytes and their order.
@Suite(.serialized) struct DemoAnswersTests {
  @Test func `every route is implemented`() async throws {
    try await withService { service in
      for route in Route.allCases where route.parameterNames.isEmpty && route != .createFile {
        let answer = try await service.call(route.method, route.path() + "?query=x", [:])
        #expect(answer.status != 404 && answer.status < 500, "\(route.rawValue)")
      }
      let answer = try await service.call("DELETE", "/account")
      #expect(answer.status == 405)
      #expect(answer.text == #"{"detail":"Method \"DELETE\" not allowed."}"#)
      #expect(answer.headers["allow"] == ["GET, HEAD, OPTIONS"])
    }
  }

  @Test func `hardware has the SKUs and names of Replicate's pricing page`() async throws {
    try await withService { service in
      let hardware = try await service.client.send(.hardware).results
      #expect(
        hardware.map(\.sku) == [
          "cpu", "gpu-t4", "gpu-l40s", "gpu-l40s-2x", "gpu-a100-large", "gpu-a100-large-2x",
          "gpu-a100-large-4x", "gpu-a100-large-8x", "gpu-h100", "gpu-h100-2x", "gpu-h100-4x",
          "gpu-h100-8x",
        ])
      #expect(hardware.first { $0.sku == "gpu-a100-large-8x" }?.name == "8x Nvidia A100 (80GB) GPU")
    }
  }

  @Test
  func `both token schemes are accepted, and only authenticated calls get rate limit headers`()
    async throws
  {
    try await withService { service in
      let old = try await service.call("GET", "/account", token: "Token r8_anything")
      #expect(old.status == 200)
      #expect(old.headers["ratelimit-remaining"] == ["2999"])
      #expect(old.headers["ratelimit-reset"] == ["1"])
      let missing = try await service.call("GET", "/models/no/body")
      #expect(missing.headers["ratelimit-remaining"] == ["2999"])
      #expect(missing.text == #"{"detail":"Not found."}"#)
      let lost = try await service.call("GET", "/predictions/nobody")
      #expect(
        lost.text == #"{"detail":"The requested resource could not be found.","status":404}"# + "\n"
      )
      for token in ["Basic r8_x", "Bearer x", "r8_x", "Bearer r8_bad"] {
        let answer = try await service.call("GET", "/account", token: token)
        #expect(answer.status == 401)
        #expect(answer.headers["ratelimit-remaining"].isEmpty)
      }
    }
  }

  @Test func `each backend writes a prediction in its own format`() async throws {
    try await withService { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "endless"))
      let created = try await service.call(
        "POST", "/predictions", ["version": .string(version), "input": ["keeper": "Ada"]])
      #expect(created.status == 201)
      #expect(created.headers["ratelimit-remaining"] == ["599"])
      #expect(created.text.hasSuffix("}\n"))
      let director = try created.json
      for absent in ["output", "started_at", "completed_at", "metrics", "deadline"] {
        #expect(director[absent] == nil)
      }
      #expect(director["logs"] == "")
      #expect(director["error"] == .null)
      let id = try #require(director["id"]?.string)
      #expect(id.count == 26)

      let canceled = try await service.call("POST", "/predictions/\(id)/cancel")
      let django = try canceled.json
      #expect(canceled.text.hasPrefix(#"{"completed_at":"#))
      #expect(django["output"] == .null)
      #expect(django["logs"]?.string == nil || django["logs"] != "")
      let stamp = try #require(django["created_at"]?.string)
      #expect(stamp.split(separator: ".").last?.count == 7)
      #expect(django["urls"]?["stream"] == nil)
    }
  }

  @Test func `secrets are never returned`() async throws {
    try await withService { service in
      let prediction = try await service.start(
        "cipher/sealed-note", ["api_key": "swordfish", "note": "hello"])
      #expect(prediction.input["api_key"] == "[REDACTED]")
      #expect(try await service.end(of: prediction).status == .succeeded)
      let list = try await service.call("GET", "/predictions")
      #expect(!list.text.contains("swordfish"))
    }
  }

  @Test func `nulls and inputs that aren't objects are rejected`() async throws {
    try await withService { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "painter"))
      let list = try await service.call(
        "POST", "/predictions", ["version": .string(version), "input": []])
      #expect(list.status == 422)
      #expect(list.text.contains("Invalid type. Expected: object, given: array"))
      let null = try await service.call(
        "POST", "/predictions",
        ["version": .string(version), "input": ["prompt": "x", "seed": .null]])
      #expect(null.text.contains("Invalid type. Expected: integer, given: null"))
    }
  }

  @Test func `a canceled stream says so, and can be resumed and replayed`() async throws {
    try await withService(speed: 20) { service in
      let created = try await service.client.send(
        .createPrediction(
          model: ModelID(owner: "lumen-lab", name: "storyteller"),
          input: ["prompt": "a\nfox", "length": "long"]))
      let stream = try #require(service.client.output(of: created))
      var reason: String?
      var pieces = 0
      for try await event in stream {
        switch event {
        case .output:
          pieces += 1
          if pieces == 3 { _ = try await service.client.send(.cancelPrediction(created.id)) }
        case .done(let why): reason = why
        default: break
        }
      }
      #expect(reason == "canceled")
      #expect(pieces >= 3)

      let address = try #require(created.urls.stream)
      let whole = try await service.call("GET", address, token: nil)
      #expect(whole.text.hasPrefix(": hi\n\nevent: output\nid: "))
      #expect(
        whole.text.hasSuffix(
          "event: done\nid: \(try Self.lastID(whole))\n"
            + "data: {\"reason\": \"canceled\"}\n\n"))
      let second = try #require(Self.ids(whole).dropFirst().first)
      let rest = try await service.call(
        "GET", address, headers: [("last-event-id", second)], token: nil)
      #expect(Self.ids(rest) == Array(Self.ids(whole).dropFirst(2)))
    }
  }

  private static func ids(_ stream: RunningService.Answer) -> [String] {
    stream.text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map {
      String($0.dropFirst(4))
    }
  }

  private static func lastID(_ stream: RunningService.Answer) throws -> String {
    try #require(ids(stream).last)
  }

  @Test func `stopping the service ends open streams`() async throws {
    try await withService(speed: 0.01) { service in
      let created = try await service.client.send(
        .createPrediction(
          model: ModelID(owner: "lumen-lab", name: "storyteller"), input: ["prompt": "a fox"]))
      let address = try #require(created.urls.stream)
      async let stream = service.call("GET", address, token: nil)
      _ = try await service.client.send(.prediction(created.id))
      await service.server.stop()
      _ = try? await stream
    }
  }

  @Test func `lists can be sorted and searched`() async throws {
    try await withService { service in
      func dates(_ query: String) async throws -> [String] {
        let page = try await service.call("GET", "/models\(query)").json
        return page["results"]?.array?.compactMap { $0["created_at"]?.string } ?? []
      }
      let ascending = try await dates("?sort_by=model_created_at&sort_direction=asc")
      #expect(ascending == ascending.sorted())
      #expect(ascending.count == 25)
      let descending = try await dates("?sort_by=model_created_at")
      #expect(descending == descending.sorted(by: >))

      let answer = try await service.call("GET", "/search")
      #expect(answer.status == 400)
      #expect(answer.text == #"{"detail":"Query parameter \"query\" is required"}"#)
      let found = try await service.client.send(.search("language", limit: 1))
      #expect(found.models.count <= 1)
      #expect(found.collections.contains { $0.slug == "language-models" })
      let quoted = try await service.call("QUERY", "/models", text: #""painter""#)
      let plain = try await service.call("QUERY", "/models", text: "painter")
      #expect(quoted.text == plain.text)
      #expect(try plain.json["results"]?[0]?["name"] == "painter")
    }
  }

  @Test func `predictions can be filtered by time and source`() async throws {
    try await withService { service in
      let all = try await service.call("GET", "/predictions").json["results"]?.array ?? []
      let moment = try #require(all.dropFirst(10).first?["created_at"]?.string)
      let later = try await service.call("GET", "/predictions?created_after=\(moment)").json
      #expect(later["results"]?.array?.count == 11)
      let earlier = try await service.call("GET", "/predictions?created_before=\(moment)").json
      #expect(earlier["results"]?[0]?["id"] == all[11]["id"])
      let web = try await service.call("GET", "/predictions?source=web").json["results"]?.array
      #expect(web?.isEmpty == false)
      #expect(web?.allSatisfy { $0["source"] == "web" } == true)
      #expect(try await service.call("GET", "/predictions?created_after=noon").status == 400)
    }
  }

  @Test func `a port that is already in use is reported at startup`() async throws {
    try await withService { service in
      var options = DemoOptions()
      options.port = try #require(
        service.server.baseURL.split(separator: ":").last?.split(separator: "/").first
          .flatMap { Int($0) })
      await #expect(throws: (any Error).self) { _ = try await DemoServer.start(options) }
    }
  }

  @Test func `an unreadable models file is reported at startup`() async throws {
    var options = DemoOptions()
    options.modelsFile = "/nowhere/models.json"
    await #expect(throws: (any Error).self) { _ = try await DemoServer.start(options) }
  }

  @Test(.enabled(if: ReferenceData.folder != nil, "the reference data is absent"))
  func `every model of the reference list is in one collection, and every schema can be run`()
    async throws
  {
    let folder = try #require(ReferenceData.folder)
    try await withService(
      speed: 5000, modelsFile: "\(folder)/models.json", schemasFolder: "\(folder)/schemas"
    ) { service in
      #expect(try await service.client.send(.collection("all-models")).models.count == 5325)
      let listed = try await service.client.send(.collection("models-with-schemas")).models
      #expect(listed.count == ReferenceData.files(in: "schemas").count)
      var versions = 0
      for summary in listed {
        let model = try await service.client.send(.model(summary.id))
        guard let version = model.latestVersion else { continue }
        let answer = try await service.call(
          "POST", "/predictions", ["version": .string(version.id.rawValue), "input": [:]])
        #expect(answer.status == 201 || answer.text.contains("is required"), "\(summary.id)")
        versions += 1
      }
      #expect(versions > 80)
    }
  }
}
