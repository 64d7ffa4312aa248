import ReplicateAPI
import Running

/// A form to open: whose inputs, of which version, and what is filled in.
public struct FormRequest: Hashable, Sendable {
  public var model: ModelID
  /// The version to run; nil for the latest.
  public var version: ModelVersion.ID?
  /// The values to fill in; nil leaves an earlier draft as it was.
  public var input: JSONObject?
  /// What the person should know about the values, such as that the service has removed them.
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

/// Something that can be opened by name: `owner/name`, `owner/name:version`, `p/ID`, or any of
/// replicate.com's addresses for these; pure.
public enum Address: Hashable, Sendable {
  case model(ModelID, version: ModelVersion.ID?)
  case prediction(Prediction.ID)
  case collection(String)
  /// One of the program's own places.
  case place(PlaceID)
  /// The search for models, to type into; never typed as text.
  case search
  /// A model's form with values filled in; never typed as text.
  case form(FormRequest)

  public init?(_ text: some StringProtocol) {
    var rest = Substring(text.trimmingBlanks().prefix(while: { $0 != "?" && $0 != "#" }))
    for prefix in ["https://", "http://"] where rest.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
      // Another site's path would be read as an owner.
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
