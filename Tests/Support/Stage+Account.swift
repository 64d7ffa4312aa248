import ReplicateAPI
import Running
import ViewModels

/// The places about the account on a stage, and what tests do in them.
extension Stage {
  public var deployments: DeploymentsViewModel { place(DeploymentsViewModel.id) }
  public var trainings: TrainingsViewModel { place(TrainingsViewModel.id) }
  public var ownModels: OwnModelsViewModel { place(OwnModelsViewModel.id) }
  public var accountPlace: AccountViewModel { place(AccountViewModel.id) }
  public var webhooks: WebhooksViewModel { place(WebhooksViewModel.id) }
  public var filesPlace: FilesViewModel { place(FilesViewModel.id) }
  public var properties: PropertiesViewModel { place(PropertiesViewModel.id) }

  /// The form about the account that is shown.
  public var propertyForm: InputForm? { properties.shown?.form }

  public var question: Confirmation? {
    if case .question(let question) = navigator.overlay { question } else { nil }
  }

  public var prompt: TextPrompt? {
    if case .text(let prompt) = navigator.overlay { prompt } else { nil }
  }

  /// Performs commands one after another, each once the last one has had its effect.
  public func perform(_ commands: Command...) async {
    for command in commands {
      navigator.perform(command)
      // What has arrived may have asked for more, such as the list with what was made.
      await navigator.settled()
      await navigator.settled()
    }
  }

  /// Goes to a place, as its key does.
  public func visit(_ place: PlaceID) async { await perform(.focus(place)) }

  /// Types a text into the prompt that is open, and accepts it.
  public func answer(_ text: String) async { await perform(.edit(.insert(text)), .accept) }

  /// Types or pastes a text into a field of the form about the account, in place of what it has.
  public func fill(_ name: String, _ text: String) {
    guard let form = propertyForm, let index = form.fields.firstIndex(where: { $0.name == name })
    else { preconditionFailure("no form with the field \(name) is open") }
    navigator.perform(.form(.focus(index)))
    navigator.perform(.form(.unset))
    navigator.perform(.form(.edit(.insert(text))))
  }

  public func field(_ name: String) -> FormField? {
    propertyForm?.fields.first { $0.name == name }
  }

  /// What is shown beside the list of a place, line by line.
  public func details(of place: any PlaceViewModel) -> [String] {
    ((place.detail as? DetailViewModel)?.blocks ?? []).map { block in
      switch block {
      case .heading(let text), .text(let text), .code(let text): text
      case .fact(let name, let value, _): "\(name): \(value)"
      case .chart(let name, _, let note): "\(name): \(note)"
      case .blank: ""
      }
    }
  }

  /// Why a command can't be performed where the focus is; nil if it can.
  public func reason(against command: Command) -> String? {
    if case .no(let reason) = navigator.availability(of: command) { reason } else { nil }
  }

  /// The calls of a method that were sent, in order.
  public func calls(_ method: String) -> [String] {
    transport.sent.filter { $0.hasPrefix("\(method) ") }
  }
}
