import ReplicateAPI

/// The request as a Python program with the `replicate` package, 1.x.
struct PythonCode: CodeSyntax {
  private let parts: RequestParts

  var indent: Int { 4 }

  init(_ parts: RequestParts) {
    self.parts = parts
  }

  var text: String {
    let input = parts.input
    var lines: [String] = []
    if !input.variables.isEmpty || input.files.contains(where: { $0.pathInHome != nil }) {
      lines += ["import os", ""]
    }
    lines += ["import replicate", ""]
    var module = "replicate"
    if let client {
      lines += [client, ""]
      module = "client"
    }
    let rounded = parts.body.flatMap(\.value.numbers).filter { number(of: $0) == nil }
    for literal in rounded.prefix(3).map(\.literal) {
      lines.append("# Python rounds \(literal) to the nearest 64-bit float.")
    }
    lines.append("prediction = \(module).\(function)(")
    for (name, value) in arguments {
      let start = "    \(name)="
      lines.append(
        start + text(value, depth: 4, column: start.count + 1, breaks: name == "input") + ",")
    }
    lines += [")", "prediction.wait()", "print(prediction.status, prediction.output)"]
    return lines.joined(separator: "\n") + "\n"
  }

  /// A client of its own, for what the package's functions don't take.
  private var client: String? {
    var arguments: [String] = []
    if !parts.isPublic {
      // The package's paths contain the /v1.
      let base = parts.baseURL
      let host = base.hasSuffix("/v1") ? String(base.dropLast(3)) : base
      arguments.append("base_url=\(quoted(host))")
    }
    if let cancelAfter = parts.cancelAfter {
      arguments.append("headers={\"Cancel-After\": \(quoted(cancelAfter))}")
    }
    return arguments.isEmpty
      ? nil : "client = replicate.Client(\(arguments.joined(separator: ", ")))"
  }

  private var function: String {
    switch parts.target {
    case .version: "predictions.create"
    case .model: "models.predictions.create"
    case .deployment: "deployments.predictions.create"
    }
  }

  private var arguments: [(name: String, value: CodeValue)] {
    var arguments: [(String, CodeValue)]
    switch parts.target {
    case .version(let version): arguments = [("version", .text(version.rawValue))]
    case .model(let model): arguments = [("model", .text(model.description))]
    case .deployment(let deployment): arguments = [("deployment", .text(deployment.description))]
    }
    arguments.append(("input", .object(parts.input.members)))
    for name in ["webhook", "webhook_events_filter"] {
      if let value = parts.member(name) { arguments.append((name, value)) }
    }
    if let wait = parts.waitSeconds { arguments.append(("wait", .number(JSONNumber(wait)))) }
    return arguments
  }

  // MARK: Values

  func name(_ name: String) -> String { "\(quoted(name)):" }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .null: "None"
    case .bool(let bool): bool ? "True" : "False"
    case .number(let number): self.number(of: number) ?? number.literal
    case .text(let text): quoted(text)
    case .secret(let variable): "os.environ[\"\(variable)\"]"
    case .file(let file):
      file.pathInHome == nil
        ? "open(\(quoted(file.path)), \"rb\")"
        : "open(os.path.expanduser(\(quoted(file.path))), \"rb\")"
    case .list, .object: text(value)
    }
  }

  /// A number that Python holds exactly; nil if there is none. Its integers have any size.
  private func number(of number: JSONNumber) -> String? {
    if Int(number.literal) != nil || CodeText.isExactInDouble(number) { return number.literal }
    return number.whole.map { String($0) } ?? number.wholeProduct
  }

  private func quoted(_ text: String) -> String { CodeText.quoted(text, .python) }
}

extension JSONNumber {
  /// A whole number of any size: its digits, or a product with a power of ten. Nil if it has a
  /// fraction.
  fileprivate var wholeProduct: String? {
    let parts = literal.lowercased().split(separator: "e")
    guard let mantissa = parts.first, let exponent = Int(parts.count > 1 ? parts[1] : "0"),
      exponent < 5000
    else { return nil }
    let pieces = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = pieces.count > 1 ? pieces[1].trimming(while: { $0 == "0" }, atStart: false) : ""
    guard exponent >= fraction.utf8.count else { return nil }
    let zeros = exponent - fraction.utf8.count
    let isNegative = pieces[0].hasPrefix("-")
    var digits = "\(pieces[0].drop { $0 == "-" })\(fraction)".drop { $0 == "0" }
    if digits.isEmpty { digits = "0" }
    return "\(isNegative ? "-" : "")\(digits)" + (zeros > 0 ? " * 10**\(zeros)" : "")
  }
}

extension Substring {
  fileprivate func trimming(while isBlank: (Character) -> Bool, atStart: Bool) -> Substring {
    var text = atStart ? drop(while: isBlank) : self
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }
}
