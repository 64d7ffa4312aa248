import ReplicateAPI

/// The request as a shell script with curl.
struct CurlCode {
  private let parts: RequestParts

  init(_ parts: RequestParts) {
    self.parts = parts
  }

  var text: String {
    let isFilledIn = !parts.input.files.isEmpty || !parts.input.variables.isEmpty
    let syntax = ShellJSONSyntax(isExpanded: isFilledIn)
    var lines = preparations
    lines += [
      "curl --silent --show-error --fail-with-body \(CodeText.shellWord(parts.address)) \\",
      #"  --header "Authorization: Bearer $REPLICATE_API_TOKEN" \"#,
      #"  --header "Content-Type: application/json" \"#,
    ]
    for header in parts.headers {
      lines.append("  --header \"\(header.name): \(header.value)\" \\")
    }
    lines.append("  --data-binary @- <<\(isFilledIn ? "EOF" : "'EOF'")")
    lines.append(syntax.text(.object(parts.body), breaks: true))
    lines.append("EOF")
    return lines.joined(separator: "\n") + "\n"
  }

  private var preparations: [String] {
    var lines: [String] = []
    if !parts.input.variables.isEmpty {
      lines += [
        "# Escapes a text for JSON.",
        "json() {",
        #"  printf '%s.' "$1" | sed 's/[\\"]/\\&/g' | awk '"#,
        #"    NR > 1 { printf "\\n" } { gsub(/\t/, "\\t"); gsub(/\r/, "\\r"); printf "%s", $0 }"#,
        #"  ' | sed 's/\.$//'"#,
        "}", "",
      ]
    }
    let files = parts.input.files
    guard !files.isEmpty else { return lines }
    let address = CodeText.shellWord("\(parts.baseURL)/files")
    lines += [
      "# Small files go along as data URLs. Larger ones are uploaded first.",
      "input_file() {",
      #"  if [ ! -r "$1" ]; then"#,
      #"    echo "$1 can't be read" >&2"#,
      "    return 1",
      "  fi",
      #"  if [ "$(wc -c <"$1")" -le \#(FileFacts.dataLimit) ]; then"#,
      #"    printf 'data:%s;base64,%s' "$2" "$(base64 <"$1" | tr -d '\n')""#,
      "    return",
      "  fi",
      #"  name=$(basename -- "$1" | sed 's/[\\"]/\\&/g')"#,
      "  answer=$(curl --silent --show-error --fail-with-body \(address) \\",
      #"    --header "Authorization: Bearer $REPLICATE_API_TOKEN" \"#,
      #"    --form "content=@-;type=$2;filename=\"$name\"" <"$1") || return 1"#,
      #"  printf '%s' "$answer" | sed 's/.*"get": *"\([^"]*\)".*/\1/'"#,
      "}",
    ]
    var seen: Set<Int> = []
    for file in files where seen.insert(file.number).inserted {
      let path = file.pathInHome.map { "~/\(CodeText.shellWord(String($0)))" }
      lines.append(
        "file\(file.number)=$(input_file \(path ?? CodeText.shellWord(file.path)) \(file.mediaType)) || exit 1"
      )
    }
    return lines + [""]
  }
}

/// JSON in a here-document. In one that is expanded, the shell's own characters are escaped.
private struct ShellJSONSyntax: CodeSyntax {
  let isExpanded: Bool

  var hasTrailingComma: Bool { false }

  func name(_ name: String) -> String { "\(quoted(name)):" }

  func scalar(_ value: CodeValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .secret(let variable): #""$(json "$\#(variable)")""#
    case .file(let file): "\"$file\(file.number)\""
    case .list, .object: text(value)
    default: JSONSyntax().scalar(value)
    }
  }

  private func quoted(_ text: String) -> String {
    let json = CodeText.quoted(text)
    guard isExpanded else { return json }
    var result = ""
    for character in json.unicodeScalars {
      if "\\$`".unicodeScalars.contains(character) { result += "\\" }
      result.unicodeScalars.append(character)
    }
    return result
  }
}
