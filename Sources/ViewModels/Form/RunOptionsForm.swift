import Observation
import ReplicateAPI
import Running

/// How a form's run is made: what runs, webhook, deadline, and waiting. A form of its own, made from a
/// schema like a model's.
@MainActor @Observable
public final class RunOptionsForm {
  public private(set) var form: InputForm
  /// What the form says, without what is invalid.
  public private(set) var options = RunOptions()
  /// The deployments that can be chosen.
  private(set) var deployments: [ModelID] = []

  @ObservationIgnored private let model: ModelID
  @ObservationIgnored private let target: PredictionTarget
  /// What the model can be run as, besides its deployments.
  @ObservationIgnored private(set) var version: ModelVersion.ID?
  @ObservationIgnored private(set) var isOfficial: Bool

  private static let thisVersion = "this version"
  private static let official = "the official model"
  static let other = "another deployment"

  /// The options of a form, none of them set.
  init(_ owner: InputForm) {
    model = owner.model
    target = owner.target
    version = if case .version(let version) = owner.target { version } else { owner.version }
    isOfficial = if case .model = owner.target { true } else { false }
    form = Self.form(owner.model, [])
    form = makeForm()
    form.typesetting.width = owner.typesetting.width
  }

  public var isValid: Bool { form.invalidCount + form.missingCount == 0 }

  /// What is wrong with the first invalid one, with its name.
  var problem: String? {
    form.fields.first(where: \.isInvalid).map { "\($0.name) \($0.problem ?? "is invalid")" }
  }

  // MARK: The fields

  private func makeForm() -> InputForm {
    let made = Self.form(model, inputs)
    made.typesetting = form.typesetting
    return made
  }

  private static func form(_ model: ModelID, _ inputs: [InputField]) -> InputForm {
    InputForm(model: model, version: nil, schema: ModelSchema(inputs: inputs))
  }

  private static func choice(_ deployment: ModelID) -> String { "deployment \(deployment)" }

  private var choices: [String] {
    var choices: [String] = []
    if version != nil { choices.append(Self.thisVersion) }
    if isOfficial { choices.append(Self.official) }
    return choices + deployments.map(Self.choice) + [Self.other]
  }

  private var usual: String {
    switch target {
    case .version: Self.thisVersion
    case .model: Self.official
    case .deployment(let deployment): Self.choice(deployment)
    }
  }

  private var inputs: [InputField] {
    [
      InputField(
        name: "run", description: "What runs, and on whose hardware.",
        kind: .enumeration(choices.map { .string($0) }), defaultValue: .string(usual)),
      InputField(
        name: "deployment",
        description: "The deployment as owner/name, if it isn’t among those above."),
      InputField(
        name: "webhook",
        description: "An https:// address that Replicate calls with the prediction."),
      InputField(
        name: "at start", description: "Call the webhook when the run starts.", kind: .boolean,
        defaultValue: true),
      InputField(
        name: "at output", description: "Call it for each output.", kind: .boolean,
        defaultValue: true),
      InputField(
        name: "at logs", description: "Call it for new lines of the log.", kind: .boolean,
        defaultValue: true),
      InputField(
        name: "at the end", description: "Call it when the run has ended.", kind: .boolean,
        defaultValue: true),
      InputField(
        name: "deadline",
        description: "Replicate cancels the run after this time: 30s, 5m, 1h30m. At least 5s."),
      InputField(
        name: "wait",
        description: """
          How many seconds Replicate may hold back its answer until there is output. Leave it empty \
          to watch the run from the start.
          """,
        kind: .integer(NumberRules(minimum: 1, maximum: 60))),
    ]
  }

  private static let events: [(name: String, event: PredictionOptions.WebhookEvent)] = [
    ("at start", .start), ("at output", .output), ("at logs", .logs), ("at the end", .completed),
  ]

  // MARK: Changes

  /// Performs a command in the form. Returns false if it has no meaning there.
  func perform(_ command: FormCommand) -> Bool {
    switch command {
    // A run has one of each.
    case .sweep, .readSweep: return false
    default: break
    }
    let deployment = text("deployment")
    let answer = form.perform(command)
    // Whoever names a deployment means it.
    if text("deployment") != deployment, !text("deployment").isEmpty { set("run", Self.other) }
    read()
    return answer
  }

  /// Offers what else the model can be run as.
  func offer(version: ModelVersion.ID?, isOfficial: Bool, deployments: [ModelID]) {
    let version = version ?? self.version
    let isOfficial = isOfficial || self.isOfficial
    let all = deployments + self.deployments.filter { !deployments.contains($0) }
    guard version != self.version || isOfficial != self.isOfficial || all != self.deployments
    else { return }
    self.version = version
    self.isOfficial = isOfficial
    self.deployments = all
    replaceForm(form.snapshot.fields)
  }

