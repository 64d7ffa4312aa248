import ReplicateAPI

/// Generates an output that matches a schema.
struct EchoOutput: Sendable {
  /// What the files contain.
  enum Medium: Sendable {
    case picture, sound, video
  }

  private let root: JSONValue
  private let output: JSONValue?
  private let kind: OutputKind
  private let medium: Medium

  init(openAPI: JSONValue, medium: Medium = .picture) {
    root = openAPI
    self.medium = medium
    output = openAPI["components"]?["schemas"]?["Output"]
    kind = ModelSchema(openAPI: openAPI).output
  }

  func send(to job: some DemoJob) async throws {
    switch kind {
    case .textStream: try await job.stream(Tokens.split(Self.words(of: job)))
    case .files, .fileStream:
      for index in 0..<job.integer("num_outputs", or: 2).clamped(to: 1...4) {
        let address = await Self.file(of: job, index, medium)
        try await job.work(0.4)
        await job.append(.string(address))
      }
    default:
      guard let output else { return await job.output(.object(job.input)) }
      var files = 0
      await job.output(await value(of: output, name: "output", depth: 0, &files, job))
    }
  }

  private func value(
    of schema: JSONValue, name: String, depth: Int, _ files: inout Int, _ job: some DemoJob
  ) async -> JSONValue {
    guard depth < 12 else { return .null }
    let schema = resolved(schema, depth: 0)
    if let choice = schema["enum"]?[0] { return choice }
    switch schema["type"]?.string {
    case "string":
      guard schema["format"]?.string == "uri" else { return .string(Self.words(of: job)) }
      files += 1
      return .string(await Self.file(of: job, files - 1, Self.medium(named: name) ?? medium))
    case "integer": return .number(JSONNumber(Int(SeededRandom.hash(name) % 100)))
    case "number":
      var random = SeededRandom(name, job.seed)
      return .number(JSONNumber(Double(random.number(-1...1)).rounded(toDigits: 6)))
    case "boolean": return true
    case "array":
      guard let items = schema["items"] else { return [] }
      var values: [JSONValue] = []
      let isNumeric = resolved(items, depth: 0)["type"]?.string == "number"
      for index in 0..<(isNumeric ? 16 : 2) {
        values.append(
          await value(of: items, name: "\(name)\(index)", depth: depth + 1, &files, job))
      }
      return .array(values)
    default:
      guard let properties = schema["properties"]?.object, !properties.isEmpty else {
        return .object(job.input)
      }
      var members: JSONObject = [:]
      for (key, property) in properties {
        members[key] = await value(of: property, name: key, depth: depth + 1, &files, job)
      }
      return .object(members)
    }
  }

  /// The schema with references resolved, and the first alternative that isn't null.
  private func resolved(_ schema: JSONValue, depth: Int) -> JSONValue {
    guard depth < 12 else { return [:] }
    if let reference = schema["$ref"]?.string {
      let path = reference.drop { $0 == "#" || $0 == "/" }.split(separator: "/")
      let target = path.reduce(root) { $0[String($1)] ?? [:] }
      return resolved(target, depth: depth + 1)
    }
    for key in ["allOf", "anyOf", "oneOf"] {
      let parts = schema[key]?.array ?? []
      if let part = parts.first(where: { $0["type"]?.string != "null" }) {
        return resolved(part, depth: depth + 1)
      }
    }
    return schema
  }

  /// The text to echo: the prompt, or else all text inputs.
  private static func words(of job: some DemoJob) -> String {
    for name in ["prompt", "text", "input", "message"] {
      if let text = job.input[name]?.string, !text.isEmpty { return text }
    }
    let texts = job.input.values.compactMap(\.string).filter { !$0.hasPrefix("data:") }
    return texts.isEmpty ? "The input has no text." : texts.joined(separator: " ")
  }

  /// What a member's name says about its file.
  private static func medium(named name: String) -> Medium? {
    let name = name.lowercased()
    if name.contains("audio") || name.contains("sound") { return .sound }
    if name.contains("video") { return .video }
    return name.contains("image") ? .picture : nil
  }

  private static func file(of job: some DemoJob, _ index: Int, _ medium: Medium) async -> String {
    let words = words(of: job)
    let scene = Scene(prompt: words, seed: job.seed &+ UInt64(index))
    switch medium {
    case .picture:
      let picture = Landscape(scene, PictureSize(width: 320, height: 240)).painted()
      return await job.file(picture.png, name: "out-\(index).png", type: PNG.type)
    case .sound:
      let tune = Tune(text: words, scale: "pentatonic").cut(to: 12)
      let instrument = Instrument.allCases[index % Instrument.allCases.count]
      let sound = instrument.play(tune, tempo: 132)
      return await job.file(sound.file, name: "out-\(index).wav", type: WAV.type)
    case .video:
      let film = film(of: scene)
      return await job.file(film.file, name: "out-\(index).avi", type: Film.type)
    }
  }

  /// A slow pan over a landscape.
  private static func film(of scene: Scene) -> Film {
    let wide = Landscape(scene, PictureSize(width: 192, height: 90)).painted()
    return Film(
      frames: (0..<16).map { frame in
        Picture(PictureSize(width: 160, height: 90)) { x, y in wide[x + frame * 2, y] }
      })
  }
}
