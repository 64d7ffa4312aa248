#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The user's choices from the config file, and what the program remembers in its state file.
///
/// The config file is `$XDG_CONFIG_HOME/replicant/config.toml` (by default in `~/.config`) and is
/// only read. The state file is `$XDG_STATE_HOME/replicant/state.toml` (by default in
/// `~/.local/state`). Both are optional. A faulty file never stops the program: what can be
/// understood is used, and `problems` lists the rest.
public struct Settings: Sendable {
  public private(set) var config = Config()
  public private(set) var state = State()
  /// What is wrong with the config file, in words to act on.
  public private(set) var problems: [String] = []
  public let configPath: String
  public let statePath: String
  /// Where messages go that would otherwise be printed over the screen.
  public let logPath: String

  /// The config file's path as a person writes it: `~/.config/replicant/config.toml`.
  public let configName: String
  private let environment: [String: String]
  /// Whether the state file already holds `state`.
  private var isKept = true
  private var hasReportedFailure = false

  /// A file longer than this isn't a settings file.
  static let sizeLimit = 65_536

  public init(environment: [String: String]) {
    self.environment = environment
    configPath = PrivateFile.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/config.toml"
    let stateFolder = PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment)
    statePath = stateFolder + "/state.toml"
    logPath = stateFolder + "/replicant.log"
    let home = (environment["HOME"] ?? "") + "/"
    configName =
      home.count > 1 && configPath.hasPrefix(home)
      ? "~/" + configPath.dropFirst(home.count) : configPath
    do throws(PrivateFile.Unreadable) {
      if let text = try Self.read(configPath) { readConfig(text) }
    } catch {
      problems = ["\(configName): \(error.reason)."]
    }
    // Nobody edits this file by hand, so what is wrong in it is simply overwritten.
    do throws(PrivateFile.Unreadable) {
      if let text = try Self.read(statePath) { state = State(TOMLDocument(text).root) }
    } catch {
      isKept = false
    }
  }

  /// Describes a problem on a line of the config file, in the same form as `problems`.
  ///
  /// - Parameter message: in words to act on, without a period.
  public func problem(_ message: String, line: Int) -> String {
    "\(configName), line \(line): \(message)."
  }

  mutating func readConfig(_ text: String) {
    let document = TOMLDocument(text)
    var found = document.mistakes.map { mistake in
      (
        mistake.line,
        "\(configName), line \(mistake.line), column \(mistake.column): \(mistake.message)."
      )
    }
    config = Config()
    for entry in document.root.entries {
      found += config.take(entry, environment).map { ($0.line, problem($0.message, line: $0.line)) }
    }
    problems = found.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// Saves the state if it has changed. A failure is thrown only the first time; saving is tried
  /// again with each call.
  public mutating func keep(_ newState: State) throws(FileFailure) {
    guard newState != state || !isKept else { return }
    state = newState
    do {
      try PrivateFile.write(TOMLText.document(state.table), to: statePath)
      isKept = true
      hasReportedFailure = false
    } catch {
      isKept = false
      guard !hasReportedFailure else { return }
      hasReportedFailure = true
      throw error
    }
  }

  // MARK: Files

  /// The text of a file; nil if there is none.
  private static func read(_ path: String) throws(PrivateFile.Unreadable) -> String? {
    guard let file = try PrivateFile.open(path) else { return nil }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: sizeLimit) else {
      throw .init(reason: "can’t be read: \(String(cString: strerror(errno)))")
    }
    guard bytes.count <= sizeLimit else {
      throw .init(reason: "ignored, because it is longer than \(sizeLimit / 1024) KB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .init(reason: "ignored, because it isn’t UTF-8; save it as UTF-8")
    }
    return text
  }
}
