import ReplicateAPI
import Running
import Support

@testable import ViewModels

/// Where the rows of a list under test come from.
enum ListSource: String, CaseIterable, Sendable {
  /// Pages of the API.
  case pages
  /// The predictions' pages, whose rows are runs.
  case predictions
  /// A collection's one answer.
  case collection
  /// The one answer to a search.
  case search
  /// Rows that are there already.
  case memory

  static let paged: [ListSource] = [.pages, .predictions]
  /// Those that ask the service.
  static let remote: [ListSource] = [.pages, .predictions, .collection, .search]

  /// The call for the first page, or for one that follows.
  func call(_ page: Int = 0) -> String {
    let path =
      switch self {
      case .pages: "models"
      case .predictions: "predictions"
      case .collection: "collections/animals"
      case .search: "search?query=animals&limit=50"
      case .memory: ""
      }
    return page == 0 ? "GET /\(path)" : "GET /\(path)?cursor=\(page)"
  }
}

/// One list over one source, whatever its rows are: tests read names and write names.
@MainActor
final class ListHarness {
  let source: ListSource
  let transport = ScriptedTransport()
  let list: any ListViewModel
  private let read: Reader

  /// What tests read of a list's own type.
  private struct Reader {
    var rows: @MainActor () -> [String]
    var visible: @MainActor () -> [String]
    var selected: @MainActor () -> String?
    var showReversed: @MainActor () -> Void
    var goBack: @MainActor () -> Bool
    var set: @MainActor ([String]) -> Void
  }

  init(_ source: ListSource, _ pages: [[String]] = []) {
    self.source = source
    var configuration = Client.Configuration()
    configuration.token = "r8_test"
    configuration.baseURL = "http://127.0.0.1:1/v1"
    let client = Client(configuration, transport: transport, clock: TestClock())
    let runs = Runs(client: client)
    switch source {
    case .pages:
      (list, read) = Self.make(.pages(of: .models(), client), Self.model) { $0.id.name }
    case .predictions:
      (list, read) = Self.make(
        .pages(of: .predictions(), client) { page in page.results.map { runs.run(for: $0) } },
        Self.run
      ) { $0.id.rawValue }
    case .collection:
      (list, read) = Self.make(
        .list(.collection("animals"), client) { RowPage($0.models) }, Self.model
      ) { $0.id.name }
    case .search:
      (list, read) = Self.make(
        .list(.search("animals", limit: 50), client) { RowPage($0.models.map(\.model)) }, Self.model
      ) { $0.id.name }
    case .memory:
      let rows = pages.flatMap { $0 }.map(Self.model)
      (list, read) = Self.make(
        RowSource { () async throws(ReplicateError) in RowPage(rows) }, Self.model
      ) { $0.id.name }
    }
    answer(pages)
  }

  var rows: [String] { read.rows() }
  var visible: [String] { read.visible() }
  var selected: String? { read.selected() }

  /// Shows another source: what the first page holds, the other way round.
  func showReversed() { read.showReversed() }
  func goBack() -> Bool { read.goBack() }

  /// Replaces the rows by others from memory.
  func set(_ names: [String]) { read.set(names) }

  /// Loads and waits for the first page.
  func loaded() async {
    list.load()
    await list.settled()
  }

  func press(_ movement: Movement, _ count: Int = 1) {
    for _ in 0..<count { list.move(movement) }
  }

  func calls(_ page: Int = 0) -> Int {
    transport.sent.count(where: { $0 == source.call(page) })
  }

  /// Writes the service's answers: a page for each list of names.
  ///
  /// - Parameter leadsBack: the page that the last one names as the next.
  func answer(_ pages: [[String]], leadsBack: Int? = nil) {
    for (number, names) in pages.enumerated() {
      let isLast = number == pages.count - 1
      let next = (isLast ? leadsBack : number + 1).map(address)
      transport.answer(source.call(number), body(names, next))
    }
  }

  /// Writes the answer for one page alone, as the last one.
  func answer(page: Int, _ names: [String]) {
    transport.answer(source.call(page), body(names, nil))
  }

  private func address(_ page: Int) -> String {
    "https://api.replicate.com/v1/" + source.call(page).dropFirst("GET /".count)
  }

  private func body(_ names: [String], _ next: String?) -> String {
    let models = names.map { Stage.summary("acme", $0, $0.count) }
    switch source {
    case .pages: return Stage.page(models, next: next)
    case .predictions:
      return Stage.page(
        names.map { Stage.prediction($0, "succeeded", "2026-11-23T12:00:00Z") }, next: next)
    case .collection:
      return #"{"name":"Animals","slug":"animals","models":[\#(models.joined(separator: ","))]}"#
    case .search:
      let found = models.map { #"{"model":\#($0),"metadata":{"tags":[]}}"# }
      return #"{"query":"x","models":[\#(found.joined(separator: ","))],"#
        + #""collections":[],"pages":[]}"#
    case .memory: return ""
    }
  }

  private static func model(_ name: String) -> ModelSummary {
    ModelSummary(id: ModelID(owner: "acme", name: name))
  }

  private static func run(_ name: String) -> Run {
    Run(Prediction(id: Prediction.ID(rawValue: name), model: "acme/painter"))
  }

  private static func make<Row: Identifiable>(
    _ source: RowSource<Row>, _ row: @escaping @MainActor (String) -> Row,
    name: @escaping @MainActor @Sendable (Row) -> String
  ) -> (any ListViewModel, Reader) where Row.ID: Sendable {
    let list = PagedList<Row>(
      source,
      columns: [
        ListColumn("name", "name", by: name),
        ListColumn("length", "length", startsDescending: true) { name($0).count },
        ListColumn("picture", "picture"),
      ]
    ) { [name($0)] }
    list.setHeight(10)
    let reversed = RowSource<Row> { () async throws(ReplicateError) in
      RowPage(try await source.first().rows.reversed())
    }
    return (
      list,
      Reader(
        rows: { list.rows.map(name) }, visible: { list.visible.map(name) },
        selected: { list.selected.map(name) }, showReversed: { list.show(reversed) },
        goBack: { list.goBack() }, set: { list.set($0.map(row)) })
    )
  }
}

/// `a1`, `a2`, … as many as are asked for.
func names(_ prefix: String, _ numbers: ClosedRange<Int>) -> [String] {
  numbers.map { "\(prefix)\($0)" }
}
