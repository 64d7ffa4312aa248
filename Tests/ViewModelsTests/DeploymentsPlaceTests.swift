import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The place with the account's deployments.
@MainActor
@Suite(.endsSometime) struct `Deployments as a place` {
  private let stage = Stage()

  private var navigator: Navigator { stage.navigator }
  private var place: DeploymentsViewModel { stage.deployments }

  private static let newVersion = String(repeating: "0f3e", count: 16)

  private static func deployment(
    _ name: String, _ model: String = "acme/painter", _ hardware: String = "gpu-l40s",
    _ instances: (Int, Int) = (0, 2), release: Int = 3, _ created: String = "2026-11-20T10:00:00Z"
  ) -> String {
    """
    {"owner":"acme","name":"\(name)","current_release":{"number":\(release),"model":"\(model)",\
    "version":"\(Stage.versionID)","created_at":"\(created)",\
    "created_by":{"type":"user","username":"eve","name":"Eve"},\
    "configuration":{"hardware":"\(hardware)","min_instances":\(instances.0),\
    "max_instances":\(instances.1)}}}
    """
  }

  private static let hardware =
    #"[{"name":"CPU","sku":"cpu"},{"name":"Nvidia L40S GPU","sku":"gpu-l40s"}]"#

  private func opened(_ deployments: [String]? = nil) async {
    stage.transport.answer(
      "GET /deployments",
      Stage.page(
        deployments ?? [
          Self.deployment("app"),
          Self.deployment(
            "batch", "acme/sketcher", "cpu", (1, 5), release: 12, "2026-11-23T10:00:00Z"),
        ]))
    stage.transport.answer("GET /hardware", Self.hardware)
    await stage.started()
    await stage.visit(DeploymentsViewModel.id)
  }

  private var names: [String] { place.deployments.visible.map(\.id.name) }

  // MARK: The list

  @Test func `the list is filtered and sorted by what it shows`() async {
    await opened()
    #expect(names == ["app", "batch"])
    await stage.perform(.filter, .edit(.insert("cpu")))
    #expect(names == ["batch"])
    await stage.perform(.back)
    #expect(names == ["app", "batch"])
    for (column, order) in [
      ("release", ["batch", "app"]), ("instances", ["batch", "app"]),
      ("changed", ["batch", "app"]),
      ("name", ["app", "batch"]), ("model", ["app", "batch"]), ("hardware", ["batch", "app"]),
    ] {
      await stage.perform(.sort(DeploymentsViewModel.id, column: column))
      #expect(names == order, "by \(column)")
    }
  }

  @Test func `what is selected is shown, and copied by its name`() async {
    await opened()
    let details = stage.details(of: place)
    for line in [
      "acme/app", "model: acme/painter", "version: \("\(Stage.versionID)".prefix(12))",
      "hardware: gpu-l40s",
      "instances: 0 always, 2 at most", "release: 3", "by: eve",
    ] {
      #expect(details.contains(line), "\(line) in \(details)")
    }
    #expect(place.subject?.text() == "acme/app")
    #expect(place.subject?.address == "https://replicate.com/deployments/acme/app")
  }

  @Test func `without a deployment nothing but making one is offered, and why`() async {
    await opened([])
    for id in ["change", "delete", "model"] as [String] {
      let command = Command.own(CommandID("deployments.\(id)"))
      #expect(stage.reason(against: command) == "No deployment is listed.", "\(id)")
      await stage.perform(command)
      #expect(navigator.notice == Notice(.failed, "No deployment is listed."))
    }
    #expect(stage.reason(against: .run) == "No deployment is listed.")
    #expect(stage.reason(against: .own("deployments.create")) == nil)
  }

  @Test func `elsewhere its commands say where they belong`() async {
    await opened()
    await stage.visit(.models)
    #expect(stage.reason(against: .own("deployments.create")) == "Only in Deployments.")
  }

  @Test func `a deployment is found by its page`() async throws {
    await opened()
    let address = try #require(Address("https://replicate.com/deployments/acme/batch"))
    await stage.visit(.collections)
    await stage.perform(.openAddress(address))
    #expect(navigator.focus == DeploymentsViewModel.id)
    #expect(place.deployments.selected?.id.name == "batch")
  }

