import Panes
import ReplicateAPI
import Running
import TerminalKit
import ViewModels

/// Reads changed answers with the client and draws them with the places that show them.
@MainActor
public final class MutationRun {
  /// An answer as it was recorded.
  public struct Answer: Sendable {
    /// The method and path, such as `GET /models`.
    public var call: String
    public var status: Int
    public var body: JSONValue

    public init(_ call: String, status: Int = 200, _ body: JSONValue) {
      self.call = call
      self.status = status
      self.body = body
    }
  }

  /// How an answer is read and shown.
  private enum Reader {
    case list(member: String, @MainActor (Stage) -> (any ListViewModel)?)
    case collection(String)
    case model(ModelID)
    case prediction(Prediction.ID)
    /// By the client only: no place shows it.
    case core(@Sendable (Client) async throws(ReplicateError) -> Void)
  }

  private let answers: [(answer: Answer, reader: Reader)]
  private var stage = Stage(retryPolicy: .never)
  private var screen: Screen
  private var terminal = RecordingTerminal(width: 120, height: 40)

  /// What went wrong, with the seed that repeats it.
  public private(set) var failures: [String] = []
  public private(set) var countsByCall: [String: Int] = [:]
  public private(set) var count = 0
  /// How many rows that weren't touched were looked for.
  public private(set) var rowCount = 0
  /// How many changed answers could still be read.
  public private(set) var readCount = 0

  public init(_ answers: [Answer]) {
    self.answers = answers.compactMap { answer in
      Self.reader(of: answer).map { (answer, $0) }
    }
    screen = Screen(navigator: stage.navigator)
    screen.start(on: terminal)
  }

  /// The answers prepared for tests, and those of `recordings`, each as the answer of the call that
  /// reads it.
  public static func answers(_ recordings: [Answer] = []) -> [Answer] {
    let scripted = Stage().transport.answers.compactMap { call, text -> Answer? in
      (try? JSONValue(parsing: text)).map { Answer(call, $0) }
    }
    return scripted.sorted { $0.call < $1.call } + recordings
  }

  /// The calls whose answers are changed.
  public var calls: Set<String> { Set(answers.map(\.answer.call)) }

  /// Reads and draws one changed answer.
  public func run(seed: UInt64) async {
    guard !answers.isEmpty else { return }
    // A collection takes the place of the list of models.
    if count.isMultiple(of: 100) || stage.models.source != .everything { await renew() }
    count += 1
    var random = SplitMix(seed: seed)
    let (answer, reader) = answers[Int.random(in: 0..<answers.count, using: &random)]
    countsByCall[answer.call, default: 0] += 1
    var mutator = AnswerMutator(seed: random.next())
    let list: String? = if case .list(let member, _) = reader { member } else { nil }
    let mutated = mutator.mutate(answer.body, list: list)
    stage.transport.answer(answer.call, status: answer.status, bytes: mutated.bytes)
    await read(reader, answer, mutated, seed)
    draw(&random, seed)
    if case .model = reader, Bool.random(using: &random) {
      stage.navigator.perform(.run)
      await stage.navigator.settled()
      draw(&random, seed)
      stage.navigator.perform(.back)
    }
    stage.transport.answer(
      answer.call, status: answer.status, bytes: Array(answer.body.serialized().utf8))
  }

  private func read(
    _ reader: Reader, _ answer: Answer, _ mutated: AnswerMutator.Mutated, _ seed: UInt64
  ) async {
    let client = stage.navigator.session.client
    switch reader {
    case .list(let member, let find):
      guard let list = find(stage) else { break }
      list.load()
      await list.settled()
      if list.failure == nil { readCount += 1 }
      check(list, mutated, answer.body, member, seed)
    case .collection(let slug):
      stage.navigator.perform(.openAddress(.collection(slug)))
      await stage.navigator.settled()
      stage.navigator.perform(.refresh)
    case .model(let id):
      stage.navigator.perform(.openAddress(.model(id, version: nil)))
      await stage.navigator.settled()
      stage.navigator.perform(.refresh)
      await stage.navigator.settled()
      if stage.model.model.failure == nil { readCount += 1 }
    case .prediction(let id):
      do throws(ReplicateError) {
        let prediction = try await client.send(.prediction(id))
        readCount += 1
        stage.show(Run(prediction))
      } catch {}
    case .core(let read):
      do throws(ReplicateError) {
        try await read(client)
        readCount += 1
      } catch {}
    }
    await stage.navigator.settled()
  }

  /// Goes on with a new program, because what is known grows.
  private func renew() async {
    stage = Stage(retryPolicy: .never)
    terminal = RecordingTerminal(width: 120, height: 40)
    screen = Screen(navigator: stage.navigator)
    screen.start(on: terminal)
    for (answer, _) in answers {
      stage.transport.answer(
        answer.call, status: answer.status, bytes: Array(answer.body.serialized().utf8))
    }
    await stage.started()
  }

