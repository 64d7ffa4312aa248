import DemoReplicate
import ReplicateAPI
import Testing

/// What the account has from the start: files, models, trainings and deployments.
@Suite(.serialized) struct DemoStartTests {
  private static let foxes = ModelID(owner: "demo", name: "paper-foxes")
  private static let windows = ModelID(owner: "demo", name: "night-windows")

  // MARK: Files

  @Test func `there are files of several kinds, which are what their names say`() async throws {
    try await withService(speed: 1) { service in
      let files = try await service.client.send(.files).results
      #expect(files.count == 8)
      #expect(
        Set(files.map(\.name)) == [
          "neon-street.png", "minutes.txt", "paper-foxes.zip", "lighthouse.png",
          "row-your-boat.wav", "palettes.json", "rose window.png", "winter-forest.png",
        ])
      #expect(files.allSatisfy { $0.size > 100 && $0.size < 200_000 })
      #expect(files.contains { !$0.metadata.isEmpty } && files.contains { $0.metadata.isEmpty })
      let left = files.compactMap { file -> Double? in
        guard let expiry = file.expiresAt?.secondsSince1970,
          let made = file.createdAt?.secondsSince1970
        else { return nil }
        #expect(abs(expiry - made - 86_400) < 0.01)
        return expiry
      }
      let newest = try #require(left.max())
      let oldest = try #require(left.min())
      #expect(newest - oldest > 80_000)
    }
  }

  @Test func `files have the same IDs for the same seed`() async throws {
    var ids: [[File.ID]] = []
    for seed in [1, 1, 2] as [UInt64] {
      try await withService(speed: 1, seed: seed) { service in
        ids.append(try await service.client.send(.files).results.map(\.id))
      }
    }
    #expect(ids[0] == ids[1])
    #expect(ids[0] != ids[2])
  }

  @Test func `a file from the start can be given to a model and deleted`() async throws {
    try await withService { service in
      let files = try await service.client.send(.files).results
      let file = try #require(files.first { $0.name == "lighthouse.png" })
      let run = try await service.start(
        "darkroom/monochrome", ["image": .string("\(service.server.baseURL)/files/\(file.id)")])
      #expect(try await service.end(of: run).status == .succeeded)
      try await service.client.send(.deleteFile(file.id))
      #expect(try await service.call("GET", "/files/\(file.id)").status == 404)
      #expect(try await !service.client.send(.files).results.contains { $0.id == file.id })
    }
  }

  // MARK: Models

  @Test func `the account has models of its own`() async throws {
    try await withService(speed: 1) { service in
      var listed: [ModelSummary] = []
      for try await page in service.client.pages(of: .models()) { listed += page.results }
      let own = ["paper-foxes", "rain-study", "night-windows", "harbor-tunes"]
      for name in own {
        let id = ModelID(owner: "demo", name: name)
        #expect(listed.count { $0.id == id } == 1, "\(name)")
        let model = try await service.client.send(.model(id))
        #expect(model.description?.isEmpty == false)
        #expect(try await service.client.send(.readme(of: id))?.hasPrefix("# ") == true)
        let versions = try await service.client.send(.versions(of: id)).results
        let times = versions.compactMap { $0.createdAt?.secondsSince1970 }
        #expect(times == times.sorted(by: >) && times.count == versions.count)
        #expect(versions.first?.id == model.latestVersion?.id)
        #expect(
          versions.count
            == ["paper-foxes": 3, "night-windows": 2, "harbor-tunes": 1][name, default: 0])
        #expect(
          model.visibility
            == (name.hasPrefix("paper") || name.hasPrefix("rain")
              ? "private" : "public"))
        #expect((model.defaultExample != nil) == (model.visibility == "public"))
        if let cover = model.coverImageURL {
          let picture = try await service.call("GET", cover, token: nil)
          #expect(picture.bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]), "\(name)")
        }
      }
      // A model without versions can be deleted, one with versions can't.
      #expect(try await service.call("DELETE", "/models/demo/rain-study").status == 204)
      #expect(try await service.call("DELETE", "/models/demo/paper-foxes").status == 400)
    }
  }

  @Test func `a version from the start runs, on the input of its base too`() async throws {
    try await withService { service in
      let run = try await service.start(
        "demo/paper-foxes", ["prompt": "PAPERFOX", "steps": 1, "megapixels": "0.25"])
      let ended = try await service.end(of: run)
      #expect(ended.status == .succeeded && ended.model == "demo/paper-foxes")
      #expect(ended.logs.contains("Loading LoRA weights"))
      let picture = try #require(ended.output?.array?.first?.string)
      let bytes = try await service.call("GET", picture, token: nil).bytes
      #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      let examples = try await service.client.send(.examples(of: Self.windows)).results
      #expect(examples.count == 3 && examples.allSatisfy { $0.model == "demo/night-windows" })
      let file = try #require(examples.first?.output?.array?.first?.string)
      #expect(try await service.call("GET", file, token: nil).status == 200)
      let tried = try await service.start(
        "demo/night-windows", try #require(examples.first).input)
      #expect(try await service.client.send(.cancelPrediction(tried.id)).status.isTerminal)
    }
  }

  // MARK: Trainings

  @Test func `there are trainings of every end, and one is under way`() async throws {
    try await withService(speed: 1) { service in
      let trainings = try await service.client.send(.trainings).results
      #expect(
        trainings.map(\.status) == [
          .processing, .succeeded, .succeeded, .succeeded, .failed, .canceled, .succeeded,
        ])
      let foxes = try await service.client.send(.versions(of: Self.foxes)).results.map(
        \.id.rawValue)
      let made = trainings.compactMap { $0.output?.version }
      #expect(
        made.filter { $0.hasPrefix("demo/paper-foxes:") } == foxes.map { "demo/paper-foxes:\($0)" })
      for training in trainings {
        #expect(training.logs.contains("Extracted"), "\(training.id)")
        #expect(training.input["input_images"]?.string?.isEmpty == false)
        guard let weights = training.output?.weights else { continue }
        #expect(training.metrics["training_step_count"] == training.input["steps"])
        #expect(try await service.call("GET", weights, token: nil).status == 200)
      }
      let failed = try #require(trainings.first { $0.status == .failed })
      #expect(failed.error?.contains("CUDA out of memory") == true)
      #expect(failed.logs.contains("Traceback"))

      let underWay = try #require(trainings.first)
      #expect(underWay.logs.contains("it/s, lr: ") && underWay.logs.contains("\r"))
      let archive = try #require(underWay.input["input_images"]?.string)
      #expect(try await service.call("GET", archive).json["name"] == "paper-foxes.zip")
      var last = underWay
      while last.logs == underWay.logs {
        last = try await service.client.send(.training(underWay.id))
      }
      #expect(last.logs.hasPrefix(underWay.logs) && last.status == .processing)
    }
  }

  @Test func `the training under way ends with a version, unless it is canceled`() async throws {
    try await withService(speed: 1000) { service in
      let trainings = try await service.client.send(.trainings).results
      var last = try #require(trainings.first)
      while !last.status.isTerminal {
        last = try await service.client.send(.training(last.id))
      }
      #expect(last.status == .succeeded && last.logs.contains("Uploading"))
      let foxes = try await service.client.send(.versions(of: Self.foxes)).results
      #expect(foxes.count == 4)
      #expect(last.output?.version == foxes.first.map { "demo/paper-foxes:\($0.id)" })
    }
    try await withService(speed: 20) { service in
      let underWay = try #require(try await service.client.send(.trainings).results.first)
      let canceled = try await service.client.send(.cancelTraining(underWay.id))
      #expect(canceled.status == .canceled)
      let again = try await service.client.send(.training(underWay.id))
      #expect(again.status == .canceled && again.output == nil && !again.logs.isEmpty)
      #expect(try await service.client.send(.versions(of: Self.foxes)).results.count == 3)
    }
  }

  // MARK: Deployments

  @Test func `there are deployments, with runs of the last day`() async throws {
    try await withService(speed: 1) { service in
      let deployments = try await service.client.send(.deployments).results
      #expect(deployments.map(\.id.name) == ["windows-live", "haiku-batch", "painter-app"])
      let releases = deployments.compactMap(\.currentRelease)
      #expect(releases.map(\.number) == [2, 1, 4])
      #expect(releases.map(\.configuration.minInstances) == [0, 0, 1])
      for release in releases {
        let id = try #require(ModelID(release.model))
        let versions = try await service.client.send(.versions(of: id)).results
        #expect(versions.contains { $0.id == release.version }, "\(release.model)")
      }
      var runs: [Prediction] = []
      for try await page in service.client.pages(of: .predictions()) {
        runs += page.results.filter { $0.deployment != nil }
      }
      #expect(runs.count > 200)
      let newest = try #require(runs.first?.createdAt?.secondsSince1970)
      let lastHour = runs.count {
        ($0.createdAt?.secondsSince1970).map { newest - $0 < 3600 } == true
      }
      #expect(lastHour > 20 && lastHour < 100)
      for deployment in deployments {
        let own = runs.filter { $0.deployment == deployment.id.description }
        #expect(own.count > 40, "\(deployment.id)")
        #expect(own.allSatisfy { $0.model == deployment.currentRelease?.model })
        #expect(own.contains { $0.status == .failed } && own.contains { $0.status == .succeeded })
        let waits = own.compactMap { run -> Double? in
          guard let begun = run.startedAt?.secondsSince1970,
            let made = run.createdAt?.secondsSince1970
          else { return nil }
          return begun - made
        }
        #expect((waits.min() ?? 0) < 15 && (waits.max() ?? 0) > 5, "\(deployment.id)")
      }
      let live = try #require(runs.first { $0.status == .succeeded && $0.output?.array != nil })
      let file = try #require(live.output?.array?.first?.string)
      #expect(try await service.call("GET", file, token: nil).status == 200)

      // The batch has been idle for long enough, the others haven't, or are always on.
      for (name, status) in [("windows-live", 400), ("painter-app", 400), ("haiku-batch", 204)] {
        #expect(try await service.call("DELETE", "/deployments/demo/\(name)").status == status)
      }
    }
  }

  @Test func `a deployment from the start runs`() async throws {
    try await withService { service in
      let run = try await service.client.send(
        .createPrediction(
          deployment: ModelID(owner: "demo", name: "windows-live"),
          input: ["prompt": "NIGHTPANE", "steps": 1, "megapixels": "0.25"]))
      #expect(run.deployment == "demo/windows-live" && run.model == "demo/night-windows")
      #expect(try await service.end(of: run).status == .succeeded)
    }
  }
}
