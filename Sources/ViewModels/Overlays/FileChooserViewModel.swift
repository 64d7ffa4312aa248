import Observation
import ReplicateAPI
import Running

/// What the file chooser does besides moving, filtering and taking.
public enum FileChooserCommand: Hashable, Sendable {
  /// Goes to the folder that contains the one shown.
  case parent
  /// Goes into the selected folder.
  case enter
  case home
  /// Sorts by date instead of by name, or the other way.
  case sort
  /// Marks the selected file, to take several at once, or unmarks it.
  case mark
  /// Takes the folder under the cursor, or else the one that is shown.
  case takeFolder
}

/// Where a file for an input can come from.
public enum FileSource: Int, CaseIterable, Hashable, Sendable {
  case machine, outputs, uploads, clipboard

  public var title: String {
    switch self {
    case .machine: "This machine"
    case .outputs: "Outputs"
    case .uploads: "Uploads"
    case .clipboard: "Clipboard"
    }
  }
}

/// The choice of a file for an input: from this machine, the outputs of earlier predictions, the
/// uploaded files, or the clipboard.
@MainActor @Observable
public final class FileChooserViewModel {
  /// One row of the list.
  public enum Row: Hashable, Sendable {
    /// The value that the field has, or one that was pasted.
    case text(String, isPasted: Bool)
    case entry(FolderEntry, isExcluded: Bool)
    case output(OutputFile, isExcluded: Bool)
    case upload(File, isExcluded: Bool)
    case more
    case clipboard
  }

  /// A file among the outputs of a prediction.
  public struct OutputFile: Hashable, Sendable {
    public var address: String
    public var name: String
    public var model: String
    /// In seconds since 1970.
    public var createdAt: Double?
  }

  /// The name of the field.
  public let title: String
  public let accept: [String]
  public private(set) var source = FileSource.machine
  public private(set) var filter = TextBuffer()
  public private(set) var cursor: ListCursor
  /// The folder that is shown, or being read.
  public private(set) var folder: LocalPath
  public private(set) var order = FolderListing.Order.name
  public private(set) var isLoading = false
  /// Why there is nothing to show, or why a row can't be taken.
  public private(set) var problem: String?
  /// What is known about the selected file on this machine.
  public private(set) var preview: FileFacts?
  /// The files that are taken together, in the order in which they were marked.
  public private(set) var marked: [LocalPath] = []

  /// Takes a folder, where one can be had in place of a file.
  @ObservationIgnored var onFolder: (@MainActor (LocalPath) -> Void)?
  /// Takes several files at once.
  @ObservationIgnored var onFiles: (@MainActor ([LocalPath]) -> Void)?

  private var entries: [FolderEntry] = []
  private var isExcluded: [Bool] = []
  /// The indices of the entries that match the filter.
  private var matches: [Int] = []
  private var lead: [Row] = []
  private var others: [Row] = []
  private var shownOthers: [Row] = []

  @ObservationIgnored private let session: Session
  @ObservationIgnored private let place: FilePlace
  @ObservationIgnored private let current: String
  @ObservationIgnored private let onChoose: @MainActor (String) -> Void
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private var pages: RowPage<Run>.Next?
  @ObservationIgnored private var hasAskedForRuns = false
  @ObservationIgnored private var wanted: ArraySlice<UInt8>?
  /// Whether a folder is read, so that the rows on the screen are about to go.
  @ObservationIgnored private var isReading = false
  /// What is to be done when the folder has been read.
  @ObservationIgnored private var waiting: [@MainActor () -> Void] = []

  /// - Parameters:
  ///   - current: The text of the field.
  ///   - onChoose: Called with the text that was chosen.
  init(
    _ title: String, accept: [String], current: String, session: Session, place: FilePlace,
    height: Int, onChoose: @escaping @MainActor (String) -> Void
  ) {
    self.title = title
    self.accept = accept
    self.current = String(current.trimmingBlanks())
    self.session = session
    self.place = place
    self.onChoose = onChoose
    cursor = ListCursor(height: height)
    order = session.files.order
    folder = session.files.folder ?? LocalPath(place.folder)
    if !self.current.isEmpty, FileText(self.current) == .local {
      let path = LocalPath.candidates(self.current, in: place)[0]
      folder = path.parent
      wanted = path.nameBytes
    }
    read(folder)
  }

  // MARK: Rows

  public var count: Int { cursor.count }

  /// The row at an index below ``count``; the first ones are made up.
  public func row(_ index: Int) -> Row? {
    if lead.indices.contains(index) { return lead[index] }
    let index = index - lead.count
    switch source {
    case .machine:
      guard matches.indices.contains(index) else { return nil }
      return .entry(entries[matches[index]], isExcluded: isExcluded[matches[index]])
    case .outputs, .uploads, .clipboard:
      return shownOthers.indices.contains(index) ? shownOthers[index] : nil
    }
  }

