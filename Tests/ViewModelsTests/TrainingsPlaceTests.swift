import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place with the account's trainings.
@MainActor
@Suite(.endsSometime) struct `Trainings as a place` {
  private let stage = Stage()

  private var navigator: Navigator { stage.navigator }
  private var place: TrainingsViewModel { stage.trainings }

  private static let trainedVersion = String(repeating: "0f3e", count: 16)

  private static let trainer = """
    {"url":"https://replicate.com/acme/trainer","owner":"acme","name":"trainer",\
    "description":"Trains.","visibility":"public","is_official":false,\
    "default_example":{"id":"e1","model":"acme/trainer","status":"succeeded",\
    "input":{"prompt":"a photo of TOK","foreign":1}},\
    "latest_version":{"id":"\(Stage.versionID)","created_at":"2026-10-01T10:00:00.123456Z",\
    "cog_version":"0.16.6","openapi_schema":{"components":{"schemas":{\
    "Input":{"type":"object","required":["prompt"],\
    "properties":{"prompt":{"type":"string","x-order":0}}},"Output":{"type":"string"},\
    "TrainingInput":{"type":"object","required":["input_images"],"properties":{\
    "input_images":{"type":"string","format":"uri","x-order":0,"description":"A zip of pictures"},\
    "trigger_word":{"type":"string","x-order":1,"default":"TOK"},\
    "steps":{"type":"integer","x-order":2,"default":1000,"minimum":3,"maximum":6000}}},\
    "TrainingOutput":{"type":"object"}}}}}}
    """

  private static func training(
    _ id: String, _ status: String, _ created: String = "2026-11-24T02:50:00Z",
    word: String = "TOK", output: String? = nil
  ) -> String {
    """
    {"id":"\(id)","model":"acme/trainer","version":"\(Stage.versionID)","status":"\(status)",\
    "input":{"input_images":"https://a.example/p.zip","trigger_word":"\(word)","steps":500},\
    "created_at":"\(created)","logs":"","output":\(output ?? "null"),\
    "urls":{"get":"http://127.0.0.1:1/v1/predictions/\(id)",\
    "cancel":"http://127.0.0.1:1/v1/predictions/\(id)/cancel"}}
    """
  }

  private static let made = #"{"version":"acme/painter-cat:\#(trainedVersion)","weights":"w"}"#

  private func opened(_ trainings: [String]? = nil) async {
    stage.transport.answer(
      "GET /trainings",
      Stage.page(
        trainings ?? [
          Self.training("t1", "succeeded", word: "CAT", output: Self.made),
          Self.training("t2", "processing", "2026-11-24T01:00:00Z", word: "DOG"),
          Self.training("t3", "failed", "2026-11-23T01:00:00Z", word: "OWL"),
        ]))
    stage.transport.answer("GET /models/acme/trainer", Self.trainer)
    stage.transport.answer(
      "GET /hardware",
      #"[{"name":"CPU","sku":"cpu"},{"name":"Nvidia L40S GPU","sku":"gpu-l40s"}]"#)
    await stage.started()
    await stage.visit(TrainingsViewModel.id)
  }

  private var ids: [String] { place.trainings.visible.map(\.id.rawValue) }

  private var trainingPath: String {
    "POST /models/acme/trainer/versions/\(Stage.versionID)/trainings"
  }

  // MARK: The list

  @Test func `the list is filtered and sorted by what it shows`() async {
    await opened()
    #expect(ids == ["t1", "t2", "t3"])
    await stage.perform(.filter, .edit(.insert("owl")))
    #expect(ids == ["t3"])
    await stage.perform(.back, .filter, .edit(.insert("painter-cat")))
    #expect(ids == ["t1"])
    await stage.perform(.back, .sort(TrainingsViewModel.id, column: "status"))
    #expect(ids == ["t3", "t2", "t1"])
  }

  @Test func `trainings aren't predictions, here or there`() async {
    await opened()
    #expect(place.trainings.rows.count { $0.isTraining } == 3)
    #expect(!stage.predictions.predictions.rows.contains { $0.run?.isTraining == true })
    #expect(!navigator.session.runs.newestFirst.contains { $0.isTraining })
  }

  @Test func `what can't be done with a training says why`() async {
    await opened()
    // Of one that has made a version, everything but canceling it.
    #expect(stage.reason(against: .own("trainings.version")) == nil)
    #expect(stage.reason(against: .cancel) == "This training has ended.")
    await stage.perform(.move(.down))
    #expect(
      stage.reason(against: .own("trainings.version")) == "It hasn’t made a version yet.")
    #expect(stage.reason(against: .cancel) == nil)
    await stage.perform(.move(.down))
    for id in ["version", "try"] as [String] {
      let command = Command.own(CommandID("trainings.\(id)"))
      #expect(stage.reason(against: command) == "This training made no version.", "\(id)")
    }
    #expect(place.subject?.text() == "t3")
  }

