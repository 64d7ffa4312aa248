import Settings
import TerminalKit
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Runs the user's editor, pager, browser, and clipboard tools.
@MainActor
public final class SystemDesktop: DesktopServices {
  let environment: [String: String]
  private let settings: Settings.Config
  let limits: Limits
  /// Tokens, which no other program gets.
  private var secrets: Set<String> = []
  /// The program that is using the terminal.
  var borrower: ChildProcess?
  private var isTerminalLent = false
  /// The terminal to lend to editors and pagers. Set when the screen starts.
  public weak var terminal: (any Terminal)?

  public convenience init(
    environment: [String: String], settings: Settings.Config = Settings.Config()
  ) {
    self.init(environment: environment, settings: settings, limits: Limits())
  }

  init(environment: [String: String], settings: Settings.Config, limits: Limits) {
    self.environment = environment
    self.settings = settings
    self.limits = limits
  }

  /// How long other programs may take.
  struct Limits {
    var clipboardTool = Duration.seconds(5)
    /// A web browser that runs longer than this has opened the address.
    var opener = Duration.seconds(2)
    /// A program that gives the terminal back sooner can't have been used in it.
    var atOnce = Duration.seconds(1)
    /// How long a command may take to print a secret without asking for anything.
    var secretCommand = Duration.seconds(10)
  }

  public func protect(_ secret: String) {
    // Less would occur in variables by chance.
    if secret.utf8.count >= 6 { secrets.insert(secret) }
  }

  func childEnvironment(_ added: [String: String] = [:]) -> ChildProcess.Environment {
    ChildProcess.Environment(added: added, secrets: secrets)
  }

  public func openInBrowser(_ address: String) async throws(DesktopFailure) {
    guard Self.isWebAddress(address) else {
      throw DesktopFailure("Only HTTP and HTTPS addresses can be opened.")
    }
    guard let opener = opener() else {
      throw DesktopFailure("No web browser was found.")
    }
    try await open(address, with: opener)
  }

  /// Opens an address or a file. An opener that goes on running has opened it.
  func open(_ target: String, with opener: String) async throws(DesktopFailure) {
    let status = try await ChildProcess.start(
      opener, [target], environment: childEnvironment(), patience: limits.opener)
    if let status, status != 0 {
      throw DesktopFailure("\(opener) exited with status \(status).")
    }
  }

  public func saveToken(_ token: String) throws(DesktopFailure) -> String {
    try TokenFile(environment: environment).save(token)
  }

  public func edit(
    _ text: String, named name: String
  ) async throws(DesktopFailure) -> EditedText {
    let editor = try command(
      settings.editor, ["VISUAL", "EDITOR"], or: ["nano", "vim", "vi"], "editor")
    let file = try TextFile(text, named: name, environment: environment)
    let (status, isAtOnce): (Int32, Bool)
    do {
      (status, isAtOnce) = try await inTerminal(editor, file.path)
    } catch {
      file.remove()
      throw error
    }
    // If reading fails, the file stays where it is so that nothing is lost.
    let read = { @MainActor @Sendable () throws(DesktopFailure) -> String in
      var edited = try file.read()
      if edited.hasSuffix("\n"), !text.hasSuffix("\n") { edited.removeLast() }
      return edited
    }
    let edited = try read()
    guard status == 0 else {
      var message = "\(editor[0]) exited with status \(status). The text wasn’t changed."
      if edited == text {
        file.remove()
      } else {
        message += " Your edits are in \(file.path)."
      }
      throw DesktopFailure(message)
    }
    if isAtOnce, edited == text {
      return .maybeOpen(OpenText(path: file.path, read: read, discard: { file.remove() }))
    }
    file.remove()
    return .saved(edited)
  }

  public func page(_ text: String, named name: String) async throws(DesktopFailure) {
    let pager = try command(settings.pager, ["PAGER"], or: ["less", "more"], "pager")
    let file = try TextFile(
      TextLayout.sanitize(text), named: name, environment: environment)
    defer { file.remove() }
    let (status, _) = try await inTerminal(
      pager, file.path, environment: ["LESSSECURE": "1", "LESSHISTFILE": "-"],
      pausing: "Press any key to return")
    // Ctrl-C is as good a way to quit the pager as any.
    guard status == 0 || status == 128 + SIGINT else {
      throw DesktopFailure("\(pager[0]) exited with status \(status).")
    }
  }

