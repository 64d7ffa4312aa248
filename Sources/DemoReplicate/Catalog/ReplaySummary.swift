import ReplicateAPI

/// Stands in for the replay of an expensive run, without computing its files. A page of the history
/// has dozens of pictures that may never be opened; each is painted when its file is requested.
struct ReplaySummary {
  private var names: [String]
  private var seconds: Double
  private var stages: [(label: String, steps: Int)]
  private var isList = false
  private var seed: Int?

  /// Nil for models that are fast enough to run.
  init?(_ model: DemoModel, input: JSONObject) {
    seed = input["seed"]?.int
    switch model.id.description {
    case "demo/painter", "demo/paper-foxes", "demo/night-windows", "lumen-lab/picture-trainer":
      let count = input["num_outputs"]?.int ?? 1
      names = (0..<count).map { "out-\($0).png" }
      seconds = 5 + Double(count) * 0.7
      stages = [("", 30)]
      isList = true
    case "atelier/slow-exposure":
      let count = input["plates"]?.int ?? 5
      names = (1...count).map { "plate-\($0).png" }
      seconds = 7
      stages = (1...count).map { ("Plate \($0) of \(count)", 8) }
      isList = true
    case "lumen-lab/nebula":
      names = ["nebula.png"]
      seconds = 6
      stages = [("gas", 16), ("dust", 8), ("stars", 4)]
    case "quietwave/tunesmith", "demo/harbor-tunes":
      names = ["tune.wav"]
      seconds = 4
      stages = [("", 20)]
    default: return nil
    }
  }

  func result(endsAfter: Double?, address: String) -> ReplayJob.Result {
    var result = ReplayJob.Result()
    result.seconds = min(seconds, endsAfter ?? seconds)
    result.isCanceled = result.seconds < seconds
    if let seed { result.logs = "Using seed: \(seed)\n" }
    let share = seconds / Double(stages.map(\.steps).reduce(0, +))
    var elapsed = 0.0
    for stage in stages {
      var line = ProgressLine(total: stage.steps, label: stage.label)
      for _ in 0..<stage.steps {
        elapsed += share
        guard elapsed <= result.seconds + share / 2 else { return result }
        line.advance(seconds: share)
        result.logs += line.text + "\n"
      }
    }
    guard !result.isCanceled else { return result }
    let addresses = names.map { JSONValue.string("\(address)/\($0)") }
    result.output = isList ? .array(addresses) : addresses.first
    return result
  }
}
