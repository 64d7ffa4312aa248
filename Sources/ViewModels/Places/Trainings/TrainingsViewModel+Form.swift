import OrderedCollections
import ReplicateAPI
import Running

/// A request to open the form for a training, optionally with what an earlier one was started with.
public struct TrainingFormRequest: Hashable, Sendable {
  public var model: ModelID
  public var version: ModelVersion.ID?
  public var input: JSONObject
  public var destination: ModelID?

  public init(
    model: ModelID, version: ModelVersion.ID? = nil, input: JSONObject = [:],
    destination: ModelID? = nil
  ) {
    self.model = model
    self.version = version
    self.input = input
    self.destination = destination
  }
}

// The form of a training: the trainer's own inputs, and where the version goes.
extension TrainingsViewModel {
  private static let destination = "destination"

  /// Opens the form once the trainer and its schema have loaded.
  func openForm(_ request: TrainingFormRequest) {
    session.host?.notify(Notice(.working, "Loading the inputs of the training…"))
    let session = session
    activity.start("form") { [weak self] in
      do throws(ReplicateError) {
        let model = try await session.client.send(.model(request.model))
        var version = model.latestVersion
        if let wanted = request.version, wanted != version?.id {
          version = try await session.client.send(.version(wanted, of: request.model))
        }
        let schema = await Self.trainingSchema(of: version)
        guard !Task.isCancelled, let self else { return }
        session.host?.endWorkNotice()
        guard let version, let schema else {
          session.host?.notify(
            Notice(
              .failed,
              "\(request.model) can’t be trained: its schema has no inputs for a training."))
          return
        }
        session.open(form(request, version.id, schema))
      } catch {
        guard !Task.isCancelled else { return }
        session.host?.endWorkNotice()
        session.host?.notify(Notice(error))
      }
    }
  }

  /// The inputs of a training; nil if the version can't be trained.
  @concurrent
  private nonisolated static func trainingSchema(of version: ModelVersion?) async -> ModelSchema? {
    guard let version, version.isTrainable, let document = version.openAPISchema else { return nil }
    return ModelSchema(
      openAPI: document, cogVersion: version.cogVersion, inputName: "TrainingInput",
      outputName: "TrainingOutput")
  }

  private func form(
    _ request: TrainingFormRequest, _ version: ModelVersion.ID, _ schema: ModelSchema
  ) -> PropertyForm {
    let session = session
    let owner = session.account.value?.username ?? ""
    let destination = InputField(
      name: Self.destination,
      description: "The model that gets the version that is made. It is created, private, if it "
        + "isn’t there yet.",
      kind: .text(TextRules(pattern: "^ *([^/ ]+/)?[A-Za-z0-9._-]+ *$")), isRequired: true)
    // An input of the trainer with the same name would be another field under one name.
    let inputs = schema.inputs.filter { $0.name != Self.destination }
    var values = request.input
    if let known = request.destination { values[Self.destination] = .string(known.description) }
    let secrets = Set(schema.inputs.filter { $0.kind.holdsSecrets }.map(\.name))
    let form = PropertyForm(
      "training \(request.model):\(version.rawValue)", title: "Train \(request.model.name)",
      action: "start the training", inputs: [destination] + inputs, values: values,
      about: { Self.about($0, request.model, owner: owner, inputs) },
      send: { values throws(ReplicateError) in
        var input = values
        let text = input.removeValue(forKey: Self.destination)?.string ?? ""
        let target = Self.destination(text, owner: owner)
        try await Self.make(target, session)
        let run = try await session.runs.train(
          version, of: request.model,
          TrainingRequest(destination: target, input: input, secretInputs: secrets))
        return PropertyForm.Sent(
          notice: "The training has started. It makes a version of \(target)."
        ) {
          session.host?.show(.training(Training.ID(run.id.rawValue)))
        }
      })
    form.takeFolder = { [weak self, weak form] (folder: LocalPath, field: String) in
      guard let form else { return }
      self?.look(at: folder, for: field, form, inputs)
    }
    return form
  }

  private static func destination(_ text: String, owner: String) -> ModelID {
    let text = String(text.trimmingBlanks())
    return ModelID(text) ?? ModelID(owner: owner, name: text)
  }

  /// Creates the model that gets the version, unless it is there.
  private static func make(_ model: ModelID, _ session: Session) async throws(ReplicateError) {
    let client = session.client
    do throws(ReplicateError) {
      _ = try await client.send(.model(model))
      return
    } catch {
      guard case .notFound = error.reason else { throw error }
    }
    // The machine can't be changed later by the API. What trainers make needs a GPU.
    let machines = try await session.machines().map(\.sku)
    let sku =
      ["gpu-l40s", "gpu-a40-large", "gpu-h100"].first(where: machines.contains)
      ?? machines.first { $0.hasPrefix("gpu") } ?? machines.first ?? "cpu"
    do throws(ReplicateError) {
      _ = try await client.send(
        .createModel(ModelRequest(id: model, visibility: .private, hardware: sku)))
    } catch {
      if case .conflict = error.reason { return }
      throw error
    }
  }

  private static func about(
    _ form: InputForm, _ model: ModelID, owner: String, _ inputs: [InputField]
  ) -> [DetailBlock] {
    let text = form.fields.first { $0.name == destination }?.value?.string ?? ""
    let target = text.isEmpty ? "…" : Self.destination(text, owner: owner).description
    var blocks: [DetailBlock] = [
      .heading("Training \(model)"), .blank,
      .text(
        "A training makes a new version of a model of yours. It is billed by the second, like a run, "
          + "and often takes from minutes to an hour."), .blank,
      .fact(name: "makes", value: "a version of \(target)"), .blank,
    ]
    let files = inputs.filter { if case .file = $0.kind { true } else { false } }.map(\.name)
    if !files.isEmpty {
      blocks.append(
        .text(
          "For \(files.joined(separator: " or ")), choose a zip, or a folder: open the chooser, go to "
            + "the folder, and press Alt-Enter. It is checked, and zipped on this machine."))
    }
    return blocks
  }
}
