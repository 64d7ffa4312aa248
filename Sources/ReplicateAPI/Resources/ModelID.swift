/// The full name of a model or a deployment, `owner/name`.
public struct ModelID: Hashable, Sendable {
  public var owner: String
  public var name: String

  public init(owner: String, name: String) {
    self.owner = owner
    self.name = name
  }

  /// Reads `owner/name`. Nil if a part is missing or there is more, such as a version.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[1].contains(":") else {
      return nil
    }
    self.init(owner: String(parts[0]), name: String(parts[1]))
  }
}

extension ModelID: Comparable {
  public static func < (one: Self, other: Self) -> Bool {
    (one.owner, one.name) < (other.owner, other.name)
  }
}

extension ModelID: CustomStringConvertible {
  public var description: String { "\(owner)/\(name)" }
}
