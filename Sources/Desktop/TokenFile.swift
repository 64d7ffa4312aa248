import Running
import Settings
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file that stores the API token if the user asks for it. Only its owner can read it.
public struct TokenFile: Sendable {
  public let path: String

  /// `$XDG_CONFIG_HOME/replicant/token`, or `~/.config/replicant/token`.
  public init(environment: [String: String]) {
    path = PrivateFile.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/token"
  }

  /// The saved token, or nil. A file that others can access isn't trusted.
  public func read() -> String? {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & 0o077 == 0 else { return nil }
    guard let bytes = PrivateFile.readAll(file, atMost: 512) else { return nil }
    let token = String(decoding: bytes.prefix(512), as: UTF8.self).trimmingBlanks()
    return token.isEmpty ? nil : String(token)
  }

  /// Saves the token. Returns the file's path.
  func save(_ token: String) throws(DesktopFailure) -> String {
    do {
      try PrivateFile.write("\(token)\n", to: path)
    } catch {
      throw DesktopFailure(error.message)
    }
    return path
  }
}