  public func copy(_ copied: String) async throws(DesktopFailure) -> String {
    let text = TextLayout.sanitize(copied)
    guard !text.isEmpty else { throw DesktopFailure("There’s nothing to copy.") }
    let plan = ClipboardPlan(settings.clipboard, environment: environment)
    var ways: [String] = []
    for tool in plan.tools where await takes(text, tool) {
      ways.append(tool[0])
      break
    }
    let asksTerminal = plan.terminal == .always || plan.terminal == .fallback && ways.isEmpty
    if plan.usesTmux, await takes(text, ClipboardPlan.tmux) { ways.append("tmux") }
    let fits = text.utf8.count <= ClipboardPlan.longestByTerminal
    if asksTerminal, fits, let terminal {
      terminal.send(.clipboard(text))
      ways.append("OSC 52")
    }
    if !ways.isEmpty { return ClipboardPlan.words(for: text, by: ways) }
    guard asksTerminal else {
      throw DesktopFailure(
        "Couldn’t copy. Install wl-copy, xclip, or xsel, or set clipboard to auto.")
    }
    guard fits else {
      throw DesktopFailure(
        "The text has \(text.utf8.count / 1000) kB, and OSC 52 allows only 74 kB. "
          + "Press v to open it in the pager.")
    }
    throw DesktopFailure("No terminal is available for copying.")
  }

  public func announce(title: String, body: String) {
    terminal?.send(.notice(title: title, body: body))
  }

  /// Runs a clipboard tool. Returns whether it exists and succeeded.
  private func takes(_ text: String, _ tool: [String]) async -> Bool {
    guard let path = path(of: tool[0]) else { return false }
    do throws(DesktopFailure) {
      return try await ChildProcess.feed(
        text, to: path, Array(tool.dropFirst()), environment: childEnvironment(),
        patience: limits.clipboardTool) == 0
    } catch {
      // Try the next way to copy.
      return false
    }
  }

  /// What a program writes to its output; nil if it fails, or writes more than a limit.
  func readOutput(_ path: String, _ arguments: [String], atMost limit: Int) async -> [UInt8]? {
    do throws(DesktopFailure) {
      let (status, output) = try await ChildProcess.read(
        path, arguments, atMost: limit, environment: childEnvironment(),
        patience: limits.clipboardTool)
      return status == 0 ? output : nil
    } catch {
      return nil
    }
  }

  /// The user's command: from the settings, from an environment variable, or the first known
  /// program that is installed.
  private func command(
    _ chosen: [String], _ variables: [String], or programs: [String], _ purpose: String
  ) throws(DesktopFailure) -> [String] {
    if !chosen.isEmpty { return chosen }
    for variable in variables {
      guard let words = CommandWords.split(environment[variable] ?? "", environment)
      else {
        throw DesktopFailure("$\(variable) has an unclosed quote.")
      }
      if !words.isEmpty { return words }
    }
    if let program = programs.first(where: { path(of: $0) != nil }) { return [program] }
    throw DesktopFailure(
      "No \(purpose) was found. Set $\(variables.last ?? "") or \(purpose) in the config file."
    )
  }

  /// Runs a program in the terminal.
  ///
  /// - Parameter words: What to show, until a key is pressed, if the program returns at once.
  /// - Returns: The exit status, and whether the program returned at once.
  private func inTerminal(
    _ command: [String], _ file: String, environment: [String: String] = [:],
    pausing words: String? = nil
  ) async throws(DesktopFailure) -> (status: Int32, isAtOnce: Bool) {
    guard let path = path(of: command[0]) else {
      throw DesktopFailure("The program “\(command[0])” wasn’t found.")
    }
    try lendTerminal()
    defer { takeTerminalBack() }
    let start = ContinuousClock.now
    let child = try ChildProcess.startInForeground(
      path, command.dropFirst() + [file], environment: childEnvironment(environment))
    borrower = child
    let status = await child.end
    let isAtOnce = ContinuousClock.now - start < limits.atOnce
    if isAtOnce, let words { await terminal?.pause(words) }
    return (status, isAtOnce)
  }

  /// Lends the terminal to a program, the ``borrower``, until ``takeTerminalBack()``.
  func lendTerminal() throws(DesktopFailure) {
    guard !isTerminalLent else { throw DesktopFailure("Another program is using the terminal.") }
    isTerminalLent = true
    terminal?.handOver()
  }

  func takeTerminalBack() {
    terminal?.takeBack()
    isTerminalLent = false
    borrower = nil
  }

  public func endProgramInTerminal() { borrower?.terminate() }

  /// Whether an address is safe to pass to a web browser: HTTP or HTTPS, printable, without spaces.
  nonisolated static func isWebAddress(_ address: String) -> Bool {
    (address.hasPrefix("https://") || address.hasPrefix("http://"))
      && address.utf8.count <= 8192
      && address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
  }

  func opener() -> String? {
    #if os(Linux)
      let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains {
        !(environment[$0] ?? "").isEmpty
      }
      let names = hasDisplay ? ["xdg-open", "wslview"] : ["wslview"]
    #else
      let names = ["open"]
    #endif
    // $BROWSER can list several commands with arguments. Use only a plain program name.
    let chosen = environment["BROWSER"].flatMap { $0.split(separator: ":").first }
      .map { CommandWords.expanded(String($0), environment) }
    return ([chosen].compactMap(\.self) + names).lazy.compactMap(path(of:)).first
  }

  func path(of name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
