import Observation
import ReplicateAPI
import Running

/// The log of API calls, with requests, responses, and durations.
@MainActor
public final class LogViewModel: PlaceViewModel {
  public static let id = PlaceID("log")

  /// The log's own commands.
  public static let commands = [
    CommandRow("log.copy-curl", "copy the call as curl", .own("log.copy-curl")),
    CommandRow("log.failures", "show failed calls only", .own("log.failures")),
    CommandRow("log.clear", "clear the log", .own("log.clear")),
  ]

  public let calls: PagedList<CallRecord>
  private let session: Session
  private var detailViewModel: DetailViewModel?
  /// Whether only failed calls are listed.
  private var showsFailures = false

  public init(_ session: Session) {
    self.session = session
    calls = PagedList(
      RowSource { () async throws(ReplicateError) -> RowPage<CallRecord> in RowPage([]) },
      columns: [
        ListColumn("time", "time", startsDescending: true) { $0.startedAt.text },
        ListColumn("status", "status") { $0.status ?? 0 },
        ListColumn("method", "method") { $0.method },
        ListColumn("path", "path") { $0.path },
        ListColumn("took", "took", startsDescending: true) { $0.duration },
        ListColumn("size", "size", startsDescending: true) { $0.byteCount },
        ListColumn("attempt", "try", isShownAtFirst: false) { $0.attempt },
        ListColumn("request", "request ID", isShownAtFirst: false),
      ], choices: session.lists[Self.id]
    ) { call in
      [
        call.method, call.path, call.status.map(String.init) ?? "", call.requestID ?? "",
        call.error?.errorDescription ?? "",
      ]
    }
    calls.onChoices = { [weak session] in session?.lists[Self.id] = $0 }
    detailViewModel = DetailViewModel(of: self, title: "Call") { [weak self] in
      self?.calls.selected.map { $0.blocks } ?? []
    }
    watch()
  }

  public var id: PlaceID { Self.id }
  public var title: String { showsFailures ? "Log · failed" : "Log" }
  public var list: (any ListViewModel)? { calls }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  public var subject: Subject? {
    calls.selected.map { call in
      Subject(
        text: call.curlCommand,
        page: { ("call.txt", call.blocks.plainText) })
    }
  }

  /// Shows the log, which is already in memory.
  public func load() { show() }

  /// Updates the list whenever a call is added.
  private func watch() {
    withObservationTracking {
      _ = session.calls.calls
    } onChange: { [weak self] in
      Task { @MainActor in self?.watch() }
    }
    show()
  }

  private func show() {
    let all = session.calls.calls
    calls.set(showsFailures ? all.filter { $0.error != nil } : all)
  }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .own("log.copy-curl"):
      calls.selected == nil ? .no(because: "No call is selected.") : .yes
    case .own("log.failures"): .yes
    case .own("log.clear"): calls.rows.isEmpty ? .no(because: "The log is empty.") : .yes
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept: return openDetail(of: calls)
    case .own("log.copy-curl"): session.host?.perform(.copy)
    case .own("log.failures"):
      showsFailures.toggle()
      show()
    case .own("log.clear"): session.calls.clear()
    case .refresh: show()
    default: return .pass
    }
    return .done
  }

  public func settled() async {}
}

extension CallRecord {
  /// Everything known about a call.
  fileprivate var blocks: [DetailBlock] {
    var blocks: [DetailBlock] = [.heading("\(method) \(path)"), .blank]
    if let status { blocks.append(.fact(name: "status", value: "\(status)")) }
    if let error {
      blocks.append(.fact(name: "error", value: error.errorDescription ?? "The call failed."))
    }
    if isOngoing { blocks.append(.fact(name: "state", value: "in progress")) }
    blocks += [
      .fact(name: "started", value: startedAt.text),
      .fact(name: "took", value: Self.words(duration)),
      .fact(name: "sent", value: Self.bytes(sentByteCount)),
      .fact(
        name: "received",
        value: receivedByteCount.map { wire in
          wire == byteCount
            ? Self.bytes(wire) : "\(Self.bytes(wire)), \(Self.bytes(byteCount)) unpacked"
        } ?? Self.bytes(byteCount)),
      .fact(name: "attempt", value: "\(attempt)"),
    ]
    if let retryDelay {
      blocks.append(.fact(name: "next attempt", value: "after \(Self.words(retryDelay))"))
    }
    if let requestID { blocks.append(.fact(name: "request ID", value: requestID)) }
    if let route { blocks.append(.fact(name: "operation", value: "\(route)")) }
    blocks += [.fact(name: "address", value: url), .blank, .heading("Request headers")]
    blocks += requestHeaders.map { .fact(name: $0.name, value: $0.value) }
    switch body {
    case .text(let text, let isCut):
      blocks += [.blank, .heading("Request body"), .code(text)]
      if isCut { blocks.append(.text("The rest wasn’t recorded.")) }
    case .file(let name, let type):
      blocks += [.blank, .heading("Request body"), .fact(name: "file", value: "\(name) (\(type))")]
    case nil: break
    }
    if !responseHeaders.isEmpty {
      blocks += [.blank, .heading("Response headers")]
      blocks += responseHeaders.map { .fact(name: $0.name, value: $0.value) }
    }
    return blocks
  }

  private static func words(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = Double(seconds) * 1000 + Double(attoseconds) / 1e15
    return milliseconds < 10
      ? "\(NumberText.fixed(milliseconds, decimals: 1)) ms"
      : "\(NumberText.grouped(Int(clamping: milliseconds))) ms"
  }

  private static func bytes(_ count: Int) -> String {
    count == 1 ? "1 byte" : "\(NumberText.grouped(count)) bytes"
  }
}

extension [DetailBlock] {
  /// The blocks as a text to read elsewhere.
  var plainText: String { map(\.text).joined(separator: "\n") + "\n" }
}

extension DetailBlock {
  /// The block as plain text.
  var text: String {
    switch self {
    case .heading(let text), .text(let text), .code(let text): text
    case .fact(let name, let value, _): "\(name): \(value)"
    case .chart(let name, _, let note): "\(name): \(note)"
    case .blank: ""
    }
  }
}
