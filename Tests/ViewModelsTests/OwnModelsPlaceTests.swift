import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place with the account's own models.
@MainActor
@Suite(.endsSometime) struct `My models as a place` {
  private let stage: Stage
  private let remembered = RememberedModels([
    ModelID(owner: "acme", name: "remembered"), ModelID(owner: "other", name: "foreign"),
  ])

  init() {
    stage = Stage(remembered: remembered) {
      $0.models = [ModelID(owner: "team", name: "configured")]
    }
  }

  private var navigator: Navigator { stage.navigator }
  private var place: OwnModelsViewModel { stage.ownModels }
  private var names: [String] { place.models.visible.map(\.id.description) }

  private static func model(
    _ owner: String, _ name: String, runs: Int = 7, visibility: String = "private",
    _ more: String = #""latest_version":null"#
  ) -> String {
    """
    {"url":"https://replicate.com/\(owner)/\(name)","owner":"\(owner)","name":"\(name)",\
    "description":"What \(name) does","visibility":"\(visibility)","run_count":\(runs),\(more)}
    """
  }

  private func opened() async {
    stage.transport.answer(
      "GET /deployments",
      Stage.page([
        #"{"owner":"acme","name":"app","current_release":{"number":1,"model":"acme/deployed"}}"#,
        #"{"owner":"acme","name":"b","current_release":{"number":1,"model":"other/theirs"}}"#,
      ]))
    stage.transport.answer(
      "GET /trainings",
      Stage.page([
        #"{"id":"t1","model":"other/trainer","status":"succeeded","#
          + #""output":{"version":"acme/trained:abc"}}"#
      ]))
    stage.transport.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    stage.transport.answer("GET /models/team/configured", Self.model("team", "configured"))
    stage.transport.answer(
      "GET /models/acme/remembered", Self.model("acme", "remembered", runs: 4200))
    stage.transport.answer(
      "GET /models/acme/deployed", Self.model("acme", "deployed", visibility: "public"))
    await stage.started()
    await stage.visit(OwnModelsViewModel.id)
  }

