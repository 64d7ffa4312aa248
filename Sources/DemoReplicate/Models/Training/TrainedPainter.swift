import ReplicateAPI

/// A painter that has been trained on pictures: it takes what the trainer's own runs take.
enum TrainedPainter {
  /// The schema of a trained version, or of the trainer itself.
  ///
  /// - Parameter training: The inputs of a training; none for a trained version.
  static func schema(
    trigger: String, style: PaintingStyle = .landscape, training: [SchemaInput] = []
  ) -> JSONValue {
    var inputs = Painting.inputs(
      prompt: """
        What to paint. Use the trigger word, \(trigger), to bring in what the model was trained on.
        """,
      default: nil, style: style)
    inputs[0] = inputs[0].required()
    inputs.insert(
      .number(
        "lora_scale",
        "How strongly the trained weights are applied. Values between 0 and 1 are sane.",
        default: 1, -1...3),
      at: inputs.count - 1)
    return .openAPI(inputs, .files, training: training)
  }

  static func exampleInput(trigger: String, style: PaintingStyle = .landscape) -> JSONObject {
    [
      "prompt": .string("a portrait of \(trigger) in an autumn forest"),
      "style": .string(style.rawValue), "aspect_ratio": "1:1", "megapixels": "0.25", "seed": 7,
    ]
  }

  @Sendable static func run(_ job: any DemoJob) async throws {
    await job.log("Loading LoRA weights, scale \(job.number("lora_scale", or: 1).fixed(2))\n")
    try await job.work(0.6)
    try await DemoModel.painter.run(job)
  }

  /// What a training leaves behind: the safetensors file of a small LoRA in a tar archive.
  static func weights(_ version: String) -> [UInt8] {
    var random = SeededRandom("weights of \(version)")
    let count = 256
    let header =
      Array(
        #"{"__metadata__":{"format":"pt"},"lora.weight":{"dtype":"U8","shape":[\#(count)],"#.utf8)
      + Array(#""data_offsets":[0,\#(count)]}}"#.utf8)
    var file: [UInt8] = []
    file.append(littleEndian: UInt32(clamping: header.count))
    file.append(littleEndian: UInt32(0))
    file += header + (0..<count).map { _ in UInt8(random.integer(0...255)) }
    return Tar.file(name: "output/picture_train/lora.safetensors", file)
  }
}

/// Writes a tar archive of one file, in the ustar format.
private enum Tar {
  static func file(name: String, _ bytes: [UInt8]) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func write(_ text: String, at offset: Int) {
      for (index, byte) in text.utf8.enumerated() { header[offset + index] = byte }
    }
    write(String(name.prefix(99)), at: 0)
    write("0000644", at: 100)
    for offset in [108, 116] { write("0000000", at: offset) }
    write(octal(bytes.count), at: 124)
    write(octal(0), at: 136)
    write("        0", at: 148)
    write("ustar", at: 257)
    write("00", at: 263)
    let sum = header.reduce(0) { $0 + Int($1) }
    write(octal(sum, 6), at: 148)
    header[154] = 0
    let rest = (512 - bytes.count % 512) % 512
    return header + bytes + [UInt8](repeating: 0, count: rest + 1024)
  }

  private static func octal(_ number: Int, _ width: Int = 11) -> String {
    let digits = String(number, radix: 8)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}