  public var selected: Row? { row(cursor.selected) }

  /// The folder for the title: with `~` for the home folder.
  public var folderText: String { folder.text(in: place) }

  /// How many rows there are without the filter.
  public var total: Int { source == .machine ? entries.count : others.count }

  private func find(selecting row: Int = 0) {
    let words = ByteSearch.words(of: filter.text)
    lead =
      words.isEmpty && source == .machine && !current.isEmpty
      ? [.text(current, isPasted: false)] : []
    if let pasted = pastedText { lead = [.text(pasted, isPasted: true)] }
    if source == .machine {
      let showsHidden = filter.text.hasPrefix(".")
      matches = entries.indices.filter { index in
        (showsHidden || !entries[index].isHidden) && entries[index].matches(words)
      }
      cursor.setCount(lead.count + matches.count)
    } else {
      shownOthers = others.filter { $0.matches(words) }
      cursor.setCount(lead.count + shownOthers.count)
    }
    cursor.select(row)
    lookAtSelected()
  }

  /// A path or an address that was typed or pasted into the filter.
  private var pastedText: String? {
    let text = filter.text.trimmingBlanks()
    guard text.contains("/") || text.hasPrefix("data:") else { return nil }
    return ShellWords.files(in: String(text), place).first
  }

  // MARK: Commands

  /// What was typed while a folder is read, which is done when it is there.
  private func afterReading(_ action: @escaping @MainActor () -> Void) -> Bool {
    guard isReading else { return false }
    waiting.append(action)
    return true
  }

  private func catchUp() {
    isReading = false
    while !isReading, !waiting.isEmpty { waiting.removeFirst()() }
  }

  func move(_ movement: Movement) {
    if afterReading({ [weak self] in self?.move(movement) }) { return }
    cursor.move(movement)
    problem = nil
    lookAtSelected()
  }

  /// Selects a row that was clicked. Returns false if the rows are about to go.
  @discardableResult
  func select(_ row: Int) -> Bool {
    guard !isReading else { return false }
    cursor.select(row)
    problem = nil
    lookAtSelected()
    return true
  }

  func setHeight(_ rows: Int) { cursor.setHeight(rows) }

  func edit(_ edit: TextEdit) {
    if afterReading({ [weak self] in self?.edit(edit) }) { return }
    if edit == .deleteBackward, filter.isEmpty { return perform(.parent) }
    if edit == .insert("/"), source == .machine, enterTyped() { return }
    let before = filter.text
    guard filter.apply(edit), filter.text != before else { return }
    problem = nil
    find()
  }

  func perform(_ command: FileChooserCommand) {
    guard source == .machine else { return }
    if afterReading({ [weak self] in self?.perform(command) }) { return }
    switch command {
    case .parent:
      guard !folder.isRoot else { return }
      wanted = folder.nameBytes
      read(folder.parent)
    case .enter:
      if case .entry(let entry, _) = selected, entry.kind == .folder {
        read(folder.appending(entry.bytes))
      }
    case .home: read(LocalPath(place.home))
    case .sort:
      order = order == .name ? .date : .name
      session.files.order = order
      if case .entry(let entry, _) = selected { wanted = entry.bytes[...] }
      read(folder)
    case .mark: mark()
    case .takeFolder: takeFolder()
    }
  }

  public var takesFolders: Bool { onFolder != nil }
  public var takesSeveral: Bool { onFiles != nil }

  public func isMarked(_ entry: FolderEntry) -> Bool {
    !marked.isEmpty && marked.contains(folder.appending(entry.bytes))
  }

  private func mark() {
    guard onFiles != nil else {
      problem = "Only one file can be taken here."
      return
    }
    guard case .entry(let entry, _) = selected, entry.kind == .file else {
      problem = "Only files can be marked."
      return
    }
    let path = folder.appending(entry.bytes)
    if let index = marked.firstIndex(of: path) {
      marked.remove(at: index)
    } else {
      marked.append(path)
    }
    move(.down)
  }

  private func takeFolder() {
    guard let onFolder else {
      problem = "A folder can’t be taken here."
      return
    }
    var taken = folder
    if case .entry(let entry, _) = selected, entry.kind == .folder {
      taken = folder.appending(entry.bytes)
    }
    session.files.keep(folder)
    waiting = []
    session.host?.closeChooser(self)
    onFolder(taken)
  }

  /// A slash after a folder's name goes there.
  private func enterTyped() -> Bool {
    switch filter.text {
    case "": read(LocalPath("/"))
    case "~": read(LocalPath(place.home))
    case "..": perform(.parent)
    default:
      let folders = matches.map { entries[$0] }.filter { $0.kind == .folder }
      let name = filter.text.lowercased()
      guard let entry = folders.first(where: { $0.key == name }) ?? folders.first,
        folders.count == 1 || entry.key == name
      else { return false }
      read(folder.appending(entry.bytes))
    }
    return true
  }

