/// What reaches outside the terminal; the program's own is in the target Desktop, tests record it.
@MainActor
public protocol DesktopServices: AnyObject {
  /// Opens an http or https address in the person's web browser; nothing else is opened.
  func openInBrowser(_ address: String) async throws(DesktopFailure)

  /// Keeps the API token for the next start, in a file that only its owner can read. Returns where.
  func saveToken(_ token: String) throws(DesktopFailure) -> String

  /// Lets the person change a text in their own editor ($VISUAL or $EDITOR), which has the terminal
  /// meanwhile. Returns the text as it was saved.
  ///
  /// - Parameter name: what the file is called, so that the editor knows its kind: `prompt.txt`.
  func edit(_ text: String, named name: String) async throws(DesktopFailure) -> String

  /// Shows a text in the person's own pager ($PAGER), which has the terminal meanwhile.
  func page(_ text: String, named name: String) async throws(DesktopFailure)

  /// Asks the editor or pager that has the terminal, if one has, to end and to restore it.
  func endProgramInTerminal()

  /// Puts a text on the clipboard. Returns how, in words to show.
  func copy(_ text: String) async throws(DesktopFailure) -> String

  /// Tells something to a person who looks elsewhere.
  func announce(title: String, body: String)
}

/// Why something outside the terminal didn't happen, in words to act on.
public struct DesktopFailure: Error, Sendable, Hashable {
  public var message: String

  public init(_ message: String) {
    self.message = message
  }
}
