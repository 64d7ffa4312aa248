import ReplicateAPI
import Running

// Switching to another account: with a token that was entered, or a profile of the config.
extension Navigator {
  /// Why a profile can't be used, if it can't.
  func availability(ofProfile name: String) -> Availability {
    guard let profile = profiles.first(where: { $0.name == name }) else {
      return .no(because: "There is no such profile.")
    }
    if connection.profile == name { return .no(because: "It is in use.") }
    return profile.obstacle.map { .no(because: $0) } ?? .yes
  }

  /// Reads a profile's token, and switches to it, after a question if something would be left behind.
  func use(profile name: String) {
    guard let profile = profiles.first(where: { $0.name == name }) else { return }
    tokenToSave = nil
    notice = Notice(.working, "Reading the token of the profile \(name)…")
    activity.start("profile") { [weak self] in
      do throws(DesktopFailure) {
        let connection = try await profile.connect()
        guard !Task.isCancelled, let self else { return }
        endWorkNotice()
        askToSwitch(to: connection)
      } catch {
        guard !Task.isCancelled, let self else { return }
        endWorkNotice()
        notice = Notice(.failed, error.message)
      }
    }
  }

  /// Uses a token that was entered.
  func use(token: String, isSaved: Bool = false, origin: String = "what you entered") {
    var next = connection
    next.configuration.token = token
    next.configuration.needsToken = true
    next.origin = origin
    // It is another account than the profile's.
    next.profile = nil
    next.models = []
    next.filesSecret = nil
    tokenToSave = isSaved ? token : nil
    askToSwitch(to: next)
  }

  private func askToSwitch(to next: Connection) {
    waitingConnection = next
    guard let reason = reasonToStay else { return switchAccount() }
    ask(
      Confirmation(
        title: "Switch to another account?", message: reason,
        choices: [.init("Stay", key: "s"), .init("Switch", key: "W", .switchAccount)]))
  }

  /// Why switching accounts needs a confirmation, if it does.
  private var reasonToStay: String? {
    guard session.hasToken else { return nil }
    var parts: [String] = []
    if session.runs.isCreating {
      parts.append(
        "A run is being sent. If it has reached \(connection.configuration.serviceName), it will be "
          + "found when you come back to this account.")
    }
    if let groupsWords { parts.append(groupsWords) }
    let own = session.runs.ownUnderWay.count
    if own > 0 {
      parts.append(
        (own == 1 ? "A run of yours is" : "\(own) runs of yours are")
          + " in progress. \(own == 1 ? "It" : "They") "
          + (own == 1 ? goesOn("continues", "is") : goesOn("continue", "are")) + ".")
    }
    parts += places.values.compactMap(\.unsaved).prefix(1)
    return parts.isEmpty ? nil : parts.joined(separator: " ")
  }

  /// Forgets another account that was turned down, and its token.
  func forgetSwitch() {
    waitingConnection = nil
    tokenToSave = nil
  }

  /// Starts the session that was asked for. Nothing of the old one remains.
  func switchAccount() {
    guard let next = waitingConnection else { return }
    waitingConnection = nil
    start(next)
    if let token = tokenToSave {
      tokenToSave = nil
      save(token)
    } else if let profile = next.profile {
      notice = Notice(.done, "This is the profile \(profile).")
    }
  }

  private func save(_ token: String) {
    do {
      let path = try desktop.saveToken(token)
      notice = Notice(.done, "Token saved in \(path), which only you can read.")
    } catch {
      notice = Notice(.failed, error.message)
    }
  }
}
