/// The user or organization that the token belongs to.
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
    var account = Account(username: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "type": account.type = try reader.optionalString() ?? ""
      case "username": account.username = try reader.optionalString() ?? ""
      case "name": account.name = try reader.optionalString()
      case "github_url": account.githubURL = try reader.optionalString()
      case "avatar_url": account.avatarURL = try reader.optionalString()
      default: try reader.skip()
      }
    }
    if account.username.isEmpty { throw reader.mistake("an account without a user name") }
    self = account
  }
}
