import Running
import Settings
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file in which the API token is kept when a person asks for that: readable by its owner alone.
public struct TokenFile: Sendable {
  public let path: String

  /// `$XDG_CONFIG_HOME/replicant/token`, or the same below `~/.config`.
  public init(environment: [String: String]) {
    path = PrivateFile.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/token"
  }

  /// The token that was kept, or nil. A file that others could read is not trusted with one.
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

  /// Keeps the token; returns where.
  func save(_ token: String) throws(DesktopFailure) -> String {
    do {
      try PrivateFile.write("\(token)\n", to: path)
    } catch {
      throw DesktopFailure(error.message)
    }
    return path
  }
}
