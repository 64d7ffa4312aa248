/// Which target may import what: the architecture as data.
enum ImportRule {
  static let table: [String: Set<String>] = [
    "ReplicateAPI": ["AsyncHTTPClient", "HTTPTypes", "Crypto"],
    "Archive": ["ReplicateAPI", "GRDB", "Foundation"],
    "Running": ["ReplicateAPI"],
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
      "Settings", "Desktop", "DemoReplicate", "ArgumentParser",
    ],
    "GenerateDocuments": ["ReplicateAPI", "ViewModels", "Panes", "Settings", "Foundation"],
  ]

  /// Modules named by how they begin: NIOCore, NIOHTTP1 and so on.
  static let prefixes: [String: String] = ["ReplicateAPI": "NIO", "DemoReplicate": "NIO"]

  /// Swift's own modules and the C library's, allowed everywhere.
  static let swift: Set<String> = [
    "Observation", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin",
  ]

  /// Allowed in every target that isn't `TerminalKit`.
  static let everywhere: Set<String> = [
    "FoundationEssentials", "Logging", "Collections", "OrderedCollections", "DequeModule",
    "HeapModule", "AsyncAlgorithms",
  ]

  /// Whether a target may import a module. Foundation passes as the `#else` of FoundationEssentials
  /// only, which the caller knows.
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
