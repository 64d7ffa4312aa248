import Observation
import ReplicateAPI
import Running

/// The models of the account, as far as they are known: the API has no list of an owner's models.
@MainActor @Observable
public final class OwnModelsViewModel: PlaceViewModel {
  public static let id = PlaceID("own-models")
  private static let create: CommandID = "own-models.create"
  private static let change: CommandID = "own-models.change"
  private static let readme: CommandID = "own-models.readme"
  private static let page: CommandID = "own-models.page"
  private static let add: CommandID = "own-models.add"
  private static let delete: CommandID = "own-models.delete"
  private static let deleteVersion: CommandID = "own-models.delete-version"

  public static let commands = [
    CommandRow(create, "create a model", .own(create)),
    CommandRow(change, "change the description and the links", .own(change)),
    CommandRow(readme, "edit the README in your editor", .own(readme)),
    CommandRow(page, "open the model’s page", .own(page)),
    CommandRow(add, "list another model of yours", .own(add)),
    CommandRow(deleteVersion, "delete a version", .own(deleteVersion), asks: true),
    CommandRow(delete, "delete the model", .own(delete), asks: true),
  ]

  @ObservationIgnored public let models: PagedList<OwnModel>
  @ObservationIgnored let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored let activity = Activity()
  /// Texts that were edited and couldn't be sent, so that they aren't lost.
  @ObservationIgnored private var unsentReadmes: [ModelID: String] = [:]

  public init(_ session: Session) {
    self.session = session
    models = PagedList(
      RowSource { [weak session] () async throws(ReplicateError) -> RowPage<OwnModel> in
        guard let session else { return RowPage([]) }
        return RowPage(try await session.loadOwnModels())
      },
      columns: [
        ListColumn("name", "name") { $0.id.name.lowercased() },
        ListColumn("description", "description"),
        ListColumn("visibility", "visibility") { $0.model?.visibility ?? "" },
        ListColumn("runs", "runs", startsDescending: true) { $0.model?.runCount ?? 0 },
        ListColumn("version", "version", startsDescending: true) {
          $0.model?.latestVersion?.createdAt?.secondsSince1970 ?? 0
        },
      ], choices: session.lists[Self.id]
    ) { [$0.id.description, $0.model?.description ?? "", $0.model?.visibility ?? ""] }
    models.connect(session, Self.id)
    detailViewModel = DetailViewModel(of: self, title: "Model") { [weak self] in
      self?.models.selected?.blocks ?? []
    }
  }

  public var id: PlaceID { Self.id }
  public var title: String { "My models" }
  public var list: (any ListViewModel)? { models }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  public var subject: Subject? {
    models.selected.map { row in
      Subject(
        text: row.id.description, address: row.model?.url ?? "https://replicate.com/\(row.id)",
        page: { ("model.txt", row.blocks.plainText) })
    }
  }

  public func load() { models.load() }
  public func arrive() { if session.hasToken, !models.isLoading { models.load() } }
  public func end() { activity.cancelAll() }

  public var unsaved: String? {
    unsentReadmes.isEmpty
      ? nil : "The README of \(unsentReadmes.keys.first?.description ?? "") wasn’t saved."
  }

