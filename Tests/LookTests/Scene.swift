import Panes
import ReplicateAPI
import Running
import Support
import TerminalKit

@testable import ViewModels

/// Something that a person may see: one pane, tab or overlay, with texts of many scripts in it.
enum Scene: String, CaseIterable, Sendable {
  case collections, collectionsFilter, models, modelSearch
  case overview, inputs, versions, form, formPicker
  case predictions, liveRun, liveOutput, liveLog, liveInput, liveFailed
  case log, logCall, hardware, files
  case deployments, deploymentForm, trainings, ownModels, account, webhooks, deletion
  case help, question, palette, columns, token, request, requestCode

  /// One that is there, and two that can't be loaded.
  private static let ownModelNames = [
    ModelID(owner: "acme", name: "painter"), ModelID(owner: "acme", name: "gone"),
    ModelID(owner: "acme", name: ManyScripts.chinese),
  ]

  /// Plays the scene on a stage of its own; `watch` is called after everything that is done.
  @MainActor
  func play(_ watch: @MainActor (Navigator) -> Void = { _ in }) async -> Stage {
    let stage = Stage(token: self == .token ? nil : "r8_test") { connection in
      if self == .ownModels { connection.models = Self.ownModelNames }
    }
    stage.speakManyScripts()
    let navigator = stage.navigator
    // As in the program, the screen is there before anything is loaded.
    let (screen, _) = stage.screen(Size(width: 80, height: 24))
    _ = screen.frame()
    await stage.started()
    func step(_ navigator: Navigator) {
      _ = screen.frame()
      watch(navigator)
    }
    step(navigator)
    func perform(_ commands: Command...) async {
      for command in commands {
        navigator.perform(command)
        await navigator.settled()
        step(navigator)
      }
    }
    func run(_ status: Prediction.Status) {
      stage.show(ManyScripts.run(status))
      step(navigator)
    }
    // What is under the cursor is shown beside its list where there is room for that.
    var hasPreviews: Bool { navigator.screen.visible.count > 1 }
    let painter = Command.openAddress(.model(Stage.painterID, version: nil))

    switch self {
    case .collections:
      await perform(.move(.down))
      // The page beside the list follows once the cursor rests.
      await stage.passing {
        !hasPreviews || stage.collection.collection.value?.slug == "family"
      }
      step(navigator)
    case .collectionsFilter: await perform(.filter, .edit(.insert("画像")))
    case .models: await perform(.focus(.models), .move(.down), .move(.down))
    case .modelSearch:
      await perform(.focus(.models), .filter)
      navigator.perform(.edit(.insert("絵 👩‍👩‍👧‍👦")))
      step(navigator)
      // What is typed rests before the service is asked, and so does the cursor.
      await stage.passing {
        guard case .search = stage.models.listedSource else { return false }
        return !hasPreviews || stage.model.model.value != nil
      }
      await navigator.settled()
      step(navigator)
    case .overview: await perform(painter)
    case .inputs: await perform(painter, .nextTab)
    case .versions:
      await perform(painter, .selectTab(.model, ModelViewModel.Tab.versions.rawValue))
    case .form:
      await perform(painter, .run, .form(.edit(.insert(ManyScripts.prompt))))
    case .formPicker:
      await perform(painter, .run, .form(.next), .form(.next), .form(.activate))
    case .predictions: await perform(.focus(.predictions), .move(.down))
    case .liveRun: run(.processing)
    case .liveOutput:
      run(.succeeded)
      await perform(.nextTab)
    case .liveLog:
      run(.processing)
      await perform(.nextTab, .nextTab)
    case .liveInput:
      run(.processing)
      await perform(.previousTab)
    case .liveFailed: run(.failed)
    case .log, .logCall:
      navigator.session.calls.clear()
      for call in ManyScripts.calls { navigator.session.calls.add(call) }
      await perform(.focus(LogViewModel.id), .refresh, .move(.down))
      if self == .logCall { await perform(.open) }
    case .hardware:
      stage.transport.answer(
        "GET /hardware",
        #"[{"name":"CPU","sku":"cpu"},{"name":"8x Nvidia H100 GPU","sku":"gpu-h100-8x"}]"#)
      await perform(.focus(HardwareViewModel.id), .move(.down))
    case .files:
      stage.transport.answer("GET /files", ManyScripts.files)
      await perform(.focus(FilesViewModel.id), .move(.down))
    case .deployments, .deploymentForm, .deletion:
      stage.transport.answer("GET /deployments", ManyScripts.deployments)
      stage.transport.answer("GET /predictions", ManyScripts.deploymentRuns)
      stage.transport.answer("GET /hardware", ManyScripts.hardware)
      await perform(.focus(DeploymentsViewModel.id), .move(.down))
      if self == .deletion { await perform(.own("deployments.delete"), .edit(.insert("画像"))) }
      if self == .deploymentForm {
        await perform(
          .own("deployments.create"), .form(.edit(.insert("Ä 工房"))), .form(.next),
          .form(.edit(.insert("工房/絵師-🦊"))), .send, .dismiss)
      }
    case .trainings:
      stage.transport.answer("GET /trainings", ManyScripts.trainings)
      stage.transport.answer("GET /trainings/t2", status: 404, "{}")
      await perform(.focus(TrainingsViewModel.id), .move(.down), .move(.up))
    case .ownModels:
      stage.transport.answer("GET /deployments", Stage.page([]))
      stage.transport.answer("GET /trainings", Stage.page([]))
      await perform(.focus(OwnModelsViewModel.id))
    case .account: await perform(.focus(AccountViewModel.id), .move(.down), .move(.down))
    case .webhooks:
      stage.transport.answer(
        "GET /webhooks/default/secret", #"{"key":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}"#)
      await perform(
        .focus(WebhooksViewModel.id), .own("webhooks.verify"),
        .form(
          .edit(
            .insert(
              "webhook-id: msg_1\nwebhook-timestamp: 1795489100\nwebhook-signature: v1,AAAA\n\n"
                + #"{"id":"\#(ManyScripts.chinese)"}"#))), .send, .dismiss)
    case .help: await perform(.help)
    case .question:
      run(.processing)
      await perform(.cancel)
    case .palette: await perform(.palette, .edit(.insert("工房/絵師 \(ManyScripts.family)")))
    case .columns: await perform(.focus(.predictions), .chooseColumns)
    case .token: await perform(.edit(.insert("r8_漢字")))
    case .request, .requestCode:
      await perform(
        painter, .run, .form(.edit(.insert(ManyScripts.prompt))), .request(.show),
        .request(self == .request ? .edit : .tab(.javaScript)))
    }
    if self != .log, self != .logCall {
      // How long the last call took depends on when the clock was moved.
      navigator.session.calls.add(
        CallRecord(id: 1000, route: .getAccount, method: "GET", path: "/account"))
      step(navigator)
    }
    return stage
  }
}

/// The sizes at which every scene is kept.
let keptSizes = [(200, 60), (120, 40), (80, 24), (40, 12)].map { Size(width: $0.0, height: $0.1) }

extension Stage {
  /// A screen that shows this stage.
  func screen(_ size: Size, borders: BorderSet = .rounded) -> (Screen, RecordingTerminal) {
    let terminal = RecordingTerminal(width: size.width, height: size.height)
    terminal.borders = borders
    let screen = Screen(navigator: navigator)
    screen.start(on: terminal)
    return (screen, terminal)
  }
}