  @Test func `opening one looks how it is now`() async {
    await opened()
    stage.transport.answer("GET /deployments/acme/app", Self.deployment("app", release: 4))
    await stage.perform(.open)
    #expect(navigator.focus == place.detail?.id)
    #expect(stage.details(of: place).contains("release: 4"))
    await stage.perform(.back)
    stage.transport.answer(
      "GET /deployments/acme/app", status: 404, #"{"detail":"not found"}"#)
    stage.transport.answer("GET /deployments", Stage.page([Self.deployment("batch")]))
    await stage.perform(.open)
    #expect(navigator.notice == Notice(.failed, "acme/app is no longer there."))
    #expect(names == ["batch"])
  }

  // MARK: Creating

  @Test func `a new deployment is sent as it was filled in`() async {
    await opened()
    await stage.perform(.own("deployments.create"))
    #expect(navigator.focus == PropertiesViewModel.id)
    #expect(navigator.place.title == "New deployment")
    stage.fill("name", "new-app")
    stage.fill("model", "acme/painter")
    stage.fill("hardware", "Nvidia L40S GPU")
    stage.fill("max_instances", "4")
    stage.transport.answer(
      "POST /deployments", status: 201, Self.deployment("new-app", release: 1))
    stage.transport.answer(
      "GET /deployments",
      Stage.page([Self.deployment("new-app", release: 1), Self.deployment("app")]))
    await stage.perform(.send)
    // Nothing runs all the time, so nothing is asked.
    #expect(navigator.overlay == nil)
    #expect(
      stage.transport.body(of: "POST /deployments")
        == #"{"name":"new-app","model":"acme/painter","version":"\#(Stage.versionID)","#
        + #""hardware":"gpu-l40s","min_instances":0,"max_instances":4}"#)
    #expect(navigator.focus == DeploymentsViewModel.id)
    #expect(place.deployments.selected?.id.name == "new-app")
    #expect(
      navigator.notice == Notice(.done, "acme/new-app is deployed. Press r to run it."))
  }

  @Test func `the beginning of a version is enough, if it is one's only`() async {
    await opened()
    stage.transport.answer(
      "GET /models/acme/painter/versions",
      Stage.page([
        Stage.version, Stage.version.replacing(Stage.versionID, with: Self.newVersion),
      ]))
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "new-app")
    stage.fill("model", "acme/painter")
    stage.fill("version", "abcd")
    stage.fill("hardware", "cpu")
    await stage.perform(.send)
    #expect(stage.calls("POST") == [])
    #expect(stage.field("version")?.problem?.contains("no version of acme/painter") == true)
    #expect(navigator.focus == PropertiesViewModel.id)
    await stage.perform(.form(.unset))
    stage.fill("version", "0f3e")
    stage.transport.answer(
      "POST /deployments", status: 201, Self.deployment("new-app", release: 1))
    await stage.perform(.send)
    #expect(
      stage.transport.body(of: "POST /deployments")?.contains(
        #""version":"\#(Self.newVersion)""#) == true)
  }