  private func draw(_ random: inout SplitMix, _ seed: UInt64) {
    let sizes = [(120, 40), (80, 24), (40, 12), (200, 60), (1, 1), (23, 7)]
    guard let (width, height) = sizes.randomElement(using: &random) else { return }
    terminal.size = Size(width: width, height: height)
    screen.handle(.resize(terminal.size))
    let keys: [Key] = [
      .down, .up, Key(.end), Key(.home), Key(.pageDown), .right, .left, .tab, .character("y"),
      .character("v"), .alt("r"),
    ]
    if screen.frame().size != terminal.size { fail(seed, "the frame has another size") }
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      guard let key = keys.randomElement(using: &random) else { continue }
      screen.handle(.key(key))
      _ = screen.frame()
    }
  }

  /// Every row that wasn't touched has to be in the list.
  private func check(
    _ list: any ListViewModel, _ mutated: AnswerMutator.Mutated, _ body: JSONValue,
    _ member: String, _ seed: UInt64
  ) {
    guard let intact = mutated.intact,
      let elements = (member.isEmpty ? body : body[member] ?? .null).array
    else { return }
    if let failure = list.failure {
      return fail(seed, "the list can't be read: \(failure)")
    }
    let wanted = Set(
      intact.filter(elements.indices.contains).compactMap { Self.name(of: elements[$0]) })
    rowCount += wanted.count
    let missing = wanted.subtracting(Self.names(in: list))
    if !missing.isEmpty {
      let count = "\(missing.count) of \(wanted.count) rows are missing, \(list.loadedCount) there"
      fail(seed, "\(count): \(missing.sorted().prefix(3))")
    }
  }

  private func fail(_ seed: UInt64, _ words: String) { failures.append("seed \(seed): \(words)") }
}

extension MutationRun {
  private static func name(of element: JSONValue) -> String? {
    if let id = element["id"]?.string { return id }
    if let owner = element["owner"]?.string, let name = element["name"]?.string {
      return "\(owner)/\(name)"
    }
    return element["slug"]?.string ?? element["sku"]?.string
  }

  private static func names(in list: any ListViewModel) -> Set<String> {
    switch list {
    case let list as PagedList<ModelSummary>: Set(list.rows.map { $0.id.description })
    case let list as PagedList<ReplicateAPI.Collection>: Set(list.rows.map(\.slug))
    case let list as PagedList<PredictionRow>: Set(list.rows.map(\.id.rawValue))
    case let list as PagedList<ModelVersion>: Set(list.rows.map(\.id.rawValue))
    case let list as PagedList<Hardware>: Set(list.rows.map(\.sku))
    default: []
    }
  }

  /// Who reads the answer of a call. What is created is read as if it had been asked for.
  private static func reader(of answer: Answer) -> Reader? {
    let words = answer.call.split(separator: " ")
    guard words.count == 2 else { return nil }
    let steps = words[1].split(separator: "/").map(String.init)
    if answer.status >= 400 {
      return .core { (client) throws(ReplicateError) in _ = try await client.send(.account) }
    }
    switch (words[0], steps.first ?? "", steps.count) {
    case ("GET", "collections", 1):
      return .list(member: "results") { $0.collections.collections }
    case ("GET", "models", 1): return .list(member: "results") { $0.models.models }
    case ("GET", "predictions", 1):
      return .list(member: "results") { $0.predictions.predictions }
    case ("GET", "hardware", 1):
      return .list(member: "") { $0.navigator.places[PlaceID("hardware")]?.list }
    case ("GET", "collections", 2): return .collection(steps[1])
    case ("GET", "models", 3): return .model(ModelID(owner: steps[1], name: steps[2]))
    case ("GET", "predictions", 2): return .prediction(Prediction.ID(steps[1]))
    case ("GET", _, _), ("QUERY", "models", 1): return .core(coreReader(of: answer.call, steps))
    default: return nil
    }
  }

  private static func coreReader(
    of call: String, _ steps: [String]
  ) -> @Sendable (Client) async throws(ReplicateError) -> Void {
    let model = ModelID(
      owner: steps.count > 2 ? steps[1] : "acme", name: steps.count > 2 ? steps[2] : "painter")
    return { (client) async throws(ReplicateError) in
      switch (steps.first ?? "", steps.count) {
      case ("account", _): _ = try await client.send(.account)
      case ("models", 1): _ = try await client.send(.searchModels("x"))
      case ("models", 4): _ = try await client.send(.versions(of: model))
      case ("models", 5):
        _ = try await client.send(.version(ModelVersion.ID(rawValue: steps[4]), of: model))
      case ("search", _): _ = try await client.send(.search("x"))
      case ("files", 1): _ = try await client.send(.files)
      case ("files", 2): _ = try await client.send(.file(File.ID(rawValue: steps[1])))
      case ("trainings", 1): _ = try await client.send(.trainings)
      case ("trainings", 2): _ = try await client.send(.training(Training.ID(rawValue: steps[1])))
      case ("deployments", 1): _ = try await client.send(.deployments)
      case ("deployments", 3): _ = try await client.send(.deployment(model))
      case ("webhooks", _): _ = try await client.send(.webhookSecret)
      default: break
      }
    }
  }
}
