import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// Switching between the profiles of the config: each account sees its own only.
@MainActor
@Suite(.endsSometime) struct `Profiles` {
  private let stage: Stage
  private let work = ScriptedTransport()
  private let remembered = RememberedModels([ModelID(owner: "acme", name: "remembered")])

  init() {
    var configuration = Client.Configuration()
    configuration.token = "r8_work_token"
    configuration.baseURL = "http://127.0.0.2:1/v1"
    configuration.extraHeaders = [Client.Configuration.Header("x-gateway", "work-key")]
    let connected = configuration
    var home = Client.Configuration()
    home.token = "r8_test"
    home.baseURL = "http://127.0.0.1:1/v1"
    let back = home
    stage = Stage(
      profiles: [
        ProfileRow(name: "work") { () async throws(DesktopFailure) -> Connection in
          var connection = Connection(connected, origin: "the command pass")
          connection.profile = "work"
          connection.models = [ModelID(owner: "team", name: "work-model")]
          return connection
        },
        ProfileRow(name: "home") { () async throws(DesktopFailure) -> Connection in
          var connection = Connection(back, origin: "the environment")
          connection.profile = "home"
          return connection
        },
        ProfileRow(name: "broken", obstacle: "base-url must start with https://") {
          () async throws(DesktopFailure) -> Connection in
          Issue.record("a profile that can't be used was")
          throw DesktopFailure("never")
        },
        ProfileRow(name: "failing") { () async throws(DesktopFailure) -> Connection in
          throw DesktopFailure("The command pass ended with status 1.")
        },
      ], remembered: remembered)
    let (own, other, clock) = (stage.transport, work, stage.clock)
    stage.navigator.makeClient = { configuration in
      Client(
        configuration, transport: configuration.baseURL.contains("127.0.0.2") ? other : own,
        clock: clock)
    }
    work.answer("GET /account", #"{"type":"user","username":"worker","name":"Worker"}"#)
    for call in [
      "GET /collections", "GET /models", "GET /predictions", "GET /deployments", "GET /trainings",
      "GET /files",
    ] {
      work.answer(call, Stage.page([]))
    }
  }

  private var navigator: Navigator { stage.navigator }

  private func switched(to name: String = "work") async {
    await stage.perform(.useProfile(name))
  }

  /// The accounts' places with something in each.
  private func filled() async {
    stage.transport.answer(
      "GET /deployments",
      Stage.page([
        #"{"owner":"acme","name":"secret-app","current_release":{"number":1,"model":"acme/own"}}"#
      ]))
    stage.transport.answer(
      "GET /trainings",
      Stage.page([#"{"id":"secret-training","model":"acme/trainer","status":"succeeded"}"#]))
    stage.transport.answer(
      "GET /files",
      Stage.page([
        #"{"id":"f1","name":"secret.png","content_type":"image/png","size":1,"checksums":{},"#
          + #""metadata":{},"urls":{"get":"http://127.0.0.1:1/v1/files/f1"}}"#
      ]))
    stage.transport.answer(
      "GET /webhooks/default/secret", #"{"key":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"#)
    await stage.started()
    for id in [
      DeploymentsViewModel.id, TrainingsViewModel.id, FilesViewModel.id, OwnModelsViewModel.id,
      WebhooksViewModel.id, AccountViewModel.id,
    ] {
      await stage.visit(id)
    }
    #expect(stage.deployments.deployments.rows.count == 1)
    #expect(stage.trainings.trainings.rows.count == 1)
    #expect(stage.filesPlace.files.rows.count == 1)
    #expect(stage.ownModels.models.rows.map(\.id.name) == ["remembered", "own"])
    #expect(stage.webhooks.secret.value != nil)
    #expect(!stage.predictions.predictions.rows.isEmpty)
  }

  @Test func `nothing of one account is seen in another`() async {
    await filled()
    let old = navigator.session
    await switched()
    #expect(navigator.session !== old)
    #expect(navigator.focus == .collections)
    #expect(navigator.session.account.value?.username == "worker")
    #expect(navigator.notice == Notice(.done, "This is the profile work."))
    #expect(stage.deployments.deployments.rows.isEmpty)
    #expect(stage.deployments.history.value == nil)
    #expect(stage.trainings.trainings.rows.isEmpty && stage.trainings.live?.shown == nil)
    #expect(stage.filesPlace.files.rows.isEmpty)
    #expect(stage.webhooks.secret.value == nil && stage.webhooks.deliveries.rows.isEmpty)
    #expect(stage.predictions.predictions.rows.isEmpty && stage.live.shown == nil)
    #expect(navigator.session.runs.newestFirst.isEmpty)
    // The calls of the other account aren't in the log.
    #expect(!navigator.session.calls.calls.contains { $0.path.hasPrefix("/files") })
    for id in [
      DeploymentsViewModel.id, TrainingsViewModel.id, FilesViewModel.id, OwnModelsViewModel.id,
      WebhooksViewModel.id, AccountViewModel.id,
    ] {
      await stage.visit(id)
      let details = navigator.place.detail.map { _ in stage.details(of: navigator.place) } ?? []
      for word in ["acme", "secret-app", "secret-training", "secret.png", "LaSw"] {
        #expect(!details.joined().contains(word), "\(word) in \(id)")
      }
    }
    // Names that were remembered are for their owner's account; the profile has its own.
    #expect(stage.ownModels.models.rows.map(\.id.description) == ["team/work-model"])
    #expect(stage.accountPlace.summary(of: .service) == "http://127.0.0.2:1/v1")
  }

  @Test func `each account's calls have its own address, token, and headers`() async {
    await filled()
    let before = stage.transport.requests.count
    await switched()
    await stage.visit(DeploymentsViewModel.id)
    await stage.visit(FilesViewModel.id)
    #expect(stage.transport.requests.count == before)
    for request in stage.transport.requests {
      #expect(request.header("authorization") == "Bearer r8_test")
      #expect(request.header("x-gateway") == nil)
      #expect(request.url.hasPrefix("http://127.0.0.1:1/"))
    }
    #expect(!work.requests.isEmpty)
    for request in work.requests {
      #expect(request.header("authorization") == "Bearer r8_work_token")
      #expect(request.header("x-gateway") == "work-key")
      #expect(request.url.hasPrefix("http://127.0.0.2:1/"))
    }
    let count = work.requests.count
    await switched(to: "home")
    #expect(work.requests.count == count)
    #expect(navigator.session.account.value?.username == "acme")
    #expect(stage.transport.requests.last?.header("x-gateway") == nil)
    #expect(stage.transport.requests.last?.header("authorization") == "Bearer r8_test")
    // What was remembered is there again.
    await stage.visit(OwnModelsViewModel.id)
    #expect(stage.ownModels.models.rows.contains { $0.id.name == "remembered" })
  }

  @Test func `an answer for the old account that comes late is dropped`() async {
    await filled()
    stage.transport.hold("GET /files")
    navigator.perform(.focus(FilesViewModel.id))
    while stage.transport.sent.count(where: { $0 == "GET /files" }) < 2 { await Task.yield() }
    await switched()
    stage.transport.release("GET /files")
    await navigator.settled()
    await stage.visit(FilesViewModel.id)
    #expect(stage.filesPlace.files.rows.isEmpty)
  }

  @Test func `a token that can't be read leaves everything as it is`() async {
    await filled()
    let session = navigator.session
    await switched(to: "failing")
    #expect(navigator.session === session)
    #expect(
      navigator.notice == Notice(.failed, "The command pass ended with status 1."))
    #expect(stage.deployments.deployments.rows.count == 1)
    #expect(work.requests.isEmpty)
  }

  @Test func `a profile that can't be used says why, and so does the one in use`() async {
    await stage.started()
    let session = navigator.session
    await switched(to: "broken")
    #expect(navigator.notice == Notice(.failed, "base-url must start with https://"))
    #expect(navigator.session === session)
    await switched(to: "unknown")
    #expect(navigator.session === session)
    #expect(stage.reason(against: .useProfile("work")) == nil)
    await switched()
    #expect(stage.reason(against: .useProfile("work")) == "It is in use.")
    #expect(stage.reason(against: .useProfile("home")) == nil)
  }

  @Test func `the palette has a row for each profile`() async {
    await stage.started()
    let commands = navigator.catalog.rows.map(\.command)
    for name in ["work", "home", "broken", "failing"] {
      #expect(commands.contains(.useProfile(name)), "\(name)")
    }
  }

  // MARK: Questions

  @Test func `runs under way are asked about first`() async {
    await stage.started()
    stage.transport.answer(
      "POST /predictions", status: 201,
      Stage.prediction("new1", "starting", "2026-11-24T03:00:00Z"))
    await stage.openPainter()
    await stage.perform(.run, .form(.edit(.insert("a fox"))), .run)
    #expect(navigator.session.runs.ownUnderWay.count == 1)
    let session = navigator.session
    await switched()
    #expect(stage.question?.title == "Switch to another account?")
    #expect(stage.question?.message.hasPrefix("A run of yours is in progress.") == true)
    await stage.perform(.accept)
    #expect(navigator.session === session)
    #expect(work.requests.isEmpty)
    await switched()
    await stage.perform(.choose(1))
    #expect(navigator.session !== session)
    #expect(navigator.session.runs.ownUnderWay.isEmpty && navigator.session.runs.underWay == 0)
  }

  @Test func `what was typed and not sent is asked about, and isn't taken along`() async {
    stage.transport.answer("GET /deployments", Stage.page([]))
    stage.transport.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    work.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    await stage.started()
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "secret-app")
    await switched()
    #expect(stage.question?.message.contains("“New deployment” wasn’t sent") == true)
    await stage.perform(.back)
    #expect(stage.field("name")?.value == "secret-app")
    await switched()
    await stage.perform(.choose(1))
    #expect(navigator.session.account.value?.username == "worker")
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.create"))
    #expect(stage.field("name")?.value == nil)
  }

  @Test func `a token that was turned down isn't saved with what comes next`() async {
    await stage.started()
    stage.transport.answer("GET /deployments", Stage.page([]))
    stage.transport.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "app")
    await stage.perform(.enterToken, .edit(.insert("r8_turned_down_0123456789")), .saveToken)
    #expect(stage.question?.title == "Switch to another account?")
    await stage.perform(.accept)
    await switched()
    await stage.perform(.choose(1))
    #expect(navigator.session.account.value?.username == "worker")
    #expect(stage.desktop.savedTokens == [])
    #expect(navigator.notice == Notice(.done, "This is the profile work."))
  }

  @Test func `another token in a profile leaves the profile, which can be used again`() async {
    await stage.started()
    await switched()
    await stage.perform(.enterToken, .edit(.insert("r8_entered_0123456789")), .accept)
    #expect(work.requests.last?.header("authorization") == "Bearer r8_entered_0123456789")
    #expect(navigator.session.tokenOrigin == "what you entered")
    #expect(stage.reason(against: .useProfile("work")) == nil)
  }

  @Test func `a question that was turned down isn't answered later`() async {
    await stage.started()
    stage.transport.answer("GET /deployments", Stage.page([]))
    stage.transport.answer("GET /hardware", #"[{"name":"CPU","sku":"cpu"}]"#)
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "app")
    await switched()
    await stage.perform(.accept)
    let session = navigator.session
    await stage.perform(.switchAccount)
    #expect(navigator.session === session)
  }
}

extension TransportRequest {
  fileprivate func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name }?.value
  }
}
