import Running
import Settings
import ViewModels

/// By which ways a text goes to the clipboard, from the person's choice and the environment; pure.
struct ClipboardPlan: Hashable {
  enum Terminal: Hashable {
    case never
    /// Where no tool has taken the text.
    case otherwise
    case always
  }

  /// Programs that copy what they read to the display's clipboard, the best first.
  var tools: [[String]] = []
  /// Whether tmux keeps the text as well, for its own paste.
  var usesTmux = false
  /// Whether the terminal is asked, by OSC 52.
  var terminal = Terminal.never

  /// The longest text that goes through OSC 52, in bytes: the strictest limit that a terminal
  /// documents is 100,000 bytes, of base64 and what is around it.
  static let longestByTerminal = 74_994

  init(_ choice: Settings.Clipboard, environment: [String: String]) {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    guard choice != .osc52 else {
      terminal = .always
      return
    }
    // Over SSH the display is not the one that the person sits at, unless they say so.
    let isRemote = isSet("SSH_TTY") || isSet("SSH_CONNECTION")
    if choice == .native || !isRemote {
      #if !os(Linux)
        tools.append(["pbcopy"])
      #endif
      if isSet("WAYLAND_DISPLAY") { tools.append(["wl-copy"]) }
      if isSet("DISPLAY") {
        tools += [["xclip", "-selection", "clipboard"], ["xsel", "-ib"]]
      }
    }
    usesTmux = isSet("TMUX")
    if choice == .auto { terminal = isRemote ? .always : .otherwise }
  }

  static let tmux = ["tmux", "load-buffer", "-w", "-"]

  /// What a person is told of a copy: Copied 1,234 characters (wl-copy).
  static func words(for text: String, by ways: [String]) -> String {
    let count = text.count
    return "Copied \(NumberText.grouped(count)) character\(count == 1 ? "" : "s") "
      + "(\(ways.joined(separator: ", ")))."
  }
}