  @Test func `those that are known from anywhere are listed, and no other account's`() async {
    await opened()
    #expect(
      names == ["team/configured", "acme/remembered", "acme/deployed", "acme/trained"])
    // One that couldn't be loaded is listed as well, with the reason.
    await stage.perform(.move(.end))
    #expect(place.models.selected?.model == nil)
    #expect(
      stage.reason(against: .own("own-models.change")) == "acme/trained couldn’t be loaded.")
    #expect(stage.reason(against: .own("own-models.page")) == nil)
    #expect(stage.details(of: place).first == "acme/trained")
  }

  @Test func `the list is filtered and sorted`() async {
    await opened()
    await stage.perform(.sort(OwnModelsViewModel.id, column: "runs"))
    #expect(names.first == "acme/remembered")
    await stage.perform(.sort(OwnModelsViewModel.id, column: "name"))
    #expect(names.first == "team/configured")
    await stage.perform(.filter, .edit(.insert("public")))
    #expect(names == ["acme/deployed"])
  }

  @Test func `another one is listed by its name, and remembered`() async {
    await opened()
    await stage.perform(.own("own-models.add"))
    await stage.answer("nonsense")
    #expect(stage.prompt?.problem == "That isn’t owner/name.")
    await stage.perform(.back, .own("own-models.add"))
    stage.transport.answer("GET /models/acme/another", Self.model("acme", "another"))
    await stage.answer(" acme/another ")
    #expect(names.contains("acme/another"))
    #expect(place.models.selected?.id.name == "another")
  }

  // MARK: Creating and changing

  @Test func `a new model is sent as it was filled in, and listed from then on`() async {
    await opened()
    await stage.perform(.own("own-models.create"))
    #expect(stage.field("owner")?.value == "acme")
    #expect(stage.field("visibility")?.value == "private")
    stage.fill("name", "fresh")
    stage.fill("hardware", "cpu")
    stage.fill("description", "A fresh one.")
    stage.fill("license_url", "https://a.example/license")
    stage.transport.answer("POST /models", status: 201, Self.model("acme", "fresh"))
    stage.transport.answer("GET /models/acme/fresh", Self.model("acme", "fresh"))
    await stage.perform(.send)
    #expect(
      stage.transport.body(of: "POST /models")
        == #"{"owner":"acme","name":"fresh","visibility":"private","hardware":"cpu","#
        + #""description":"A fresh one.","license_url":"https://a.example/license"}"#)
    #expect(navigator.focus == OwnModelsViewModel.id)
    #expect(names.contains("acme/fresh"))
    #expect(place.models.selected?.id.name == "fresh")
  }

  @Test func `only what was changed is sent, and a link can be taken away`() async {
    stage.transport.answer("GET /deployments", Stage.page([]))
    await opened()
    stage.transport.answer(
      "GET /models/acme/remembered",
      Self.model("acme", "remembered", #""github_url":"https://a.example/code""#))
    await stage.perform(.refresh, .move(.down), .own("own-models.change"))
    #expect(navigator.place.title == "Change remembered")
    await stage.perform(.send)
    #expect(navigator.notice?.text == "Nothing is changed yet, so nothing was sent.")
    stage.fill("weights_url", "https://a.example/weights")
    stage.transport.answer(
      "PATCH /models/acme/remembered", Self.model("acme", "remembered"))
    await stage.perform(.send)
    #expect(
      stage.transport.body(of: "PATCH /models/acme/remembered")
        == #"{"weights_url":"https://a.example/weights"}"#)
    #expect(navigator.notice == Notice(.done, "acme/remembered was changed."))

    await stage.perform(.own("own-models.change"))
    stage.fill("github_url", "x")
    await stage.perform(.form(.edit(.deleteBackward)), .send)
    #expect(
      stage.transport.body(of: "PATCH /models/acme/remembered") == #"{"github_url":""}"#)
  }

  @Test func `the README is edited, and sent only if it has changed`() async {
    await opened()
    await stage.perform(.move(.down))
    stage.transport.answer("GET /models/acme/remembered/readme", "# Old")
    await stage.perform(.own("own-models.readme"))
    #expect(stage.desktop.edited == ["README.md"])
    #expect(stage.calls("PATCH") == [])
    stage.desktop.edit = { $0 + "\nnew" }
    stage.transport.answer(
      "PATCH /models/acme/remembered", Self.model("acme", "remembered"))
    await stage.perform(.own("own-models.readme"))
    #expect(
      stage.transport.body(of: "PATCH /models/acme/remembered")
        == ##"{"readme":"# Old\nnew"}"##)
    #expect(navigator.notice == Notice(.done, "The README of acme/remembered was saved."))
  }

  @Test func `a README that couldn't be sent is kept, and quitting asks`() async {
    await opened()
    await stage.perform(.move(.down))
    stage.transport.answer("GET /models/acme/remembered/readme", "# Old")
    stage.transport.answer(
      "PATCH /models/acme/remembered", status: 403, #"{"detail":"not for you"}"#)
    stage.desktop.edit = { $0 + "\nnew" }
    await stage.perform(.own("own-models.readme"))
    #expect(navigator.notice?.text.contains("What you wrote is kept") == true)
    await stage.perform(.quit)
    #expect(stage.question?.message == "The README of acme/remembered wasn’t saved.")
    await stage.perform(.accept)
    // The editor opens with it again.
    stage.desktop.edit = { $0 + " again" }
    stage.transport.answer(
      "PATCH /models/acme/remembered", Self.model("acme", "remembered"))
    await stage.perform(.own("own-models.readme"))
    #expect(
      stage.transport.body(of: "PATCH /models/acme/remembered")
        == ##"{"readme":"# Old\nnew again"}"##)
    await stage.perform(.quit)
    #expect(navigator.isFinished)
  }

  // MARK: Deleting

  @Test func `deleting a model takes its typed name, and forgets it`() async {
    await opened()
    await stage.perform(.move(.down), .own("own-models.delete"))
    #expect(stage.prompt?.title == "Delete the model?")
    await stage.answer("acme/remembered")
    #expect(stage.prompt?.problem == "That isn’t its name, so nothing was deleted.")
    await stage.perform(.back, .own("own-models.delete"))
    stage.transport.answer("DELETE /models/acme/remembered", status: 204, "")
    await stage.answer("remembered")
    #expect(stage.calls("DELETE") == ["DELETE /models/acme/remembered"])
    #expect(navigator.notice == Notice(.done, "acme/remembered was deleted."))
    #expect(!names.contains("acme/remembered"))
  }

  @Test func `a public model says beforehand that it can't be deleted`() async {
    await opened()
    await stage.perform(.move(.down), .move(.down), .own("own-models.delete"))
    #expect(stage.prompt?.message.contains("This model is public") == true)
  }

  @Test func `a version is chosen, and deleted after the beginning of its ID was typed`() async {
    await opened()
    stage.transport.answer("GET /models/acme/remembered/versions", Stage.page([Stage.version]))
    await stage.perform(.move(.down), .own("own-models.delete-version"))
    guard case .chooser = navigator.overlay else {
      Issue.record("no versions are shown")
      return
    }
    await stage.perform(.accept)
    #expect(stage.prompt?.title == "Delete a version of acme/remembered?")
    let path = "DELETE /models/acme/remembered/versions/\(Stage.versionID)"
    stage.transport.answer(path, status: 202, "")
    await stage.answer(String(Stage.versionID.prefix(8)))
    #expect(stage.calls("DELETE") == [path])
    #expect(navigator.notice?.kind == .done)
  }

  @Test func `an outage leaves the list as it was, and its end renews it`() async {
    await opened()
    #expect(names.count == 4)
    stage.transport.fail(.unreachable("no route"))
    navigator.perform(.refresh)
    await stage.passing { navigator.session.outage != nil }
    // What was known stays.
    #expect(names.count == 4)
    stage.transport.answer("GET /models/acme/trained", Self.model("acme", "trained"))
    stage.transport.fail(nil)
    await stage.passing { place.models.rows.last?.model != nil }
    #expect(navigator.session.outage == nil)
  }

  @Test func `a token that may not list deployments still shows the known models`() async {
    await opened()
    stage.transport.answer("GET /deployments", status: 403, #"{"detail":"not for you"}"#)
    await stage.perform(.refresh)
    #expect(names.prefix(2) == ["team/configured", "acme/remembered"])
    #expect(place.models.failure == nil)
  }
}