  func show(_ source: FileSource) {
    guard source != self.source else { return }
    self.source = source
    filter = TextBuffer()
    problem = nil
    preview = nil
    others = []
    switch source {
    case .machine: break
    case .outputs: showOutputs()
    case .uploads: loadUploads()
    case .clipboard: others = [.clipboard]
    }
    if source == .machine {
      read(folder)
    } else {
      activity.cancel("folder")
      (isReading, waiting) = (false, [])
    }
    find()
  }

  func step(by step: Int) {
    let all = FileSource.allCases
    let next = (source.rawValue + step + all.count) % all.count
    show(all[next])
  }

  /// Takes the selected row. Returns true if the chooser is done with it.
  func take() -> Bool {
    let isLater = afterReading { [weak self] in
      if let self, take() { session.host?.closeChooser(self) }
    }
    if isLater { return false }
    problem = nil
    if !marked.isEmpty, let onFiles {
      session.files.keep(folder)
      onFiles(marked)
      return true
    }
    switch selected {
    case .text(let text, _):
      // A path that was pasted may be a folder's.
      guard onFolder != nil, FileText(text) == .local else { return choose(text) }
      takeWhatIs(at: text)
    case .entry(let entry, _) where entry.kind == .folder:
      read(folder.appending(entry.bytes))
    case .entry(let entry, let isExcluded):
      if entry.kind == .other {
        problem = "\(entry.name) is no regular file."
      } else if isExcluded {
        problem = excludedWords(entry.name)
      } else if entry.size > FileUpload.maximumSize {
        problem = "\(entry.name) is too large: Replicate takes at most 100 MiB."
      } else {
        session.files.keep(folder)
        return choose(folder.appending(entry.bytes).text(in: place))
      }
    case .output(let file, let isExcluded):
      if isExcluded { problem = excludedWords(file.name) } else { return choose(file.address) }
    case .upload(let file, let isExcluded):
      if isExcluded {
        problem = excludedWords(file.name ?? file.id.rawValue)
      } else {
        return choose(file.url)
      }
    case .more: loadRuns()
    case .clipboard: takePicture()
    case nil: break
    }
    return false
  }

  private func takeWhatIs(at text: String) {
    let path = LocalPath.candidates(text, in: place)[0]
    activity.start("kind") { [weak self] in
      let folder = try? await FolderListing.entries(of: path).get()
      guard !Task.isCancelled, let self else { return }
      session.host?.closeChooser(self)
      if folder != nil, let onFolder { onFolder(path) } else { _ = choose(text) }
    }
  }

  private func excludedWords(_ name: String) -> String {
    "\(name) isn’t \(accept.prefix(6).joined(separator: " or "))."
  }

  private func choose(_ text: String) -> Bool {
    waiting = []
    onChoose(text)
    return true
  }

  /// Takes the clipboard's picture, then closes.
  func takePicture() {
    isLoading = true
    activity.start("clipboard") { [session, weak self] in
      do throws(DesktopFailure) {
        let path = try await session.desktop.savePictureFromClipboard()
        guard !Task.isCancelled, let self else { return }
        isLoading = false
        onChoose(LocalPath(path).text(in: place))
        session.host?.closeChooser(self)
      } catch {
        guard !Task.isCancelled, let self else { return }
        isLoading = false
        problem = error.message
      }
    }
  }

  // MARK: This machine

  private func read(_ folder: LocalPath) {
    isLoading = true
    isReading = true
    let wanted = wanted
    let order = order
    let accept = accept
    activity.start("folder") { [weak self] in
      let (result, isExcluded) = await Self.read(folder, order, accept)
      guard !Task.isCancelled, let self else { return }
      isLoading = false
      self.wanted = nil
      filter = TextBuffer()
      switch result {
      case .success(let entries):
        self.folder = folder
        session.files.folder = folder
        self.entries = entries
        self.isExcluded = isExcluded
        problem = nil
      case .failure(let failure):
        // The first folder may have gone; any other stays as it was.
        if self.entries.isEmpty, folder != LocalPath(place.home) {
          read(LocalPath(place.home))
        }
        find(selecting: cursor.selected)
        problem = "\(folder.name) \(failure.words)."
        // What was meant for that folder isn't meant for this one.
        waiting = []
        isReading = isLoading
        return
      }
      find()
      isReading = false
      if let wanted, let row = matches.firstIndex(where: { entries[$0].bytes[...] == wanted }) {
        select(lead.count + row)
      }
      catchUp()
    }
  }

