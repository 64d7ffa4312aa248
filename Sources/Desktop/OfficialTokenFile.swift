import Running
import Settings

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The file in which `replicate`, Replicate's own command-line program, keeps the token of
/// `replicate auth login`. It is only read.
///
/// It is YAML: a host, and the host's token below it.
///
///     api.replicate.com:
///         token: r8_…
///
/// JSON of the same shape is understood, too, and so are addresses in place of hosts.
public struct OfficialTokenFile: Sendable {
  public let path: String

  /// A longer file isn't one of these, in bytes.
  private static let sizeLimit = 65_536

  /// `$XDG_CONFIG_HOME/replicate/hosts`, or `~/.config/replicate/hosts`.
  public init(environment: [String: String]) {
    let configured = environment["XDG_CONFIG_HOME"] ?? ""
    let home = environment["HOME"] ?? "/"
    path = (configured.hasPrefix("/") ? configured : "\(home)/.config") + "/replicate/hosts"
  }

  /// The token for the host of a base URL.
  ///
  /// Older versions of that program let everyone read the file, so that alone is no reason not to use
  /// it. But others mustn't be able to change it.
  public func token(for baseURL: String) -> TokenFile.Contents {
    let opened: Int32?
    do {
      opened = try PrivateFile.open(path)
    } catch {
      return .ignored("The replicate command’s token file \(error.reason):\n\(path)")
    }
    guard let file = opened else { return .nothing }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & 0o022 == 0,
      facts.st_uid == geteuid() || facts.st_uid == 0
    else {
      return .ignored(
        "The replicate command’s token file was ignored because others can change it:\n\(path)")
    }
    guard let bytes = PrivateFile.readAll(file, atMost: Self.sizeLimit),
      bytes.count <= Self.sizeLimit
    else {
      return .ignored("The replicate command’s token file can’t be read:\n\(path)")
    }
    let host = HostTokens.host(of: baseURL)
    guard let token = HostTokens(String(decoding: bytes, as: UTF8.self)).tokens[host] else {
      return .nothing
    }
    guard token.utf8.count <= 4096, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      return .ignored("The replicate command’s token file has no usable token:\n\(path)")
    }
    return token.isEmpty ? .nothing : .token(token)
  }
}