  @Test func `where none is listed, only starting one is offered`() async {
    await opened([])
    #expect(stage.reason(against: .own("trainings.try")) == "No training is selected.")
    #expect(stage.reason(against: .rerun) == "No training is selected.")
    #expect(stage.reason(against: .cancel) == "No training is selected.")
    #expect(stage.reason(against: .own("trainings.start")) == nil)
  }

  @Test func `the version that was made is opened`() async {
    await opened()
    #expect(place.subject?.text() == "acme/painter-cat:\(Self.trainedVersion)")
    stage.transport.answer("GET /models/acme/painter-cat", Stage.summary("acme", "painter-cat", 1))
    stage.transport.answer(
      "GET /models/acme/painter-cat/versions/\(Self.trainedVersion)",
      Stage.version.replacing(Stage.versionID, with: Self.trainedVersion))
    await stage.perform(.own("trainings.version"))
    #expect(navigator.focus == .model)
    #expect(stage.model.shown?.description == "acme/painter-cat")
  }

  // MARK: Starting

  /// Opens the form of the trainer, and fills in what it needs.
  private func fillIn(_ destination: String = "painter-cat") async {
    await stage.perform(.own("trainings.start"))
    #expect(stage.prompt?.title == "Train a model")
    // The trainer of the selected training is there already.
    #expect(stage.prompt?.text.text == "acme/trainer")
    await stage.perform(.accept)
    #expect(navigator.place.title == "Train trainer")
    stage.fill("destination", destination)
    stage.fill("input_images", "https://a.example/cats.zip")
    stage.fill("steps", "500")
  }

  private static let body =
    #"{"destination":"acme/painter-cat","input":"#
    + #"{"input_images":"https://a.example/cats.zip","steps":500}}"#

