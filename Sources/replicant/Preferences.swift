import TerminalKit
import ViewModels

extension TerminalPreferences {
  /// The config file's words as the terminal layer knows them.
  init(_ config: Settings.Config) {
    self.init()
    theme = Theme(rawValue: config.theme.rawValue) ?? .auto
    borders = Borders(rawValue: config.borders.rawValue) ?? .auto
    notice = Notice(rawValue: config.notice.rawValue) ?? .auto
    tabProgress = TabProgress(rawValue: config.tabProgress.rawValue) ?? .auto
    usesMouse = config.mouse
    usesLinks = config.links
  }
}
