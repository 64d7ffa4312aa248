import ReplicateAPI
import Running

/// A model of the account in the list, which may be gone by now.
public struct OwnModel: Identifiable, Sendable {
  public var id: ModelID
  /// Nil if it couldn't be loaded.
  public var model: Model?
  public var failure: ReplicateError?
}

/// The models that were made or opened here, of any account.
@MainActor
public final class RememberedModels {
  fileprivate var names: [ModelID]
  private let keep: @MainActor ([ModelID]) -> Void

  /// The most that are kept.
  private static let limit = 500

  /// - Parameters:
  ///   - names: Those of earlier starts.
  ///   - keep: Keeps them until the next start.
  public init(
    _ names: [ModelID] = [], keep: @escaping @MainActor ([ModelID]) -> Void = { _ in }
  ) {
    self.names = names
    self.keep = keep
  }

  fileprivate func add(_ id: ModelID) {
    guard !names.contains(id) else { return }
    names.append(id)
    if names.count > Self.limit { names.removeFirst() }
    keep(names)
  }

  fileprivate func remove(_ id: ModelID) {
    guard let index = names.firstIndex(of: id) else { return }
    names.remove(at: index)
    keep(names)
  }
}

/// The names of the account's models, which the API doesn't list: those from the config, and those that
/// were made or opened here.
@MainActor
public struct OwnModels {
  /// Those from the config.
  private let given: [ModelID]
  private let remembered: RememberedModels

  public init(given: [ModelID] = [], remembered: RememberedModels = RememberedModels()) {
    self.given = given
    self.remembered = remembered
  }

  /// The names to list for an account, without those of other accounts that were only remembered.
  func names(of owner: String?) -> [ModelID] {
    given + remembered.names.filter { $0.owner == owner && !given.contains($0) }
  }

  func remember(_ id: ModelID) { remembered.add(id) }
  func forget(_ id: ModelID) { remembered.remove(id) }
}

extension Session {
  /// Loads the models of the account, a few at a time. Those that deployments run and trainings have
  /// made count as well.
  func loadOwnModels() async throws(ReplicateError) -> [OwnModel] {
    let owner = account.value?.username
    var names = ownModels.names(of: owner)
    for name in try await foundModels(of: owner) where !names.contains(name) {
      names.append(name)
    }
    var rows: [OwnModel] = []
    for start in stride(from: 0, to: names.count, by: 8) {
      let some = names[start..<min(start + 8, names.count)]
      rows += await Self.load(some, client)
      if let failure = rows.lazy.compactMap(\.failure).first(where: { $0.isOutage }) {
        throw failure
      }
      if Task.isCancelled { throw ReplicateError(.canceled) }
    }
    return rows
  }

  private static func load(_ names: ArraySlice<ModelID>, _ client: Client) async -> [OwnModel] {
    await withTaskGroup(of: OwnModel.self) { group in
      for name in names {
        group.addTask {
          do throws(ReplicateError) {
            return OwnModel(id: name, model: try await client.send(.model(name)), failure: nil)
          } catch {
            return OwnModel(id: name, model: nil, failure: error)
          }
        }
      }
      var found: [ModelID: OwnModel] = [:]
      for await row in group { found[row.id] = row }
      return names.compactMap { found[$0] }
    }
  }

  /// A list that only helps to find models: a token that may not have it has none.
  private func ifAllowed<Item>(
    _ endpoint: Endpoint<Page<Item>>
  ) async throws(ReplicateError) -> [Item] {
    do throws(ReplicateError) {
      return try await client.send(endpoint).results
    } catch {
      if error.isOutage || error.reason == .canceled { throw error }
      return []
    }
  }

  /// The account's own models that its deployments and trainings name.
  private func foundModels(of owner: String?) async throws(ReplicateError) -> [ModelID] {
    guard let owner else { return [] }
    let deployments = try await ifAllowed(.deployments)
    let trainings = try await ifAllowed(.trainings)
    let texts =
      deployments.compactMap { $0.currentRelease?.model }
      + trainings.compactMap { $0.output?.version?.split(separator: ":").first.map(String.init) }
    var seen: Set<ModelID> = []
    return texts.compactMap { ModelID($0) }.filter { $0.owner == owner && seen.insert($0).inserted }
  }
}

extension OwnModel {
  var blocks: [DetailBlock] {
    guard let model else {
      return [
        .heading(id.description), .blank,
        .text(failure?.inWords ?? "It couldn’t be loaded."),
      ]
    }
    var blocks: [DetailBlock] = [.heading(id.description), .blank]
    if let description = model.description, !description.isEmpty {
      blocks += [.text(description), .blank]
    }
    blocks += [
      .fact(name: "visibility", value: model.visibility),
      .fact(name: "runs", value: NumberText.grouped(model.runCount)),
      .fact(name: "page", value: model.url, link: model.url),
    ]
    if let created = model.createdAt { blocks.append(.fact(name: "created", value: created.words)) }
    if let version = model.latestVersion {
      blocks.append(.fact(name: "version", value: version.id.rawValue))
      if let time = version.createdAt { blocks.append(.fact(name: "pushed", value: time.words)) }
      if let cog = version.cogVersion { blocks.append(.fact(name: "cog", value: cog)) }
    } else {
      blocks.append(.fact(name: "version", value: "none yet"))
    }
    let links = [
      ("code", model.githubURL), ("paper", model.paperURL), ("license", model.licenseURL),
      ("weights", model.weightsURL), ("cover", model.coverImageURL),
    ]
    for (name, link) in links {
      if let link, !link.isEmpty { blocks.append(.fact(name: name, value: link, link: link)) }
    }
    return blocks + [
      .blank,
      .text(
        "The API can’t list the models of an account. Listed are those that were made or opened here, "
          + "that your deployments and trainings name, and those in the config (models = […])."),
    ]
  }
}
