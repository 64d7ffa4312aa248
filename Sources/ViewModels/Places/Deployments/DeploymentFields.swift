import ReplicateAPI
import Running

/// The fields of the forms for a new deployment and for changes to one.
enum DeploymentFields {
  private static let whole = NumberRules(minimum: 0, maximum: 5)
  private static let most = NumberRules(minimum: 0, maximum: 20)

  static func ofNew(
    _ hardware: [Hardware], model: ModelID?, version: ModelVersion.ID?
  ) -> [InputField] {
    [
      InputField(
        name: "name",
        description: "The deployment’s own name. Programs call it as your account’s name, a slash, "
          + "and this.",
        kind: .text(TextRules(maxLength: 64)), isRequired: true),
      InputField(
        name: "model", description: "The model that it runs, as owner/name.",
        isRequired: true,
        defaultValue: model.map { .string($0.description) }),
      InputField(
        name: "version",
        description: "The version that it runs, or the beginning of its ID. Leave it empty for the "
          + "latest.",
        defaultValue: version.map { .string($0.rawValue) }),
      machine(hardware, nil),
    ] + instances(0, 1)
  }

  static func ofChange(_ deployment: Deployment, _ hardware: [Hardware]) -> [InputField] {
    let release = deployment.currentRelease
    let configuration = release?.configuration ?? Deployment.Configuration()
    return [
      InputField(
        name: "version",
        description: "The version of \(release?.model ?? "the model") that it runs.",
        kind: .text(TextRules(minLength: 1)),
        defaultValue: release.map { .string($0.version.rawValue) }),
      machine(hardware, configuration.hardware),
    ] + instances(configuration.minInstances, configuration.maxInstances)
  }

  private static func machine(_ hardware: [Hardware], _ current: String?) -> InputField {
    var skus = hardware.map(\.sku)
    if let current, !current.isEmpty, !skus.contains(current) { skus.insert(current, at: 0) }
    let titles = hardware.map { (JSONValue.string($0.sku), $0.name) }
    return InputField(
      name: "hardware",
      description: "The machine that it runs on. Prices: replicate.com/pricing.",
      kind: .enumeration(skus.map { .string($0) }), isRequired: current == nil,
      defaultValue: current.map { .string($0) },
      choiceTitles: Dictionary(titles, uniquingKeysWith: { first, _ in first }))
  }

  private static func instances(_ least: Int, _ most: Int) -> [InputField] {
    [
      InputField(
        name: "min_instances",
        description:
          "How many instances run all the time, used or not. Each is billed all the time.",
        kind: .integer(whole), defaultValue: .number(JSONNumber(least))),
      InputField(
        name: "max_instances",
        description: "How many instances may run at most when there is much to do.",
        kind: .integer(Self.most), defaultValue: .number(JSONNumber(most))),
    ]
  }

  // MARK: What was filled in

  private static func instances(
    _ values: JSONObject, _ deployment: Deployment?
  ) -> (least: Int, most: Int) {
    let current = deployment?.currentRelease?.configuration
    return (
      values["min_instances"]?.int ?? current?.minInstances ?? 0,
      values["max_instances"]?.int ?? current?.maxInstances ?? 1
    )
  }

  @MainActor
  static func problems(
    _ values: JSONObject, changing deployment: Deployment? = nil
  ) -> [(field: String, problem: String)] {
    if deployment != nil, values.isEmpty {
      return [("", "Nothing is changed yet, so nothing was sent.")]
    }
    var problems: [(field: String, problem: String)] = []
    if deployment == nil {
      let name = values["name"]?.string ?? ""
      if !isName(name) {
        problems.append(
          ("name", "can have small letters, digits, and between them dots, dashes, underscores"))
      }
      if ModelID(values["model"]?.string ?? "") == nil {
        problems.append(("model", "must be owner/name"))
      }
    }
    let (least, most) = instances(values, deployment)
    return problems
      + (least > most ? [("min_instances", "can’t be more than max_instances, \(most)")] : [])
  }