  @Test func `a training is sent as it was filled in`() async {
    await opened()
    stage.transport.answer("GET /models/acme/painter-cat", Stage.summary("acme", "painter-cat", 1))
    stage.transport.answer(trainingPath, status: 201, Self.training("new1", "starting"))
    await fillIn()
    await stage.perform(.send)
    // The model is there, so it isn't made.
    #expect(stage.calls("POST") == [trainingPath])
    #expect(stage.transport.body(of: trainingPath) == Self.body)
    #expect(ids.first == "new1")
    #expect(place.live?.shown?.id.rawValue == "new1")
    #expect(
      navigator.notice
        == Notice(.done, "The training has started. It makes a version of acme/painter-cat."))
    #expect(navigator.session.runs.ownUnderWay.map(\.id.rawValue) == ["new1"])
  }

  @Test func `a destination that isn't there is made, private and on a GPU`() async {
    await opened()
    stage.transport.answer("POST /models", status: 201, Stage.summary("acme", "painter-cat", 0))
    stage.transport.answer(trainingPath, status: 201, Self.training("new1", "starting"))
    await fillIn(" acme/painter-cat ")
    await stage.perform(.send)
    #expect(stage.calls("POST") == ["POST /models", trainingPath])
    #expect(
      stage.transport.body(of: "POST /models")
        == #"{"owner":"acme","name":"painter-cat","visibility":"private","hardware":"gpu-l40s"}"#)
    #expect(stage.transport.body(of: trainingPath) == Self.body)
  }

  @Test func `nothing is made where nobody knows whether the destination is there`() async {
    await opened()
    stage.transport.answer(
      "GET /models/acme/painter-cat", status: 403, #"{"detail":"not for you"}"#)
    await fillIn()
    await stage.perform(.send)
    #expect(stage.calls("POST") == [])
    #expect(navigator.notice?.text.contains("not for you") == true)
    #expect(stage.field("destination")?.value == "painter-cat")
    #expect(navigator.focus == PropertiesViewModel.id)
  }

  @Test func `a refused training marks its field, and loses nothing`() async {
    await opened()
    stage.transport.answer("GET /models/acme/painter-cat", Stage.summary("acme", "painter-cat", 1))
    stage.transport.answer(
      trainingPath, status: 422,
      #"""
      {"detail":"- input.steps: too many","status":422,"title":"Input validation failed",
       "invalid_fields":[{"type":"x","field":"input.steps","description":"too many"}]}
      """#)
    await fillIn()
    await stage.perform(.send)
    #expect(stage.field("steps")?.problem == "too many")
    #expect(stage.field("input_images")?.value == "https://a.example/cats.zip")
    // Esc and another look bring it back.
    await stage.perform(.back, .own("trainings.start"), .accept)
    #expect(stage.field("input_images")?.value == "https://a.example/cats.zip")
  }

  @Test func `a model without inputs for a training can't be trained`() async {
    await opened([])
    await stage.perform(.own("trainings.start"))
    await stage.answer("nonsense")
    #expect(stage.prompt?.problem == "That isn’t owner/name.")
    await stage.perform(.back, .own("trainings.start"))
    await stage.answer("acme/painter")
    #expect(navigator.focus == TrainingsViewModel.id)
    #expect(
      navigator.notice?.text
        == "acme/painter can’t be trained: its schema has no inputs for a training.")
  }

  @Test func `another training like an earlier one begins with its input`() async {
    await opened()
    await stage.perform(.rerun)
    #expect(navigator.focus == PropertiesViewModel.id)
    #expect(stage.field("trigger_word")?.value == "CAT")
    #expect(stage.field("steps")?.value == 500)
    #expect(stage.field("destination")?.value == "acme/painter-cat")
  }

  @Test func `a model's page leads to its training`() async {
    await opened()
    await stage.perform(
      .openAddress(.model(ModelID(owner: "acme", name: "trainer"), version: nil)),
      .own("model.train"))
    #expect(navigator.place.title == "Train trainer")
  }

  // MARK: Following

  @Test func `a training is followed to its end, which is news`() async {
    await opened()
    stage.transport.answer("GET /models/acme/painter-cat", Stage.summary("acme", "painter-cat", 1))
    stage.transport.answer(trainingPath, status: 201, Self.training("new1", "starting"))
    stage.transport.answer("GET /trainings/new1", Self.training("new1", "processing"))
    await fillIn()
    await stage.perform(.send)
    let run = place.trainings.rows.first
    await stage.passing { run?.prediction.status == .processing }
    #expect(stage.transport.sent.contains("GET /trainings/new1"))
    #expect(!stage.transport.sent.contains("GET /predictions/new1"))
    stage.transport.answer(
      "GET /trainings/new1", Self.training("new1", "succeeded", output: Self.made))
    await stage.passing { run?.isUnderWay == false }
    #expect(navigator.notice == Notice(.done, "The training of trainer succeeded."))
    #expect(navigator.session.runs.ownUnderWay.isEmpty)
    place.trainings.select { $0.id == "new1" }
    #expect(stage.reason(against: .own("trainings.version")) == nil)
  }

  @Test func `canceling asks, and goes to the training's own address`() async {
    await opened()
    stage.transport.answer("POST /trainings/t2/cancel", Self.training("t2", "canceled"))
    await stage.perform(.move(.down), .cancel)
    #expect(stage.question?.title == "Cancel this training?")
    await stage.perform(.accept)
    #expect(stage.calls("POST") == [])
    await stage.perform(.cancel, .choose(1))
    #expect(stage.calls("POST") == ["POST /trainings/t2/cancel"])
    #expect(place.trainings.rows.first { $0.id == "t2" }?.prediction.status == .canceled)
  }

  @Test func `a training is opened by its address`() async throws {
    await opened()
    await stage.visit(.models)
    let address = try #require(Address("https://replicate.com/trainings/t2"))
    await stage.perform(.openAddress(address))
    #expect(navigator.owner == TrainingsViewModel.id)
    #expect(place.trainings.selected?.id == "t2")
    #expect(place.live?.shown?.id == "t2")
  }

  // MARK: Comparing

  private func compare() async {
    await opened()
    stage.transport.answer(
      "GET /models/acme/painter-cat/versions/\(Self.trainedVersion)",
      Stage.version.replacing(Stage.versionID, with: Self.trainedVersion))
    stage.transport.answer(
      "POST /predictions", status: 201,
      Stage.prediction("new1", "starting", "2026-11-24T03:00:00Z"))
    await stage.perform(.own("trainings.try"))
  }

  private var created: [String] {
    stage.transport.requests.filter { $0.method == "POST" }.map {
      String(decoding: $0.body ?? [], as: UTF8.self)
    }
  }

  @Test func `the version and its base run with one input, after one question`() async {
    await compare()
    #expect(stage.question?.title == "Run both?")
    #expect(stage.question?.message.contains("“a photo of TOK”") == true)
    #expect(created == [])
    await stage.perform(.accept)
    #expect(created == [])
    await stage.perform(.own("trainings.try"), .choose(1))
    #expect(
      created == [
        #"{"version":"\#(Stage.versionID)","input":{"prompt":"a photo of TOK"}}"#,
        #"{"version":"\#(Self.trainedVersion)","input":{"prompt":"a photo of TOK"}}"#,
      ])
    #expect(navigator.focus == .live)
  }

  @Test func `the command without the question does nothing by itself`() async {
    await opened()
    await stage.perform(.own("trainings.try-now"))
    #expect(created == [])
  }

  @Test func `without an input that fits both, nothing runs`() async {
    await opened()
    stage.transport.answer(
      "GET /models/acme/trainer", Self.trainer.replacing("a photo of TOK", with: ""))
    stage.transport.answer(
      "GET /models/acme/painter-cat/versions/\(Self.trainedVersion)",
      Stage.version.replacing(#""prompt":{"type":"string""#, with: #""text":{"type":"string""#)
        .replacing(#"["prompt"]"#, with: #"["text"]"#))
    await stage.perform(.own("trainings.try"))
    #expect(stage.question == nil)
    #expect(navigator.notice?.text.hasPrefix("No input is known that fits both.") == true)
    #expect(created == [])
  }
}
