@MainActor
extension Connection {
  /// Why nothing can be listed or made in a place: the service has no such things.
  public func absence(in place: PlaceID) -> String? {
    guard isCog, let noun = Self.lackedByCog[place] else { return nil }
    return "A cog server has no \(noun). It serves the one model that 2 Models lists."
  }

  private static let lackedByCog: [PlaceID: String] = [
    CollectionsViewModel.id: "collections",
    DeploymentsViewModel.id: "deployments",
    TrainingsViewModel.id: "trainings",
    FilesViewModel.id: "uploaded files",
    HardwareViewModel.id: "list of hardware",
    OwnModelsViewModel.id: "models of an account",
  ]
}

extension Navigator {
  /// Why a command that only one place has can't be used, whatever is selected there.
  func absence(of command: Command) -> String? {
    guard connection.isCog, case .own(let id) = command else { return nil }
    switch id {
    case ModelViewModel.deploy: return connection.absence(in: DeploymentsViewModel.id)
    case ModelViewModel.train: return connection.absence(in: TrainingsViewModel.id)
    default: break
    }
    return descriptors.first { $0.commands.contains { $0.id == id } }
      .flatMap { connection.absence(in: $0.id) }
  }

  /// Opens the model of a cog server: there is nothing else to look at.
  func openOnlyModel() {
    activity.start("only-model") { [weak self, session] in
      guard let id = try? await session.client.send(.models()).results.first?.id,
        !Task.isCancelled, let self, trail.isEmpty, focus == descriptors[0].id, overlay == nil
      else { return }
      open(.model(id, version: nil))
    }
  }

  /// What becomes of runs that are left alone, after "it" or "they".
  func goesOn(_ verb: String, _ auxiliary: String) -> String {
    let service = connection.configuration.serviceName
    return connection.isCog
      ? "\(verb) on \(service)" : "\(verb) on \(service) and \(auxiliary) billed"
  }
}
