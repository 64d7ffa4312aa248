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
    throw DesktopFailure("There is no editor here.")
  }

  public func page(_ text: String, named name: String) async throws(DesktopFailure) {
    throw DesktopFailure("There is no pager here.")
  }

  public func copy(_ text: String) async throws(DesktopFailure) -> String {
    throw DesktopFailure("There is no clipboard here.")
  }

  public func announce(title: String, body: String) {}

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
