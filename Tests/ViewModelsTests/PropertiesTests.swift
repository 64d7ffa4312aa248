import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The forms about the account: nothing that was typed is lost, and nothing is sent twice.
@MainActor
@Suite(.endsSometime) struct `Forms about the account` {
  private let stage = Stage()

  private var navigator: Navigator { stage.navigator }

  private func opened() async {
    stage.transport.answer("GET /deployments", Stage.page([]))
    stage.transport.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    await stage.started()
    await stage.visit(OwnModelsViewModel.id)
    await stage.perform(.own("own-models.create"))
  }

  private static let made = #"{"owner":"acme","name":"thing","visibility":"private"}"#

  private func fillIn() {
    stage.fill("name", "thing")
    stage.fill("hardware", "cpu")
    stage.fill("description", "A thing.")
  }

  @Test func `keys are typed in it, and the run key says which one sends it`() async {
    await opened()
    #expect(navigator.isTyping)
    #expect(stage.reason(against: .run) == "Press Ctrl-R to create the model.")
    #expect(stage.reason(against: .send) == nil)
    #expect(stage.reason(against: .request(.show)) != nil)
    #expect(stage.reason(against: .form(.chooseFile)) != nil)
    await stage.perform(.back)
    #expect(!navigator.isTyping)
    #expect(stage.reason(against: .send) == "No form is open.")
  }

