import Foundation
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// The inputs and outputs of models of which only the description is known.
struct ModelTaskTests {
  @Test(arguments: [
    ("musicgen", "Generate music from a prompt or melody", ModelTask.music),
    ("whisperx", "Fast automatic speech recognition with word-level timestamps", .transcription),
    ("speaker-diarization", "Segments a recording based on who is speaking", .transcription),
    ("spark-tts", "0.5B", .speech), ("kokoro", "Text to speech in many voices", .speech),
    ("rvc", "Voice conversion with your own voice", .soundConversion),
    ("wan-2.1-i2v-480p", "Accelerated inference for image to video", .videoFromPicture),
    ("lipsync-2", "Studio-grade lipsync in minutes", .videoFromPicture),
    ("vid2webp", "Convert your video into webp format", .videoConversion),
    ("hunyuan-video", "A text-to-video model", .video), ("x", "Makes short videos", .video),
    ("blip-2", "Answers questions about images", .description),
    ("clip-tags", "Generates captions for images", .description),
    ("yolo", "Object detection in photos", .detection),
    ("real-esrgan", "Image upscaling on an A100", .pictureConversion),
    ("x", "Remove background from images", .pictureConversion),
    ("x", "Transfer the style of one image to another: style transfer", .pictureConversion),
    ("flux-schnell", "The fastest image generation model", .picture),
    ("sdxl-akira", "SDXL model trained on the cult movie AKIRA", .picture),
    ("flux-myst", "Flux lora based on the original Myst video game", .picture),
    ("flux-slow", "Flux LoRA in the style of the covers of a song", .picture),
    ("t2i-adapter-sdxl-canny", "Modify images using canny edges", .pictureConversion),
    ("audio-trimmer", "Trims the end of your audio", .soundConversion),
    ("ongo", "Generate a painting using text.", .picture), ("my-flux-lora", "", .picture),
    ("bge-large", "Text embeddings", .embedding),
    ("llama-3-70b", "A 70 billion parameter language model", .chat),
    ("o4-mini", "OpenAI's fast, lightweight reasoning model", .chat),
    ("gsat", "", .text), ("m7", "", .text), ("thing", "A thing that does things", .text),
    // Parts of other words are no signs.
    ("x", "A pattern of wattage in asriel", .text),
  ])
  func `a description shows what a model does`(name: String, description: String, task: ModelTask) {
    #expect(ModelTask(name: name, description: description) == task)
  }

  @Test(arguments: ModelTask.allCases)
  func `a model of each task runs, and outputs what its schema says`(task: ModelTask) async throws {
    let schema = ModelSchema(openAPI: task.schema)
    #expect(!schema.inputs.isEmpty)
    #expect(schema.inputs.allSatisfy { !$0.description.isEmpty && $0.kind != .json })
    let name = "\(task.rawValue)"
    let model = DemoModels.echo(
      id: ModelID(owner: "a", name: name), description: "", runCount: 1, schema: task.schema)
    let record = try await model.recorded(["prompt": "Two owls", "text": "Two owls"])
    switch schema.output {
    case .files, .fileStream: #expect(record.items.first?.string?.hasPrefix("http") == true)
    case .textStream: #expect(record.text == "Two owls Two owls" || record.text == "Two owls")
    default: #expect(record.output?.isNull == false)
    }
  }

  @Test func `files are of the kind that the description promises`() async throws {
    func files(_ name: String, _ description: String) async throws -> RecordingJob.Record {
      let model = DemoModels.echo(
        id: ModelID(owner: "a", name: name), description: description, runCount: 1, schema: nil)
      #expect(model.readme.contains("fits its description"))
      return try await model.recorded(["prompt": "two owls", "text": "two owls"])
    }
    let sound = try #require(try await files("x", "Makes music").files.first)
    #expect(sound.type == WAV.type)
    #expect(try WAV(file: sound.bytes).seconds > 1)
    let film = try #require(try await files("x", "Makes videos").files.first)
    #expect(film.type == Film.type && film.name.hasSuffix(".avi"))
    let picture = try #require(try await files("x", "Makes images").files.first)
    #expect(try PNG.decoded(picture.bytes).width == 320)
  }

