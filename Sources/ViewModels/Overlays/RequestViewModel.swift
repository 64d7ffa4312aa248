import Observation
import ReplicateAPI
import Running

/// Everything that only the request's overlay does.
public enum RequestCommand: Hashable, Sendable {
  /// Opens it.
  case show
  case tab(RequestViewModel.Tab)
  /// Starts editing the JSON.
  case edit
  /// Takes the edited JSON into the form.
  case take
  case scroll(Int)
  /// A click in the text, at a row and a column of the overlay.
  case place(row: Int, column: Int)
}

/// The request that a form would send, as JSON that can be edited and as code to copy.
@MainActor @Observable
public final class RequestViewModel {
  public enum Tab: Int, CaseIterable, Sendable {
    case json, curl, python, javaScript, swift

    public var title: String { language?.name ?? "JSON" }

    /// The title where there is little room.
    public var shortTitle: String { self == .javaScript ? "JS" : title }

    var language: RequestCode.Language? {
      switch self {
      case .json: nil
      case .curl: .curl
      case .python: .python
      case .javaScript: .javaScript
      case .swift: .swift
      }
    }
  }

  /// Where and why the edited text can't be taken.
  public struct Mistake: Hashable, Sendable {
    public var line: Int
    public var column: Int
    public var message: String

    public var text: String { "Line \(line), column \(column): \(message)" }
  }

  public private(set) var tab = Tab.json
  /// The text that is shown, with the cursor while it is edited.
  public private(set) var buffer: TextBuffer { didSet { edits += 1 } }
  public private(set) var isEditing = false
  /// The first visible row.
  public private(set) var top = 0
  public private(set) var mistake: Mistake?
  /// What couldn't be taken from the edited JSON, or what Esc would lose.
  public private(set) var notes: [String] = []
  /// What the JSON was when it was written.
  public private(set) var json: FormJSON
  /// The address and the options of the request.
  public let summary: [String]

  @ObservationIgnored private let form: InputForm
  @ObservationIgnored private let baseURL: String
  @ObservationIgnored private let width: @Sendable (Character) -> Int
  @ObservationIgnored private var goalColumn: Int?
  @ObservationIgnored private var isWarned = false
  /// Counts the texts that there have been.
  @ObservationIgnored private var edits = 0
  @ObservationIgnored private var laidOut: (edits: Int, columns: Int, rows: TextRows)?
  private var extent: Extent

  init(
    _ form: InputForm, baseURL: String, extent: Extent,
    width: @escaping @Sendable (Character) -> Int
  ) {
    self.form = form
    self.baseURL = baseURL
    self.extent = extent
    self.width = width
    let json = form.requestJSON
    self.json = json
    var buffer = TextBuffer(json.text, allowsNewlines: true)
    buffer.move(to: buffer.text.startIndex)
    self.buffer = buffer
    summary = RequestCode(form.firstPlan, baseURL: baseURL).summary
  }

  /// The text broken into rows.
  public var rows: TextRows {
    if let laidOut, laidOut.columns == extent.columns, laidOut.edits == edits {
      return laidOut.rows
    }
    let rows = TextRows(buffer.text, columns: extent.columns, keepsWords: false, width: width)
    laidOut = (edits, extent.columns, rows)
    return rows
  }

  /// The cursor's row and column in the text while it is edited.
  public var cursor: (row: Int, column: Int)? {
    guard isEditing else { return nil }
    let rows = rows
    return (
      rows.row(of: buffer.cursor), rows.column(of: buffer.cursor, width: width)
    )
  }

  /// What is wrong with the request, or has to be said about it, the most important first.
  public var remarks: [String] {
    if let mistake { return [mistake.text] }
    let problem = isEditing ? nil : form.requestProblem
    return notes + [problem, form.extrasProblem, form.sweepRemark].compactMap(\.self)
  }

  /// What the copy command copies: everything that is shown, in full.
  var copied: String {
    guard let language = tab.language else {
      return isEditing ? buffer.text : json.wholeText
    }
    return code.text(in: language)
  }

  private var code: RequestCode {
    RequestCode(form.firstPlan.withPathsAsOpened(in: form.files.place), baseURL: baseURL)
  }

  // MARK: Commands

  /// Performs a command. Returns false if the overlay should close.
  func perform(_ command: Command) -> Bool {
    switch command {
    case .back, .quit: return leaveEditing()
    case .nextTab: step(by: 1)
    case .previousTab: step(by: -1)
    case .move(let movement): move(movement)
    case .edit(let edit) where isEditing: self.edit(edit)
    case .request(.tab(let tab)): select(tab)
    case .request(.edit): startEditing()
    case .request(.take): take()
    case .request(.scroll(let rows)): scroll(to: top + rows)
    case .request(.place(let row, let column)): place(row: top + row, column)
    default: break
    }
    return true
  }

  /// Stops editing. What was changed is dropped only the second time. Returns false if nothing was
  /// being edited.
  @discardableResult
  func leaveEditing() -> Bool {
    guard isEditing else { return false }
    if buffer.text != json.text, !isWarned {
      isWarned = true
      mistake = nil
      notes = ["Ctrl-S takes your changes into the form. Esc again drops them."]
    } else {
      stopEditing()
    }
    return true
  }

  private func stopEditing() {
    isEditing = false
    isWarned = false
    mistake = nil
    notes = []
    write()
  }

