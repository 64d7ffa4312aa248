import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place about the account itself.
@MainActor
@Suite(.endsSometime) struct `The account as a place` {
  private let stage = Stage(token: "r8_0123456789abcdef")

  private var navigator: Navigator { stage.navigator }
  private var place: AccountViewModel { stage.accountPlace }

  private func opened() async {
    await stage.started()
    await stage.visit(AccountViewModel.id)
  }

  private func details(_ topic: AccountViewModel.Topic) async -> [String] {
    place.topics.select { $0 == topic }
    await navigator.settled()
    return stage.details(of: place)
  }

  @Test func `who it is and where its billing is`() async {
    await opened()
    #expect(place.summary(of: .account) == "acme (Acme)")
    let details = await details(.account)
    #expect(details.contains("name: acme") && details.contains("kind: organization"))
    #expect(details.contains("billing: https://replicate.com/account/billing"))
    #expect(place.subject?.text() == "acme")
    #expect(place.subject?.address == "https://replicate.com/acme")
  }

  @Test func `only the end of a token is shown`() async {
    await opened()
    #expect(place.summary(of: .token) == "…cdef")
    let details = await details(.token)
    #expect(details.contains("ends in: …cdef"))
    #expect(details.contains("from: the start of Replicant"))
    for topic in AccountViewModel.Topic.allCases {
      let text = await self.details(topic).joined() + place.summary(of: topic)
      #expect(!text.contains("0123456789"), "\(topic)")
    }
    await stage.perform(.page)
    #expect(!stage.desktop.paged.joined().contains("0123456789"))
  }

  @Test func `of a short token nothing is shown`() async {
    let stage = Stage(token: "r8_short")
    await stage.started()
    await stage.visit(AccountViewModel.id)
    #expect(stage.accountPlace.summary(of: .token) == "set")
  }

  @Test func `the limits are those that the service told last`() async {
    stage.transport.answer(
      "GET /account", headers: [("ratelimit-remaining", "2345"), ("ratelimit-reset", "30")],
      #"{"type":"user","username":"acme"}"#)
    await opened()
    await stage.perform(.refresh)
    let details = await details(.limits)
    #expect(details.contains { $0.hasPrefix("all else: ") && $0.contains("of 3,000 per minute") })
    #expect(details.contains("runs: 600 per minute; not seen yet"))
    #expect(place.summary(of: .limits).hasSuffix("calls left"))
  }

  @Test func `what is under way is listed`() async {
    await opened()
    #expect(place.summary(of: .underWay) == "nothing")
    #expect(await details(.underWay).contains("Nothing is under way."))
    stage.transport.answer(
      "GET /predictions",
      Stage.page([Stage.prediction("new1", "processing", "2026-11-24T02:59:00Z")]))
    stage.predictions.load()
    await stage.predictions.settled()
    #expect(place.summary(of: .underWay) == "0 of yours, 1 in all")
    #expect(await details(.underWay).contains("elsewhere: 1"))
  }

  @Test func `the service and its clock are named`() async {
    await opened()
    #expect(place.summary(of: .service) == "http://127.0.0.1:1/v1")
    let details = await details(.service)
    #expect(details.contains("address: http://127.0.0.1:1/v1"))
  }

  @Test func `an account that can't be had says why, and nothing can be run here`() async {
    stage.transport.answer("GET /account", status: 401, #"{"detail":"Invalid token."}"#)
    await opened()
    #expect(place.summary(of: .account) == "unknown")
    #expect(await details(.account).joined().contains("token"))
    #expect(stage.reason(against: .run) == "Open a model to run it.")
    #expect(place.subject?.text() == nil)
  }
}