  public func settled() async {
    await activity.settled()
    await models.settled()
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    switch command {
    case .own(Self.create), .own(Self.add): return .yes
    case .open, .run, .own(Self.page), .own(Self.change), .own(Self.readme), .own(Self.delete),
      .own(Self.deleteVersion):
      guard let row = models.selected else { return .no(because: "No model is listed.") }
      guard case .own(let id) = command, id != Self.page else { return .yes }
      return row.model == nil ? .no(because: "\(row.id) couldn’t be loaded.") : .yes
    default: return .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    let row = models.selected
    switch command {
    case .open, .accept: return openDetail(of: models)
    case .run: return row.map { .open(.form(FormRequest(model: $0.id))) } ?? .done
    case .own(Self.page): return row.map { .open(.model($0.id, version: nil)) } ?? .done
    case .own(Self.create): openCreation()
    case .own(Self.add): askForName()
    case .own(Self.change): if let model = row?.model { session.open(changeForm(of: model)) }
    case .own(Self.readme): if let row { editReadme(of: row.id) }
    case .own(Self.delete): if let model = row?.model { askToDelete(model) }
    case .own(Self.deleteVersion): if let row { chooseVersion(of: row.id) }
    default: return .pass
    }
    return .done
  }

  private func askForName() {
    session.host?.present(
      .text(
        TextPrompt("List a model", "Which model of yours? Type it as owner/name.") {
          [weak self] text in
          guard let id = ModelID(String(text.trimmingBlanks())) else {
            return "That isn’t owner/name."
          }
          self?.session.ownModels.remember(id)
          self?.models.load()
          self?.models.select { $0.id == id }
          return nil
        }))
  }

  // MARK: Creating and changing

  private func openCreation() {
    let session = session
    activity.start("form") { [weak self] in
      do throws(ReplicateError) {
        let machines = try await session.machines()
        guard !Task.isCancelled, let self else { return }
        session.open(creationForm(machines))
      } catch {
        if !Task.isCancelled { session.host?.notify(Notice(error)) }
      }
    }
  }

  private func creationForm(_ machines: [Hardware]) -> PropertyForm {
    let session = session
    return PropertyForm(
      "model", title: "New model", action: "create the model",
      inputs: OwnModelFields.ofNew(machines, owner: session.account.value?.username ?? ""),
      about: { OwnModelFields.about($0.payload) }, check: OwnModelFields.problems,
      send: { [weak self] values throws(ReplicateError) in
        let made = try await session.client.send(.createModel(OwnModelFields.request(values)))
        session.ownModels.remember(made.id)
        self?.models.load()
        return PropertyForm.Sent(
          notice: "\(made.id) is there. It has no version yet: push one with cog, or train one."
        ) {
          self?.models.select { $0.id == made.id }
        }
      })
  }

  private func changeForm(of model: Model) -> PropertyForm {
    let session = session
    return PropertyForm(
      "model \(model.id)", title: "Change \(model.id.name)", action: "change the model",
      inputs: OwnModelFields.ofChange(model),
      about: { OwnModelFields.about($0.payload, changing: model.id) },
      check: {
        $0.isEmpty
          ? [("", "Nothing is changed yet, so nothing was sent.")] : OwnModelFields.problems($0)
      },
      send: { [weak self] values throws(ReplicateError) in
        _ = try await session.client.send(
          .updateModel(model.id, OwnModelFields.changes(values)))
        self?.models.load()
        return PropertyForm.Sent(notice: "\(model.id) was changed.")
      })
  }

  /// Opens the README in the user's editor, and sends it if it has changed.
  private func editReadme(of id: ModelID) {
    session.host?.notify(Notice(.working, "Loading the README of \(id)…"))
    activity.start("readme") { [session, weak self] in
      do throws(ReplicateError) {
        let current = try await session.client.send(.readme(of: id)) ?? ""
        guard !Task.isCancelled, let self else { return }
        session.host?.endWorkNotice()
        let text = unsentReadmes[id] ?? current
        guard let edited = await edit(text), edited != current else { return }
        unsentReadmes[id] = edited
        _ = try await session.client.send(.updateModel(id, ModelChanges(readme: edited)))
        unsentReadmes[id] = nil
        session.host?.notify(Notice(.done, "The README of \(id) was saved."))
        models.load()
      } catch {
        guard !Task.isCancelled else { return }
        session.host?.endWorkNotice()
        let kept =
          self?.unsentReadmes[id] == nil
          ? "" : " What you wrote is kept: edit the README again to send it."
        session.host?.notify(Notice(.failed, error.inWords + kept))
      }
    }
  }

  /// The text as the user has edited it; nil if it wasn't.
  private func edit(_ text: String) async -> String? {
    do throws(DesktopFailure) {
      switch try await session.desktop.edit(text, named: "README.md") {
      case .saved(let edited): return edited
      case .maybeOpen(let file):
        session.host?.notify(
          Notice(.failed, "Your editor didn’t wait, so nothing was saved. \(file.path)"))
      }
    } catch {
      session.host?.notify(Notice(.failed, error.message))
    }
    return nil
  }

  // MARK: Deleting

  private func askToDelete(_ model: Model) {
    let words =
      model.visibility == "private"
      ? "Replicate deletes a model only if it is private and has no versions."
      : "This model is public: Replicate deletes only private ones, so it will refuse."
    session.askToDelete(model.id.name, "the model", words) { [weak self] in
      self?.delete(model.id)
    }
  }

  private func delete(_ id: ModelID) {
    activity.start { [session, weak self] in
      do throws(ReplicateError) {
        try await session.client.send(.deleteModel(id))
        session.ownModels.forget(id)
        session.host?.notify(Notice(.done, "\(id) was deleted."))
        self?.models.load()
      } catch {
        session.host?.notify(Notice(error))
      }
    }
  }

  private func chooseVersion(of id: ModelID) {
    let chooser = ChooserViewModel(
      "Delete a version of \(id)", columnTitles: ["Cog"], empty: "This model has no versions.")
    chooser.isLoading = true
    chooser.onAccept = { [weak self] row in
      // The list has closed by then, so that the question can open.
      self?.askToDelete(ModelVersion.ID(rawValue: row.id), of: id)
    }
    session.host?.present(.chooser(chooser))
    let client = session.client
    activity.start("versions") {
      do throws(ReplicateError) {
        var rows: [ChooserViewModel.Row] = []
        for try await page in client.pages(of: .versions(of: id)) {
          rows += page.results.map { version in
            ChooserViewModel.Row(
              id: version.id.rawValue, title: String(version.id.rawValue.prefix(16)),
              columns: [version.cogVersion ?? ""], date: version.createdAt?.secondsSince1970,
              keywords: [version.id.rawValue])
          }
          if Task.isCancelled || rows.count > 2000 { break }
        }
        chooser.isLoading = false
        chooser.setRows(rows)
      } catch {
        chooser.isLoading = false
        chooser.problem = error.inWords
      }
    }
  }

  private func askToDelete(_ version: ModelVersion.ID, of id: ModelID) {
    session.askToDelete(
      String(version.rawValue.prefix(8)), "a version of \(id)",
      "Replicate deletes a version only if its model is private and nobody else has run it, trained "
        + "from it, or deployed it. Its predictions and their files are deleted as well."
    ) { [weak self] in
      guard let self else { return }
      activity.start { [session] in
        do throws(ReplicateError) {
          try await session.client.send(.deleteVersion(version, of: id))
          session.host?.notify(
            Notice(.done, "Replicate is deleting version \(version.rawValue.prefix(8)) of \(id)."))
          self.models.load()
        } catch {
          session.host?.notify(Notice(error))
        }
      }
    }
  }
}
