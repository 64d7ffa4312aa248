import ReplicateAPI

/// What the program talks to, and as whom.
public struct Connection {
  public var configuration: Client.Configuration
  /// Where the token is from, in words that follow "from".
  public var origin: String
  /// The profile of the config file, if it is one's.
  public var profile: String?
  /// Whether it is the server of a single model, which speaks another API.
  public var isCog = false
  /// The models to list as one's own.
  public var models: [ModelID] = []
  /// Reads the account's secret for downloads of uploaded files. Nil if the config names none.
  public var filesSecret: (@MainActor () async throws(DesktopFailure) -> String)?

  public init(_ configuration: Client.Configuration, origin: String) {
    self.configuration = configuration
    self.origin = origin
  }
}

/// A token that another program keeps, to offer where there is none.
public struct OfferedToken: Sendable {
  public var token: String
  /// The file that it is in.
  public var path: String

  public init(token: String, path: String) {
    self.token = token
    self.path = path
  }
}

/// A profile of the config file, which the palette switches to.
public struct ProfileRow {
  /// Its name; empty for what the program was started with.
  public var name: String
  /// Why it can't be used, in words to act on.
  public var obstacle: String?
  /// Reads its token, which may take a while or need the terminal.
  public var connect: @MainActor () async throws(DesktopFailure) -> Connection

  public init(
    name: String, obstacle: String? = nil,
    connect: @escaping @MainActor () async throws(DesktopFailure) -> Connection
  ) {
    self.name = name
    self.obstacle = obstacle
    self.connect = connect
  }
}
