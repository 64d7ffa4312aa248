/// Formats progress the way the tqdm package does.
struct ProgressLine {
  var total: Int
  /// Text before the percentage; may be empty.
  var label = ""
  var unit = "it"
  /// Text after the pace, such as a loss; may be empty.
  var postfix = ""
  private(set) var done = 0
  private(set) var seconds = 0.0

  init(total: Int, label: String = "", unit: String = "it") {
    self.total = max(1, total)
    self.label = label
    self.unit = unit
  }

  mutating func advance(by count: Int = 1, seconds: Double) {
    done = min(total, done + count)
    self.seconds += seconds
  }

  /// For instance ` 58%|█████▊    | 23/40 [00:04<00:03,  1.90it/s]`.
  var text: String {
    let share = Double(done) / Double(total)
    let percentage = String(Int(share * 100)).padded(to: 3)
    let prefix = label.isEmpty ? "" : label + ": "
    let bar = Self.bar(share, width: 10)
    return "\(prefix)\(percentage)%|\(bar)| \(done)/\(total) [\(timing)\(rest)]"
  }

  private var rest: String { postfix.isEmpty ? "" : ", \(postfix)" }

  private var timing: String {
    guard done > 0, seconds > 0 else { return "\(Self.clock(seconds))<?, ?\(unit)/s" }
    let rate = Double(done) / seconds
    let left = Double(total - done) / rate
    let pace =
      rate >= 1
      ? rate.fixed(2).padded(to: 5) + unit + "/s"
      : (1 / rate).fixed(2).padded(to: 5) + "s/" + unit
    return "\(Self.clock(seconds))<\(Self.clock(left)), \(pace)"
  }

  private static func bar(_ share: Double, width: Int) -> String {
    let eighths = Int(share * Double(width * 8))
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let bar = String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
    return bar.filled(to: width)
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds)
    let minutes = String(whole / 60)
    let rest = String(whole % 60)
    return (minutes.count < 2 ? "0" : "") + minutes + (rest.count < 2 ? ":0" : ":") + rest
  }
}

extension DemoJob {
  /// Works through a number of steps, and logs a progress line for each.
  ///
  /// - Parameter inPlace: Whether each line replaces the one before, with a carriage return.
  func steps(
    _ total: Int, label: String = "", unit: String = "it", count: Int = 1, seconds: Double,
    inPlace: Bool = false, _ step: (Int) async throws -> Void = { _ in }
  ) async throws {
    var line = ProgressLine(total: total * count, label: label, unit: unit)
    var random = SeededRandom(seed ^ UInt64(total))
    await log((inPlace ? "\r" : "") + line.text + (inPlace ? "" : "\n"))
    for index in 0..<total {
      let share = seconds / Double(total) * Double(random.number(0.85...1.15))
      try await work(share)
      try await step(index)
      line.advance(by: count, seconds: share)
      let isLast = index == total - 1
      await log((inPlace ? "\r" : "") + line.text + (inPlace && !isLast ? "" : "\n"))
    }
  }
}
