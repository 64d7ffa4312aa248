import ReplicateAPI

/// A piece of an output as it can be shown.
public enum OutputPart: Hashable, Sendable {
  case text(String)
  /// A file at an address; `label` names its place in an object.
  case file(address: String, label: String?)
  case json(String)

  /// The parts of an output, told from the value first and from the schema second.
  ///
  /// - Parameter streams: the prediction has an output stream, so a list of texts is one text.
  public static func parts(of value: JSONValue, kind: OutputKind?, streams: Bool) -> [OutputPart] {
    switch value {
    case .null:
      return []
    case .string(let text):
      return isFile(text, kind) ? [.file(address: text, label: nil)] : [.text(text)]
    case .array(let values):
      let strings = values.compactMap(\.string)
      if !strings.isEmpty, strings.count == values.count {
        if strings.allSatisfy({ isFile($0, kind) }) {
          return strings.map { .file(address: $0, label: nil) }
        }
        if kind == .textStream || (kind == nil && streams) { return [.text(strings.joined())] }
        return [.text(strings.joined(separator: "\n"))]
      }
      return [.json(value.abridged)]
    case .object(let members):
      let files = members.filter { $0.value.string.map { isFile($0, nil) } ?? false }
      let rest = members.filter { files[$0.key] == nil }
      let shown = rest.isEmpty ? [] : [OutputPart.json(JSONValue.object(rest).abridged)]
      return shown + files.map { .file(address: $0.value.string ?? "", label: $0.key) }
    case .bool, .number:
      return [.json(value.serialized())]
    }
  }

  /// A text is a file where the schema says so, or where it points at the service's file hosts.
  private static func isFile(_ text: String, _ kind: OutputKind?) -> Bool {
    if text.hasPrefix("data:") { return !text.prefix(64).contains(" ") }
    guard text.hasPrefix("https://") || text.hasPrefix("http://") else { return false }
    guard !text.contains(where: \.isWhitespace) else { return false }
    switch kind {
    case .file, .files, .fileStream: return true
    case .text, .textStream: return false
    case .json, nil, OutputKind.none?: return true
    }
  }
}

extension JSONValue {
  /// Indented JSON with long lists of numbers cut, `[0.12, -0.5, … 768 numbers]`, for reading.
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
      text += "[" + values.map { $0.serialized() }.joined(separator: ", ") + "]"
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
