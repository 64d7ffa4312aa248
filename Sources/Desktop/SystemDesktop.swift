import TerminalKit
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What reaches outside the terminal on this machine.
@MainActor
public final class SystemDesktop: DesktopServices {
  private let environment: [String: String]
  private var isTerminalLent = false
  /// The terminal that editors and pagers are given; whoever starts the screen tells it.
  public weak var terminal: (any Terminal)?

  public init(environment: [String: String]) {
    self.environment = environment
  }

  public func openInBrowser(_ address: String) async throws(DesktopFailure) {
    guard Self.isWebAddress(address) else {
      throw DesktopFailure("Only http and https addresses are opened.")
    }
    guard let opener = opener() else {
      throw DesktopFailure("There is no web browser to open it with here.")
    }
    try ChildProcess.start(opener, [address])
  }

  public func saveToken(_ token: String) throws(DesktopFailure) -> String {
    try TokenFile(environment: environment).save(token)
  }

  public func edit(_ text: String, named name: String) async throws(DesktopFailure) -> String {
    guard let editor = command(["VISUAL", "EDITOR"], or: ["nano", "vim", "vi"]) else {
      throw DesktopFailure("There is no editor here: set EDITOR to yours.")
    }
    let file = try TextFile(text, named: name)
    let status = try await inTerminal(editor, file.path)
    guard status == 0 else {
      file.remove()
      throw DesktopFailure("\(editor[0]) ended with \(status); the text is as it was.")
    }
    // What can't be taken back stays where it is.
    var edited = try file.read()
    file.remove()
    if edited.hasSuffix("\n"), !text.hasSuffix("\n") { edited.removeLast() }
    return edited
  }

  public func page(_ text: String, named name: String) async throws(DesktopFailure) {
    guard let pager = command(["PAGER"], or: ["less", "more"]) else {
      throw DesktopFailure("There is no pager here: set PAGER to yours.")
    }
    let file = try TextFile(TextLayout.sanitize(text), named: name)
    defer { file.remove() }
    _ = try await inTerminal(
      pager, file.path, environment: ["LESSSECURE": "1", "LESSHISTFILE": "-"])
  }

  /// The longest text that goes through OSC 52: the strictest limit that a terminal documents is
  /// 100,000 bytes of base64.
  nonisolated static let longestByTerminal = 74_994

  public func copy(_ text: String) async throws(DesktopFailure) -> String {
    let count = text.count
    let words = "Copied \(count) character\(count == 1 ? "" : "s")"
    var taken: String?
    for tool in clipboardTools() {
      guard let path = path(of: tool[0]) else { continue }
      if try await ChildProcess.feed(text, to: path, Array(tool.dropFirst())) == 0 {
        taken = tool[0]
        break
      }
    }
    if text.utf8.count <= Self.longestByTerminal, let terminal {
      terminal.send(.clipboard(text))
      return taken.map { "\(words) (\($0))." } ?? "\(words) (by the terminal, OSC 52)."
    }
    if let taken { return "\(words) (\(taken))." }
    throw DesktopFailure(
      "That is \(text.utf8.count / 1000) kB; terminals take no more than 74 kB for the clipboard. "
        + "v shows it in the pager.")
  }

  public func announce(title: String, body: String) {
    terminal?.send(.notice(title: title, body: body))
  }

  /// Programs that copy what they read, the best first.
  private func clipboardTools() -> [[String]] {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    var tools: [[String]] = []
    #if !os(Linux)
      tools.append(["pbcopy"])
    #endif
    // Over SSH the display is not the one that the person sits at.
    if !isSet("SSH_TTY"), !isSet("SSH_CONNECTION") {
      if isSet("WAYLAND_DISPLAY") { tools.append(["wl-copy"]) }
      if isSet("DISPLAY") {
        tools += [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]]
      }
    }
    if isSet("TMUX") { tools.append(["tmux", "load-buffer", "-w", "-"]) }
    return tools
  }

  /// The command that one of the variables names, or the first of some programs that is there.
  private func command(_ variables: [String], or programs: [String]) -> [String]? {
    for variable in variables {
      let words = CommandWords.split(environment[variable] ?? "")
      if !words.isEmpty { return words }
    }
    return programs.first { path(of: $0) != nil }.map { [$0] }
  }

  private func inTerminal(
    _ command: [String], _ file: String, environment: [String: String] = [:]
  ) async throws(DesktopFailure) -> Int32 {
    guard let path = path(of: command[0]) else {
      throw DesktopFailure("There is no program “\(command[0])” here.")
    }
    guard !isTerminalLent else { throw DesktopFailure("Another program has the terminal.") }
    isTerminalLent = true
    terminal?.handOver()
    defer {
      terminal?.takeBack()
      isTerminalLent = false
    }
    return try await ChildProcess.runInForeground(
      path, command.dropFirst() + [file], environment: environment)
  }

  /// An address that a web browser may be handed: http or https, printable, without blanks.
  nonisolated static func isWebAddress(_ address: String) -> Bool {
    (address.hasPrefix("https://") || address.hasPrefix("http://"))
      && address.utf8.count <= 8192
      && address.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7F }
  }

  private func opener() -> String? {
    #if os(Linux)
      let hasDisplay = ["DISPLAY", "WAYLAND_DISPLAY"].contains {
        !(environment[$0] ?? "").isEmpty
      }
      let names = hasDisplay ? ["xdg-open", "wslview"] : ["wslview"]
    #else
      let names = ["open"]
    #endif
    // $BROWSER may hold several, and arguments; only a plain program is taken from it.
    let chosen = environment["BROWSER"].flatMap { $0.split(separator: ":").first.map(String.init) }
    return ([chosen].compactMap(\.self) + names).lazy.compactMap(path(of:)).first
  }

  private func path(of name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let folders = (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":")
    return folders.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }
}