  @Test func `a model without a version can't be deployed, and the form says so`() async {
    await opened()
    stage.transport.answer("GET /models/acme/empty", Stage.summary("acme", "empty", 0))
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "new-app")
    stage.fill("model", "acme/empty")
    stage.fill("hardware", "cpu")
    await stage.perform(.send)
    #expect(stage.field("version")?.problem == "acme/empty has no version yet")
    #expect(stage.calls("POST") == [])
    #expect(stage.field("name")?.value == "new-app")
  }

  @Test func `instances that run all the time cost all the time, so that is asked first`() async {
    await opened()
    await stage.perform(.own("deployments.create"))
    stage.fill("name", "new-app")
    stage.fill("model", "acme/painter")
    stage.fill("hardware", "cpu")
    stage.fill("min_instances", "2")
    stage.fill("max_instances", "1")
    await stage.perform(.send)
    #expect(stage.field("min_instances")?.problem == "can’t be more than max_instances, 1")
    #expect(navigator.overlay == nil)
    stage.fill("max_instances", "3")
    stage.fill("min_instances", "2")
    stage.transport.answer(
      "POST /deployments", status: 201, Self.deployment("new-app", release: 1))
    await stage.perform(.send)
    #expect(stage.question?.title == "Create the deployment?")
    #expect(stage.question?.message.contains("2 instances will run all the time") == true)
    await stage.perform(.accept)
    #expect(stage.calls("POST") == [])
    #expect(stage.field("name")?.value == "new-app")
    await stage.perform(.send, .choose(1))
    #expect(stage.calls("POST") == ["POST /deployments"])
    #expect(
      stage.transport.body(of: "POST /deployments")?.contains(#""min_instances":2"#) == true)
  }

  @Test func `a model's page leads to the form with the model filled in`() async {
    await opened()
    await stage.openPainter()
    await stage.perform(.own("model.deploy"))
    #expect(navigator.focus == PropertiesViewModel.id)
    #expect(stage.field("model")?.value == "acme/painter")
  }

  @Test func `without the machines there is no form, and the failure is told`() async {
    await opened()
    stage.transport.answer("GET /hardware", status: 403, #"{"detail":"not for you"}"#)
    await stage.perform(.own("deployments.create"))
    #expect(navigator.focus == DeploymentsViewModel.id)
    #expect(navigator.notice?.kind == .failed)
    #expect(navigator.notice?.text.contains("not for you") == true)
  }

  // MARK: Changing

  @Test func `only what was changed is sent`() async {
    await opened()
    await stage.perform(.own("deployments.change"))
    #expect(navigator.place.title == "Change app")
    await stage.perform(.send)
    #expect(navigator.notice?.text == "Nothing is changed yet, so nothing was sent.")
    #expect(stage.calls("PATCH") == [])
    stage.fill("max_instances", "7")
    stage.transport.answer("PATCH /deployments/acme/app", Self.deployment("app", release: 4))
    await stage.perform(.send)
    #expect(
      stage.transport.body(of: "PATCH /deployments/acme/app") == #"{"max_instances":7}"#)
    #expect(navigator.notice == Notice(.done, "acme/app was changed. This is release 4."))
    #expect(navigator.focus == DeploymentsViewModel.id)
  }

  @Test func `what was reset isn't sent`() async {
    await opened()
    await stage.perform(.own("deployments.change"))
    stage.fill("max_instances", "7")
    await stage.perform(.form(.unset))
    stage.fill("hardware", "cpu")
    stage.transport.answer("PATCH /deployments/acme/app", Self.deployment("app", release: 4))
    await stage.perform(.send)
    #expect(stage.transport.body(of: "PATCH /deployments/acme/app") == #"{"hardware":"cpu"}"#)
  }

  @Test func `a change asks if more runs all the time, and only then`() async {
    await opened()
    await stage.perform(.move(.down), .own("deployments.change"))
    // One runs all the time already.
    stage.fill("max_instances", "6")
    stage.transport.answer("PATCH /deployments/acme/batch", Self.deployment("batch", release: 13))
    await stage.perform(.send)
    #expect(navigator.overlay == nil)
    #expect(stage.calls("PATCH").count == 1)
    await stage.perform(.move(.end), .own("deployments.change"))
    stage.fill("min_instances", "2")
    await stage.perform(.send)
    #expect(stage.question?.title == "Change the deployment?")
    await stage.perform(.back)
    #expect(stage.calls("PATCH").count == 1)
  }

  // MARK: Deleting

  @Test func `deleting takes the typed name, and a refusal is told`() async {
    await opened()
    stage.transport.answer(
      "DELETE /deployments/acme/app", status: 400,
      #"{"detail":"The deployment has been used in the last 15 minutes."}"#)
    await stage.perform(.own("deployments.delete"), .accept)
    #expect(stage.prompt?.problem != nil)
    await stage.answer("ap")
    #expect(stage.prompt?.problem == "That isn’t its name, so nothing was deleted.")
    #expect(stage.calls("DELETE") == [])
    await stage.answer("p")
    #expect(stage.calls("DELETE") == ["DELETE /deployments/acme/app"])
    #expect(navigator.notice?.kind == .failed)
    #expect(navigator.notice?.text.contains("15 minutes") == true)
    #expect(names == ["app", "batch"])
    stage.transport.answer("DELETE /deployments/acme/app", status: 204, "")
    stage.transport.answer("GET /deployments", Stage.page([Self.deployment("batch")]))
    await stage.perform(.own("deployments.delete"))
    await stage.answer("app")
    #expect(navigator.notice == Notice(.done, "acme/app was deleted."))
    #expect(names == ["batch"])
  }

  // MARK: Running

  @Test func `running one opens its model's form, set to the deployment`() async {
    await opened()
    await stage.perform(.run)
    #expect(navigator.focus == .model)
    #expect(stage.form?.plan.target == .deployment(ModelID(owner: "acme", name: "app")))
    await stage.visit(DeploymentsViewModel.id)
    await stage.perform(.own("deployments.model"))
    #expect(navigator.focus == .model)
  }

  // MARK: Figures

  private func prediction(_ id: String, _ minutes: Int, _ status: String) -> String {
    let created = "2026-11-24T02:\(minutes):00Z"
    return Stage.prediction(
      id, status, created,
      #""deployment":"acme/app","started_at":"2026-11-24T02:\#(minutes):02Z","#
        + #""metrics":{"predict_time":4}"#)
  }

  @Test func `the figures are counted from the predictions of the last day`() async {
    stage.transport.answer(
      "GET /predictions",
      Stage.page([
        prediction("d1", 55, "succeeded"), prediction("d2", 50, "failed"),
        prediction("d3", 40, "succeeded"),
        Stage.prediction("aaa1", "succeeded", "2026-11-24T02:30:00Z"),
      ]))
    await opened()
    let details = stage.details(of: place)
    #expect(details.contains("runs: 3"))
    #expect(details.contains { $0.hasPrefix("failed: 1, 33") })
    #expect(details.contains { $0.hasPrefix("waited: 2 s") })
    #expect(details.contains { $0.hasPrefix("worked: 4 s") })
    #expect(details.contains { $0.hasSuffix("predictions of the last day, all of them.") })
    await stage.perform(.move(.down))
    #expect(stage.details(of: place).count { $0 == "No runs." } == 2)
  }

  @Test func `figures that can't be had are no reason not to show the rest`() async {
    await stage.started()
    stage.transport.answer("GET /predictions", status: 403, #"{"detail":"not for you"}"#)
    stage.transport.answer("GET /deployments", Stage.page([Self.deployment("app")]))
    await stage.visit(DeploymentsViewModel.id)
    let details = stage.details(of: place)
    #expect(details.contains("release: 3"))
    #expect(details.contains { $0.hasPrefix("Its runs couldn’t be loaded.") })
  }
}
