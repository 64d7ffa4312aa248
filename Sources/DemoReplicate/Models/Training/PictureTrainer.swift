import ReplicateAPI

/// A trainer like those for image models: it takes a ZIP archive of pictures, and the version that
/// it makes paints.
enum PictureTrainer {
  static let trigger = "TOK"
  static let steps = 300
  static let stepBounds = 3...6000
  static let rank = 16
  static let rankBounds = 1...128
  static let learningRate = 0.0004
  static let resolutions = [512, 768, 1024]

  static let inputs: [SchemaInput] = [
    .file(
      "input_images",
      """
      A zip file containing the images that will be used for training. We recommend a minimum of \
      10 images. If you include captions, include them as one .txt file per image, e.g. \
      my-photo.jpg should have a caption file named my-photo.txt. If you don't include captions, \
      you can use autocaptioning (enabled by default).
      """
    ).required(),
    .text(
      "trigger_word",
      """
      The trigger word refers to the object, style or concept you are training on. Pick a string \
      that isn't a real word, like TOK or something related to what's being trained, like CYBRPNK. \
      Include it in prompts to bring in what the model was trained on.
      """, default: trigger, minLength: 1, maxLength: 40),
    .integer(
      "steps", "Number of training steps. Recommended range 300-4000.", default: steps, stepBounds),
    .number(
      "learning_rate",
      "Learning rate, if you're new to training you probably don't need to change this.",
      default: learningRate, 0.000001...0.01),
    .integer(
      "lora_rank",
      "Higher ranks take longer to train but can capture more complex features. Caption quality "
        + "is more important for higher ranks.", default: rank, rankBounds),
    .boolean(
      "autocaption", "Automatically caption images that have no caption file.", default: true),
    .choice(
      "resolution", "The size in pixels that images are scaled to.",
      resolutions.map { .string(String($0)) }, default: .string(String(resolutions[0]))),
    .integer(
      "seed", "Random seed for reproducible training. Leave empty to use a random seed."
    ).nullable(),
  ]

  /// Trains, and returns the model that the new version runs as.
  @Sendable static func train(_ job: any DemoJob) async throws -> DemoModel {
    let pictures: TrainingPictures
    do {
      let archive = try await job.read(job.text("input_images"))
      try await job.work(0.4)
      pictures = try TrainingPictures(archive: archive)
    } catch let failure as DemoFailure {
      await job.log(traceback("ValueError", failure.message, in: "extract_zip(input_images)"))
      throw failure
    }
    let script = TrainingScript(job.input, pictures, seed: Int(clamping: job.seed % 100_000))
    for part in script.parts {
      if part.seconds > 0 { try await job.work(part.seconds) }
      await job.log(part.text)
    }
    await job.metric("training_step_count", .number(JSONNumber(script.steps)))
    await job.metric("image_count", .number(JSONNumber(pictures.pictures)))
    var trained = DemoModel.pictureTrainer
    trained.schema = TrainedPainter.schema(trigger: script.trigger)
    trained.exampleInput = TrainedPainter.exampleInput(trigger: script.trigger)
    return trained
  }

  /// What a trainer logs when it fails in a call.
  static func traceback(_ kind: String, _ message: String, in call: String) -> String {
    """
    Traceback (most recent call last):
      File "/src/train.py", line 184, in train
        \(call)
    \(kind): \(message)

    """
  }
}

extension DemoModel {
  static let pictureTrainer = DemoModel(
    id: ModelID(owner: "lumen-lab", name: "picture-trainer"),
    description: "Trains a painter of your own on a zip file of pictures",
    runCount: 1_204_933,
    githubURL: "https://github.com/replicate/cog",
    licenseURL: "https://choosealicense.com/licenses/mit/",
    readme: """
      # Picture trainer

      Give it a zip file of pictures and a model of your own as the destination, and it adds a \
      version to that model that paints with what it has learned.

      ## The pictures

      Ten or more are best. A picture can have a caption: a text file of the same name, such as \
      `my-photo.txt` for `my-photo.jpg`. Pictures without one are captioned for you, unless you \
      turn *autocaption* off.

      ## The trigger word

      Pick a word that isn't one, such as *TOK*. It stands for what your pictures have in common. \
      Use it in the prompts of the trained version.

      ## How it works

      The archive is really read, and pictures and captions are really counted. The training \
      itself is only played: its log, its falling loss and the time that it takes. What comes out \
      paints like demo/painter.
      """,
    versions: .history(
      of: ModelID(owner: "lumen-lab", name: "picture-trainer"), cog: "0.16.2",
      "2026-04-27T12:40:09.118204Z", "2025-12-01T16:22:51.6Z"),
    schema: TrainedPainter.schema(
      trigger: PictureTrainer.trigger, training: PictureTrainer.inputs),
    exampleInput: TrainedPainter.exampleInput(trigger: PictureTrainer.trigger),
    train: PictureTrainer.train,
    run: TrainedPainter.run)
}
