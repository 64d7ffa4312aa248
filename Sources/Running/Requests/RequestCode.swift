import ReplicateAPI

/// The request of a run as text: as JSON to read and edit, and as programs that send the same.
///
///     let code = RequestCode(plan, baseURL: client.configuration.baseURL)
///     print(code.text(in: .python))
///
/// Secrets are read from environment variables and never written down. A file input whose value is
/// a path is read by the program.
public struct RequestCode: Sendable {
  public enum Language: String, CaseIterable, Sendable {
    case curl, python, javaScript, swift

    public var name: String {
      switch self {
      case .curl: "curl"
      case .python: "Python"
      case .javaScript: "JavaScript"
      case .swift: "Swift"
      }
    }
  }

  private let plan: RunPlan
  /// Without a slash at its end.
  private let baseURL: String

  /// - Parameter baseURL: With `/v1`. It's left out of programs whose library knows it.
  public init(_ plan: RunPlan, baseURL: String = Client.Configuration.publicBaseURL) {
    self.plan = plan
    self.baseURL = baseURL
  }

  /// What is sent and where, such as `POST /v1/predictions`, and the headers that options add.
  public var summary: [String] {
    let parts = RequestParts(plan, baseURL)
    var lines = ["POST \(parts.address)"]
    if case .version(let version) = plan.target {
      lines.append("version \(version.rawValue.prefix(12))")
    }
    for member in parts.body where member.name.hasPrefix("webhook") {
      lines.append("\(member.name): \(JSONSyntax().text(member.value))")
    }
    return lines + parts.headers.map { "\($0.name): \($0.value)" }
  }

  public func text(in language: Language) -> String {
    let parts = RequestParts(plan, baseURL)
    return switch language {
    case .curl: CurlCode(parts).text
    case .python: PythonCode(parts).text
    case .javaScript: JavaScriptCode(parts).text
    case .swift: SwiftCode(parts).text
    }
  }

  /// An input as JSON to read and edit, with every invisible character escaped.
  public static func json(_ input: JSONObject) -> String {
    JSONSyntax().text(CodeValue(.object(input)), breaks: true)
  }
}

/// A request taken apart, as all languages need it.
struct RequestParts {
  let target: PredictionTarget
  let options: PredictionOptions
  let baseURL: String
  let isPublic: Bool
  /// The whole address.
  let address: String
  /// The headers that the options add.
  let headers: [(name: String, value: String)]
  let input: CodeInput
  /// The members of the body in order, with the input among them.
  let body: [CodeValue.Member]

  init(_ plan: RunPlan, _ baseURL: String) {
    let endpoint = Endpoint<Prediction>.createPrediction(plan.request)
    target = plan.target
    options = plan.options
    self.baseURL = baseURL
    isPublic = baseURL == Client.Configuration.publicBaseURL
    address = baseURL + endpoint.route.path(endpoint.parameters)
    headers = endpoint.headers.map { ($0.name, $0.value) }
    let input = CodeInput(plan.input, plan.schema)
    self.input = input
    var members: JSONObject = [:]
    if case .json(.object(let body)) = endpoint.body { members = body }
    body = members.map { name, value in
      CodeValue.Member(
        name: name, value: name == "input" ? .object(input.members) : CodeValue(value))
    }
  }

  /// The value of `Prefer: wait=5`.
  var waitSeconds: Int? {
    headers.first { $0.name == "Prefer" }.flatMap { Int($0.value.drop { $0 != "=" }.dropFirst()) }
  }

  var cancelAfter: String? { headers.first { $0.name == "Cancel-After" }?.value }

  func member(_ name: String) -> CodeValue? { body.first { $0.name == name }?.value }
}

struct JSONSyntax: CodeSyntax {
  var hasTrailingComma: Bool { false }

  func name(_ name: String) -> String { "\(CodeText.quoted(name)):" }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let bool): bool ? "true" : "false"
    case .number(let number): number.literal
    case .text(let text): CodeText.quoted(text)
    case .secret(let variable): CodeText.quoted("$\(variable)")
    case .file(let file): CodeText.quoted(file.path)
    case .list, .object: text(value)
    }
  }
}
