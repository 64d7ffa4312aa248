extension Settings {
  /// Another account or another server to work with: a section `[profile.NAME]` of the config file.
  public struct Profile: Hashable, Sendable {
    /// What the server understands.
    public enum Kind: String, CaseIterable, Sendable {
      /// Replicate's HTTP API.
      case replicate
      /// The HTTP API of a single model's server, as cog runs it.
      case cog
    }

    /// Letters, digits, `-` and `_`; empty for the profile of the keys outside of all sections.
    public var name: String
    public var kind = Kind.replicate
    /// Where the API token is; nil if the server needs none.
    public var token: SecretSource?
    /// The server's address as written, without slashes at the end; nil for Replicate's own.
    public var baseURL: String?
    /// In the order of the file. Get their values from ``headers(_:)``.
    public var headers: [Header] = []
    /// Where the account's secret for downloading uploaded files is.
    public var filesSigningSecret: SecretSource?
    /// The models to list as the user's own, such as `owner/name`.
    public var models: [String] = []
    /// What stops it from being used, in words to act on, without a period. A profile whose address
    /// or headers can't be understood must not send its token elsewhere.
    public var obstacle: String?
    /// The line of the config file; 0 for the profile of the keys outside of all sections.
    public var line: Int

    public init(name: String = "", line: Int = 0) {
      self.name = name
      self.line = line
    }
  }
}

extension Settings.Config {
  /// The names of the environment variables that hold secrets, which no other program should get.
  public var secretVariables: Set<String> {
    var names: Set<String> = []
    for profile in [standardProfile] + profiles {
      for source in [profile.token, profile.filesSigningSecret] {
        if case .variable(let name) = source { names.insert(name) }
      }
      for header in profile.headers {
        if case .variable(let name) = header.value { names.insert(name) }
      }
    }
    return names
  }

  /// Takes `[profile.NAME]`, all of them at once.
  mutating func takeProfiles(_ entry: TOMLTable.Entry) -> [(line: Int, message: String)] {
    guard let table = entry.value.table else {
      return [(entry.line, "profile is a section; write [profile.work], and its settings below it")]
    }
    var problems: [(line: Int, message: String)] = []
    for entry in table.entries {
      guard let settings = entry.value.table else {
        problems.append(
          (
            entry.line,
            "\(TOMLText.quoted(entry.key)) isn’t in the section of a profile; write [profile.work], "
              + "and its settings below it"
          ))
        continue
      }
      guard Settings.Profile.isName(entry.key) else {
        problems.append(
          (
            entry.line,
            "\(TOMLText.quoted(entry.key)) can’t be the name of a profile; use up to 40 letters, "
              + "digits, - and _"
          ))
        continue
      }
      var profile = Settings.Profile(name: entry.key, line: entry.line)
      problems += profile.take(settings)
      profiles.append(profile)
    }
    return problems
  }
}

extension Settings.Profile {
  static func isName(_ name: String) -> Bool {
    // What needs no quotes in TOML is exactly that.
    !name.isEmpty && name.utf8.count <= 40 && TOMLText.key(name) == name
  }

  /// Takes the settings of a section; returns what is wrong with them.
  fileprivate mutating func take(_ table: TOMLTable) -> [(line: Int, message: String)] {
    var problems: [(line: Int, message: String)] = []
    for entry in table.entries {
      if let row = ProfileRow.all.first(where: { $0.key == entry.key }) {
        problems += row.taken(entry, &self)
      } else {
        problems.append((entry.line, unknown(entry.key)))
      }
    }
    // What a mistake has left out isn't missing.
    guard obstacle == nil else { return problems }
    if let (line, words) = contradiction(in: table) {
      obstacle = words
      problems.append((line, words))
    }
    return problems
  }

  private func unknown(_ key: String) -> String {
    let keys = ProfileRow.all.map(\.key)
    let start = "there is no setting \(TOMLText.quoted(key)) in [profile.\(name)]"
    if let closest = EditDistance.closest(to: key, among: keys) {
      return "\(start); maybe you meant \(closest)"
    }
    return "\(start); its settings are \(keys.joined(separator: ", "))"
  }

  /// What makes no sense together.
  private func contradiction(in table: TOMLTable) -> (line: Int, words: String)? {
    guard let baseURL else {
      if kind == .cog {
        return (line, "[profile.\(name)] needs base-url, the address of the cog server")
      }
      return token == nil
        ? (line, "[profile.\(name)] needs one of token-env, token-command, token-file") : nil
    }
    let hasSecret = token != nil || !headers.isEmpty
    if hasSecret, ServerAddress(baseURL)?.isPrivate == false {
      let line = table.entries.first { $0.key == "base-url" }?.line ?? line
      return (
        line,
        "base-url must start with https://, because others could read the token and the headers on "
          + "the way; http:// is for this machine"
      )
    }
    return nil
  }
}
