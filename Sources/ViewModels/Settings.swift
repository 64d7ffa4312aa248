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
  public private(set) var config = Config()
  public private(set) var borders: [String: Double] = [:]
  /// What is wrong with the config file, in words to act on.
  public private(set) var problems: [String] = []
  public let configPath: String
  public let statePath: String
  /// Where the program's own noise goes.
  public let logPath: String

  /// The config file's path as a person writes it.
  private let configName: String
  /// Whether the state file holds what it should.
  private var isKept = true
  private var hasToldFailure = false

  /// A file longer than this isn't a settings file.
  static let largest = 65_536

  public init(environment: [String: String]) {
    configPath = PrivateFile.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/config.toml"
    let state = PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment)
    statePath = state + "/state.toml"
    logPath = state + "/replicant.log"
    let home = (environment["HOME"] ?? "") + "/"
    configName =
      home.count > 1 && configPath.hasPrefix(home)
      ? "~/" + configPath.dropFirst(home.count) : configPath
    do throws(Unreadable) {
      if let text = try Self.read(configPath) { readConfig(text) }
    } catch {
      problems = ["\(configName): \(error.why)."]
    }
    // Nobody writes this file by hand: what is wrong in it is written anew.
    do throws(Unreadable) {
      if let text = try Self.read(statePath) { readState(text) }
    } catch {
      isKept = false
    }
  }

  // MARK: The config file

  mutating func readConfig(_ text: String) {
    let text = SettingsText(text)
    var told = text.mistakes.map { mistake in
      (mistake.line, "line \(mistake.line), column \(mistake.column): \(mistake.message)")
    }
    for (key, value, line) in text.values {
      if let setting = Self.all.first(where: { $0.key == key }) {
        guard let wanted = setting.take(value, &config) else { continue }
        told.append((line, "line \(line): \(key) can’t be \(value.words); \(wanted)"))
      } else {
        told.append((line, "line \(line): \(Self.unknown(key))"))
      }
    }
    problems = told.sorted { $0.0 < $1.0 }.map { "\(configName), \($0.1)." }
  }

  private static func unknown(_ key: String) -> String {
    let keys = all.map(\.key)
    let name = SettingsText.Value.string(key).words
    let near = keys.map { ($0, EditDistance.between(key.lowercased(), $0)) }.min { $0.1 < $1.1 }
    if let near, near.1 <= 2 { return "there is no setting \(name); perhaps you mean \(near.0)" }
    return "there is no setting \(name); there are \(keys.joined(separator: ", "))"
  }

  // MARK: The state file

  private mutating func readState(_ text: String) {
    let text = SettingsText(text)
    for (key, value, _) in text.values {
      if let share = value.number { borders[key] = share }
    }
  }

  /// Keeps how the panes stand, if that has changed. What goes wrong is told once, and tried again
  /// at the next call.
  public mutating func keep(_ newBorders: [String: Double]) throws(DesktopFailure) {
    guard newBorders != borders || !isKept else { return }
    borders = newBorders
    let lines = borders.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
    do {
      try PrivateFile.write(lines.joined(separator: "\n") + "\n", to: statePath)
      isKept = true
      hasToldFailure = false
    } catch {
      isKept = false
      guard !hasToldFailure else { return }
      hasToldFailure = true
      throw error
    }
  }

  // MARK: Files

  /// Why a file that is there can't be used.
  private struct Unreadable: Error {
    var why: String
  }

  /// The text of a file; nil where there is none.
  private static func read(_ path: String) throws(Unreadable) -> String? {
    // A pipe that nobody writes to must not hold up the start.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw Unreadable(why: "it can’t be read: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: largest) else {
      throw Unreadable(why: "it can’t be read: \(String(cString: strerror(errno)))")
    }
    guard bytes.count <= largest else {
      throw Unreadable(why: "it is longer than \(largest / 1024) kB, so it isn’t read")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Unreadable(why: "it isn’t in UTF-8, so it isn’t read; save it as UTF-8")
    }
    return text
  }
}

/// How far two words are apart, to find what a person meant.
enum EditDistance {
  /// The letters to add, leave out or change.
  static func between(_ one: String, _ other: String) -> Int {
    let other = Array(other)
    // Long words are near to none of ours.
    guard one.count <= 64 else { return one.count }
    var above = Array(0...other.count)
    for (row, letter) in one.enumerated() {
      var current = [row + 1]
      for (column, second) in other.enumerated() {
        let changed = above[column] + (letter == second ? 0 : 1)
        current.append(min(changed, above[column + 1] + 1, current[column] + 1))
      }
      above = current
    }
    return above[other.count]
  }
}
