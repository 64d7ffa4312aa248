import Observation
import ReplicateAPI
import Running

/// One model: its description, inputs, versions, and form.
@MainActor @Observable
public final class ModelViewModel: PlaceViewModel {
  public nonisolated static let id = PlaceID("model")

  static let deploy: CommandID = "model.deploy"
  static let train: CommandID = "model.train"

  public static let commands = [
    CommandRow(deploy, "deploy the model", .own(deploy)),
    CommandRow(train, "train the model", .own(train)),
  ]

  public enum Tab: Int, CaseIterable, Sendable {
    case overview, inputs, readme, examples, versions
  }

  /// The model that is shown or being loaded.
  public private(set) var shown: ModelID?
  /// What a list already knows about the model, shown until the model has loaded.
  public private(set) var summary: ModelSummary?
  public private(set) var model = Loadable<Model>()
  public private(set) var versions: PagedList<ModelVersion>?
  /// The selected version, if it isn't the latest.
  public private(set) var pinned: ModelVersion?
  public private(set) var schema: ModelSchema?
  public private(set) var tab = Tab.overview
  public private(set) var scroll = TextScroll()
  public internal(set) var form: InputForm?
  /// The run options, while they are open in place of the form.
  public internal(set) var optionsForm: RunOptionsForm?

  @ObservationIgnored let session: Session
  @ObservationIgnored let activity = Activity()
  @ObservationIgnored private var wantedVersion: ModelVersion.ID?
  /// Why the latest version is shown instead of the one that was asked for.
  @ObservationIgnored private(set) var versionProblem: String?
  @ObservationIgnored private(set) var extent = Extent(rows: 1, columns: 1)
  public let readme = Document()
  public let examples = Document()
  /// Forms that were closed with unsent values, so that they can be reopened.
  @ObservationIgnored var drafts: [ModelID: InputForm] = [:]
  /// The form to open once the model has loaded.
  @ObservationIgnored var wantedForm: FormRequest?
  /// The file to put into the form that is about to open.
  @ObservationIgnored var wantedFile: String?
  /// What is kept for the model, as of its loading.
  @ObservationIgnored var saved: [SavedInput] = []
  /// The list of values that was opened last.
  @ObservationIgnored var values: ValuesViewModel?
  @ObservationIgnored var lastLaunch: Launch?
  /// What the last questions about runs were about, by their numbers.
  @ObservationIgnored var asked: [Int: (form: InputForm, input: JSONObject)] = [:]
  @ObservationIgnored var questionCount = 0
  /// The fields whose texts editors may still have open, by the numbers of the edits.
  @ObservationIgnored var openEdits: [Int: OpenEdit] = [:]
  @ObservationIgnored var editCount = 0
  /// The forms that groups were started from, until these have been sent.
  @ObservationIgnored var groupForms: [PredictionGroup.ID: (form: InputForm, sent: FormSnapshot)] =
    [:]

  /// The last run that was sent, to detect accidental duplicates.
  struct Launch {
    var target: PredictionTarget
    var input: JSONObject
    var options: PredictionOptions
    var sentAt: Double
  }

