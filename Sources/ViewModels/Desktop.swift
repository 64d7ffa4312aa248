/// Access to programs and files outside the terminal. The app's implementation is in Desktop; tests
/// use a recorder.
@MainActor
public protocol DesktopServices: AnyObject {
  /// Opens an HTTP or HTTPS address in the user's web browser. Other schemes are rejected.
  func openInBrowser(_ address: String) async throws(DesktopFailure)

  /// Saves a file for the user only, and opens it if its type is safe to open. Returns a message that
  /// says what was done and where the file is.
  func openFile(_ content: [UInt8], type: String) async throws(DesktopFailure) -> String

  /// Saves the API token in a file that only its owner can read. Returns the file's path.
  func saveToken(_ token: String) throws(DesktopFailure) -> String

  /// Opens a text in the user's editor ($VISUAL or $EDITOR), which takes over the terminal. Returns
  /// the saved text.
  ///
  /// - Parameter name: The file name, such as `prompt.txt`, from which the editor derives the file
  ///   type.
  func edit(_ text: String, named name: String) async throws(DesktopFailure) -> String

  /// Shows a text in the user's pager ($PAGER), which takes over the terminal.
  func page(_ text: String, named name: String) async throws(DesktopFailure)

  /// Terminates the editor or pager that is using the terminal, if any, and lets it restore the
  /// screen.
  func endProgramInTerminal()

  /// Copies a text to the clipboard. Returns a message that says how.
  func copy(_ text: String) async throws(DesktopFailure) -> String

  /// Shows a desktop notification, for a user who is looking at something else.
  func announce(title: String, body: String)
}

/// Why an action outside the terminal failed, in words the user can act on.
public struct DesktopFailure: Error, Sendable, Hashable {
  public var message: String

  public init(_ message: String) {
    self.message = message
  }
}
