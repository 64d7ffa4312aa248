import TerminalKit
import ViewModels

extension TerminalPreferences {
  /// The config file's words as the terminal layer knows them.
  init(_ config: Settings.Config) {
    self.init()
    theme = Theme(rawValue: config.theme) ?? .auto
    borders = Borders(rawValue: config.borders) ?? .auto
    notice = Notice(rawValue: config.notice) ?? .auto
    tabProgress = TabProgress(rawValue: config.tabProgress) ?? .auto
    usesMouse = config.mouse
  }
}
