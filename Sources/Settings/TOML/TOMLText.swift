/// Writes TOML, and quotes its parts in messages.
package enum TOMLText {
  /// A whole document.
  package static func document(_ root: TOMLTable) -> String {
    var writer = TOMLWriter()
    writer.write(root, at: "")
    return writer.text
  }

  /// A value on one line.
  package static func inline(_ value: TOMLValue) -> String {
    switch value.content {
    case .string(let text): string(text)
    case .integer(let integer): "\(integer)"
    case .float(let number): "\(number)"
    case .boolean(let isOn): "\(isOn)"
    case .date(let text): text
    case .array(let values): "[\(values.map(inline).joined(separator: ", "))]"
    case .table(let table):
      table.isEmpty
        ? "{}"
        : "{ "
          + table.entries.map { "\(key($0.key)) = \(inline($0.value))" }.joined(separator: ", ")
          + " }"
    }
  }

  static func key(_ name: String) -> String {
    let isBare = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= 0x40
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }
    return isBare && !name.isEmpty ? name : string(name)
  }

  private static func string(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let digits = String(scalar.value, radix: 16, uppercase: true)
        result += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  // MARK: In messages

  /// A text in quotation marks, cut if it is long.
  package static func quoted(_ text: String) -> String { "“\(excerpt(text))”" }

  /// A text on one line, cut if it is long.
  static func excerpt(_ text: String) -> String {
    let limit = 40
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars.prefix(limit) {
      result.append(scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) ? " " : scalar)
    }
    return String(result) + (text.unicodeScalars.count > limit ? "…" : "")
  }

  /// A value as a message names it.
  package static func words(for value: TOMLValue) -> String {
    switch value.content {
    case .string(let text): quoted(text)
    case .integer(let integer): "\(integer)"
    case .float(let number):
      Int32(exactly: number).map { "\($0)" } ?? "\(number)"
    case .boolean(let isOn): "\(isOn)"
    case .date: "a date"
    case .array: "a list"
    case .table: "a table"
    }
  }
}

/// Writes a table's own values first, then its tables, each below its header.
private struct TOMLWriter {
  private(set) var text = ""

  /// Each header repeats the whole path; tables below a longer one are written inline.
  private static let longestPath = 256

  mutating func write(_ table: TOMLTable, at path: String) {
    let mayHaveHeaders = path.utf8.count <= Self.longestPath
    let withHeader = table.entries.filter { mayHaveHeaders && Self.canHaveHeader($0.value) }
    for entry in table.entries where !mayHaveHeaders || !Self.canHaveHeader(entry.value) {
      text += "\(TOMLText.key(entry.key)) = \(TOMLText.inline(entry.value))\n"
    }
    for entry in withHeader {
      let path = (path.isEmpty ? "" : path + ".") + TOMLText.key(entry.key)
      if let inner = entry.value.table {
        // A table that only holds tables needs no header of its own.
        let isImplied =
          !inner.isEmpty && path.utf8.count <= Self.longestPath
          && inner.entries.allSatisfy { Self.canHaveHeader($0.value) }
        if !isImplied { header("[\(path)]") }
        write(inner, at: path)
      } else {
        for table in (entry.value.array ?? []).compactMap(\.table) {
          header("[[\(path)]]")
          write(table, at: path)
        }
      }
    }
  }

  private mutating func header(_ line: String) {
    if !text.isEmpty { text += "\n" }
    text += line + "\n"
  }

  private static func canHaveHeader(_ value: TOMLValue) -> Bool {
    switch value.content {
    case .table: true
    case .array(let values): !values.isEmpty && values.allSatisfy { $0.table != nil }
    default: false
    }
  }
}