  private func startEditing() {
    if tab != .json { select(.json) }
    isEditing = true
    notes = []
    // The first value is where something is usually changed.
    let line = buffer.text.firstIndex(of: "\n").map { buffer.text.index(after: $0) }
    if let line {
      let end = buffer.text[line...].firstIndex(of: "\n") ?? buffer.text.endIndex
      buffer.move(to: end)
    }
    reveal()
  }

  private func step(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  private func select(_ newTab: Tab) {
    guard newTab != tab, !isEditing else { return }
    tab = newTab
    top = 0
    write()
  }

  /// Shows the form as it is now.
  private func write() {
    if let language = tab.language {
      let code = code.text(in: language)
      buffer = TextBuffer(Self.readable(code), allowsNewlines: true)
    } else {
      json = form.requestJSON
      buffer = TextBuffer(json.text, allowsNewlines: true)
    }
    buffer.move(to: buffer.text.startIndex)
    scroll(to: top)
  }

  private static let longestLine = 4_000

  /// Code without data that nobody reads.
  private static func readable(_ code: String) -> String {
    let code = DataURI.shortened(in: code, longest: 512)
    guard code.utf8.count > longestLine else { return code }
    return code.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.utf8.count > longestLine
        ? "\(line.prefix(200))… (\(line.utf8.count.grouped) bytes; y copies all of it)"
        : String(line)
    }.joined(separator: "\n")
  }

  // MARK: Editing

  private func edit(_ edit: TextEdit) {
    isWarned = false
    notes = []
    if case .up = edit { return moveRow(by: -1) }
    if case .down = edit { return moveRow(by: 1) }
    goalColumn = nil
    if edit == .newline {
      buffer.apply(.insert("\n\(indentation)"))
    } else {
      buffer.apply(edit)
    }
    mistake = nil
    reveal()
  }

  /// The blanks at the start of the cursor's line, and two more inside of an open bracket.
  private var indentation: String {
    let line =
      buffer.textBeforeCursor.split(
        separator: "\n", omittingEmptySubsequences: false
      ).last ?? ""
    let isOpen = line.last.map { "{[".contains($0) } ?? false
    return line.prefix { $0 == " " } + (isOpen ? "  " : "")
  }

  private func moveRow(by step: Int) {
    let rows = rows
    let row = min(max(0, rows.row(of: buffer.cursor) + step), rows.count - 1)
    let column = goalColumn ?? rows.column(of: buffer.cursor, width: width)
    goalColumn = column
    buffer.move(to: rows.place(row: row, column: column, width: width))
    reveal()
  }

  private func place(row: Int, _ column: Int) {
    guard isEditing else { return }
    goalColumn = nil
    buffer.move(to: rows.place(row: row, column: column, width: width))
    reveal()
  }

  private func take() {
    guard isEditing else { return }
    do throws(JSONSyntaxError) {
      let value = try JSONValue(parsing: buffer.text)
      guard let input = value.object else {
        throw JSONSyntaxError(message: "the input must be an object in braces")
      }
      // What the form can't hold would be lost.
      let unfit = json.problems(in: input) + form.problems(of: input, over: json)
      guard unfit.isEmpty else {
        mistake = nil
        notes = unfit
        return
      }
      let problems = form.apply(input, over: json)
      stopEditing()
      notes = problems
    } catch {
      mistake = Mistake(line: error.line, column: error.column, message: error.message)
      let bytes = buffer.text.utf8
      let place = bytes.index(bytes.startIndex, offsetBy: error.offset, limitedBy: bytes.endIndex)
      buffer.move(to: place ?? bytes.endIndex)
      reveal()
    }
  }

  // MARK: Scrolling

  private func move(_ movement: Movement) {
    let page = max(1, extent.rows - 1)
    guard isEditing else {
      return switch movement {
      case .up: scroll(to: top - 1)
      case .down: scroll(to: top + 1)
      case .pageUp: scroll(to: top - page)
      case .pageDown: scroll(to: top + page)
      case .start: scroll(to: 0)
      case .end: scroll(to: rows.count)
      }
    }
    switch movement {
    case .up: moveRow(by: -1)
    case .down: moveRow(by: 1)
    case .pageUp: moveRow(by: -page)
    case .pageDown: moveRow(by: page)
    case .start: moveRow(by: -rows.count)
    case .end: moveRow(by: rows.count)
    }
  }

  private func scroll(to row: Int) {
    let highest = max(0, rows.count - extent.rows)
    let wanted = min(max(0, row), highest)
    if wanted != top { top = wanted }
  }

  /// Scrolls until the cursor is visible.
  private func reveal() {
    let row = rows.row(of: buffer.cursor)
    if row < top { scroll(to: row) } else { scroll(to: max(top, row - extent.rows + 1)) }
  }

  func resize(_ extent: Extent) {
    guard extent != self.extent else { return }
    self.extent = extent
    if isEditing { reveal() } else { scroll(to: top) }
  }
}

extension ModelViewModel {
  /// Shows the request that a form would send.
  func showRequest(_ form: InputForm) {
    guard let host = session.host else { return }
    host.present(
      .request(
        RequestViewModel(
          form, baseURL: session.client.configuration.baseURL, extent: host.requestExtent,
          width: host.measure)))
  }
}
