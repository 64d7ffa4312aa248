import ReplicateAPI

/// Everything that a training of pictures logs, and when: the same whether it is live or has been
/// under way since before the service started.
struct TrainingScript: Sendable, Hashable {
  /// A piece of the log, after some seconds of work.
  struct Part: Sendable {
    var seconds: Double
    var text: String
  }

  var pictures: TrainingPictures
  var steps: Int
  var rank: Int
  var resolution: Int
  var learningRate: Double
  var trigger: String
  var writesCaptions: Bool
  var seed: Int

  /// - Parameter input: With the schema's defaults.
  init(_ input: JSONObject, _ pictures: TrainingPictures, seed: Int) {
    self.pictures = pictures
    steps = (input["steps"]?.int ?? PictureTrainer.steps).clamped(to: PictureTrainer.stepBounds)
    rank = (input["lora_rank"]?.int ?? PictureTrainer.rank).clamped(to: PictureTrainer.rankBounds)
    resolution = Int(input["resolution"]?.string ?? "") ?? PictureTrainer.resolutions[0]
    learningRate = input["learning_rate"]?.double ?? PictureTrainer.learningRate
    trigger = input["trigger_word"]?.string ?? PictureTrainer.trigger
    writesCaptions = input["autocaption"]?.bool ?? true
    self.seed = input["seed"]?.int ?? seed
  }

  // MARK: How long it takes

  private static let preparing = 6.5
  private static let saving = 2.4
  private static let captioning = 0.4
  private static let caching = 0.12
  /// How often the progress is logged, in seconds.
  private static let interval = 0.8

  /// How many seconds a step takes.
  private var pace: Double {
    let size = Double(resolution) / 512
    return 0.1 + 0.05 * size * size + Double(rank) / 1600
  }

  private var captionsToWrite: Int {
    writesCaptions ? pictures.pictures - pictures.captions : 0
  }

  /// How many seconds of work the training takes.
  var seconds: Double {
    Self.preparing + Self.saving + Self.captioning * Double(captionsToWrite)
      + Self.caching * Double(pictures.pictures) + pace * Double(steps)
  }

  // MARK: What it logs

  var parts: [Part] {
    let count = pictures.pictures
    var parts = [
      Part(seconds: 0.5, text: "Extracted \(pictures.files) files from zip to input_images\n"),
      Part(
        seconds: 0.3,
        text: "Found \(count) images and \(pictures.captions) captions\nUsing seed: \(seed)\n"),
    ]
    let missing = count - pictures.captions
    if captionsToWrite > 0 {
      parts += bar("Captioning images", captionsToWrite, each: Self.captioning)
    } else if missing > 0 {
      parts[1].text += "\(missing) images have no caption; using “\(trigger)” for them\n"
    }
    parts += [
      Part(seconds: 3.2, text: "Loading the base model\n"),
      Part(
        seconds: 1.6,
        text: """
          create LoRA network. base dim (rank): \(rank), alpha: \(rank)
          create LoRA for the painter: 494 modules.

          """),
      Part(
        seconds: 0.9,
        text: """
          Dataset: input_images
            -  Found \(count) images
          Bucket sizes for input_images:
          \(resolution)x\(resolution): \(count) files
          1 buckets made

          """),
    ]
    parts += bar("Caching latents to disk", count, each: Self.caching)
    parts += bar("picture_train", steps, each: pace) { step in
      "lr: \(Self.scientific(learningRate, 1)) loss: \(Self.scientific(loss(at: step), 3))"
    }
    return parts + [
      Part(seconds: 1.4, text: "Saved to output/picture_train/picture_train.safetensors\n"),
      Part(seconds: Self.saving - 1.4, text: "Uploading trained_model.tar\n"),
    ]
  }

  /// The log after some seconds of work.
  func log(until seconds: Double) -> String {
    var text = ""
    var elapsed = 0.0
    for part in parts {
      elapsed += part.seconds
      guard elapsed <= seconds + 1e-6 else { break }
      text += part.text
    }
    return text
  }

  /// Progress lines, each of which replaces the one before.
  private func bar(
    _ label: String, _ total: Int, each: Double, _ postfix: (Int) -> String = { _ in "" }
  ) -> [Part] {
    var line = ProgressLine(total: total, label: label)
    var parts = [Part(seconds: 0, text: line.text)]
    let stride = max(1, Int(clamping: (Self.interval / each).rounded()))
    while line.done < total {
      let count = min(stride, total - line.done)
      let seconds = each * Double(count)
      line.advance(by: count, seconds: seconds)
      line.postfix = postfix(line.done)
      parts.append(
        Part(seconds: seconds, text: "\r" + line.text + (line.done == total ? "\n" : "")))
    }
    return parts
  }

  /// The loss falls steeply at first, and never evenly.
  private func loss(at step: Int) -> Double {
    var random = SeededRandom("loss \(step)", UInt64(bitPattern: Int64(seed)))
    let share = Double(step) / Double(max(1, steps))
    let trend = 0.16 + 0.42 * Numerics.exponential(-4 * share)
    return trend * Double(random.number(0.82...1.18))
  }

  /// For instance `4.0e-04`.
  private static func scientific(_ number: Double, _ digits: Int) -> String {
    guard number > 0, number.isFinite else { return "0" }
    var (mantissa, exponent) = (number, 0)
    while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let size = String(abs(exponent))
    return mantissa.fixed(digits) + (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" : "")
      + size
  }
}
