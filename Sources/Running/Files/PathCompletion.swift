import Pictures
import ReplicateAPI

/// What a path that is being typed can become.
public struct PathCompletion: Hashable, Sendable {
  /// One way to go on.
  public struct Choice: Hashable, Sendable {
    /// The name for a list; a folder's ends in a slash. Sanitize it to show it.
    public var name: String
    /// The whole text with this name; a folder's ends in a slash.
    public var text: String
    public var isFolder: Bool
    /// Whether the input doesn't accept files like it.
    public var isExcluded: Bool
  }

  /// The text with what all choices have in common; the same text if that is no more.
  public var text: String
  public var choices: [Choice]

  /// Completes a path.
  ///
  /// - Parameter accept: The media types that the input accepts.
  /// - Returns: nil if the text isn't a path, or its folder can't be read.
  @concurrent
  public static func of(
    _ typed: String, accept: [String] = [], in place: FilePlace = .current
  ) async -> PathCompletion? {
    let typed = typed == "~" ? "~/" : typed
    guard let (folder, prefix, stem) = await split(typed, place),
      case .success(let entries) = await FolderListing.entries(of: folder)
    else { return nil }
    func matching(_ isMatch: (FolderEntry) -> Bool) -> [FolderEntry] {
      entries.filter {
        (!$0.isHidden || stem.first == UInt8(ascii: ".")) && $0.kind != .other && isMatch($0)
      }
    }
    var matches = matching { $0.bytes.starts(with: stem) }
    var isExact = true
    if matches.isEmpty {
      let key = String(decoding: stem, as: UTF8.self).lowercased()
      matches = matching { $0.key.hasPrefix(key) }
      isExact = false
    }
    let choices = matches.map { entry in
      choice(entry, in: folder, prefix, accept, place)
    }
    var completion = PathCompletion(text: typed, choices: choices)
    let likely = choices.filter { !$0.isExcluded }
    let common = Self.common((likely.isEmpty ? choices : likely).map(\.text))
    if isExact ? common.utf8.count > typed.utf8.count : likely.count == 1 {
      completion.text = common
      completion.choices = choices.filter { $0.text.hasPrefix(common) }
    }
    return completion
  }

  /// The folder to look in, the text before the name, and the bytes of the name so far.
  private static func split(
    _ typed: String, _ place: FilePlace
  ) async -> (folder: LocalPath, prefix: String?, stem: [UInt8])? {
    if let url = LocalPath.bytes(ofFileURL: typed) {
      let end = url.lastIndex(of: LocalPath.slash).map { $0 + 1 } ?? 0
      return (LocalPath(bytes: Array(url[..<end])), nil, Array(url[end...]))
    }
    if FileText(typed).isAddress { return nil }
    for text in [typed] + (ShellWords.split(typed) ?? []).filter(\.isWhole).map(\.text) {
      let end = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
      let prefix = String(text[..<end])
      let folder = LocalPath.candidates(prefix.isEmpty ? "." : prefix, in: place)[0]
      if text == typed, (ShellWords.split(typed)?.first?.text ?? typed) != typed,
        case .failure = await FolderListing.entries(of: folder)
      {
        continue
      }
      return (folder, prefix, Array(text[end...].utf8))
    }
    return nil
  }

  private static func choice(
    _ entry: FolderEntry, in folder: LocalPath, _ prefix: String?, _ accept: [String],
    _ place: FilePlace
  ) -> Choice {
    let path = folder.appending(entry.bytes)
    let end = entry.kind == .folder ? "/" : ""
    let whole = path.text(in: place)
    let isPlain = !whole.hasPrefix("file://")
    let text = isPlain ? prefix.map { $0 + entry.name } ?? whole : whole
    return Choice(
      name: entry.name + end, text: text + end, isFolder: entry.kind == .folder,
      isExcluded: entry.kind == .file && isExcluded(entry.name, accept))
  }

  /// Whether an input doesn't accept a file, as far as its name tells.
  public static func isExcluded(_ name: String, _ accept: [String]) -> Bool {
    guard let type = MediaType.byName(name) else { return false }
    return !MediaType.accepts(accept, type: type, name: name)
  }

  private static func common(_ texts: [String]) -> String {
    guard var common = texts.first else { return "" }
    for text in texts.dropFirst() {
      while !text.hasPrefix(common) { common.removeLast() }
    }
    return common
  }
}
