import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Where texts that name files start from.
public struct FilePlace: Hashable, Sendable {
  /// The home folder, for `~`.
  public var home: String
  /// The working folder, for relative paths.
  public var folder: String

  public init(home: String, folder: String) {
    self.home = home
    self.folder = folder
  }

  /// Of this process, when it started.
  public static let current = FilePlace(
    home: getenv("HOME").map { String(cString: $0) } ?? "/",
    folder: {
      guard let path = getcwd(nil, 0) else { return "/" }
      defer { free(path) }
      return String(cString: path)
    }())
}

/// A path on this machine, byte for byte: names of files needn't be text.
///
/// Its ``text`` is what a field holds: the path itself, or a `file://` URL where the path has control
/// characters, isn't UTF-8, or could be read as something else.
public struct LocalPath: Hashable, Sendable {
  /// Absolute, without a slash at the end unless it is the root.
  public let bytes: [UInt8]

  public init(bytes: [UInt8]) {
    var bytes = bytes
    while bytes.count > 1, bytes.last == Self.slash { bytes.removeLast() }
    self.bytes = bytes.first == Self.slash ? bytes : [Self.slash] + bytes
  }

  public init(_ path: String) {
    self.init(bytes: Array(path.utf8))
  }

  /// What a text may name, the most likely first: the path as it stands, then without the quotes or
  /// the backslashes that a shell would take away.
  public static func candidates(_ text: String, in place: FilePlace = .current) -> [LocalPath] {
    if let url = bytes(ofFileURL: text) { return [LocalPath(bytes: url)] }
    var texts = [text]
    for other in ShellWords.split(text) ?? [] where other.isWhole && other.text != text {
      texts.append(other.text)
    }
    return texts.map { LocalPath(bytes: absolute(Array($0.utf8), in: place)) }
  }

  private static func absolute(_ path: [UInt8], in place: FilePlace) -> [UInt8] {
    if path.first == slash { return path }
    if path.first == UInt8(ascii: "~"), path.count == 1 || path[1] == slash {
      return Array(place.home.utf8) + path.dropFirst()
    }
    var rest = path[...]
    while rest.starts(with: Array("./".utf8)) { rest = rest.dropFirst(2) }
    return Array(place.folder.utf8) + [slash] + rest
  }

  /// The path of a `file://` URL on this machine.
  static func bytes(ofFileURL text: String) -> [UInt8]? {
    guard text.prefix(7).lowercased() == "file://" else { return nil }
    var rest = text.dropFirst(7)
    if rest.prefix(9).lowercased() == "localhost" { rest = rest.dropFirst(9) }
    guard rest.first == "/" else { return nil }
    let path = PercentEncoding.decodedBytes(rest)
    return path.contains(0) ? nil : path
  }

  static let slash = UInt8(ascii: "/")

  /// The last part, for a message or a list: what isn't UTF-8 is replaced. Sanitize it to show it.
  public var name: String { String(decoding: nameBytes, as: UTF8.self) }

  public var nameBytes: ArraySlice<UInt8> {
    bytes.lastIndex(of: Self.slash).map { bytes[($0 + 1)...] } ?? bytes[...]
  }

  /// The whole path for a message. Sanitize it to show it.
  public var shown: String { String(decoding: bytes, as: UTF8.self) }

  public var parent: LocalPath {
    LocalPath(bytes: Array(bytes.dropLast(nameBytes.count)))
  }

  var exists: Bool { access(bytes.map(CChar.init(bitPattern:)) + [0], F_OK) == 0 }

  public var isRoot: Bool { bytes.count == 1 }

  public func appending(_ name: some Sequence<UInt8>) -> LocalPath {
    LocalPath(bytes: (isRoot ? [] : bytes) + [Self.slash] + name)
  }

  /// The text for a field, from which ``candidates(_:in:)`` gets the same path again.
  public func text(in place: FilePlace = .current) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), Self.isPlain(text) else {
      return url
    }
    let home = place.home
    if home.utf8.count > 1, text == home || text.hasPrefix(home + "/") {
      return "~" + text.dropFirst(home.count)
    }
    return text
  }

  public var url: String {
    "file://"
      + bytes.split(separator: Self.slash, omittingEmptySubsequences: false)
      .map(Self.encoded).joined(separator: "/")
  }

  private static func encoded(_ part: ArraySlice<UInt8>) -> String {
    // Bytes that aren't UTF-8 have to be kept, too.
    part.reduce(into: "") { text, byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default: text += "%" + [byte].hexadecimal.uppercased()
      }
    }
  }

  /// Whether a field keeps and shows a path as it is.
  private static func isPlain(_ text: String) -> Bool {
    guard let last = text.unicodeScalars.last, !last.properties.isWhitespace else { return false }
    return text.unicodeScalars.allSatisfy { scalar in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse:
        // Joiners are part of emoji.
        scalar.value == 0x200D
      default: true
      }
    }
  }
}

extension LocalPath: CustomStringConvertible {
  public var description: String { shown }
}
