#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a person has chosen in the config file, and how the panes were left, from the state file.
///
/// The config file is `$XDG_CONFIG_HOME/replicant/config.toml` (else below `~/.config`) and is only
/// read; the state file is `$XDG_STATE_HOME/replicant/state.toml` (else below `~/.local/state`). A
/// file that isn't there costs nothing; one that is wrong never stops the program: what is good in it
/// is used, and `problems` tells the rest.
public struct Settings: Sendable {
  /// The values of the config file, each as its words there.
  public struct Config: Hashable, Sendable {
    public var theme = "auto"
    public var borders = "auto"
    public var mouse = true
    public var notice = "auto"
    /// Seconds.
    public var noticeAfter = 10.0
    public var tabProgress = "auto"

    public init() {}
  }

  /// A key of the config file whose value is one of some words.
  private struct Words: Sendable {
    var values: [String]
    var path: any WritableKeyPath<Config, String> & Sendable
  }

  public private(set) var config = Config()
  public private(set) var shares = PaneShares()
  public private(set) var zoom = Zoom.none
  /// What is wrong with the config file, in words to act on.
  public private(set) var problems: [String] = []
  public let configPath: String
  public let statePath: String

  public init(environment: [String: String]) {
    configPath = Self.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/config.toml"
    statePath = Self.folder("XDG_STATE_HOME", or: ".local/state", environment) + "/state.toml"
    if let text = Self.read(configPath) { readConfig(text) }
    if let text = Self.read(statePath) { readState(text) }
  }

  /// Where the program's own noise goes, in a folder that is there; nil where none can be made.
  public var logPath: String? {
    let folder = String(statePath.dropLast("/state.toml".count))
    do {
      try PrivateFile.makeFolder(folder)
      return folder + "/replicant.log"
    } catch {
      return nil
    }
  }

  // MARK: The config file

  private static let words = [
    "theme": Words(values: ["auto", "dark", "light", "high-contrast", "mono"], path: \.theme),
    "borders": Words(values: ["auto", "rounded", "plain", "ascii"], path: \.borders),
    "notice": Words(
      values: ["auto", "osc99", "osc777", "osc9", "bell", "off"], path: \.notice),
    "tab-progress": Words(values: ["auto", "on", "off"], path: \.tabProgress),
  ]
  private static var keys: [String] { (["mouse", "notice-after"] + words.keys).sorted() }

  mutating func readConfig(_ text: String) {
    let text = SettingsText(text)
    for problem in text.problems { tell(problem) }
    for (key, value, line) in text.values {
      if let words = Self.words[key] {
        guard let word = value.string, words.values.contains(word) else {
          tell("line \(line): \(key) is one of \(words.values.joined(separator: ", ")).")
          continue
        }
        config[keyPath: words.path] = word
      } else if key == "mouse" {
        guard let isOn = value.boolean else {
          tell("line \(line): mouse is true or false.")
          continue
        }
        config.mouse = isOn
      } else if key == "notice-after" {
        guard let seconds = value.number, seconds >= 0 else {
          tell("line \(line): notice-after is a number of seconds, 0 or more.")
          continue
        }
        config.noticeAfter = seconds
      } else {
        tell(
          "line \(line): there is no setting “\(key)”; there are \(Self.keys.joined(separator: ", "))."
        )
      }
    }
  }

  private mutating func tell(_ problem: String) { problems.append("\(configPath): \(problem)") }

  // MARK: The state file

  private mutating func readState(_ text: String) {
    // Nobody writes this file by hand: what is wrong in it is written anew.
    let text = SettingsText(text)
    for border in PaneBorder.allCases {
      if let share = text[border.rawValue]?.number { shares[border] = share }
    }
    if let zoom = text["zoom"]?.string.flatMap(Zoom.init) { self.zoom = zoom }
  }

  /// Keeps how the panes stand, if that has changed.
  public mutating func keep(_ newShares: PaneShares, _ newZoom: Zoom) throws(DesktopFailure) {
    guard newShares != shares || newZoom != zoom else { return }
    shares = newShares
    zoom = newZoom
    let lines =
      PaneBorder.allCases.map { "\($0.rawValue) = \(shares[$0])" } + ["zoom = \"\(zoom.rawValue)\""]
    try PrivateFile.write(lines.joined(separator: "\n") + "\n", to: statePath)
  }

  // MARK: Files

  private static func folder(
    _ variable: String, or standard: String, _ environment: [String: String]
  ) -> String {
    let configured = environment[variable] ?? ""
    let home = environment["HOME"] ?? "/"
    return (configured.hasPrefix("/") ? configured : "\(home)/\(standard)") + "/replicant"
  }

  private static func read(_ path: String) -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = readBytes(file, &bytes)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}

// Inside Settings the name `read` is its own.
private func readBytes(_ file: Int32, _ bytes: inout [UInt8]) -> Int {
  read(file, &bytes, bytes.count)
}
