import DemoReplicate
import ReplicateAPI
import Testing

/// What an account can change: its models, trainings, deployments.
@Suite(.serialized) struct DemoAccountTests {
  private static let draft: JSONValue = [
    "owner": "demo", "name": "mine", "visibility": "private", "hardware": "cpu",
    "description": "A model of my own",
  ]

  @Test func `a model is made, shown, changed and deleted`() async throws {
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

  @Test func `others' models can't be changed, and bodies are checked`() async throws {
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

  @Test func `a training ends in a version of its destination, which runs`() async throws {
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
          == #"{"detail":"The specified training destination does not exist","status":404}"#)

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
      #expect(try await service.call("GET", "/trainings").json["results"]?.array?.count == 1)
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

  @Test func `a deployment runs its version, and counts its releases`() async throws {
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
      #expect(try await service.call("DELETE", "/deployments/demo/tower").status == 204)
      #expect(try await service.call("GET", "/deployments/demo/tower").status == 404)
    }
  }
}
