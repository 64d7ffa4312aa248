import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A text in a file of its own, in a folder of its own that only its owner can enter.
struct TextFile {
  let path: String
  private let folder: String

  /// An edited text larger than this isn't taken back.
  static let largest = 16_000_000

  init(_ text: String, named name: String) throws(DesktopFailure) {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/replicant-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else {
      throw DesktopFailure("No temporary file could be made in \(base): \(Self.reason).")
    }
    folder = String(cString: made)
    path = "\(folder)/\(Self.safe(name))"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw DesktopFailure("\(path) couldn’t be made: \(Self.reason).") }
    defer { close(file) }
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(file, $0.baseAddress?.advanced(by: done), bytes.count - done)
      }
      guard count > 0 else {
        throw DesktopFailure("\(path) couldn’t be written: \(Self.reason).")
      }
      done += count
    }
  }

  /// The text as it stands there now.
  func read() throws(DesktopFailure) -> String {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw DesktopFailure("\(path) couldn’t be read: \(Self.reason).") }
    defer { close(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(file, &piece, piece.count)
      guard count >= 0 else { throw DesktopFailure("\(path) couldn’t be read: \(Self.reason).") }
      if count == 0 { break }
      bytes += piece[..<count]
      if bytes.count > Self.largest {
        throw DesktopFailure("The text is too large to take back; it stays in \(path).")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DesktopFailure("What the editor wrote isn’t UTF-8; it stays in \(path).")
    }
    return text
  }

  func remove() {
    unlink(path)
    rmdir(folder)
  }

  private static var reason: String { String(cString: strerror(errno)) }

  /// Letters, digits and signs that mean nothing to anybody.
  private static func safe(_ name: String) -> String {
    let kept = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
        ? character : "_"
    }
    return "text-" + String(kept.suffix(80))
  }
}
