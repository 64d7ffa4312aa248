/// A user or an organization, such as the one that the token belongs to.
public struct Account: Sendable, Hashable {
  /// `user` or `organization`.
  public var type: String
  public var username: String
  public var name: String?
  public var githubURL: String?
  public var avatarURL: String?

  public init(
    type: String = "user", username: String, name: String? = nil, githubURL: String? = nil,
    avatarURL: String? = nil
  ) {
    self.type = type
    self.username = username
    self.name = name
    self.githubURL = githubURL
    self.avatarURL = avatarURL
  }
}

extension Account: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    try self.init(members: &reader)
    if username.isEmpty { throw reader.mistake("an account without a user name") }
  }

  /// An account inside another object; nil if it isn't an object or has no user name.
  init?(ifPresent reader: inout JSONReader) throws(JSONSyntaxError) {
    guard try reader.kind() == .object else {
      try reader.skip()
      return nil
    }
    try self.init(members: &reader)
    if username.isEmpty { return nil }
  }

  private init(members reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(username: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "type": type = try reader.optionalString() ?? ""
      case "username": username = try reader.optionalString() ?? ""
      case "name": name = try reader.optionalString()
      case "github_url": githubURL = try reader.optionalString()
      case "avatar_url": avatarURL = try reader.optionalString()
      default: try reader.skip()
      }
    }
  }
}
