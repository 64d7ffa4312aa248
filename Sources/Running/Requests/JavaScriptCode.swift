import ReplicateAPI

/// The request as a JavaScript module for Node 18, with nothing but `fetch`.
struct JavaScriptCode {
  private let parts: RequestParts
  private let syntax = JavaScriptSyntax()

  init(_ parts: RequestParts) {
    self.parts = parts
  }

  var text: String {
    let files = parts.input.files
    var lines = ["// For Node 18 or later. Save this as run.mjs, and run: node run.mjs"]
    if !files.isEmpty {
      lines.append(#"import { readFile } from "node:fs/promises";"#)
      if files.contains(where: { $0.pathInHome != nil }) {
        lines.append(#"import { homedir } from "node:os";"#)
      }
      let isInHome = files.contains { $0.pathInHome != nil }
      lines.append("import { basename\(isInHome ? ", join" : "") } from \"node:path\";")
    }
    lines += [
      "",
      "const headers = { Authorization: `Bearer ${process.env.REPLICATE_API_TOKEN}` };", "",
    ]
    if !files.isEmpty { lines += fileFunction }
    if !isExact {
      lines.append("// As text: these numbers have more digits than JavaScript’s numbers hold.")
    }
    lines += [
      "const response = await fetch(\(CodeText.quoted(parts.address)), {",
      #"  method: "POST","#,
      "  headers: \(headers),",
      "  body: \(body),",
      "});",
      "if (!response.ok) throw new Error(await response.text());",
      "let prediction = await response.json();", "",
      #"while (!["succeeded", "failed", "canceled", "aborted"].includes(prediction.status)) {"#,
      "  await new Promise((resolve) => setTimeout(resolve, 1000));",
      "  prediction = await (await fetch(prediction.urls.get, { headers })).json();",
      "}",
      "console.log(prediction.status, prediction.output);",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var headers: String {
    var members = ["...headers", #""Content-Type": "application/json""#]
    for header in parts.headers {
      members.append("\(syntax.name(header.name)) \(CodeText.quoted(header.value))")
    }
    if members.count == 2 { return "{ \(members.joined(separator: ", ")) }" }
    return "{\n    \(members.joined(separator: ",\n    ")),\n  }"
  }

  private var fileFunction: [String] {
    [
      "// Small files go along as data URLs. Larger ones are uploaded first.",
      "async function inputFile(path, type) {",
      "  const bytes = await readFile(path);",
      "  if (bytes.length <= \(FileFacts.dataLimit)) {",
      #"    return `data:${type};base64,${bytes.toString("base64")}`;"#,
      "  }",
      "  const form = new FormData();",
      #"  form.append("content", new Blob([bytes], { type }), basename(path));"#,
      "  const response = await fetch(\(CodeText.quoted("\(parts.baseURL)/files")), {",
      #"    method: "POST","#,
      "    headers,",
      "    body: form,",
      "  });",
      "  if (!response.ok) throw new Error(await response.text());",
      "  return (await response.json()).urls.get;",
      "}", "",
    ]
  }

  /// Whether JavaScript's numbers, which are 64-bit floats, hold all of the input's.
  private var isExact: Bool {
    parts.body.allSatisfy { $0.value.numbers.allSatisfy(CodeText.isExactInDouble) }
  }

  private var body: String {
    if isExact {
      return "JSON.stringify(\(syntax.text(.object(parts.body), depth: 2, breaks: true)))"
    }
    let json = TemplateSyntax().text(.object(parts.body), depth: 2, breaks: true)
    return "String.raw`\(json)`"
  }
}

private struct JavaScriptSyntax: CodeSyntax {
  func name(_ name: String) -> String {
    // In a literal, __proto__ would set the object's prototype.
    if name == "__proto__" { return #"["__proto__"]:"# }
    let isIdentifier =
      name.utf8.first.map { $0 >= 0x3A || $0 == UInt8(ascii: "$") } ?? false
      && name.unicodeScalars.allSatisfy { scalar in
        scalar.isASCII
          && (scalar.properties.isAlphabetic || "0123456789_$".unicodeScalars.contains(scalar))
      }
    return "\(isIdentifier ? name : CodeText.quoted(name)):"
  }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .secret(let variable): "process.env.\(variable)"
    case .file(let file): Self.call(file)
    case .list, .object: text(value)
    default: JSONSyntax().scalar(value)
    }
  }

  static func call(_ file: CodeFile) -> String {
    let path =
      file.pathInHome.map { "join(homedir(), \(CodeText.quoted(String($0))))" }
      ?? CodeText.quoted(file.path)
    return "await inputFile(\(path), \(CodeText.quoted(file.mediaType)))"
  }
}

/// JSON in a raw template literal.
private struct TemplateSyntax: CodeSyntax {
  var hasTrailingComma: Bool { false }

  func name(_ name: String) -> String { "\(quoted(name)):" }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .secret(let variable): "${JSON.stringify(process.env.\(variable))}"
    case .file(let file): "${JSON.stringify(\(JavaScriptSyntax.call(file)))}"
    case .list, .object: text(value)
    default: JSONSyntax().scalar(value)
    }
  }

  /// JSON's own escapes for what would end the literal.
  private func quoted(_ text: String) -> String {
    var quoted = String.UnicodeScalarView()
    let scalars = CodeText.quoted(text).unicodeScalars
    for index in scalars.indices {
      switch scalars[index] {
      case "`": quoted += #"\u0060"#.unicodeScalars
      case "$" where scalars[index...].dropFirst().first == "{":
        quoted += #"\u0024"#.unicodeScalars
      default: quoted.append(scalars[index])
      }
    }
    return String(quoted)
  }
}