  @Test func `what is missing is marked, and nothing is sent`() async {
    await opened()
    await stage.perform(.send)
    #expect(stage.field("name")?.isMissing == true)
    #expect(stage.propertyForm?.focusedField?.name == "name")
    #expect(
      navigator.notice == Notice(.failed, "Fix the marked fields first. Nothing was sent."))
    #expect(stage.calls("POST") == [])
    stage.fill("name", "a name")
    stage.fill("hardware", "cpu")
    await stage.perform(.send)
    #expect(stage.field("name")?.isInvalid == true)
    #expect(stage.calls("POST") == [])
  }

  @Test func `Esc keeps what was typed, and opening it again brings it back`() async {
    await opened()
    fillIn()
    await stage.perform(.back)
    #expect(navigator.focus == OwnModelsViewModel.id)
    #expect(navigator.notice?.text.hasPrefix("What you typed is kept until you quit.") == true)
    await stage.perform(.own("own-models.create"))
    #expect(stage.field("name")?.value == "thing")
    #expect(stage.field("description")?.value == "A thing.")
    // Nothing is kept of a form that nothing was typed in.
    await stage.perform(.form(.resetAll), .back)
    #expect(navigator.notice == nil)
    #expect(navigator.session.properties.unsent.isEmpty)
  }

  @Test func `quitting asks while something wasn't sent, also after Esc`() async {
    await opened()
    fillIn()
    for _ in 0..<2 {
      await stage.perform(.quit)
      #expect(stage.question?.title == "Quit Replicant?")
      #expect(stage.question?.message == "What you typed in “New model” wasn’t sent.")
      await stage.perform(.accept)
      #expect(!navigator.isFinished)
      await stage.perform(.back)
    }
    await stage.visit(OwnModelsViewModel.id)
    await stage.perform(.own("own-models.create"), .form(.resetAll), .back, .quit)
    #expect(navigator.isFinished)
  }

  @Test func `a refusal marks the field, and loses nothing`() async {
    await opened()
    fillIn()
    stage.transport.answer(
      "POST /models", status: 422,
      #"""
      {"detail":"- name: is taken","status":422,"title":"Input validation failed",
       "invalid_fields":[{"type":"taken","field":"name","description":"is taken"}]}
      """#)
    await stage.perform(.send)
    #expect(navigator.focus == PropertiesViewModel.id)
    #expect(stage.field("name")?.problem == "is taken")
    #expect(stage.propertyForm?.focusedField?.name == "name")
    #expect(stage.field("description")?.value == "A thing.")
    #expect(
      navigator.notice == Notice(.failed, "Replicate rejected it. See the marked fields."))
    // Another name is taken as it is.
    await stage.perform(.form(.unset))
    stage.fill("name", "thing-2")
    stage.transport.answer("POST /models", status: 201, Self.made)
    await stage.perform(.send)
    #expect(stage.transport.body(of: "POST /models")?.contains(#""name":"thing-2""#) == true)
    #expect(navigator.focus == OwnModelsViewModel.id)
  }

  @Test func `what is wrong elsewhere is told in words`() async {
    await opened()
    fillIn()
    stage.transport.answer(
      "POST /models", status: 422,
      #"""
      {"detail":"x","status":422,"title":"x",
       "invalid_fields":[{"type":"x","field":"billing","description":"has no card"}]}
      """#)
    await stage.perform(.send)
    #expect(navigator.notice?.text.hasPrefix("Replicate rejected it: ") == true)
    #expect(navigator.notice?.text.contains("has no card") == true)
    stage.transport.answer("POST /models", status: 409, #"{"detail":"There is one already."}"#)
    await stage.perform(.send)
    #expect(navigator.notice?.text.contains("There is one already.") == true)
    #expect(stage.field("name")?.value == "thing")
    #expect(stage.properties.shown?.isSending == false)
  }

  @Test func `a form is sent once, however often the key is pressed`() async {
    await opened()
    fillIn()
    stage.transport.answer("POST /models", status: 201, Self.made)
    stage.transport.hold("POST /models")
    navigator.perform(.send)
    await stage.transport.sent("POST /models")
    #expect(stage.reason(against: .send) == "It is being sent.")
    navigator.perform(.send)
    #expect(navigator.notice == Notice(.failed, "It is being sent."))
    navigator.perform(.quit)
    #expect(stage.question?.message == "“New model” is being sent.")
    navigator.perform(.accept)
    stage.transport.release("POST /models")
    await stage.perform(.dismiss)
    #expect(stage.calls("POST") == ["POST /models"])
    #expect(navigator.focus == OwnModelsViewModel.id)
  }

  @Test func `whoever has left while it is sent isn't taken back`() async {
    await opened()
    fillIn()
    stage.transport.answer("POST /models", status: 201, Self.made)
    stage.transport.hold("POST /models")
    navigator.perform(.send)
    await stage.transport.sent("POST /models")
    navigator.perform(.focus(.models))
    stage.transport.release("POST /models")
    await stage.perform(.dismiss)
    #expect(navigator.focus == .models)
    #expect(navigator.notice?.text.hasPrefix("acme/thing is there.") == true)
    #expect(navigator.session.properties.unsent.isEmpty)
  }

  @Test func `a refusal after leaving keeps the form for the next time`() async {
    await opened()
    fillIn()
    stage.transport.answer("POST /models", status: 409, #"{"detail":"There is one already."}"#)
    stage.transport.hold("POST /models")
    navigator.perform(.send)
    await stage.transport.sent("POST /models")
    navigator.perform(.back)
    #expect(navigator.focus == OwnModelsViewModel.id)
    stage.transport.release("POST /models")
    await stage.perform(.dismiss)
    await stage.perform(.own("own-models.create"))
    #expect(stage.field("name")?.value == "thing")
    #expect(stage.reason(against: .send) == nil)
  }

  @Test func `a long text opens in the editor, and comes back from there`() async {
    stage.transport.answer(
      "GET /webhooks/default/secret", #"{"key":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"#)
    await stage.started()
    await stage.visit(WebhooksViewModel.id)
    await stage.perform(.own("webhooks.verify"))
    stage.desktop.edit = { $0 + "edited" }
    await stage.perform(.editText)
    #expect(stage.desktop.edited.count == 1)
    #expect(stage.field("delivery")?.value == "edited")
    // A secret opens nowhere.
    stage.fill("secret", "whsec_AAAA")
    await stage.perform(.editText)
    #expect(stage.desktop.edited.count == 1)
  }

  @Test func `a mark that is about another field goes when that one is changed`() async {
    await opened()
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "app")
    stage.fill("model", "acme/painter")
    stage.fill("hardware", "cpu")
    stage.fill("min_instances", "2")
    await stage.perform(.send)
    #expect(stage.field("min_instances")?.isInvalid == true)
    stage.fill("max_instances", "3")
    await stage.perform(.send)
    #expect(stage.question?.title == "Create the deployment?")
  }
}
