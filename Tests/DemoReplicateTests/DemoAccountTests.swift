import DemoReplicate
import ReplicateAPI
import Testing

/// What an account can change: its models, trainings and deployments.
@Suite(.serialized) struct DemoAccountTests {
  private static let draft: JSONValue = [
    "owner": "demo", "name": "mine", "visibility": "private", "hardware": "cpu",
    "description": "A model of my own",
  ]

  @Test func `a model can be created, read, updated and deleted`() async throws {
    try await withService { service in
      let created = try await service.call("POST", "/models", Self.draft)
      #expect(created.status == 201)
      #expect(try created.json["latest_version"] == .null)
      #expect(try await service.call("POST", "/models", Self.draft).status == 409)
      let id = ModelID(owner: "demo", name: "mine")
      #expect(try await service.client.send(.model(id)).description == "A model of my own")
      #expect(try await service.client.send(.models()).results.first?.id == id)

      let changed = try await service.call("PATCH", "/models/demo/mine", ["readme": "# Mine"])
      #expect(changed.status == 200)
      #expect(try await service.call("GET", "/models/demo/mine/readme").text == "# Mine")

      #expect(try await service.call("DELETE", "/models/demo/mine").status == 204)
      #expect(try await service.call("GET", "/models/demo/mine").status == 404)
    }
  }

  @Test func `models of others can't be changed, and bodies are validated`() async throws {
    try await withService { service in
      #expect(try await service.call("PATCH", "/models/demo/painter", [:]).status == 403)
      #expect(try await service.call("DELETE", "/models/demo/painter").status == 403)
      #expect(try await service.call("DELETE", "/models/no/body").status == 404)
      let answer = try await service.call("POST", "/models", ["owner": "demo", "name": 3])
      #expect(answer.status == 422)
      #expect(answer.text.contains("hardware is required"))
      #expect(answer.text.contains("Invalid type. Expected: string, given: integer"))
    }
  }

