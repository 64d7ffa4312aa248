import ReplicateAPI

/// What the text of a file input is.
public enum FileText: Hashable, Sendable {
  /// An http or https address.
  case web
  /// A data URL.
  case data
  /// A path or a file:// URL on this machine.
  case local
  /// Another scheme, which is neither.
  case unknown

  public init(_ text: some StringProtocol) {
    let start = text.prefix(8).lowercased()
    self =
      if start.hasPrefix("http://") || start.hasPrefix("https://") {
        .web
      } else if start.hasPrefix("data:") {
        .data
      } else if start.hasPrefix("file://") {
        LocalPath.bytes(ofFileURL: String(text)) == nil ? .unknown : .local
      } else if Self.hasScheme(text) {
        .unknown
      } else {
        .local
      }
  }

  public var isAddress: Bool { self != .local }

  private static func hasScheme(_ text: some StringProtocol) -> Bool {
    guard let mark = text.utf8.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let scheme = text[..<mark]
    return text[mark...].hasPrefix("://") && scheme.first?.isLetter == true
      && scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }
  }
}

/// A file's text inside an input.
struct FileReference: Hashable, Sendable {
  /// Names of members and indices of items that lead to it, from the input's name.
  var path: [String]
  var text: String
  var accept: [String] = []

  /// As the service names a part of an input, such as `images.0`.
  var name: String { path.joined(separator: ".") }
}

extension JSONValue {
  /// The text at a path of names of members and indices of items; nil if there is none.
  func text(at path: ArraySlice<String>) -> String? {
    guard let step = path.first else { return string }
    switch self {
    case .object(let members): return members[step]?.text(at: path.dropFirst())
    case .array(let items):
      guard let index = Int(step), items.indices.contains(index) else { return nil }
      return items[index].text(at: path.dropFirst())
    default: return nil
    }
  }

  /// Replaces the text at a path; changes nothing if there is none.
  mutating func replaceText(at path: ArraySlice<String>, with text: String) {
    guard let step = path.first else {
      if string != nil { self = .string(text) }
      return
    }
    switch self {
    case .object(var members):
      // So that the members aren't copied for each of them.
      self = .null
      members[step]?.replaceText(at: path.dropFirst(), with: text)
      self = .object(members)
    case .array(var items):
      self = .null
      if let index = Int(step), items.indices.contains(index) {
        items[index].replaceText(at: path.dropFirst(), with: text)
      }
      self = .array(items)
    default: return
    }
  }
}

extension JSONValue {
  /// The files in a value of some kind, at any depth.
  ///
  /// Where a union takes texts, a path would be a text like any other: only a file:// URL stands for
  /// a file there.
  func files(_ kind: InputKind, at path: [String]) -> [FileReference] {
    switch (kind, self) {
    case (.file(let rules), .string(let text)):
      return [FileReference(path: path, text: text, accept: rules.accept)]
    case (.array(let element, _, _), .array(let items)):
      return items.enumerated().flatMap { index, item in
        item.files(element, at: path + ["\(index)"])
      }
    case (.object(let rules), .object(let members)):
      return members.flatMap { name, value in
        let kind = rules.members.first { $0.name == name }?.kind ?? rules.others
        return kind.map { value.files($0, at: path + [name]) } ?? []
      }
    case (.union(let kinds), .string(let text)):
      let takesText = kinds.contains { if case .text = $0 { true } else { false } }
      guard let file = kinds.first(where: { if case .file = $0 { true } else { false } }),
        !takesText || text.prefix(7).lowercased() == "file://"
      else { return [] }
      return files(file, at: path)
    case (.union(let kinds), .array):
      let list = kinds.first { if case .array = $0 { true } else { false } }
      return list.map { files($0, at: path) } ?? []
    case (.union(let kinds), .object):
      let object = kinds.first { if case .object = $0 { true } else { false } }
      return object.map { files($0, at: path) } ?? []
    default: return []
    }
  }
}

extension InputKind {
  /// Whether a value of this kind names a file on this machine.
  package func hasLocalFile(_ value: JSONValue) -> Bool {
    !localFiles(in: value).isEmpty
  }

  /// The texts in a value of this kind that name files on this machine.
  package func localFiles(in value: JSONValue) -> Set<String> {
    Set(
      value.files(self, at: []).lazy.map { String($0.text.trimmingBlanks()) }
        .filter { FileText($0) == .local })
  }
}

extension FileReference {
  /// Whether ``InputFiles`` has anything to do with it: a file on this machine to send, or an uploaded
  /// one that may have expired.
  func needsPreparation(by client: Client) -> Bool {
    FileText(text.trimmingBlanks()) == .local
      || text.hasPrefix(client.configuration.baseURL + "/files/")
  }
}

extension RunPlan {
  /// The files in the input, in the schema's order.
  var files: [FileReference] {
    (schema?.inputs ?? []).flatMap { field in
      input[field.name]?.files(field.kind, at: [field.name]) ?? []
    }
  }

  /// The run with each file that could be one of several, such as one in quotes, named as it would be
  /// opened.
  package func withPathsAsOpened(in place: FilePlace) -> RunPlan {
    var plan = self
    for file in files {
      let text = String(file.text.trimmingBlanks())
      guard FileText(text) == .local else { continue }
      let candidates = LocalPath.candidates(text, in: place)
      guard candidates.count > 1, let path = candidates.first(where: \.exists) else { continue }
      plan.input.replaceText(at: file.path[...], with: path.text(in: place))
    }
    return plan
  }

  /// Whether the input names files on this machine, which have to be sent first.
  public var hasLocalFiles: Bool {
    files.contains { FileText($0.text.trimmingBlanks()) == .local }
  }
}
