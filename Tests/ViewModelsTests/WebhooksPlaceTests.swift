import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place about webhooks: the secret, deliveries that were checked, and those that were made again.
@MainActor
@Suite(.endsSometime) struct `Webhooks as a place` {
  private let stage = Stage()
  private let receiver = ScriptedTransport()
  private let secret = WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")

  private var navigator: Navigator { stage.navigator }
  private var place: WebhooksViewModel { stage.webhooks }

  private func opened() async {
    stage.transport.answer("GET /webhooks/default/secret", #"{"key":"\#(secret.key)"}"#)
    await stage.started()
    place.makeTransport = { [receiver] in receiver }
    await stage.visit(WebhooksViewModel.id)
  }

  /// What somebody copies from a receiver's log.
  private func pasted(age: Int = 0, body: String = #"{"id":"aaa1"}"#, signed: String? = nil) throws
    -> String
  {
    let time = 1_795_489_200 - age
    let signature = try #require(
      secret.sign(id: "msg_1", timestamp: time, body: Array((signed ?? body).utf8)))
    return
      "webhook-id: msg_1\nwebhook-timestamp: \(time)\nwebhook-signature: \(signature)\n\n\(body)"
  }

  // MARK: The secret

  @Test func `the secret is shown by its end, and copied only after a question`() async {
    await opened()
    let details = stage.details(of: place)
    #expect(details.contains("secret: whsec_…LaSw"))
    #expect(!details.joined().contains("MfKQ9r8G"))
    // The key that copies anything doesn't copy it.
    #expect(stage.reason(against: .copy) != nil)
    await stage.perform(.own("webhooks.copy-secret"))
    #expect(stage.question?.title == "Copy the webhook secret?")
    await stage.perform(.accept)
    #expect(stage.desktop.copied == [])
    await stage.perform(.own("webhooks.copy-secret"), .choose(1))
    #expect(stage.desktop.copied == [secret.key])
  }

  @Test func `a secret that hasn't come can't be copied`() async {
    stage.transport.answer(
      "GET /webhooks/default/secret", status: 403, #"{"detail":"not for you"}"#)
    await stage.started()
    await stage.visit(WebhooksViewModel.id)
    #expect(
      stage.reason(against: .own("webhooks.copy-secret")) == "The secret hasn’t loaded.")
    #expect(stage.details(of: place).joined().contains("not for you"))
  }

  // MARK: Checking

  @Test func `a genuine delivery is found genuine`() async throws {
    await opened()
    await stage.perform(.own("webhooks.verify"))
    stage.fill("delivery", try pasted())
    await stage.perform(.send)
    #expect(navigator.notice == Notice(.done, "The delivery is genuine."))
    #expect(navigator.focus == WebhooksViewModel.id)
    #expect(place.deliveries.selected?.summary == "genuine")
    #expect(place.deliveries.selected?.prediction == "aaa1")
    #expect(stage.details(of: place).first == "Genuine")
  }

  @Test(arguments: ["old", "changed", "signed by another"])
  func `one that isn't genuine says why`(fault: String) async throws {
    await opened()
    await stage.perform(.own("webhooks.verify"))
    let text =
      switch fault {
      case "old": try pasted(age: 3600)
      case "changed": try pasted(body: #"{"id":"aaa2"}"#, signed: #"{"id":"aaa1"}"#)
      default: try pasted()
      }
    stage.fill("delivery", text)
    if fault == "signed by another" { stage.fill("secret", "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAA") }
    await stage.perform(.send)
    #expect(navigator.notice?.text.hasPrefix("The delivery isn’t genuine. ") == true)
    #expect(place.deliveries.selected?.isGood == false)
    #expect(stage.details(of: place).contains { $0.hasPrefix("wrong: ") })
    #expect(stage.calls("POST") == [])
  }

  @Test func `what is no delivery stays in its field, marked`() async {
    await opened()
    await stage.perform(.own("webhooks.verify"))
    stage.fill("delivery", "hello")
    await stage.perform(.send)
    #expect(navigator.focus == PropertiesViewModel.id)
    #expect(stage.field("delivery")?.isInvalid == true)
    #expect(stage.field("delivery")?.value == nil || stage.field("delivery")?.value == "hello")
    #expect(place.deliveries.rows.isEmpty)
  }

  // MARK: Sending again

  private func replay(_ address: String) async {
    stage.transport.answer(
      "GET /predictions/aaa1",
      Stage.prediction(
        "aaa1", "succeeded", "2026-11-24T02:55:00Z",
        #""started_at":"2026-11-24T02:55:02Z","completed_at":"2026-11-24T02:55:06Z","#
          + #""output":"a fox","logs":"painting\n""#))
    await stage.perform(.own("webhooks.replay"))
    stage.fill("address", address)
  }

  @Test func `a prediction's deliveries go to this machine, signed, without a question`()
    async throws
  {
    await opened()
    receiver.answer("POST http://localhost:9/hook", "ok")
    await replay("http://localhost:9/hook")
    // The newest that has ended is offered.
    #expect(stage.field("prediction")?.value == "aaa1")
    await stage.perform(.send)
    #expect(navigator.overlay == nil)
    let requests = receiver.requests
    #expect(requests.count == 4)
    #expect(requests.allSatisfy { $0.url == "http://localhost:9/hook" })
    for request in requests {
      let headers = Dictionary(
        request.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { $1 })
      let id = try #require(headers["webhook-id"])
      let time = try #require(headers["webhook-timestamp"].flatMap(Int.init))
      #expect(
        headers["webhook-signature"]
          == secret.sign(id: id, timestamp: time, body: request.body ?? []))
      #expect(headers["authorization"] == nil)
    }
    #expect(place.deliveries.rows.map(\.event) == ["completed", "logs", "output", "start"])
    #expect(place.deliveries.rows.allSatisfy { $0.isGood == true })
    #expect(navigator.notice == Notice(.done, "All 4 deliveries were taken."))
  }

  @Test func `another machine gets nothing before a question`() async {
    await opened()
    receiver.answer(
      "POST https://a.example/hook", status: 302, headers: [("location", "http://b.example/")], "")
    await replay("https://a.example/hook")
    for name in ["start", "output", "logs"] { stage.fill(name, "off") }
    await stage.perform(.send)
    #expect(stage.question?.message.hasPrefix("a.example isn’t this machine.") == true)
    await stage.perform(.accept)
    #expect(receiver.sent.isEmpty)
    await stage.perform(.send, .choose(1))
    #expect(receiver.requests.map(\.url) == ["https://a.example/hook"])
    #expect(navigator.notice?.kind == .failed)
    #expect(navigator.notice?.text.hasPrefix("1 of 1 deliveries") == true)
    #expect(place.deliveries.selected?.isGood == false)
    #expect(stage.details(of: place).joined().contains("redirect"))
  }

  @Test func `an address that can't be one, and no event at all, are marked`() async {
    await opened()
    await replay("localhost")
    await stage.perform(.send)
    #expect(stage.field("address")?.isInvalid == true)
    #expect(receiver.sent.isEmpty)
    await stage.perform(.form(.unset))
    stage.fill("address", "http://localhost:9/hook")
    for name in ["start", "output", "logs", "completed"] { stage.fill(name, "off") }
    await stage.perform(.send)
    #expect(stage.field("completed")?.problem == "choose at least one event")
    #expect(receiver.sent.isEmpty)
  }
}
