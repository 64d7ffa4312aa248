import Running
import Settings
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file that holds the API token or another secret. Only its owner can read it.
public struct TokenFile: Sendable {
  public let path: String
  /// What messages call it.
  private let name: String

  /// The file that stores the API token if the user asks for it: `$XDG_CONFIG_HOME/replicant/token`,
  /// or `~/.config/replicant/token`.
  public init(environment: [String: String]) {
    self.init(PrivateFile.folder("XDG_CONFIG_HOME", or: ".config", environment) + "/token")
  }

  /// A file of the user's own.
  init(_ path: String, called name: String = "token file") {
    self.path = path
    self.name = name
  }

  /// What the file holds.
  public enum Contents: Hashable, Sendable {
    /// There is no file, or it is empty.
    case nothing
    /// The token, perhaps with what people leave around it.
    case token(String)
    /// The file isn't used, for a reason that the user can do something about.
    case ignored(String)
  }

  /// The longest file that is read, in bytes.
  private static let sizeLimit = 4096

  /// Reads the saved token. A file that others can access isn't trusted.
  public func read() -> Contents {
    let opened: Int32?
    do {
      opened = try PrivateFile.open(path)
    } catch {
      return .ignored("The \(name) \(error.reason):\n\(path)")
    }
    guard let file = opened else { return .nothing }
    defer { close(file) }
    var facts = stat()
    guard fstat(file, &facts) == 0, facts.st_mode & 0o077 == 0 else {
      return .ignored(
        "The \(name) was ignored because others can access it. To use it, run:\nchmod 600 "
          + Self.quoted(path))
    }
    guard let bytes = PrivateFile.readAll(file, atMost: Self.sizeLimit) else {
      return .ignored("The \(name) \(path) can’t be read: \(String(cString: strerror(errno))).")
    }
    guard bytes.count <= Self.sizeLimit else {
      return .ignored("The \(name) \(path) is too long to be one.")
    }
    let text = String(decoding: bytes, as: UTF8.self).trimmingBlanks()
    return text.isEmpty ? .nothing : .token(String(text))
  }

  /// A path as a shell takes it.
  private static func quoted(_ path: String) -> String {
    let isPlain = path.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
    return isPlain ? path : "'" + path.replacing(scalar: "'", with: "'\\''") + "'"
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