  @concurrent
  private nonisolated static func read(
    _ folder: LocalPath, _ order: FolderListing.Order, _ accept: [String]
  ) async -> (Result<[FolderEntry], FileProblem>, [Bool]) {
    let result = await FolderListing.entries(of: folder, by: order)
    guard case .success(let entries) = result else { return (result, []) }
    return (
      result,
      entries.map { $0.kind == .file && PathCompletion.isExcluded($0.name, accept) }
    )
  }

  private func lookAtSelected() {
    guard source == .machine, case .entry(let entry, _) = selected, entry.kind == .file else {
      activity.cancel("look")
      if preview != nil { preview = nil }
      return
    }
    let path = folder.appending(entry.bytes)
    if preview?.path == path { return }
    activity.start("look") { [weak self] in
      let result = await FileInspector.facts(at: path)
      guard !Task.isCancelled, let self else { return }
      preview = try? result.get()
    }
  }

  // MARK: Outputs

  private func showOutputs() {
    var seen: Set<String> = []
    others = session.runs.newestFirst.flatMap(outputs).filter { seen.insert($0.address).inserted }
      .map { file in
        .output(file, isExcluded: PathCompletion.isExcluded(file.name, accept))
      }
    if !hasAskedForRuns || pages != nil { others.append(.more) }
    if others.count == 1, !hasAskedForRuns { loadRuns() }
  }

  private func outputs(of run: Run) -> [OutputFile] {
    guard run.prediction.hasEnded else { return [] }
    return run.output.compactMap { part in
      guard case .file(let address, let label) = part else { return nil }
      return OutputFile(
        address: address, name: Self.name(of: address, label), model: run.modelName,
        createdAt: run.prediction.createdAt?.secondsSince1970)
    }
  }

  private static func name(of address: String, _ label: String?) -> String {
    if let data = DataURI(address) { return data.summary }
    let path = address.prefix { $0 != "?" && $0 != "#" }
    let name = path.split(separator: "/").last.map { PercentEncoding.decoded($0) }
    return name ?? label ?? "file"
  }

  /// Loads a page of predictions: the first, or the one after those that were loaded.
  private func loadRuns() {
    isLoading = true
    let next = pages?.fetch
    let runs = session.runs
    let first = RowSource<Run>.pages(of: .predictions(), session.client) { page in
      page.results.map { runs.run(for: $0) }
    }.first
    activity.start("runs") { [weak self] in
      do throws(ReplicateError) {
        let page = try await (next ?? first)()
        guard !Task.isCancelled, let self else { return }
        pages = page.next
        hasAskedForRuns = true
        isLoading = false
        guard source == .outputs else { return }
        showOutputs()
        find(selecting: cursor.selected)
      } catch {
        self?.failed(error)
      }
    }
  }

  // MARK: Uploads

  private func loadUploads() {
    isLoading = true
    let client = session.client
    activity.start("uploads") { [weak self] in
      do throws(ReplicateError) {
        var files: [File] = []
        for try await page in client.pages(of: .files) {
          files += page.results
          if files.count > 5000 { break }
        }
        guard !Task.isCancelled, let self else { return }
        isLoading = false
        guard source == .uploads else { return }
        let now = session.runs.serviceNow
        others = files.filter { ($0.expiresAt?.secondsSince1970 ?? .infinity) > now }
          .sorted {
            ($0.createdAt?.secondsSince1970 ?? 0) > ($1.createdAt?.secondsSince1970 ?? 0)
          }
          .map { file in
            .upload(file, isExcluded: !FileInspector.accepts(file, accept))
          }
        find(selecting: cursor.selected)
      } catch {
        self?.failed(error)
      }
    }
  }

  private func failed(_ error: ReplicateError) {
    guard !Task.isCancelled else { return }
    isLoading = false
    problem = error.inWords
  }

  package func settled() async { await activity.settled() }
}

extension FileChooserViewModel.Row {
  fileprivate func matches(_ words: [[UInt8]]) -> Bool {
    if words.isEmpty { return true }
    let text =
      switch self {
      case .output(let file, _): "\(file.name) \(file.model)"
      case .upload(let file, _): "\(file.name ?? "") \(file.contentType)"
      case .more, .clipboard, .text: ""
      case .entry(let entry, _): entry.name
      }
    return ByteSearch.contains(words, text.lowercased())
  }
}

/// What file choosers remember from one time to the next.
@MainActor
public final class FileChooserMemory {
  public var folder: LocalPath?
  public var order = FolderListing.Order.name
  /// Keeps the folder that a file was chosen from until the next start.
  public var onChoice: @MainActor (LocalPath) -> Void = { _ in }

  public init() {}

  func keep(_ folder: LocalPath) {
    self.folder = folder
    onChoice(folder)
  }
}
