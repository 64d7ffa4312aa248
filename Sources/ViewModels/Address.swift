import ReplicateAPI
import Running

/// A request to open a model's form, optionally with a version and values.
public struct FormRequest: Hashable, Sendable {
  public var model: ModelID
  /// The version to run, or nil for the latest.
  public var version: ModelVersion.ID?
  /// The values to fill in. Nil keeps an earlier draft as it was.
  public var input: JSONObject?
  /// A note to the user about the values, such as that the service has deleted them.
  public var remark: String?

  public init(
    model: ModelID, version: ModelVersion.ID? = nil, input: JSONObject? = nil,
    remark: String? = nil
  ) {
    self.model = model
    self.version = version
    self.input = input
    self.remark = remark
  }
}

/// Something that can be opened by name: `owner/name`, `owner/name:version`, `p/ID`, or one of
/// replicate.com's URLs for these.
public enum Address: Hashable, Sendable {
  case model(ModelID, version: ModelVersion.ID?)
  case prediction(Prediction.ID)
  case collection(String)
  /// One of the app's own places.
  case place(PlaceID)
  /// The search for models, with the cursor in the search field. Never parsed from text.
  case search
  /// A search for models. Never parsed from text.
  case searchFor(String)
  /// A model's form with values filled in. Never parsed from text.
  case form(FormRequest)

  public init?(_ text: some StringProtocol) {
    var rest = Substring(text.trimmingBlanks().prefix(while: { $0 != "?" && $0 != "#" }))
    for prefix in ["https://", "http://"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      // Otherwise the path of another site's URL would be taken for an owner and a name.
      guard Self.hosts.contains(where: { rest == $0 || rest.hasPrefix($0 + "/") }) else {
        return nil
      }
    }
    for host in Self.hosts where rest.hasPrefix(host + "/") {
      rest = rest.dropFirst(host.count + 1)
      if rest.hasPrefix("v1/") { rest = rest.dropFirst(3) }
      break
    }
    var parts = rest.split(separator: "/").map(String.init)
    guard let first = parts.first else { return nil }
    switch (first, parts.count) {
    case ("p", 2), ("predictions", 2...):
      guard Self.isName(parts[1]) else { return nil }
      self = .prediction(Prediction.ID(rawValue: parts[1]))
    case ("collections", 2):
      guard Self.isName(parts[1]) else { return nil }
      self = .collection(parts[1])
    case ("models", 3...):
      parts.removeFirst()
      fallthrough
    case (_, 2...):
      let named = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard Self.isName(parts[0]), let name = named.first, Self.isName(name) else { return nil }
      var version = named.count == 2 ? String(named[1]) : nil
      if parts.count >= 4, parts[2] == "versions" { version = parts[3] }
      if let version, !Self.isName(version) { return nil }
      let id = ModelID(owner: parts[0], name: String(name))
      self = .model(id, version: version.map { ModelVersion.ID(rawValue: $0) })
    default:
      return nil
    }
  }

  private static let hosts = ["replicate.com", "www.replicate.com", "api.replicate.com"]

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
