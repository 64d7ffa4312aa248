/// Access to programs and files outside the terminal. The app's implementation is in Desktop; tests
/// use a recorder.
@MainActor
public protocol DesktopServices: AnyObject {
  /// Keeps a secret from other programs: no variable that contains it is passed on to them.
  func protect(_ secret: String)

  /// Opens an HTTP or HTTPS address in the user's web browser. Other schemes are rejected. A browser
  /// that fails within two seconds is an error.
  func openInBrowser(_ address: String) async throws(DesktopFailure)

  /// Saves a file for the user only, and opens it if its type is safe to open. Returns a message that
  /// says what was done and where the file is.
  func openFile(_ content: [UInt8], type: String) async throws(DesktopFailure) -> String

  /// Saves the API token in a file that only its owner can read. Returns the file's path.
  func saveToken(_ token: String) throws(DesktopFailure) -> String

  /// Opens a text in the user's editor ($VISUAL or $EDITOR), which takes over the terminal.
  ///
  /// - Parameter name: The file name, such as `prompt.txt`, from which the editor derives the file
  ///   type.
  func edit(_ text: String, named name: String) async throws(DesktopFailure) -> EditedText

  /// Shows a text in the user's pager ($PAGER), which takes over the terminal. What a pager leaves
  /// on the screen by returning at once stays there until a key is pressed.
  func page(_ text: String, named name: String) async throws(DesktopFailure)

  /// Terminates the editor or pager that is using the terminal, if any, and lets it restore the
  /// screen.
  func endProgramInTerminal()

  /// Copies a text to the clipboard. Returns a message that says how.
  func copy(_ text: String) async throws(DesktopFailure) -> String

  /// Saves the picture in the display's clipboard as a PNG file for the user only. Returns its path.
  func savePictureFromClipboard() async throws(DesktopFailure) -> String

  /// Shows a desktop notification, for a user who is looking at something else.
  func announce(title: String, body: String)
}

/// What came of editing a text.
public enum EditedText: Sendable {
  /// The text as saved.
  case saved(String)
  /// The editor returned at once and changed nothing. It may have opened a window of its own, so the
  /// file is kept.
  case maybeOpen(OpenText)
}

/// A text's file that an editor may still have open.
public struct OpenText: Sendable {
  public var path: String
  /// Reads the text as it is saved now.
  public var read: @MainActor @Sendable () throws(DesktopFailure) -> String
  /// Removes the file.
  public var discard: @MainActor @Sendable () -> Void

  public init(
    path: String, read: @escaping @MainActor @Sendable () throws(DesktopFailure) -> String,
    discard: @escaping @MainActor @Sendable () -> Void
  ) {
    self.path = path
    self.read = read
    self.discard = discard
  }
}

/// Why an action outside the terminal failed, in words the user can act on.
public struct DesktopFailure: Error, Sendable, Hashable {
  public var message: String

  public init(_ message: String) {
    self.message = message
  }
}
