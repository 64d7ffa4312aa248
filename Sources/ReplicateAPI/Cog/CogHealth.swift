/// What a cog server’s `GET /health-check` says about itself.
struct CogHealth: Sendable {
  /// `STARTING`, `READY`, `BUSY`, `SETUP_FAILED`, `DEFUNCT`, or `UNHEALTHY`.
  var status: String
  /// What the model wrote during its setup.
  var setupLogs: String
  /// The version of cog. Servers before coglet don’t give it.
  var cogVersion: String?
  /// Whether the server is coglet, the one in Rust. It shows a run’s state while it runs.
  var isCoglet: Bool

  init?(_ document: JSONValue) {
    guard let status = document["status"]?.string else { return nil }
    self.status = status
    setupLogs = document["setup"]?["logs"]?.string ?? ""
    cogVersion = document["version"]?["python_sdk"]?.string ?? document["version"]?["cog"]?.string
    isCoglet = document["version"]?["coglet"]?.string != nil
  }

  var isStarting: Bool { status == "STARTING" }

  /// Why the server won’t run anything anymore; nil if it will.
  var failure: String? {
    let start: String
    switch status {
    case "SETUP_FAILED": start = "The model’s setup failed on the cog server"
    case "DEFUNCT": start = "The model on the cog server has broken down and must be started again"
    default: return nil
    }
    let end = logsEnd
    return end.isEmpty ? "\(start)." : "\(start): \(end)"
  }

  /// The last lines of the setup’s logs.
  private var logsEnd: String {
    let lines = setupLogs.suffix(2000).split(whereSeparator: \.isNewline).suffix(8)
    return lines.joined(separator: "\n")
  }
}
