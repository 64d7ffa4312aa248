/// Which target can import which modules: the architecture as data.
enum ImportRule {
  static let table: [String: Set<String>] = [
    "ReplicateAPI": ["AsyncHTTPClient", "HTTPTypes", "Crypto"],
    "Pictures": [],
    "Running": ["ReplicateAPI", "Pictures"],
    "Archive": ["ReplicateAPI", "Running", "Settings", "Crypto"],
    "Settings": [],
    "ViewModels": ["Running", "ReplicateAPI", "Settings"],
    "TerminalKit": [],
    "Panes": ["ViewModels", "Running", "Settings", "TerminalKit", "ReplicateAPI"],
    "CursesTerminal": ["TerminalKit", "Settings", "CNcurses", "CTasks"],
    "Desktop": ["ViewModels", "Running", "TerminalKit", "Settings"],
    "DemoReplicate": [
      "ReplicateAPI", "Hummingbird", "HTTPTypes", "NIOCore", "Crypto", "CZlib", "Foundation",
    ],
    "replicant": [
      "ReplicateAPI", "Running", "ViewModels", "Panes", "TerminalKit", "CursesTerminal",
      "Settings", "Desktop", "DemoReplicate", "Archive", "ArgumentParser",
    ],
    "GenerateDocuments": ["ReplicateAPI", "ViewModels", "Panes", "Settings", "Foundation"],
  ]

  /// Modules identified by a prefix, such as NIOCore and NIOHTTP1.
  static let prefixes: [String: String] = ["ReplicateAPI": "NIO", "DemoReplicate": "NIO"]

  /// Swift's own modules and the C library's, which are allowed everywhere.
  static let swift: Set<String> = [
    "Observation", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin",
  ]

  /// Modules allowed in every target except `TerminalKit`.
  static let everywhere: Set<String> = [
    "FoundationEssentials", "Logging", "Collections", "OrderedCollections", "DequeModule",
    "HeapModule", "AsyncAlgorithms",
  ]

  /// Whether a target can import a module. Foundation is allowed only as the `#else` fallback of
  /// FoundationEssentials, which the caller checks.
  static func allows(_ target: String, toImport module: String, asFallback: Bool) -> Bool {
    if swift.contains(module) { return true }
    if target != "TerminalKit" {
      if everywhere.contains(module) { return true }
      if module == "Foundation", asFallback { return true }
    }
    if let prefix = prefixes[target], module.hasPrefix(prefix) { return true }
    return table[target, default: []].contains(module)
  }
}
