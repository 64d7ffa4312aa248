import Desktop
import ReplicateAPI
import Settings
import ViewModels

/// What the program can talk to: the account that it was started with, and the profiles of the config.
@MainActor
struct Connections {
  let config: Settings.Config
  let environment: [String: String]
  let desktop: SystemDesktop
  /// What the program was started with.
  let start: Connection

  /// The name of the profile that leads back to what the program was started with.
  private static let standard = "default"

  /// - Parameters:
  ///   - configuration: What the environment says.
  ///   - origin: Where its token is from.
  init(
    _ configuration: Client.Configuration, origin: String, config: Settings.Config,
    environment: [String: String], desktop: SystemDesktop
  ) {
    self.config = config
    self.environment = environment
    self.desktop = desktop
    var start = Connection(configuration, origin: origin)
    start.models = Self.models(config.standardProfile)
    start.filesSecret = Self.filesSecret(config.standardProfile, desktop)
    self.start = start
    for name in config.secretVariables {
      if let secret = environment[name] { desktop.protect(secret) }
    }
  }

  /// The rows of the palette. With a profile there is one more, which leads back.
  var rows: [ProfileRow] {
    guard !config.profiles.isEmpty else { return [] }
    let own = config.profiles.map { profile in
      ProfileRow(name: profile.name, obstacle: profile.obstacle) {
        () async throws(DesktopFailure) -> Connection in try await connection(to: profile)
      }
    }
    if config.profiles.contains(where: { $0.name == Self.standard }) { return own }
    let back = ProfileRow(name: Self.standard) {
      () async throws(DesktopFailure) -> Connection in
      var start = start
      start.profile = Self.standard
      return start
    }
    return own + [back]
  }

  private func connection(
    to profile: Settings.Profile
  ) async throws(DesktopFailure) -> Connection {
    if let obstacle = profile.obstacle {
      throw DesktopFailure("The profile \(profile.name) can’t be used: \(obstacle).")
    }
    // The network's settings stay.
    var configuration = start.configuration
    configuration.token = nil
    configuration.needsToken = profile.token != nil
    let address = profile.baseURL
    if profile.kind == .cog {
      do throws(ReplicateError) {
        let server = try Client.Configuration.cogServer(address ?? "")
        configuration.baseURL = server.baseURL
        configuration.limits = server.limits
        configuration.serviceName = server.serviceName
      } catch {
        throw DesktopFailure(error.inWords)
      }
    } else {
      configuration.baseURL =
        address.map { Client.Configuration.baseURL(from: $0) } ?? Client.Configuration.publicBaseURL
      configuration.serviceName =
        address == nil
        ? Client.Configuration.publicServiceName : configuration.nameOfHost
    }
    do throws(Settings.Profile.Failure) {
      configuration.extraHeaders = try profile.headers(environment).map {
        Client.Configuration.Header($0.name, $0.value)
      }
    } catch {
      throw DesktopFailure(error.message)
    }
    for header in configuration.extraHeaders { desktop.protect(header.value) }
    var origin = "the profile \(profile.name), which has none"
    if let source = profile.token {
      let text = try await desktop.secret("API token", from: source)
      guard let token = TokenText.token(in: text) else {
        throw DesktopFailure(
          "What the profile \(profile.name) reads its token from doesn’t look like an API token.")
      }
      configuration.token = token
      origin = "\(Self.words(source)), as the profile \(profile.name) says"
    }
    var connection = Connection(configuration, origin: origin)
    connection.profile = profile.name
    connection.isCog = profile.kind == .cog
    connection.models = Self.models(profile)
    connection.filesSecret = Self.filesSecret(profile, desktop)
    return connection
  }

  private static func words(_ source: Settings.SecretSource) -> String {
    switch source {
    case .variable(let name): "the environment variable \(name)"
    case .command(let words): "the command \(words.first ?? "")"
    case .file(let path): path
    }
  }

  private static func models(_ profile: Settings.Profile) -> [ModelID] {
    profile.models.compactMap { ModelID($0) }
  }

  private static func filesSecret(
    _ profile: Settings.Profile, _ desktop: SystemDesktop
  ) -> (@MainActor () async throws(DesktopFailure) -> String)? {
    guard let source = profile.filesSigningSecret else { return nil }
    return { () async throws(DesktopFailure) -> String in
      try await desktop.secret("signing secret for files", from: source)
    }
  }
}
