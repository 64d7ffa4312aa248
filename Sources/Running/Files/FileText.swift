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
  var accept: [String]

  /// As the service names a part of an input, such as `images.0`.
  var name: String { path.joined(separator: ".") }
}

extension JSONValue {
  /// The files in a value of some kind, at any depth.
  ///
  /// Where a union takes texts, a path would be a text like any other: only a file:// URL stands for
  /// a file there.
  func files(_ kind: InputKind, at path: [String]) -> [FileReference] {
    var found: [FileReference] = []
    _ = mappingFiles(kind, at: path) { reference in
      found.append(reference)
      return nil
    }
    return found
  }

  /// The value with the texts of some files replaced.
  func replacingFiles(
    _ kind: InputKind, at path: [String], _ replacements: [[String]: String]
  ) -> JSONValue {
    mappingFiles(kind, at: path) { replacements[$0.path] }
  }

  private func mappingFiles(
    _ kind: InputKind, at path: [String], _ body: (FileReference) -> String?
  ) -> JSONValue {
    switch (kind, self) {
    case (.file(let rules), .string(let text)):
      return body(FileReference(path: path, text: text, accept: rules.accept)).map(JSONValue.string)
        ?? self
    case (.array(let element, _, _), .array(let items)):
      return .array(
        items.enumerated().map { index, item in
          item.mappingFiles(element, at: path + ["\(index)"], body)
        })
    case (.object(let rules), .object(let members)):
      var changed = members
      for (name, value) in members {
        let kind = rules.members.first { $0.name == name }?.kind ?? rules.others
        guard let kind else { continue }
        changed[name] = value.mappingFiles(kind, at: path + [name], body)
      }
      return .object(changed)
    case (.union(let kinds), .string(let text)):
      let takesText = kinds.contains { if case .text = $0 { true } else { false } }
      guard let file = kinds.first(where: { if case .file = $0 { true } else { false } }),
        !takesText || text.prefix(7).lowercased() == "file://"
      else { return self }
      return mappingFiles(file, at: path, body)
    case (.union(let kinds), .array):
      let list = kinds.first { if case .array = $0 { true } else { false } }
      return list.map { mappingFiles($0, at: path, body) } ?? self
    case (.union(let kinds), .object):
      let object = kinds.first { if case .object = $0 { true } else { false } }
      return object.map { mappingFiles($0, at: path, body) } ?? self
    default: return self
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

extension RunPlan {
  /// The files in the input, in the schema's order.
  var files: [FileReference] {
    (schema?.inputs ?? []).flatMap { field in
      input[field.name]?.files(field.kind, at: [field.name]) ?? []
    }
  }

  /// Whether the input names files on this machine, which have to be sent first.
  public var hasLocalFiles: Bool {
    files.contains { FileText($0.text.trimmingBlanks()) == .local }
  }
}

extension RunPlan {
  /// Whether ``Runs/prepare(_:in:progress:)`` has anything to do: files on this machine to send, or
  /// uploaded ones that may have expired.
  package func needsPreparation(by client: Client) -> Bool {
    let uploads = client.configuration.baseURL + "/files/"
    return files.contains {
      FileText($0.text.trimmingBlanks()) == .local || $0.text.hasPrefix(uploads)
    }
  }
}