  private static func isName(_ name: String) -> Bool {
    func isPlain(_ letter: Character) -> Bool {
      letter.isASCII && (letter.isLowercase || letter.isNumber)
    }
    return name.allSatisfy { isPlain($0) || "._-".contains($0) } && name.first.map(isPlain) == true
      && name.last.map(isPlain) == true
  }

  /// Asks before something that is billed all the time.
  @MainActor
  static func question(_ values: JSONObject, changing deployment: Deployment? = nil) -> String? {
    let (least, _) = instances(values, deployment)
    let before = deployment?.currentRelease?.configuration.minInstances ?? 0
    guard least > 0, least > before || values["hardware"] != nil else { return nil }
    return "\(least == 1 ? "An instance" : "\(least) instances") will run all the time and "
      + "\(least == 1 ? "is" : "are") billed all the time, used or not, until you set "
      + "min_instances to 0."
  }

  static func about(_ values: JSONObject, owner: String) -> [DetailBlock] {
    let name = values["name"]?.string ?? ""
    return [
      .heading("A deployment"), .blank,
      .text(
        "It runs a version of a model on hardware of your own, under a name of your own, so that "
          + "what calls it needn’t change when the version does."),
      .blank,
      .fact(name: "name", value: "\(owner.isEmpty ? "you" : owner)/\(name.isEmpty ? "…" : name)"),
    ] + billing(instances(values, nil).least)
  }

  static func about(_ values: JSONObject, changing deployment: Deployment) -> [DetailBlock] {
    let next = (deployment.currentRelease?.number ?? 0) + 1
    var blocks: [DetailBlock] = [
      .heading(deployment.id.description), .blank,
      .text("Changes make release \(next). What calls the deployment goes on as before."), .blank,
    ]
    for (name, value) in values { blocks.append(.fact(name: name, value: value.shortText)) }
    if values.isEmpty { blocks.append(.text("Nothing is changed yet.")) }
    return blocks + billing(instances(values, deployment).least)
  }

  private static func billing(_ least: Int) -> [DetailBlock] {
    [
      .blank,
      .text(
        least > 0
          ? "With min_instances \(least), it is billed all the time, used or not."
          : "With min_instances 0, it is billed only while it works, and the first run after a "
            + "pause waits for a machine."),
    ]
  }

  static func request(
    _ values: JSONObject, _ client: Client
  ) async throws(ReplicateError) -> DeploymentRequest {
    let model = values["model"]?.string.flatMap { ModelID($0) } ?? ModelID(owner: "", name: "")
    let wanted = values["version"]?.string ?? ""
    let (least, most) = instances(values, nil)
    return DeploymentRequest(
      name: values["name"]?.string ?? "", model: model,
      version: try await version(wanted, of: model, client),
      hardware: values["hardware"]?.string ?? "", minInstances: least, maxInstances: most)
  }

  /// The version that a text means: the latest, one by its ID, or by the beginning of that.
  private static func version(
    _ text: String, of model: ModelID, _ client: Client
  ) async throws(ReplicateError) -> ModelVersion.ID {
    let wanted = ModelVersion.ID(rawValue: String(text.trimmingBlanks()))
    if wanted.rawValue.isEmpty {
      guard let latest = try await client.send(.model(model)).latestVersion else {
        throw ReplicateError(
          .invalidInput(
            [InvalidField(field: "version", description: "\(model) has no version yet")], detail: ""
          ))
      }
      return latest.id
    }
    guard wanted.isShort else { return wanted }
    let matches = try await client.versions(startingWith: wanted, of: model)
    guard matches.count == 1 else {
      let problem =
        matches.isEmpty
        ? "no version of \(model) begins with it" : "more than one version begins with it"
      throw ReplicateError(
        .invalidInput([InvalidField(field: "version", description: problem)], detail: ""))
    }
    return matches[0].id
  }

  static func changes(_ values: JSONObject) -> DeploymentChanges {
    DeploymentChanges(
      version: values["version"]?.string.map {
        ModelVersion.ID(rawValue: String($0.trimmingBlanks()))
      },
      hardware: values["hardware"]?.string, minInstances: values["min_instances"]?.int,
      maxInstances: values["max_instances"]?.int)
  }
}