  @Test func `a training adds a version to its destination, which can be run`() async throws {
    try await withService(speed: 500) { service in
      _ = try await service.call("POST", "/models", Self.draft)
      let version = try await service.version(
        of: ModelID(owner: "inkwell", name: "is-it-a-palindrome"))
      let path = "/models/inkwell/is-it-a-palindrome/versions/\(version)/trainings"
      let lost = try await service.call(
        "POST", path, ["destination": "demo/nowhere", "input": [:]])
      #expect(lost.status == 404)
      #expect(
        lost.text
          == #"{"detail":"The specified training destination does not exist","status":404}"# + "\n")

      let started = try await service.call(
        "POST", path, ["destination": "demo/mine", "input": [:]])
      #expect(started.status == 201)
      let id = try #require(try started.json["id"]?.string)
      #expect(try started.json["urls"]?["get"]?.string?.hasSuffix("/predictions/\(id)") == true)
      let ended = try await service.end(
        of: try await service.client.send(.prediction(Prediction.ID(id))))
      #expect(ended.status == .succeeded)

      let training = try await service.call("GET", "/trainings/\(id)").json
      #expect(training["urls"]?["get"]?.string?.hasSuffix("/trainings/\(id)") == true)
      let trained = try #require(training["output"]?["version"]?.string)
      #expect(trained.hasPrefix("demo/mine:"))
      let list = try await service.call("GET", "/trainings").json["results"]?.array
      #expect(list?.first?["id"]?.string == id)
      #expect(try await !service.client.send(.predictions()).results.contains { $0.id == ended.id })

      let run = try await service.client.send(
        .createPrediction(version: trained, input: ["text": "Anna"]))
      #expect(run.model == "demo/mine")
      _ = try await service.client.send(.cancelPrediction(run.id))
      let number = try #require(trained.split(separator: ":").last)
      #expect(
        try await service.call("DELETE", "/models/demo/mine/versions/\(number)").status == 202)
    }
  }

  @Test func `a deployment runs its version and counts its releases`() async throws {
    try await withService { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "endless"))
      let created = try await service.call(
        "POST", "/deployments",
        [
          "name": "tower", "model": "demo/endless", "version": .string(version),
          "hardware": "cpu", "min_instances": 0, "max_instances": 2,
        ])
      #expect(created.status == 200)
      #expect(try created.json["current_release"]?["number"] == 1)
      let changed = try await service.call(
        "PATCH", "/deployments/demo/tower", ["max_instances": 3])
      #expect(try changed.json["current_release"]?["number"] == 2)
      let run = try await service.client.send(
        .createPrediction(deployment: ModelID(owner: "demo", name: "tower"), input: [:]))
      #expect(run.deployment == "demo/tower")
      #expect(try await service.client.send(.cancelPrediction(run.id)).status == .canceled)
      let refused = try await service.call("DELETE", "/deployments/demo/tower")
      #expect(refused.status == 400)
      #expect(refused.text.contains("offline and unused for at least 15 minutes"))
    }
  }

  @Test func `a deployment is validated when it is created and when it is updated`() async throws {
    try await withService { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "endless"))
      var body: JSONObject = [
        "name": "tower", "model": "demo/endless", "version": .string(version),
        "hardware": "cpu", "min_instances": 0, "max_instances": 2,
      ]
      for (name, value, words) in [
        ("hardware", "abacus", "hardware must be one of the following"),
        ("min_instances", 6, "Must be less than or equal to 5"),
        ("max_instances", 21, "Must be less than or equal to 20"),
        ("min_instances", -1, "Must be greater than or equal to 0"),
        ("min_instances", "1", "Invalid type. Expected: integer, given: string"),
        ("name", "No blanks", "Does not match pattern"),
        ("owner", "x", "Additional property owner is not allowed"),
      ] as [(String, JSONValue, String)] {
        var wrong = body
        wrong[name] = value
        let answer = try await service.call("POST", "/deployments", .object(wrong))
        #expect(answer.status == 422)
        #expect(try answer.json["detail"]?.string?.contains(words) == true, "\(name)")
      }
      body["min_instances"] = 3
      #expect(try await service.call("POST", "/deployments", .object(body)).status == 400)
      body["min_instances"] = 0
      #expect(try await service.call("POST", "/deployments", .object(body)).status == 200)
      #expect(try await service.call("POST", "/deployments", .object(body)).status == 409)
      let path = "/deployments/demo/tower"
      #expect(try await service.call("PATCH", path, ["max_instances": 21]).status == 422)
      #expect(try await service.call("PATCH", path, ["min_instances": 3]).status == 400)
      #expect(try await service.call("PATCH", path, ["version": "1"]).status == 422)

      body["name"] = "newer"
      #expect(try await service.call("POST", "/deployments", .object(body)).status == 200)
      let list = try await service.call("GET", "/deployments").json["results"]
      #expect(list?.array?.prefix(2).compactMap { $0["name"]?.string } == ["newer", "tower"])
    }
  }

  @Test func `a deployment can be deleted once it is offline and unused`() async throws {
    try await withService(speed: 10_000_000) { service in
      let version = try await service.version(of: ModelID(owner: "demo", name: "endless"))
      for (name, least, status) in [("online", 1, 400), ("offline", 0, 204)] {
        _ = try await service.call(
          "POST", "/deployments",
          [
            "name": .string(name), "model": "demo/endless", "version": .string(version),
            "hardware": "cpu", "min_instances": .number(JSONNumber(least)), "max_instances": 2,
          ])
        let path = "/deployments/demo/\(name)"
        let run = try await service.call("POST", path + "/predictions", ["input": [:]]).json
        let id = try #require(run["id"]?.string)
        _ = try await service.call("POST", "/predictions/\(id)/cancel")
        #expect(try await service.call("DELETE", path).status == status)
        #expect(try await service.call("GET", path).status == (status == 204 ? 404 : 200))
      }
    }
  }

  @Test func `a model's hardware and URLs are validated`() async throws {
    try await withService { service in
      var draft = try #require(Self.draft.object)
      draft["hardware"] = "abacus"
      let answer = try await service.call("POST", "/models", .object(draft))
      #expect(answer.status == 422)
      #expect(answer.text.contains("hardware must be one of the following"))
      #expect(try await service.call("POST", "/models", Self.draft).status == 201)
      let path = "/models/demo/mine"
      #expect(try await service.call("PATCH", path, ["github_url": "no uri"]).status == 422)
      #expect(try await service.call("PATCH", path, ["readme": 1]).status == 422)
      let changed = try await service.call("PATCH", path, ["weights_url": "https://a.b/c"])
      #expect(try changed.json["weights_url"] == "https://a.b/c")
    }
  }
}