  @Test func `a film is a RIFF file with its frames`() throws {
    let frame = Picture(PictureSize(width: 3, height: 2), filledWith: Color(1, 0, 0.5))
    let bytes = Film(frames: [frame, frame]).file
    #expect(bytes.starts(with: "RIFF".utf8))
    #expect(bytes.littleEndian(at: 4) == UInt32(bytes.count - 8))
    let text = bytes.map { $0 < 128 ? Character(Unicode.Scalar($0)) : "?" }
    #expect(String(text).split(separator: "00db").count == 3)
    // Three pixels of three bytes, filled up to twelve.
    #expect(bytes.suffix(24).prefix(12) == [127, 0, 255, 127, 0, 255, 127, 0, 255, 0, 0, 0])
  }

  // MARK: Lists and schemas together

  private func catalog(models: String, schemas: [String: String]) throws -> DemoCatalog {
    let folder = FileManager.default.temporaryDirectory.appending(path: "both-\(UUID().uuidString)")
    let inner = folder.appending(path: "schemas")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let list = folder.appending(path: "models.json")
    try Data(models.utf8).write(to: list)
    for (name, text) in schemas { try Data(text.utf8).write(to: inner.appending(path: name)) }
    var options = DemoOptions()
    options.modelsFile = list.path
    options.schemasFolder = inner.path
    return try DemoCatalog(options)
  }

  @Test func `a model in a list and with a schema has what either of them knows`() throws {
    let catalog = try catalog(
      models: """
        [{"owner": "a", "name": "whisper", "description": "Transcribes speech", "run_count": 12345,
          "cover_image_url": "https://example.invalid/c.png", "is_official": true},
         {"owner": "a", "name": "known", "description": "From the list", "run_count": 5},
         {"owner": "a", "name": "alone", "description": "Text embeddings", "run_count": 7}]
        """,
      schemas: [
        "a.json": """
        {"owner": "a", "name": "whisper", "run_count": 0, "description": null,
         "latest_version": {"id": "1", "openapi_schema": {"components": {"schemas": {
           "Input": {"properties": {"own": {"type": "string"}}}}}}}}
        """,
        "b.json": """
        {"owner": "a", "name": "known", "run_count": 900, "description": "Its own",
         "latest_version": {"id": "2"}}
        """,
        "c.json": #"{"owner": "a", "name": "fresh", "description": "Makes music"}"#,
        "d.json": #"{"owner": "a", "name": "empty", "latest_version": null}"#,
      ])
    func entry(_ name: String) throws -> (DemoCatalog.Entry, JSONObject?, DemoModel) {
      let index = try #require(catalog.index(of: ModelID(owner: "a", name: name)))
      return (catalog.entries[index], catalog.objects[index], catalog.model(at: index))
    }
    let (whisper, object, model) = try entry("whisper")
    #expect(whisper.runCount == 12_345 && whisper.description == "Transcribes speech")
    #expect(whisper.coverURL != nil && whisper.isOfficial)
    #expect(object?["run_count"] == 12_345 && object?["description"] == "Transcribes speech")
    #expect(object?["cover_image_url"] == "https://example.invalid/c.png")
    #expect(object?["is_official"] == true)
    #expect(model.runCount == 12_345 && model.inputs.map(\.name) == ["own"])

    let (known, knownObject, knownModel) = try entry("known")
    #expect(known.runCount == 900 && known.description == "Its own")
    #expect(knownObject?["description"] == "Its own")
    #expect(knownModel.inputs.map(\.name) == ["prompt"])

    #expect(try entry("fresh").2.inputs.map(\.name) == ["prompt", "duration", "seed"])
    #expect(
      try entry("fresh").1?["latest_version"]?["openapi_schema"] == ModelTask.music.schema)
    #expect(try entry("empty").1?["latest_version"] == .null)
    #expect(try entry("alone").2.schema == ModelTask.embedding.schema)

    // The collection of all models knows the same.
    let all = try JSONValue(parsing: try #require(catalog.allModels))
    #expect(all["models"]?[0]?["run_count"] == 12_345)
    #expect(all["models"]?[1]?["run_count"] == 900)
    #expect(all["models"]?[1]?["description"] == "Its own")
    #expect(all["models"]?.array?.count == 3)
  }
}
