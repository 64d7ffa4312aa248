/// The lines of a settings file: the part of TOML that ours need, `key = value` with a string, a
/// number or a boolean, and comments.
struct SettingsText {
  enum Value: Hashable, Sendable {
    case string(String)
    case number(Double)
    case boolean(Bool)

    var string: String? { if case .string(let text) = self { text } else { nil } }
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    var boolean: Bool? { if case .boolean(let isOn) = self { isOn } else { nil } }
  }

  /// The values in their order, with the lines they stand in, from 1.
  private(set) var values: [(key: String, value: Value, line: Int)] = []
  /// What can't be read, in words.
  private(set) var problems: [String] = []

  init(_ text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let number = index + 1
      let line = String(line).trimmingBlanks()
      if line.isEmpty || line.hasPrefix("#") { continue }
      guard let equals = line.firstIndex(of: "=") else {
        problems.append("line \(number): expected a line like theme = \"dark\".")
        continue
      }
      let key = String(String(line[..<equals]).trimmingBlanks())
      let rest = String(String(line[line.index(after: equals)...]).trimmingBlanks())
      guard let value = Self.value(rest) else {
        problems.append(
          "line \(number): the value of \(key) isn’t a string in quotes, a number, true or false.")
        continue
      }
      if values.contains(where: { $0.key == key }) {
        problems.append("line \(number): \(key) stands there twice; the first one is used.")
      } else {
        values.append((key, value, number))
      }
    }
  }

  subscript(key: String) -> Value? { values.first { $0.key == key }?.value }

  private static func value(_ text: String) -> Value? {
    if let quote = text.first, quote == "\"" || quote == "'" { return string(text, quote) }
    let word = String(String(text.prefix { $0 != "#" }).trimmingBlanks())
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    default: break
    }
    guard word.first.map({ $0.isNumber || "+-".contains($0) }) ?? false,
      let number = Double(word.filter { $0 != "_" }), number.isFinite
    else { return nil }
    return .number(number)
  }

  private static func string(_ text: String, _ quote: Character) -> Value? {
    var content = ""
    var rest = text.dropFirst()
    while let character = rest.popFirst() {
      if character == quote {
        let after = String(rest).trimmingBlanks()
        return after.isEmpty || after.hasPrefix("#") ? .string(content) : nil
      }
      guard character == "\\", quote == "\"" else {
        content.append(character)
        continue
      }
      switch rest.popFirst() {
      case "\"": content.append("\"")
      case "\\": content.append("\\")
      case "n": content.append("\n")
      case "t": content.append("\t")
      default: return nil
      }
    }
    return nil
  }
}