  /// Options as the fields of the form.
  static func values(of options: RunOptions) -> KeptValues {
    var values: KeptValues = [:]
    switch options.target {
    case .version: values["run"] = KeptValue(value: .string(thisVersion))
    case .model: values["run"] = KeptValue(value: .string(official))
    case .deployment(let deployment):
      values["run"] = KeptValue(value: .string(choice(deployment)))
    case nil: break
    }
    if let webhook = options.prediction.webhook {
      values["webhook"] = KeptValue(value: .string(webhook))
      let chosen = options.prediction.webhookEvents
      for (name, event) in events where !chosen.isEmpty && !chosen.contains(event) {
        values[name] = KeptValue(value: false)
      }
    }
    if let deadline = options.prediction.cancelAfter {
      let text = RunOptions.text(ofSeconds: Int(clamping: deadline.components.seconds))
      values["deadline"] = KeptValue(value: .string(text))
    }
    if let wait = options.prediction.wait {
      values["wait"] = KeptValue(
        value: .number(JSONNumber(Int(clamping: wait.components.seconds))))
    }
    return values
  }

  func restore(_ values: KeptValues) {
    // A deployment that isn't known yet is one nevertheless.
    if let choice = values["run"]?.value?.string, choice.hasPrefix("deployment "),
      let id = ModelID(String(choice.dropFirst("deployment ".count))), !deployments.contains(id)
    {
      deployments.append(id)
    }
    replaceForm(values)
  }

  private func replaceForm(_ values: KeptValues) {
    let focused = form.focusedField?.name
    let made = makeForm()
    var snapshot = FormSnapshot()
    snapshot.fields = values
    var fields = made.fields
    _ = InputForm.apply(snapshot, to: &fields)
    made.fields = fields
    if let focused, let index = fields.firstIndex(where: { $0.name == focused }) {
      made.perform(.focus(index))
    }
    form = made
    read()
  }

  /// Reads the options, and marks what is wrong.
  private func read() {
    var options = RunOptions()
    var problems: [(String, String)] = []
    switch text("run") {
    case usual: break
    case Self.thisVersion: options.target = version.map { .version($0) }
    case Self.official: options.target = .model(model)
    case Self.other:
      if let deployment = RunOptions.deployment(in: text("deployment")) {
        options.target = .deployment(deployment)
      } else {
        problems.append(("deployment", "must be owner/name"))
      }
    case let choice:
      options.target = deployments.first { Self.choice($0) == choice }.map { .deployment($0) }
    }
    let webhook = String(text("webhook").trimmingBlanks())
    if !webhook.isEmpty {
      if let problem = RunOptions.problem(ofWebhook: webhook) {
        problems.append(("webhook", problem))
      } else {
        options.prediction.webhook = webhook
        let events = Self.events.filter { value($0.name)?.bool == true }.map(\.event)
        if events.isEmpty { problems.append(("at the end", "choose at least one event")) }
        if events.count < Self.events.count { options.prediction.webhookEvents = events }
      }
    }
    let deadline = text("deadline").trimmingBlanks()
    if !deadline.isEmpty {
      if let problem = RunOptions.problem(ofDeadline: String(deadline)) {
        problems.append(("deadline", problem))
      } else if let seconds = RunOptions.seconds(in: String(deadline)) {
        options.prediction.cancelAfter = .seconds(seconds)
      }
    }
    if let wait = value("wait")?.int, (1...60).contains(wait) {
      options.prediction.wait = .seconds(wait)
    }
    let names = problems.map(\.0)
    for name in ["deployment", "webhook", "at the end", "deadline"] where !names.contains(name) {
      form.accept(name)
    }
    for (name, problem) in problems { form.reject(name, problem) }
    if self.options != options { self.options = options }
  }

  private func value(_ name: String) -> JSONValue? {
    form.fields.first { $0.name == name }?.value
  }

  private func text(_ name: String) -> String { value(name)?.string ?? "" }

  private func set(_ name: String, _ text: String) {
    guard let index = form.fields.firstIndex(where: { $0.name == name }) else { return }
    _ = form.fields[index].set(.string(text))
  }
}

extension InputForm {
  /// Marks a field as wrong for a reason that its schema doesn't have.
  func reject(_ name: String, _ reason: String) {
    guard let index = fields.firstIndex(where: { $0.name == name }),
      fields[index].problem != reason
    else { return }
    fields[index].reject(reason)
  }

  func accept(_ name: String) {
    guard let index = fields.firstIndex(where: { $0.name == name }), fields[index].isInvalid else {
      return
    }
    fields[index].update { _ in }
  }
}
