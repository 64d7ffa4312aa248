import Running
import Settings
import ViewModels

/// Decides how to copy text to the clipboard, based on the setting and the environment.
struct ClipboardPlan: Hashable {
  enum Terminal: Hashable {
    case never
    /// Only if no tool has copied the text.
    case fallback
    case always
  }

  /// Programs that copy their input to the display's clipboard, best first.
  var tools: [[String]] = []
  /// Whether to copy to tmux's paste buffer as well.
  var usesTmux = false
  /// When to ask the terminal to copy the text, with OSC 52.
  var terminal = Terminal.never

  /// The longest text to send with OSC 52, in bytes. The strictest documented limit of a terminal
  /// is 100,000 bytes, including base64 encoding and overhead.
  static let longestByTerminal = 74_994

  init(_ choice: Settings.Clipboard, environment: [String: String]) {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    guard choice != .osc52 else {
      terminal = .always
      return
    }
    // Over SSH, the display usually isn't the one the user sits at.
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
    if choice == .auto { terminal = isRemote ? .always : .fallback }
  }

  static let tmux = ["tmux", "load-buffer", "-w", "-"]

  /// The message after copying: Copied 1,234 characters (wl-copy), or Copied 1.4 MB (wl-copy).
  static func words(for text: String, by ways: [String]) -> String {
    let size = text.utf8.count
    if size >= 100_000 {
      return "Copied \(NumberText.fixed(Double(size) / 1e6, decimals: 1)) MB "
        + "(\(ways.joined(separator: ", ")))."
    }
    let count = text.count
    return "Copied \(NumberText.grouped(count)) character\(count == 1 ? "" : "s") "
      + "(\(ways.joined(separator: ", ")))."
  }
}
