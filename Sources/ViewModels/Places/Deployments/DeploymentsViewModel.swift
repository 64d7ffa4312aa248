import Observation
import ReplicateAPI
import Running

/// The account's deployments: versions of models on hardware of one's own.
@MainActor @Observable
public final class DeploymentsViewModel: PlaceViewModel {
  public static let id = PlaceID("deployments")
  private static let create: CommandID = "deployments.create"
  private static let change: CommandID = "deployments.change"
  private static let delete: CommandID = "deployments.delete"
  private static let model: CommandID = "deployments.model"

  public static let commands = [
    CommandRow(create, "create a deployment", .own(create)),
    CommandRow(change, "change the deployment", .own(change)),
    CommandRow(model, "open the deployment’s model", .own(model)),
    CommandRow(delete, "delete the deployment", .own(delete), asks: true),
  ]

  /// The runs of all deployments in the last day, as far as they were loaded.
  public private(set) var history = Loadable<DeploymentHistory>()

  @ObservationIgnored public let deployments: PagedList<Deployment>
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var detailViewModel: DetailViewModel?
  @ObservationIgnored private let activity = Activity()

  /// How old the figures may be before they are loaded again, in seconds.
  static let figuresLast = 60.0

  public init(_ session: Session) {
    self.session = session
    deployments = PagedList(
      .pages(of: .deployments, session.client),
      columns: [
        ListColumn("name", "name") { $0.id.name.lowercased() },
        ListColumn("model", "model") { $0.currentRelease?.model ?? "" },
        ListColumn("hardware", "hardware") { $0.currentRelease?.configuration.hardware ?? "" },
        ListColumn("instances", "instances", startsDescending: true) {
          $0.currentRelease?.configuration.maxInstances ?? 0
        },
        ListColumn("release", "release", startsDescending: true) {
          $0.currentRelease?.number ?? 0
        },
        ListColumn("changed", "age", startsDescending: true) {
          $0.currentRelease?.createdAt?.secondsSince1970 ?? 0
        },
      ], choices: session.lists[Self.id]
    ) { deployment in
      [
        deployment.id.description, deployment.currentRelease?.model ?? "",
        deployment.currentRelease?.configuration.hardware ?? "",
      ]
    }
    deployments.connect(session, Self.id)
    detailViewModel = DetailViewModel(of: self, title: "Deployment") { [weak self] in
      guard let self, let deployment = deployments.selected else { return [] }
      return blocks(of: deployment)
    }
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Deployments" }
  public var list: (any ListViewModel)? { deployments }
  public var detail: (any PlaceViewModel)? { detailViewModel }
  public var dependsOnCursor: Bool { true }

  public var subject: Subject? {
    deployments.selected.map { deployment in
      Subject(
        text: deployment.id.description,
        address: "https://replicate.com/deployments/\(deployment.id)",
        page: { [weak self] in
          (
            "deployment.txt",
            (self?.blocks(of: deployment) ?? []).plainText
          )
        })
    }
  }

  public func load() {
    deployments.load()
    loadHistory()
  }

  public func arrive() {
    if !deployments.isLoading { deployments.load() }
    let age = history.value.map { session.runs.serviceNow - $0.loadedAt } ?? .infinity
    if age > Self.figuresLast { loadHistory() }
  }

  public func end() { activity.cancelAll() }

  public func settled() async {
    await activity.settled()
    await deployments.settled()
  }

  // MARK: Commands

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open, .own(Self.change), .own(Self.delete), .own(Self.model), .run:
      deployments.selected == nil ? .no(because: "No deployment is listed.") : .yes
    case .own(Self.create): .yes
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept:
      if let deployment = deployments.selected { refresh(deployment.id) }
      return openDetail(of: deployments)
    case .own(Self.create): edit(nil)
    case .own(Self.change): if let deployment = deployments.selected { edit(deployment) }
    case .own(Self.delete): if let deployment = deployments.selected { askToDelete(deployment) }
    case .own(Self.model):
      guard let release = deployments.selected?.currentRelease, let model = ModelID(release.model)
      else { break }
      return .open(.model(model, version: release.version))
    case .run: return run()
    default: return .pass
    }
    return .done
  }

  public func open(_ address: Address) -> Bool {
    switch address {
    case .newDeployment(let model, let version): edit(nil, of: model, version)
    case .deployment(let id):
      deployments.clearFilter()
      if !deployments.hasLoaded, !deployments.isLoading { deployments.load() }
      deployments.select { $0.id == id }
    default: return false
    }
    return true
  }

  /// Looks how a deployment is now: another program may have changed it.
  private func refresh(_ id: ModelID) {
    activity.start("deployment") { [session, weak self] in
      do throws(ReplicateError) {
        let current = try await session.client.send(.deployment(id))
        guard !Task.isCancelled, let self else { return }
        deployments.set(deployments.rows.map { $0.id == id ? current : $0 })
      } catch {
        guard !Task.isCancelled, case .notFound = error.reason else { return }
        session.host?.notify(Notice(.failed, "\(id) is no longer there."))
        self?.deployments.load()
      }
    }
  }

  /// The form of the deployment's model, set to run on the deployment.
  private func run() -> Outcome {
    guard let deployment = deployments.selected, let release = deployment.currentRelease,
      let model = ModelID(release.model)
    else {
      session.host?.notify(
        Notice(.failed, "Replicate doesn’t say which model this deployment runs."))
      return .done
    }
    return .open(
      .form(
        FormRequest(
          model: model, version: release.version,
          options: RunOptions(target: .deployment(deployment.id)))))
  }

  // MARK: Creating and changing

  /// Opens the form for a new deployment, or for changes to one, once the machines are known.
  private func edit(
    _ deployment: Deployment?, of model: ModelID? = nil, _ version: ModelVersion.ID? = nil
  ) {
    let session = session
    activity.start("form") { [weak self] in
      session.host?.notify(Notice(.working, "Loading the machines…"))
      do throws(ReplicateError) {
        let machines = try await session.machines()
        guard !Task.isCancelled, let self else { return }
        session.host?.endWorkNotice()
        session.open(
          deployment.map { self.changeForm(of: $0, machines) }
            ?? creationForm(of: model, version, machines))
      } catch {
        guard !Task.isCancelled else { return }
        session.host?.endWorkNotice()
        session.host?.notify(Notice(error))
      }
    }
  }

  private func creationForm(
    of model: ModelID?, _ version: ModelVersion.ID?, _ machines: [Hardware]
  ) -> PropertyForm {
    let owner = session.account.value?.username ?? ""
    let session = session
    return PropertyForm(
      "deployment \(model?.description ?? "") \(version?.rawValue ?? "")",
      title: "New deployment", action: "create the deployment",
      inputs: DeploymentFields.ofNew(machines, model: model, version: version),
      about: { form in DeploymentFields.about(form.payload, owner: owner) },
      check: { DeploymentFields.problems($0) },
      question: { DeploymentFields.question($0) },
      send: { [weak self] values throws(ReplicateError) in
        let request = try await DeploymentFields.request(values, session.client)
        let made = try await session.client.send(.createDeployment(request))
        self?.deployments.load()
        return PropertyForm.Sent(notice: "\(made.id) is deployed. Press r to run it.") {
          session.host?.perform(.focus(Self.id))
          self?.deployments.select { $0.id == made.id }
        }
      })
  }

  private func changeForm(of deployment: Deployment, _ machines: [Hardware]) -> PropertyForm {
    let session = session
    return PropertyForm(
      "deployment \(deployment.id)", title: "Change \(deployment.id.name)",
      action: "change the deployment",
      inputs: DeploymentFields.ofChange(deployment, machines),
      about: { form in DeploymentFields.about(form.payload, changing: deployment) },
      check: { DeploymentFields.problems($0, changing: deployment) },
      question: { DeploymentFields.question($0, changing: deployment) },
      send: { [weak self] values throws(ReplicateError) in
        let changes = DeploymentFields.changes(values)
        let changed = try await session.client.send(.updateDeployment(deployment.id, changes))
        self?.deployments.load()
        let release = changed.currentRelease.map { " This is release \($0.number)." } ?? ""
        return PropertyForm.Sent(notice: "\(deployment.id) was changed.\(release)")
      })
  }

  // MARK: Deleting

  private func askToDelete(_ deployment: Deployment) {
    session.askToDelete(
      deployment.id.name, "the deployment",
      "Replicate deletes a deployment only if it has no instances and hasn’t been used for 15 "
        + "minutes. Whatever calls it fails from then on."
    ) { [weak self] in self?.deleteNow(deployment) }
  }

  private func deleteNow(_ deployment: Deployment) {
    activity.start { [session, weak self] in
      do throws(ReplicateError) {
        try await session.client.send(.deleteDeployment(deployment.id))
        session.host?.notify(Notice(.done, "\(deployment.id) was deleted."))
        self?.deployments.load()
      } catch {
        session.host?.notify(Notice(error))
      }
    }
  }

  // MARK: Figures

  /// Loads the predictions of the last day, from which the figures are computed.
  private func loadHistory() {
    guard !history.isLoading else { return }
    history.begin()
    let now = session.runs.serviceNow
    activity.start("history") { [client = session.client, weak self] in
      do throws(ReplicateError) {
        let loaded = try await DeploymentHistory.load(client, now: now)
        guard !Task.isCancelled else { return }
        self?.history.finish(loaded)
      } catch {
        guard !Task.isCancelled else { return }
        self?.history.fail(error)
      }
    }
  }

  private func blocks(of deployment: Deployment) -> [DetailBlock] {
    var blocks: [DetailBlock] = [.heading(deployment.id.description), .blank]
    if let release = deployment.currentRelease {
      let configuration = release.configuration
      blocks += [
        .fact(
          name: "model", value: release.model, link: "https://replicate.com/\(release.model)"),
        .fact(name: "version", value: String(release.version.rawValue.prefix(12))),
        .fact(name: "hardware", value: configuration.hardware),
        .fact(
          name: "instances",
          value: "\(configuration.minInstances) always, \(configuration.maxInstances) at most"),
        .fact(name: "release", value: "\(release.number)"),
      ]
      if let time = release.createdAt { blocks.append(.fact(name: "released", value: time.words)) }
      if let author = release.createdBy?.username {
        blocks.append(.fact(name: "by", value: author))
      }
    } else {
      blocks.append(.text("It has no release."))
    }
    blocks.append(.blank)
    guard let loaded = history.value else {
      if let failure = history.failure {
        blocks.append(.text("Its runs couldn’t be loaded. \(failure.inWords)"))
      } else {
        blocks.append(.text("Loading its runs of the last day…"))
      }
      return blocks
    }
    return blocks + loaded.blocks(of: deployment.id)
      + [
        .blank,
        .fact(
          name: "more", value: "replicate.com/deployments/\(deployment.id)",
          link: "https://replicate.com/deployments/\(deployment.id)"),
      ]
  }
}
