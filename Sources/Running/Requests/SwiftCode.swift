import ReplicateAPI

/// The request as a Swift program with this project's ReplicateAPI library.
struct SwiftCode: CodeSyntax {
  private let parts: RequestParts

  var hasTrailingComma: Bool { true }
  var objectBrackets: (open: String, close: String, empty: String) { ("[", "]", "[:]") }

  init(_ parts: RequestParts) {
    self.parts = parts
  }

  var text: String {
    let input = parts.input
    var lines: [String] = []
    if !input.variables.isEmpty || !input.files.isEmpty { lines.append("import Foundation") }
    lines += ["import ReplicateAPI", ""]
    if parts.isPublic {
      lines.append("let client = Client(try .fromEnvironment())")
    } else {
      lines += [
        "var configuration = try Client.Configuration.fromEnvironment()",
        "configuration.baseURL = \(quoted(parts.baseURL))",
        "let client = Client(configuration)",
      ]
    }
    if !input.variables.isEmpty {
      lines.append("let environment = ProcessInfo.processInfo.environment")
    }
    if !input.files.isEmpty { lines += [""] + fileFunction }
    if input.members.isEmpty {
      lines.append("let input: JSONObject = [:]")
    } else {
      let value = text(.object(input.members), breaks: true)
      lines.append("let input: JSONObject = \(value)")
    }
    lines.append("let request = PredictionRequest(")
    lines.append("  \(arguments.joined(separator: ",\n  ")))")
    lines += [
      "var run = try await client.create(request, recording: MemoryIntentStore())",
      "for try await update in client.updates(of: run) { run = update }",
      "print(run.status.rawValue, run.output ?? .null)",
      "await client.shutdown()",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var arguments: [String] {
    let target =
      switch parts.target {
      case .version(let version): ".version(ModelVersion.ID(\(quoted(version.rawValue))))"
      case .model(let model): ".model(\(id(model)))"
      case .deployment(let deployment): ".deployment(\(id(deployment)))"
      }
    var arguments = [target, "input: input"]
    if !options.isEmpty {
      arguments.append("options: PredictionOptions(\(options.joined(separator: ", ")))")
    }
    let files = parts.input.fileInputs
    let hidden = parts.input.secretInputs + files
    if !hidden.isEmpty { arguments.append("privateInputs: \(list(hidden))") }
    if !files.isEmpty { arguments.append("fileInputs: \(list(files))") }
    return arguments
  }

  private var options: [String] {
    var options: [String] = []
    if let wait = parts.waitSeconds { options.append("wait: .seconds(\(wait))") }
    if let seconds = parts.cancelAfter?.dropLast() {
      options.append("cancelAfter: .seconds(\(seconds))")
    }
    if let webhook = parts.options.webhook { options.append("webhook: \(quoted(webhook))") }
    let events = parts.options.webhookEvents
    if !events.isEmpty {
      options.append("webhookEvents: [\(events.map { ".\($0.rawValue)" }.joined(separator: ", "))]")
    }
    return options
  }

  private var fileFunction: [String] {
    [
      "// Small files go along as data URLs. Larger ones are uploaded first.",
      "func inputFile(_ path: String, type: String, _ client: Client) async throws -> JSONValue {",
      "  let url = URL(fileURLWithPath: path)",
      "  let data = try Data(contentsOf: url)",
      "  if data.count <= \(FileFacts.dataLimit) {",
      #"    return .string("data:\(type);base64,\(data.base64EncodedString())")"#,
      "  }",
      "  let upload = FileUpload(",
      "    .bytes(Array(data)), name: url.lastPathComponent, contentType: type)",
      "  return .string(try await client.upload(upload).url)",
      "}", "",
    ]
  }

  private func id(_ model: ModelID) -> String {
    "ModelID(owner: \(quoted(model.owner)), name: \(quoted(model.name)))"
  }

  private func list(_ names: [String]) -> String {
    "[\(names.map(quoted).joined(separator: ", "))]"
  }

  // MARK: Values

  func name(_ name: String) -> String { "\(quoted(name)):" }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .null: ".null"
    case .bool(let bool): bool ? "true" : "false"
    case .number(let number):
      Int(number.literal) != nil || CodeText.isExactInDouble(number) && number.isSwiftLiteral
        ? number.literal : "try JSONValue(parsing: \"\(number.literal)\")"
    case .text(let text): quoted(text)
    case .secret(let variable): ".string(environment[\"\(variable)\"]!)"
    case .file(let file):
      "try await inputFile(\(path(of: file)), type: \(quoted(file.mediaType)), client)"
    case .list, .object: text(value)
    }
  }

  private func path(of file: CodeFile) -> String {
    file.pathInHome.map { "NSHomeDirectory() + \(quoted("/\($0)"))" } ?? quoted(file.path)
  }

  private func quoted(_ text: String) -> String { CodeText.quoted(text, .braces) }
}

extension JSONNumber {
  /// Whether Swift's floating-point literal means the same. A whole number without a fraction or an
  /// exponent would be an integer, which has to fit, and the compiler rejects subnormal numbers.
  fileprivate var isSwiftLiteral: Bool {
    literal.contains { ".eE".contains($0) } && (double == 0 || double.isNormal)
  }
}
