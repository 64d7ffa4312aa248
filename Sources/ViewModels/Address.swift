import ReplicateAPI
import Running

/// A request to open a model's form, optionally with a version and values.
public struct FormRequest: Hashable, Sendable {
  public var model: ModelID
  /// The version to run, or nil for the latest.
  public var version: ModelVersion.ID?
  /// The values to fill in. Nil keeps an earlier draft as it was.
  public var input: JSONObject?
  /// The values of the inputs that take several.
  public var sweeps: [String: [JSONValue]]
  /// How the run is made; nothing keeps what the form has.
  public var options: RunOptions
  /// The files on this machine in it that the user has named. Others aren't sent.
  public var ownFiles: Set<String>
  /// A note to the user about the values, such as that the service has deleted them.
  public var remark: String?

  public init(
    model: ModelID, version: ModelVersion.ID? = nil, input: JSONObject? = nil,
    sweeps: [String: [JSONValue]] = [:], options: RunOptions = RunOptions(),
    ownFiles: Set<String> = [],
    remark: String? = nil
  ) {
    self.model = model
    self.version = version
    self.input = input
    self.sweeps = sweeps
    self.options = options
    self.ownFiles = ownFiles
    self.remark = remark
  }
}

/// Something that can be opened by name: `owner/name`, `owner/name:version`, `p/ID`, or a URL of
/// replicate.com.
public enum Address: Hashable, Sendable {
  /// A model, perhaps with a version or the beginning of a version's ID.
  case model(ModelID, version: ModelVersion.ID?)
  case prediction(Prediction.ID)
  case collection(String)
  /// One of the app's own places.
  case place(PlaceID)
  /// A page of replicate.com that isn't shown here.
  case web(String)
  /// The search for models, with the cursor in the search field. Never parsed from text.
  case search
  /// A search for models. Never parsed from text.
  case searchFor(String)
  /// A model's form with values filled in. Never parsed from text.
  case form(FormRequest)
  /// The form for a new deployment of a model. Never parsed from text.
  case newDeployment(ModelID, version: ModelVersion.ID?)
  /// The form for a training that starts from a model. Never parsed from text.
  case newTraining(TrainingFormRequest)
  case training(Training.ID)
  case deployment(ModelID)
  /// The form of the model that is shown, with this file in it. Never parsed from text.
  case fileInput(String)
  /// A group of runs. Never parsed from text.
  case group(PredictionGroup.ID)

  public init?(_ text: some StringProtocol) {
    let text = String(text.trimmingBlanks())
    var rest = text[...]
    var isURL = false
    for prefix in ["https://", "http://"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      isURL = true
      break
    }
    let host = Self.hosts.first { host in
      rest.hasPrefix(host) && (rest.dropFirst(host.count).first.map { "/?#".contains($0) } ?? true)
    }
    // Otherwise the path of another site's URL would be taken for an owner and a name.
    if isURL, host == nil { return nil }
    rest = rest.dropFirst(host?.count ?? 0)
    while rest.first == "/" { rest.removeFirst() }
    if host == Self.api, rest.hasPrefix("v1/") { rest = rest.dropFirst(3) }
    let path = rest.prefix { $0 != "?" && $0 != "#" }
    let query = rest.dropFirst(path.count).prefix { $0 != "#" }.dropFirst()
    self.init(
      parts: path.split(separator: "/").map(String.init), query: query, isSite: host != nil,
      page: "https://replicate.com/\(rest)")
  }

  /// - Parameters:
  ///   - isSite: Whether the text names the site, and not only a path.
  ///   - page: The page on the web.
  private init?(parts: [String], query: Substring, isSite: Bool, page: String) {
    // Nothing else belongs into a URL.
    guard page.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
    guard let first = parts.first else {
      guard isSite else { return nil }
      self = .web(page)
      return
    }
    switch (first, parts.count) {
    case ("p", 2), ("predictions", 2...):
      guard Self.isName(parts[1]) else { return nil }
      self = .prediction(Prediction.ID(rawValue: parts[1]))
    case ("trainings", 2...):
      guard Self.isName(parts[1]) else { return nil }
      self = .training(Training.ID(rawValue: parts[1]))
    case ("deployments", 3...) where Self.isName(parts[1]) && Self.isName(parts[2]):
      self = .deployment(ModelID(owner: parts[1], name: parts[2]))
    case ("collections", 2...):
      guard Self.isName(parts[1]) else { return nil }
      self = .collection(parts[1])
    case ("models", 3...):
      guard let model = Self(model: Array(parts.dropFirst()), query: query) else { return nil }
      self = model
    case (let name, 1):
      // A word alone may be a command.
      guard isSite else { return nil }
      self = Self.places[name].map { .place($0) } ?? .web(page)
    case (let name, _) where Self.pages.contains(name):
      self = .web(page)
    default:
      guard let model = Self(model: parts, query: query) else { return nil }
      self = model
    }
  }

  /// - Parameter parts: owner, name, and perhaps `versions` and a version.
  private init?(model parts: [String], query: Substring) {
    let named = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard Self.isName(parts[0]), let name = named.first, Self.isName(name) else { return nil }
    var version = named.count == 2 ? String(named[1]) : nil
    if parts.count >= 4, parts[2] == "versions" { version = parts[3] }
    if let version, !Self.isName(version) { return nil }
    // A model's page can show one of its predictions.
    for item in query.split(separator: "&") where item.hasPrefix("prediction=") {
      let id = item.dropFirst("prediction=".count)
      guard Self.isName(id) else { continue }
      self = .prediction(Prediction.ID(rawValue: String(id)))
      return
    }
    self = .model(
      ModelID(owner: parts[0], name: String(name)),
      version: version.map { ModelVersion.ID(rawValue: $0) })
  }

  private static let api = "api.replicate.com"
  private static let hosts = ["replicate.com", "www.replicate.com", api]

  /// The site's pages that are places here.
  private static let places: [String: PlaceID] = [
    "collections": PlaceID("collections"), "explore": PlaceID("models"),
    "models": PlaceID("models"), "predictions": PlaceID("predictions"),
    "hardware": PlaceID("hardware"), "deployments": PlaceID("deployments"),
    "trainings": PlaceID("trainings"), "files": PlaceID("files"), "account": PlaceID("account"),
  ]

  /// What comes first in the paths of pages that belong to no model: no account has these names.
  private static let pages: Set<String> = [
    "about", "account", "api", "billing", "blog", "brand", "careers", "changelog", "contact",
    "create", "dashboard", "deployments", "docs", "enterprise", "explore", "files", "guides",
    "hardware", "home", "invites", "jobs", "legal", "login", "logout", "models", "organizations",
    "p", "playground", "pricing", "privacy", "search", "security", "settings", "showcase", "signin",
    "signout", "signup", "status", "support", "team", "terms", "trainings", "webhooks",
  ]

  private static func isName(_ text: some StringProtocol) -> Bool {
    text.contains { $0 != "." }
      && text.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
