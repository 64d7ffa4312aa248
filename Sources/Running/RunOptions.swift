import ReplicateAPI

/// How a run is made, apart from its input: where it runs, for how long, and who is called.
public struct RunOptions: Hashable, Sendable {
  /// What runs, if it isn't what the form was opened for.
  public var target: PredictionTarget?
  public var prediction = PredictionOptions()

  public init(target: PredictionTarget? = nil, prediction: PredictionOptions = PredictionOptions())
  {
    self.target = target
    self.prediction = prediction
  }

  /// What a prediction was created with, as far as the service tells. How long its answer was held back
  /// isn't known.
  ///
  /// - Parameter account: The account's name, to which deployments without an owner belong.
  public init(of prediction: Prediction, account: String?) {
    if let name = prediction.deployment, !name.isEmpty {
      target = ModelID(name.contains("/") ? name : "\(account ?? "")/\(name)").map {
        .deployment($0)
      }
    }
    // Runs that were started on the website have a webhook of the service's own.
    if let webhook = prediction.webhook, Self.problem(ofWebhook: webhook) == nil,
      !webhook.contains(".internal.")
    {
      self.prediction.webhook = webhook
      self.prediction.webhookEvents = prediction.webhookEvents
    }
    if let end = prediction.deadline?.secondsSince1970,
      let start = prediction.createdAt?.secondsSince1970
    {
      let seconds = (end - start).rounded()
      if seconds >= Double(Self.shortestDeadline) {
        self.prediction.cancelAfter = .seconds(Int(clamping: seconds))
      }
    }
  }

  public var isEmpty: Bool { self == RunOptions() }

  /// What is set, in a few words each.
  public var words: [String] {
    var words: [String] = []
    switch target {
    case .version(let version): words.append("runs version \(version.rawValue.prefix(8))")
    case .model(let model): words.append("runs the official model \(model)")
    case .deployment(let deployment): words.append("runs on deployment \(deployment)")
    case nil: break
    }
    if prediction.webhook != nil {
      let events = prediction.webhookEvents.map(\.rawValue).joined(separator: ", ")
      words.append(events.isEmpty ? "webhook" : "webhook (\(events))")
    }
    if let deadline = prediction.cancelAfter {
      words.append("deadline \(Self.text(ofSeconds: Int(clamping: deadline.components.seconds)))")
    }
    if let wait = prediction.wait { words.append("waits \(wait.components.seconds) s") }
    return words
  }
}

// Reading what is typed.
extension RunOptions {
  /// The shortest deadline that the service takes, in seconds.
  public static let shortestDeadline = 5

  /// The seconds in `30`, `30s`, `5m`, or `1h30m45s`; nil if it isn't written like that.
  public static func seconds(in text: String) -> Int? {
    let text = text.lowercased().filter { !$0.isWhitespace }
    guard !text.isEmpty, text.utf8.count <= 20 else { return nil }
    if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return count(text) }
    var total = 0
    var digits = ""
    var units: [(Character, Int)] = [("h", 3600), ("m", 60), ("s", 1)]
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      guard let number = count(digits), let place = units.firstIndex(where: { $0.0 == character })
      else { return nil }
      total += number * units[place].1
      units.removeFirst(place + 1)
      digits = ""
    }
    return digits.isEmpty ? total : nil
  }

  private static func count(_ digits: String) -> Int? {
    digits.isEmpty || digits.utf8.count > 7 ? nil : Int(digits)
  }

  /// A number of seconds as it would be typed: 90 is `1m30s`.
  package static func text(ofSeconds seconds: Int) -> String {
    let seconds = max(0, seconds)
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    let text = parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    return text.isEmpty ? "0s" : text
  }

  /// What is wrong with a deadline, in words that follow its name.
  public static func problem(ofDeadline text: String) -> String? {
    guard let seconds = seconds(in: text) else {
      return "must be a time such as 30s, 5m, or 1h30m"
    }
    return seconds < shortestDeadline ? "must be at least \(shortestDeadline) seconds" : nil
  }

  /// What is wrong with a webhook's address, in words that follow its name.
  public static func problem(ofWebhook text: String) -> String? {
    guard text.prefix(8).lowercased() == "https://" else { return "must begin with https://" }
    let rest = text.dropFirst(8)
    guard let first = rest.first, !"/?#:".contains(first) else { return "lacks the host" }
    if text.contains(where: { $0.isWhitespace }) { return "must not contain blanks" }
    return nil
  }

  /// The deployment in `owner/name`, or in the address of its web page.
  public static func deployment(in text: String) -> ModelID? {
    var text = text.trimmingBlanks()
    if let range = text.firstRange(of: "replicate.com/deployments/") {
      text = text[range.upperBound...]
    }
    return ModelID(String(text))
  }
}
