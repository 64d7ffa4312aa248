import DemoReplicate
import ReplicateAPI
import Testing

/// The removal of data an hour after a run, and the effect of deadlines.
@Suite(.serialized) struct RetentionTests {
  @Test func `input, output, logs, files and stream are gone after an hour`() async throws {
    // An hour lasts fifteen seconds.
    try await withService(speed: 240, agingSpeed: 240) { service in
      let painted = try await service.start("demo/painter", ["prompt": "x", "steps": 1])
      let ended = try await service.end(of: painted)
      #expect(ended.status == .succeeded)
      var told = try await service.call("GET", "/predictions/\(painted.id)").json
      let file = try #require(ended.output?.array?.first?.string)
      while told["data_removed"] != true {
        told = try await service.call("GET", "/predictions/\(painted.id)").json
      }
      for key in ["input", "output", "logs"] { #expect(told[key] == .null) }
      #expect(told["status"] == "succeeded")
      #expect(told["metrics"]?["predict_time"] != nil)
      #expect(try await service.call("GET", file, token: nil).status == 404)

      let story = try await service.client.send(
        .createPrediction(
          model: ModelID(owner: "lumen-lab", name: "storyteller"), input: ["prompt": "a fox"]))
      _ = try await service.end(of: story)
      let address = try #require(story.urls.stream)
      var status = 200
      while status == 200 {
        status = try await service.call("GET", address, token: nil).status
      }
      #expect(status == 404)
      let page = try await service.call("GET", "/predictions").json["results"]?[0]
      #expect(page?["data_removed"] == true)
      #expect(page?["input"] == .null)
    }
  }

  @Test func `a deadline aborts a queued run and cancels a running one`()
    async throws
  {
    try await withService(speed: 2) { service in
      func run(_ model: String, _ input: JSONObject) async throws -> Prediction {
        let id = try #require(ModelID(model))
        let version = try await service.version(of: id)
        let answer = try await service.call(
          "POST", "/predictions", ["version": .string(version), "input": .object(input)],
          headers: [("cancel-after", "5")])
        let created = try #require(answer.json["created_at"]?.string)
        let deadline = try #require(answer.json["deadline"]?.string)
        let span =
          (Timestamp(deadline).secondsSince1970 ?? 0) - (Timestamp(created).secondsSince1970 ?? 0)
        #expect(abs(span - 2.5) < 0.001)
        let prediction = Prediction.ID(try #require(try answer.json["id"]?.string))
        return try await service.end(of: try await service.client.send(.prediction(prediction)))
      }
      // It takes twelve seconds to boot.
      let aborted = try await run("glacier/haiku", [:])
      #expect(aborted.status == .aborted)
      #expect(aborted.startedAt == nil && aborted.completedAt != nil)
      #expect(aborted.metrics["predict_time"] == nil)
      let canceled = try await run("demo/endless", [:])
      #expect(canceled.status == .canceled)
      #expect(canceled.startedAt != nil)
    }
  }
}
