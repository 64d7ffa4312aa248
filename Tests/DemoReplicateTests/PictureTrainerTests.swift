import Foundation
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The trainer, from its archive to the version that it makes.
@Suite(.serialized) struct PictureTrainerTests {
  private static let trainer = DemoModel.pictureTrainer.id

  private func address(_ bytes: [UInt8], type: String = ZipArchive.type) -> String {
    "data:\(type);base64,\(Data(bytes).base64EncodedString())"
  }

  private func archive(_ names: String...) -> [UInt8] {
    ZipArchive.file(names.map { ($0, Array("bytes of \($0)".utf8)) })
  }

  // MARK: Archives

  @Test func `an archive is read as it was written`() throws {
    let bytes = archive("a.png", "folder/b.txt", "ü.jpg")
    let entries = try #require(ZipArchive(bytes)).entries
    #expect(entries.map(\.name) == ["a.png", "folder/b.txt", "ü.jpg"])
    #expect(entries.map(\.size) == [14, 21, 15])
    #expect(try #require(ZipArchive(ZipArchive.file([]))).entries.isEmpty)
    // A comment may follow.
    var commented = bytes
    commented[commented.count - 2] = 3
    #expect(ZipArchive(commented + Array("abc".utf8))?.entries == entries)
  }

  @Test func `a damaged archive is refused without a trap`() {
    let bytes = archive("a.png", "b.txt")
    #expect(ZipArchive([]) == nil)
    #expect(ZipArchive(Array("not a zip, but a text that is long enough".utf8)) == nil)
    for length in 0..<bytes.count { #expect(ZipArchive(Array(bytes.prefix(length))) == nil) }
    var random = SeededRandom(7)
    for _ in 0..<2000 {
      var changed = bytes
      for _ in 0..<random.integer(1...4) {
        changed[random.integer(0...(bytes.count - 1))] = UInt8(random.integer(0...255))
      }
      let entries = ZipArchive(changed)?.entries.count ?? 0
      #expect(entries <= bytes.count)
    }
  }

  @Test func `pictures and captions are counted`() throws {
    let found = try TrainingPictures(
      archive: archive(
        "a.png", "a.txt", "b.JPG", "sub/c.webp", "sub/c.txt", "notes.txt", "__MACOSX/a.png",
        ".DS_Store", "sub/._c.webp"))
    #expect(found.pictures == 3 && found.captions == 2 && found.files == 6)
    #expect(throws: TrainingPictures.noPictures) {
      try TrainingPictures(archive: archive("a.txt", "b.gif"))
    }
    #expect(throws: TrainingPictures.notAnArchive) {
      try TrainingPictures(archive: Array("hello".utf8))
    }
  }

  // MARK: The script

  @Test func `the log of a training has its steps, a falling loss and a stable length`() {
    let input: JSONObject = ["steps": 900, "trigger_word": "TOK", "lora_rank": 32]
    let script = TrainingScript(input, TrainingPictures(pictures: 12, captions: 8), seed: 3)
    let parts = script.parts
    #expect(abs(parts.reduce(0) { $0 + $1.seconds } - script.seconds) < 0.01)
    #expect(script.log(until: script.seconds) == parts.map(\.text).joined())
    #expect(script.log(until: 0).isEmpty)
    let log = script.log(until: script.seconds)
    #expect(log.contains("Found 12 images and 8 captions"))
    #expect(log.contains("Captioning images: 100%|██████████| 4/4"))
    #expect(log.contains("picture_train: 100%|██████████| 900/900 ["))
    #expect(log.contains("it/s, lr: 4.0e-04 loss: "))
    let losses = log.split(separator: "loss: ").dropFirst().compactMap { Double($0.prefix(9)) }
    #expect(losses.count > 50)
    let half = losses.count / 2
    #expect(losses.prefix(half).reduce(0, +) > 1.4 * losses.suffix(half).reduce(0, +))
    #expect(log.utf8.count < 200_000)
    #expect(
      TrainingScript(input, TrainingPictures(pictures: 12, captions: 8), seed: 3).parts.map(\.text)
        == parts.map(\.text))
  }

  @Test func `the trainer's schema is that of a real one`() {
    let schema = ModelSchema(
      openAPI: DemoModel.pictureTrainer.schema, inputName: "TrainingInput",
      outputName: "TrainingOutput")
    #expect(
      schema.inputs.map(\.name) == [
        "input_images", "trigger_word", "steps", "learning_rate", "lora_rank", "autocaption",
        "resolution", "seed",
      ])
    #expect(schema.inputs.filter(\.isRequired).map(\.name) == ["input_images"])
    #expect(schema.inputs.first?.kind == .file())
    #expect(schema.inputs.first?.description.contains("minimum of 10 images") == true)
    let trained = TrainedPainter.schema(trigger: "TOK")
    #expect(trained["components"]?["schemas"]?["TrainingInput"] == nil)
    let names = ModelSchema(openAPI: trained).inputs.map(\.name)
    #expect(Set(names).isSuperset(of: DemoModel.painter.inputs.map(\.name)))
  }

  // MARK: Over the service

  private func train(
    _ service: RunningService, _ input: JSONObject, destination: String = "demo/rain-study"
  ) async throws -> Training {
    let version = ModelVersion.ID(try await service.version(of: Self.trainer))
    let id = try #require(ModelID(destination))
    let begun = try await service.client.send(
      .createTraining(
        from: version, of: Self.trainer, TrainingRequest(destination: id, input: input)))
    var last = begun
    for try await training in service.client.updates(of: begun) { last = training }
    return last
  }

  @Test func `a training reads its archive, and its version runs`() async throws {
    try await withService(speed: 2000) { service in
      let files = try await service.client.send(.files).results
      let id = files.first { $0.name == EarlierFiles.foxesName }?.id
      // So fast, a day is over within a minute.
      let images =
        id.map { "\(service.server.baseURL)/files/\($0)" }
        ?? address(archive("a.png", "a.txt", "b.png"))
      let training = try await train(
        service, ["input_images": .string(images), "trigger_word": "DROP", "steps": 60])
      #expect(training.status == .succeeded, "\(training.error ?? "")")
      #expect(training.logs.contains("images and"))
      #expect(training.logs.contains("60/60"))
      #expect(training.metrics["training_step_count"] == 60)
      #expect(training.metrics["predict_time"] != nil)
      #expect(training.input["autocaption"] == nil)
      let weights = try #require(training.output?.weights)
      #expect(try await service.call("GET", weights, token: nil).bytes.count % 512 == 0)
      let version = try #require(training.output?.version)
      #expect(version.hasPrefix("demo/rain-study:"))
      let model = try await service.client.send(.model(ModelID(owner: "demo", name: "rain-study")))
      let prompt = try #require(model.latestVersion?.schema?.inputs.first { $0.name == "prompt" })
      #expect(prompt.isRequired && prompt.description.contains("DROP"))
      // On the input that the painter was run with.
      let run = try await service.client.send(
        .createPrediction(version: version, input: DemoModel.painter.exampleInput))
      let ended = try await service.end(of: run)
      #expect(ended.status == .succeeded && ended.output?.array?.count == 1)
    }
  }

  @Test func `a training without an archive or without pictures fails, with the reason`()
    async throws
  {
    try await withService(speed: 2000) { service in
      for (images, reason) in [
        (address(Array("hello".utf8), type: "text/plain"), TrainingPictures.notAnArchive.message),
        (address(archive("a.txt", "b.pdf")), TrainingPictures.noPictures.message),
        ("https://example.com/gone.zip", "HTTPError: 404 Client Error"),
      ] {
        let training = try await train(service, ["input_images": .string(images), "steps": 3])
        #expect(training.status == .failed)
        #expect(training.error?.hasPrefix(reason) == true)
        #expect(training.logs.contains("Traceback"))
        #expect(training.output == nil)
      }
      let versions = try await service.client.send(
        .versions(of: ModelID(owner: "demo", name: "rain-study")))
      #expect(versions.results.isEmpty)
    }
  }

  @Test func `a training's input is validated`() async throws {
    try await withService { service in
      let version = try await service.version(of: Self.trainer)
      let path = "/models/\(Self.trainer)/versions/\(version)/trainings"
      for (input, words) in [
        ([:], "input_images is required"),
        (["input_images": "no address"], "Does not match format 'uri'"),
        (["input_images": "https://a.b/c.zip", "steps": 6001], "less than or equal to 6000"),
        (["input_images": "https://a.b/c.zip", "resolution": "2048"], "must be one of"),
      ] as [(JSONObject, String)] {
        let answer = try await service.call(
          "POST", path, ["destination": "demo/rain-study", "input": .object(input)])
        #expect(answer.status == 422)
        #expect(answer.text.contains(words), "\(words)")
      }
    }
  }
}
