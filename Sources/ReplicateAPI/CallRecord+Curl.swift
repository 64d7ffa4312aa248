extension CallRecord {
  /// A command that sends the same request with curl, with `$REPLICATE_API_TOKEN` for the token.
  ///
  /// It is safe to paste into a POSIX shell, whatever the request contains. Masked inputs stay
  /// masked, a body that was cut is read from a file `request-body`, and an uploaded file is read
  /// from the working directory. Nil if a part of the address is hidden.
  public var curlCommand: String? {
    guard !isAddressHidden, !url.isEmpty else { return nil }
    var words = ["curl", "--globoff"]
    if method != "GET" { words += ["--request", Self.quoted(method)] }
    words += ["--url", Self.quoted(url)]
    for header in requestHeaders { words += self.words(for: header) }
    switch body {
    case .text(let text, isCut: false) where !text.utf8.contains(0):
      words += ["--data-raw", Self.quoted(text)]
    case .text: words += ["--data-binary", "@request-body"]
    case .file(let name, let type):
      words += ["--form", Self.quoted("content=@\(Self.formValue(name));type=\(type)")]
    case nil: break
    }
    return words.joined(separator: " ")
  }

  private func words(for header: Header) -> [String] {
    switch header.name {
    case "authorization": return ["--header", "\"Authorization: Bearer $REPLICATE_API_TOKEN\""]
    case "accept-encoding": return ["--compressed"]
    case "content-type":
      // curl makes the form's boundary itself.
      if case .file = body { return [] }
    default: break
    }
    return ["--header", Self.quoted("\(header.name): \(header.value)")]
  }

  /// A word of a shell command: nothing between single quotes has a meaning.
  private static func quoted(_ text: String) -> String {
    var word = "'"
    for scalar in text.unicodeScalars where scalar != "\0" {
      if scalar == "'" { word += #"'\''"# } else { word.unicodeScalars.append(scalar) }
    }
    return word + "'"
  }

  /// A file's name in curl's `--form`, where quotes keep commas and semicolons from ending it.
  private static func formValue(_ name: String) -> String {
    var value = "\""
    for scalar in name.unicodeScalars {
      if scalar == "\"" || scalar == "\\" { value += "\\" }
      value.unicodeScalars.append(scalar)
    }
    return value + "\""
  }
}
