/// What reaches outside the terminal; the program's own is in the target Desktop, tests record it.
@MainActor
public protocol DesktopServices: AnyObject {
  /// Opens an http or https address in the person's web browser; nothing else is opened.
  func openInBrowser(_ address: String) async throws(DesktopFailure)

  /// Keeps the API token for the next start, in a file that only its owner can read. Returns where.
  func saveToken(_ token: String) throws(DesktopFailure) -> String
}

/// Why something outside the terminal didn't happen, in words to act on.
public struct DesktopFailure: Error, Sendable, Hashable {
  public var message: String

  public init(_ message: String) {
    self.message = message
  }
}
