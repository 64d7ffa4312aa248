import Observation
import ReplicateAPI
import Running

/// The files that were uploaded to the account, each of which Replicate keeps for a day.
@MainActor @Observable
public final class FilesViewModel: PlaceViewModel {
  public static let id = PlaceID("files")
  private static let upload: CommandID = "files.upload"
  private static let delete: CommandID = "files.delete"
  private static let download: CommandID = "files.download"
  private static let use: CommandID = "files.use"

  public static let commands = [
    CommandRow(upload, "upload files", .own(upload)),
    CommandRow(use, "use the file as an input", .own(use)),
    CommandRow(download, "download the file", .own(download)),
    CommandRow(delete, "delete the file", .own(delete), asks: true),
  ]

  /// How far the file that is being uploaded has got.
  public internal(set) var progress: FileProgress?

  /// What is in files, in a line each, as far as that was found out.
  private(set) var previews: [File.ID: String] = [:]

  @ObservationIgnored public let files: PagedList<File>
  @ObservationIgnored let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored let activity = Activity()
  /// Where downloads go: the folder that the program was started in.
  @ObservationIgnored var downloads = FilePlace.current.folder

  static let uploading = "upload"

  public init(_ session: Session) {
    self.session = session
    var choices = session.lists[Self.id]
    // The service's order is by ID, which is no order.
    if choices.sort == nil { choices.sort = ListSort(column: "uploaded", isDescending: true) }
    files = PagedList(
      .pages(of: .files, session.client, isOrdered: false),
      columns: [
        ListColumn("name", "name") { ($0.name ?? "").lowercased() },
        ListColumn("size", "size", startsDescending: true) { $0.size },
        ListColumn("type", "type") { $0.contentType },
        ListColumn("left", "expires in") { $0.expiresAt?.secondsSince1970 ?? .infinity },
        ListColumn("uploaded", "age", startsDescending: true) {
          $0.createdAt?.secondsSince1970 ?? 0
        },
      ], choices: choices
    ) { [$0.name ?? "", $0.contentType, $0.id.rawValue] + $0.checksums.values }
    files.connect(session, Self.id)
    detailViewModel = DetailViewModel(of: self, title: "File") { [weak self] in
      guard let self, let file = files.selected else { return [] }
      return file.blocks(now: session.runs.serviceNow, preview: previews[file.id])
    }
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Files" }
  public var list: (any ListViewModel)? { files }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  /// The time by the service's clock, which expiries go by.
  public var serviceNow: Double { session.runs.serviceNow }

  public var subject: Subject? {
    files.selected.map { file in
      Subject(
        text: file.url,
        page: { [now = session.runs.serviceNow] in
          (
            "file.txt",
            file.blocks(now: now, preview: nil).plainText
          )
        })
    }
  }

  public func load() { files.load() }

  public func arrive() { if !files.isLoading { files.load() } }

  public var unsaved: String? {
    progress.map { "\($0.name) is being uploaded. That ends if you quit." }
  }

  public func end() { activity.cancelAll() }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .own(Self.delete), .own(Self.use):
      files.selected == nil ? .no(because: "No file is listed.") : .yes
    case .own(Self.download):
      session.filesSecret == nil
        ? .no(
          because:
            "Replicate gives the content of a file only with the account’s signing secret for "
            + "files, which the API doesn’t tell. Ask Replicate’s support for it, and set "
            + "files-signing-secret-file in the config.")
        : files.selected == nil ? .no(because: "No file is listed.") : .yes
    case .own(Self.upload):
      progress == nil ? .yes : .no(because: "A file is being uploaded. Esc cancels that.")
    case .run: .no(because: "Open a model to run it; Ctrl-O in its form finds uploaded files.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept:
      if let file = files.selected { refresh(file) }
      return openDetail(of: files)
    case .own(Self.upload): chooseFiles()
    case .own(Self.download): if let file = files.selected { download(file) }
    case .own(Self.use): return files.selected.map { .open(.fileInput($0.url)) } ?? .done
    case .own(Self.delete): askToDelete()
    case .back where progress != nil: cancelUpload()
    default: return .pass
    }
    return .done
  }

  public func settled() async {
    await activity.settled()
    await files.settled()
  }

  func setPreview(_ words: String, of id: File.ID) { previews[id] = words }

  // MARK: Deleting

  private func askToDelete() {
    guard let file = files.selected else { return }
    session.askToDelete(
      file.name ?? file.id.rawValue, "the file",
      "Replicate deletes it at once and for good. A run that hasn’t read it yet fails."
    ) { [weak self] in self?.delete(file) }
  }

  private func delete(_ file: File) {
    activity.start { [session, weak self] in
      do throws(ReplicateError) {
        try await session.client.send(.deleteFile(file.id))
      } catch {
        guard case .notFound = error.reason else {
          session.host?.notify(Notice(error))
          return
        }
      }
      session.host?.notify(Notice(.done, "\(file.name ?? "The file") was deleted."))
      guard let self else { return }
      files.set(files.rows.filter { $0.id != file.id })
      files.load()
    }
  }
}

extension FileProgress {
  /// What is being uploaded, and how far that is.
  var words: String {
    let percent = Int(clamping: (fraction * 100).rounded(.down))
    let which = count > 1 ? " (\(number) of \(count))" : ""
    return "Uploading \(name.prefix(60))\(which): \(percent) %."
  }
}

extension File {
  fileprivate func blocks(now: Double, preview: String?) -> [DetailBlock] {
    var blocks: [DetailBlock] = [
      .heading(name ?? id.rawValue), .blank,
      .fact(name: "size", value: "\(NumberText.grouped(size)) bytes"),
      .fact(name: "type", value: contentType),
    ]
    if let createdAt { blocks.append(.fact(name: "uploaded", value: createdAt.words)) }
    if let end = expiresAt?.secondsSince1970, let expiresAt {
      blocks.append(
        .fact(name: "expires", value: end > now ? expiresAt.words : "\(expiresAt.words), expired"))
    }
    if let preview { blocks.append(.fact(name: "preview", value: preview)) }
    for (name, sum) in checksums.sorted(by: { $0.key < $1.key }) {
      blocks.append(.fact(name: name, value: sum))
    }
    blocks.append(.fact(name: "id", value: id.rawValue))
    blocks.append(.fact(name: "address", value: url))
    if !metadata.isEmpty { blocks += [.blank, .code(JSONValue.object(metadata).shortText)] }
    blocks += [
      .blank,
      .text(
        "As an input, a file is named by its address: y copies it, and Ctrl-O in a form finds it "
          + "under Uploads."),
    ]
    return blocks
  }
}
