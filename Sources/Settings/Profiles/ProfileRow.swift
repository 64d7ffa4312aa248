/// The table of a profile's settings: the reader, the sample file and the document are made from it.
struct ProfileRow: Sendable {
  typealias Profile = Settings.Profile
  typealias Problem = (line: Int, message: String)

  let key: String
  /// What the document says about it.
  let comment: String
  /// An example line.
  let sample: String
  /// Whether it can be set outside of all sections, too, for the profile that needs none.
  var isTopLevel = false
  /// Whether a profile in which it is wrong can't be used.
  var isVital = true
  private let take: @Sendable (TOMLTable.Entry, inout Profile) -> [Problem]

  static let all: [ProfileRow] =
    secret(
      "token", \.token,
      comments: [
        "The environment variable that holds the API token.",
        "Or the command that prints it, as a list of words. No shell is used.",
        "Or the file that holds it, which only you can read.",
      ],
      samples: [
        "\"WORK_TOKEN\"", "[\"pass\", \"show\", \"replicate\"]", "\"~/.config/replicant/work\"",
      ])
    + [.baseURL, .headers, .kind]
    + secret(
      "files-signing-secret", \.filesSigningSecret, isTopLevel: true,
      comments: [
        "The environment variable that holds your account's secret for downloading uploaded files.",
        "Or the command that prints it, as a list of words. No shell is used.",
        "Or the file that holds it, which only you can read.",
      ],
      samples: [
        "\"FILES_SECRET\"", "[\"pass\", \"show\", \"replicate-files\"]",
        "\"~/.config/replicant/files-secret\"",
      ])
    + [.models]

  /// Takes an entry of the config file; returns what is wrong with it.
  func taken(_ entry: TOMLTable.Entry, _ profile: inout Profile) -> [Problem] {
    let problems = take(entry, &profile)
    if isVital, let first = problems.first, profile.obstacle == nil {
      profile.obstacle = first.message
    }
    return problems
  }
}

extension Settings {
  /// A section with every setting of a profile, for users to start from.
  public static var profileSample: String {
    let rows = ProfileRow.all.map { row in
      // The others are alternatives, or need something of the user's.
      "\n# \(row.comment)\n\(row.key == "token-env" ? "" : "# ")\(row.sample)\n"
    }
    return "[profile.work]\n" + rows.joined()
  }
}

extension ProfileRow {
  private static let baseURL = ProfileRow(
    key: "base-url",
    comment: "The address of a server or a gateway, instead of Replicate's.",
    sample: "base-url = \"https://gateway.example/replicate\""
  ) { entry, profile in
    // An address may have a password in it, so it isn't quoted.
    guard let address = entry.value.string.flatMap(ServerAddress.init) else {
      return [
        (
          entry.line,
          "base-url must be an address like \"https://gateway.example/replicate\", without a user "
            + "name, a query, or #"
        )
      ]
    }
    profile.baseURL = address.text
    return []
  }

  private static let headers = ProfileRow(
    key: "headers",
    comment: "Headers to send to that address. A value like $NAME is an environment variable's.",
    sample: "headers = { \"X-Gateway-Key\" = \"$GATEWAY_KEY\" }"
  ) { entry, profile in
    guard let table = entry.value.table else {
      return [
        (entry.line, "headers must be a table like { \"X-Gateway-Key\" = \"$GATEWAY_KEY\" }")
      ]
    }
    var problems: [Problem] = []
    var names: Set<String> = []
    for entry in table.entries {
      let (header, problem) = Profile.Header.taken(entry)
      if let problem { problems.append((entry.line, problem)) }
      guard let header else { continue }
      if names.insert(header.name.lowercased()).inserted {
        profile.headers.append(header)
      } else {
        problems.append((entry.line, "the header \(header.name) is already set"))
      }
    }
    return problems
  }

  private static let kind = ProfileRow(
    key: "kind",
    comment: "cog if the server runs a single model with cog, which needs no token. "
      + "One of replicate, cog.",
    sample: "kind = \"replicate\""
  ) { entry, profile in
    guard let kind = entry.value.string.flatMap(Profile.Kind.init) else {
      let words = Profile.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      return [
        (
          entry.line,
          "kind can’t be \(TOMLText.words(for: entry.value)); it must be one of \(words)"
        )
      ]
    }
    profile.kind = kind
    return []
  }

  private static let models = ProfileRow(
    key: "models", comment: "Your own models to list, including private ones.",
    sample: "models = [\"owner/name\"]", isTopLevel: true, isVital: false
  ) { entry, profile in
    guard let values = entry.value.array else {
      return [
        (
          entry.line,
          "models can’t be \(TOMLText.words(for: entry.value)); it must be a list of names, such as "
            + "[\"owner/name\"]"
        )
      ]
    }
    var problems: [Problem] = []
    var known: Set<String> = []
    for value in values {
      if let name = value.string, isModel(name) {
        if known.insert(name).inserted { profile.models.append(name) }
      } else {
        problems.append(
          (
            value.line,
            "\(TOMLText.words(for: value)) in models isn’t a model’s name, such as \"owner/name\""
          ))
      }
    }
    return problems
  }

  private static func isModel(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return name.utf8.count <= 256 && parts.count == 2
      && parts.allSatisfy { part in
        !part.isEmpty && part != "." && part != ".."
          && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
      }
  }

  /// The three rows of a secret.
  private static func secret(
    _ name: String, _ path: any WritableKeyPath<Profile, Settings.SecretSource?> & Sendable,
    isTopLevel: Bool = false, comments: [String], samples: [String]
  ) -> [Self] {
    let keys = Settings.SecretSource.Key.allCases
    return zip(keys, zip(comments, samples)).map { kind, texts in
      let key = "\(name)-\(kind.rawValue)"
      let (comment, sample) = texts
      return Self(
        key: key, comment: comment, sample: "\(key) = \(sample)", isTopLevel: isTopLevel,
        isVital: !isTopLevel
      ) { entry, profile in
        // The value may be the secret itself, so it isn't quoted.
        guard let source = Settings.SecretSource(kind, entry.value) else {
          return [(entry.line, "\(key) must be \(expected(kind, sample))")]
        }
        guard profile[keyPath: path] == nil else {
          let names = keys.map { "\(name)-\($0.rawValue)" }.joined(separator: ", ")
          return [(entry.line, "\(key) can’t be set as well; use only one of \(names)")]
        }
        profile[keyPath: path] = source
        return []
      }
    }
  }

  private static func expected(_ kind: Settings.SecretSource.Key, _ sample: String) -> String {
    switch kind {
    case .variable:
      "the name of an environment variable, such as \(sample), and not the secret itself"
    case .command: "a list of words, such as \(sample); there is no shell to split a text"
    case .file: "the whole path of a file, such as \(sample)"
    }
  }
}
