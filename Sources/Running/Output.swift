import ReplicateAPI

/// A piece of an output as it can be shown.
public enum OutputPart: Hashable, Sendable {
  case text(String)
  /// A file at an address; `label` names its place in an object.
  case file(address: String, label: String?)
  case json(String)

  /// The parts of an output, told from the value first and from the schema second. An empty output
  /// has none.
  ///
  /// - Parameter streams: The prediction has an output stream, so a list of texts is one text.
  public static func parts(of value: JSONValue, kind: OutputKind?, streams: Bool) -> [OutputPart] {
    switch value {
    case .null:
      return []
    case .string(let text):
      return text.isEmpty ? [] : [part(text, kind)]
    case .array(let values):
      let texts = values.compactMap(\.string)
      guard texts.count == values.count else { return nested(value) }
      if !texts.allSatisfy({ isFile($0, kind) }), areJoined(texts, kind, streams: streams) {
        return parts(of: .string(texts.joined()), kind: .text, streams: false)
      }
      return lines(texts, kind)
    case .object(let members):
      return members.isEmpty ? [] : nested(value)
    case .bool, .number:
      return [.json(value.serialized())]
    }
  }

  /// Whether a list is one of texts whose separator only the model's schema knows.
  package static func isAmbiguous(_ value: JSONValue) -> Bool {
    guard let values = value.array, values.count > 1 else { return false }
    let texts = values.compactMap(\.string)
    return texts.count == values.count && !texts.allSatisfy { isFile($0, nil) }
  }

  private static func part(_ text: String, _ kind: OutputKind?) -> OutputPart {
    isFile(text, kind) ? .file(address: text, label: nil) : .text(text)
  }

  /// A list of texts and files, one on a line.
  private static func lines(_ texts: [String], _ kind: OutputKind?) -> [OutputPart] {
    var parts: [OutputPart] = []
    var lines: [String] = []
    func endLines() {
      if lines.contains(where: { !$0.isEmpty }) {
        parts.append(.text(lines.joined(separator: "\n")))
      }
      lines = []
    }
    for text in texts {
      if isFile(text, kind) {
        endLines()
        parts.append(.file(address: text, label: nil))
      } else {
        lines.append(text)
      }
    }
    endLines()
    return parts
  }

  /// The files in a value, at any depth, and before them the rest of it.
  private static func nested(_ value: JSONValue) -> [OutputPart] {
    var files: [OutputPart] = []
    let rest = withoutFiles(value, "", &files)
    return (rest.map { [.json($0.abridged)] } ?? []) + files
  }

  private static func withoutFiles(
    _ value: JSONValue, _ path: String, _ files: inout [OutputPart]
  ) -> JSONValue? {
    switch value {
    case .string(let text) where isFile(text, nil):
      files.append(.file(address: text, label: path))
      return nil
    case .array(let values) where !values.isEmpty:
      let rest = values.enumerated().compactMap { index, value in
        withoutFiles(value, "\(path)[\(index)]", &files)
      }
      return rest.isEmpty ? nil : .array(rest)
    case .object(let members) where !members.isEmpty:
      var rest = JSONObject()
      for (name, value) in members {
        rest[name] = withoutFiles(value, path.isEmpty ? name : "\(path).\(name)", &files)
      }
      return rest.isEmpty ? nil : .object(rest)
    default: return value
    }
  }

  /// Whether the texts of a list are pieces of one text.
  private static func areJoined(_ texts: [String], _ kind: OutputKind?, streams: Bool) -> Bool {
    switch kind {
    case .textStream: true
    case .text: haveOwnBlanks(texts)
    case nil, OutputKind.none?: streams || haveOwnBlanks(texts)
    case .file, .files, .fileStream, .json: false
    }
  }

  /// Whether texts bring the blanks between them along, as a language model's tokens do.
  private static func haveOwnBlanks(_ texts: [String]) -> Bool {
    guard texts.count > 1 else { return false }
    let blanks = zip(texts, texts.dropFirst()).count { one, other in
      one.last?.isWhitespace == true || other.first?.isWhitespace == true
    }
    return blanks * 3 >= texts.count - 1
  }

  /// Whether a text is the address of a file. What a schema calls text is one only if it's of the
  /// service's own file hosts.
  private static func isFile(_ text: String, _ kind: OutputKind?) -> Bool {
    if text.utf8.first.map({ $0 | 0x20 == UInt8(ascii: "d") }) == true {
      return DataURI(text) != nil
    }
    guard text.hasPrefix("https://") || text.hasPrefix("http://"), text.utf8.count < 8192,
      !text.contains(where: \.isWhitespace)
    else { return false }
    switch kind {
    case .file, .files, .fileStream, .json, nil, OutputKind.none?: return true
    case .text, .textStream: return isOnFileHost(text)
    }
  }

  private static func isOnFileHost(_ address: String) -> Bool {
    guard let scheme = address.firstRange(of: "://") else { return false }
    let host = address[scheme.upperBound...].prefix { $0 != "/" && $0 != ":" }.lowercased()
    return host == "replicate.delivery" || host.hasSuffix(".replicate.delivery")
  }
}

extension JSONValue {
  /// Indented JSON for reading. Long lists of numbers are cut, `[0.12, -0.5, … 768 numbers]`, and
  /// data URIs are replaced by their kind and size.
  public var abridged: String {
    var text = ""
    write(into: &text, indent: "")
    return text
  }

  private func write(into text: inout String, indent: String) {
    switch self {
    case .array(let values) where values.count > 6 && values.allSatisfy({ $0.double != nil }):
      text += "[" + values.prefix(4).map { $0.serialized() }.joined(separator: ", ")
      text += ", … \(values.count) numbers]"
    case .array(let values) where values.allSatisfy(\.isScalar):
      text += "[" + values.map(\.abridged).joined(separator: ", ") + "]"
    case .array(let values):
      text += "[\n"
      for (index, value) in values.enumerated() {
        text += indent + "  "
        value.write(into: &text, indent: indent + "  ")
        text += index == values.count - 1 ? "\n" : ",\n"
      }
      text += indent + "]"
    case .object(let members) where members.isEmpty:
      text += "{}"
    case .object(let members):
      text += "{\n"
      for (index, member) in members.enumerated() {
        text += indent + "  " + JSONValue.string(member.key).serialized() + ": "
        member.value.write(into: &text, indent: indent + "  ")
        text += index == members.count - 1 ? "\n" : ",\n"
      }
      text += indent + "}"
    case .string(let string):
      text += JSONValue.string(DataURI.shortened(in: string)).serialized()
    default:
      text += serialized()
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }
}