  public init(_ session: Session) {
    self.session = session
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Model" }
  public var list: (any ListViewModel)? { form == nil && tab == .versions ? versions : nil }
  public var isTyping: Bool { form != nil }
  public var modes: [KeyMode] {
    guard let form = optionsForm?.form ?? form else { return [] }
    return form.modes
  }
  public var dependsOnCursor: Bool { form == nil && tab == .versions }

  public var subject: Subject? {
    guard let id = shown else { return nil }
    return Subject(
      text: self.pinned.map { "\(id):\($0.id.rawValue)" } ?? id.description,
      address: model.value?.url ?? "https://replicate.com/\(id)",
      page: { [weak self] in
        guard let self else { return nil }
        if tab == .readme {
          return ("README.md", readme.blocks.map(\.text).joined(separator: "\n"))
        }
        return ("\(id.name).txt", plainText)
      })
  }

  /// The version that a run would use.
  public var version: ModelVersion? { pinned ?? model.value?.latestVersion }

  /// The target of a run.
  public var target: PredictionTarget? {
    guard let model = model.value else { return nil }
    if let pinned, pinned.id.isRunnable { return .version(pinned.id) }
    if model.isOfficial { return .model(model.id) }
    if let latest = model.latestVersion, latest.id.isRunnable { return .version(latest.id) }
    return .model(model.id)
  }

  /// Why this model can't be run, if it can't.
  public var obstacle: String? {
    guard model.value != nil else { return nil }
    return schema == nil
      ? "This model has no input schema, so it can’t be run here." : nil
  }

  // MARK: Showing

  public func open(_ address: Address) -> Bool {
    switch address {
    case .model(let id, let version):
      closeForm()
      show(id, version: version)
    case .form(let request): openForm(request)
    case .fileInput(let address): useFile(address)
    default: return false
    }
    return true
  }

  public func preview(_ address: Address) -> Bool {
    // Moving the cursor elsewhere must not close a form.
    guard case .model(let id, nil) = address, form == nil else { return false }
    // Keep the selected version.
    if shown != id { show(id) }
    return true
  }

  func show(_ id: ModelID, version: ModelVersion.ID? = nil) {
    guard shown != id || (pinned?.id ?? wantedVersion) != version || model.value == nil else {
      return
    }
    begin(id)
    wantedVersion = version
    load()
  }

  private func begin(_ id: ModelID) {
    shown = id
    model.reset()
    versions = nil
    pinned = nil
    wantedVersion = nil
    versionProblem = nil
    schema = nil
    scroll.reset()
    forgetDocuments()
    if tab == .versions { tab = .overview }
    loadDocument()
  }

  public func load() {
    guard let id = shown else { return }
    // Keep the pinned version.
    let wanted = pinned?.id ?? wantedVersion
    model.begin()
    if tab == .versions { versions?.load() }
    if let document {
      document.show([])
      loadDocument()
    }
    activity.start("model") { [session, weak self] in
      do throws(ReplicateError) {
        let answer = try await session.client.send(.model(id))
        let latest = answer.latestVersion
        var pinned: ModelVersion?
        var problem: String?
        if let wanted, wanted != latest?.id {
          if wanted.isShort {
            let matches = try await session.client.versions(startingWith: wanted, of: id)
            if matches.count == 1, matches[0].id != latest?.id { pinned = matches[0] }
            if matches.count != 1 {
              problem = Self.words(wanted, of: id, isUnknown: matches.isEmpty)
            }
          } else {
            pinned = try await Self.version(wanted, of: id, session.client)
            if pinned == nil { problem = Self.words(gone: wanted, of: id) }
          }
        }
        let schema = await Self.readSchema(pinned ?? latest)
        let saved = await session.drafts.saved(of: id)
        guard !Task.isCancelled, let self else { return }
        self.saved = saved
        self.pinned = pinned
        versionProblem = problem
        self.schema = schema
        model.finish(answer)
        if id.owner == session.account.value?.username { session.ownModels.remember(id) }
        session.note(nil, of: Self.id) {}
        // A form says it itself.
        if let problem, wantedForm == nil { session.host?.notify(Notice(.failed, problem)) }
        loaded()
      } catch {
        guard !Task.isCancelled, let self else { return }
        model.fail(error)
        session.host?.endWorkNotice()
        if wantedForm != nil {
          // A form that opens by itself later would be in the way.
          wantedForm = nil
          session.host?.notify(Notice(error))
        }
        session.note(error, of: Self.id) { [weak self] in self?.load() }
      }
    }
  }

  /// A version, or nil if it no longer exists.
  private static func version(
    _ wanted: ModelVersion.ID, of id: ModelID, _ client: Client
  ) async throws(ReplicateError) -> ModelVersion? {
    do throws(ReplicateError) {
      return try await client.send(.version(wanted, of: id))
    } catch {
      guard case .notFound = error.reason else { throw error }
      return nil
    }
  }

  private static func words(gone version: ModelVersion.ID, of id: ModelID) -> String {
    "Version \(version.rawValue.prefix(8)) of \(id) no longer exists. This is the latest version."
  }

  private static func words(
    _ version: ModelVersion.ID, of id: ModelID, isUnknown: Bool
  ) -> String {
    (isUnknown
      ? "No version of \(id) begins with \(version.rawValue)."
      : "More than one version of \(id) begins with \(version.rawValue).")
      + " This is the latest version."
  }

  /// Schemas can be long, so parse them off the main actor.
  @concurrent
  nonisolated static func readSchema(_ version: ModelVersion?) async -> ModelSchema? {
    version?.schema
  }

  // MARK: Versions

  private func makeVersions() {
    guard let id = shown, versions == nil else { return }
    let client = session.client
    let list = PagedList<ModelVersion>(
      RowSource(isOrdered: true) { () async throws(ReplicateError) -> RowPage<ModelVersion> in
        do throws(ReplicateError) {
          return try await RowSource.pages(of: .versions(of: id), client).first()
        } catch {
          // The API responds with 404 for official models without versions.
          if case .notFound = error.reason { return RowPage([]) }
          throw error
        }
      },
      columns: [
        ListColumn("version", "version"),
        ListColumn("cog", "cog") { $0.cogVersion ?? "" },
        ListColumn("created", "created", startsDescending: true) { $0.createdAt?.text ?? "" },
      ], choices: session.lists[PlaceID("versions")]
    ) { [$0.id.rawValue, $0.cogVersion ?? "", $0.createdAt?.text ?? ""] }
    list.setHeight(max(1, extent.rows))
    list.onChoices = { [weak session] in session?.lists[PlaceID("versions")] = $0 }
    versions = list
    list.load()
  }

  /// The selected version in Versions, or else the one that is shown.
  var chosenVersion: ModelVersion? {
    tab == .versions && form == nil ? versions?.selected : pinned
  }

  /// Shows a version's schema and uses it for runs.
  private func pin(_ version: ModelVersion) {
    pinned = version.id == model.value?.latestVersion?.id ? nil : version
    wantedVersion = nil
    activity.start("schema") { [weak self] in
      let schema = await Self.readSchema(version)
      guard !Task.isCancelled, let self else { return }
      self.schema = schema
      loaded()
    }
  }

  /// Makes this the version that is shown and run.
  func use(_ version: ModelVersion, _ schema: ModelSchema) {
    pinned = version.id == model.value?.latestVersion?.id ? nil : version
    wantedVersion = nil
    self.schema = schema
  }

  // MARK: Commands

  /// Why most commands wait while a list of choices is open in the form.
  static let choicePending = "Choose from the open list first, or press Esc."

  public func availability(of command: Command) -> Availability {
    switch command {
    case .run:
      if shown == nil { return .no(because: "No model is shown.") }
      if session.runs.isCreating { return .no(because: "A run is being sent.") }
      if form?.situation.isPicking == true {
        return .no(because: "\(Self.choicePending) Nothing was sent.")
      }
      return obstacle.map { .no(because: $0) } ?? .yes
    case .open:
      if shown == nil { return .no(because: "No model is shown.") }
      return list == nil ? (obstacle.map { .no(because: $0) } ?? .yes) : .notMine
    case .filter:
      return form == nil ? .yes : .no(because: "Press Ctrl-F to find a field.")
    case .nextTab, .previousTab:
      if form != nil { return .no(because: "The form has no tabs.") }
      return shown == nil ? .no(because: "No model is shown.") : .yes
    case .form(.chooseFile), .form(.pastePicture):
      return form?.takesFile == true
        ? .yes : .no(because: "Only a field for a file takes one. Move to it first.")
    case .form(.readSweep):
      return form?.situation.isSwept == true
        ? .yes : .no(because: "Press F8 first, so that the field takes several values.")
    case .request, .form(.sweep), .form(.unset):
      return form?.situation.isPicking == true
        ? .no(because: Self.choicePending)
        : form == nil ? .no(because: "No form is open.") : .yes
    case .form: return form == nil ? .no(because: "No form is open.") : .yes
    case .values(let command): return availability(of: command)
    case .own(Self.deploy): return availabilityOfUse(version != nil, "has no version to deploy")
    case .own(Self.train):
      return availabilityOfUse(
        version?.isTrainable == true, "can’t be trained: it has no inputs for that")
    case .editText:
      return form?.situation.allowsNewlines == true
        ? .yes : .no(because: "Only long text and JSON fields open in the editor.")
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    if case .runDespite(let consent, let question) = command {
      launchAsAsked(consent, question)
      return .done
    }
    if let optionsForm, let outcome = perform(command, in: optionsForm) { return outcome }
    if let form, let outcome = perform(command, in: form) { return outcome }
    switch command {
    case .values(let command): perform(command)
    case .own(Self.deploy):
      guard let id = shown else { break }
      return .open(.newDeployment(id, version: version?.id))
    case .own(Self.train):
      guard let id = shown else { break }
      return .open(.newTraining(TrainingFormRequest(model: id, version: version?.id)))
    case .open: return openSelection()
    case .run: openForm()
    case .finishEdit(let edit, let reading): finishEdit(edit, reading: reading)
    case .filter where list == nil: return .open(.search)
    case .selectTab(_, let tab): Tab(rawValue: tab).map(select)
    case .nextTab: step(by: 1)
    case .previousTab: step(by: -1)
    case .move(let movement) where list == nil:
      if let document { document.move(movement) } else { scroll.move(movement) }
    case .scroll(_, let rows) where list == nil:
      if let document { document.scroll(by: rows) } else { scroll.scroll(by: rows) }
    case .select where list == nil: break
    default: return .pass
    }
    return .done
  }

  /// Whether something can be made of the model.
  private func availabilityOfUse(_ isPossible: Bool, _ reason: String) -> Availability {
    guard form == nil, let id = shown else { return .no(because: "No model is shown.") }
    if model.value == nil { return .no(because: "\(id) hasn’t loaded yet.") }
    return isPossible ? .yes : .no(because: "\(id) \(reason).")
  }

  private func openSelection() -> Outcome {
    guard tab == .versions else {
      openForm()
      return .done
    }
    guard let version = versions?.selected else { return .done }
    pin(version)
    select(.inputs)
    return .done
  }

  /// Opens the form for the selected version, or for the model as shown.
  func openForm() {
    guard let id = shown else { return }
    if let version = chosenVersion, tab == .versions { pin(version) }
    wantedForm = FormRequest(model: id, version: pinned?.id)
    if activity.isUnderWay("schema") { return }
    if model.value == nil {
      if !model.isLoading { load() }
      session.host?.notify(Notice(.working, "Loading the model’s inputs…"))
    } else {
      loaded()
    }
  }

  private func select(_ newTab: Tab) {
    guard tab != newTab else { return }
    tab = newTab
    scroll.reset()
    if newTab == .versions { makeVersions() }
    loadDocument()
  }

  private func step(by step: Int) {
    let count = Tab.allCases.count
    if let next = Tab(rawValue: (tab.rawValue + step + count) % count) { select(next) }
  }

  public func resize(_ extent: Extent) {
    self.extent = extent
    arrangeDocuments()
    versions?.setHeight(extent.rows)
  }

  public func drawn(_ size: DrawnSize) {
    if case .form(let fields, let columns) = size {
      let form = optionsForm?.form ?? form
      form?.typesetting.fieldsPerPage = fields
      form?.typesetting.textColumns = columns
    } else if let changed = scroll.resized(size) {
      scroll = changed
    }
  }

  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await form?.files.settled()
    await versions?.settled()
  }

  /// The model's page as plain text, for the pager.
  private var plainText: String {
    guard let model = model.value else { return "" }
    var lines = ["\(model.id)", ""]
    if let description = model.description { lines += [description, ""] }
    lines.append(model.url)
    for input in schema?.inputs ?? [] {
      lines += ["", "\(input.name)\(input.isRequired ? " (required)" : "")"]
      let words = MarkdownText.plain(input.description)
      if !words.isEmpty { lines.append("    \(words)") }
      if let value = input.defaultValue, !value.isNull {
        lines.append("    default: \(DataURI.shortened(in: value.serialized()))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension Client {
  /// The versions of a model whose IDs begin like this; at most two, because that is one too many.
  func versions(
    startingWith start: ModelVersion.ID, of model: ModelID
  ) async throws(ReplicateError) -> [ModelVersion] {
    var found: [ModelVersion] = []
    do throws(ReplicateError) {
      for try await page in pages(of: .versions(of: model)) {
        for version in page.results
        where version.id.rawValue.hasPrefix(start.rawValue.lowercased())
          && !found.contains(where: { $0.id == version.id })
        {
          found.append(version)
          if found.count == 2 { return found }
        }
      }
    } catch {
      // The API responds with 404 for official models without versions.
      if case .notFound = error.reason { return [] }
      throw error
    }
    return found
  }
}

extension ModelVersion {
  /// Whether it has inputs for a training.
  var isTrainable: Bool {
    openAPISchema?["components"]?["schemas"]?["TrainingInput"] != nil
  }
}

extension ModelVersion.ID {
  /// Whether this can only be the beginning of an ID.
  var isShort: Bool { rawValue.utf8.count < 64 }

  /// Official models can have a version with an empty or hidden ID.
  var isRunnable: Bool { !rawValue.isEmpty && rawValue != "hidden" }
}
