import Settings
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A temporary text file in a folder of its own that only the user can access.
struct TextFile {
  let path: String
  private let folder: String

  /// The largest edited text that is read back, in bytes.
  static let largest = 16_000_000

  /// - Parameter environment: Determines the user's folder for temporary files.
  init(
    _ text: String, named name: String, environment: [String: String]
  ) throws(DesktopFailure) {
    try self.init(content: Array(text.utf8), named: name, environment: environment)
  }

  init(
    content: [UInt8], named name: String, environment: [String: String]
  ) throws(DesktopFailure) {
    folder = try Self.makeFolder(environment)
    path = "\(folder)/\(Self.safe(name))"
    let file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    let isWritten = file >= 0 && PrivateFile.writeAll(content, to: file)
    guard isWritten else {
      let failure = DesktopFailure("\(path) couldn’t be written: \(Self.reason).")
      if file >= 0 { close(file) }
      remove()
      throw failure
    }
    close(file)
  }

  private static func makeFolder(_ environment: [String: String]) throws(DesktopFailure) -> String {
    let places = ["XDG_RUNTIME_DIR", "TMPDIR"].compactMap { environment[$0] }
    for place in places.filter({ $0.hasPrefix("/") }) + ["/tmp"] {
      var template = Array("\(place)/replicant-XXXXXX".utf8CString)
      let isMade = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { mkdtemp($0) != nil } ?? false
      }
      if isMade { return String(decoding: template.dropLast().map(UInt8.init), as: UTF8.self) }
    }
    throw DesktopFailure("Couldn’t create a temporary file in /tmp: \(reason).")
  }

  /// Reads the current text.
  func read() throws(DesktopFailure) -> String {
    // The editor may have replaced the file with anything.
    let opened: Int32?
    do {
      opened = try PrivateFile.open(path)
    } catch {
      throw DesktopFailure("\(path) \(error.reason).")
    }
    guard let file = opened else { throw DesktopFailure("\(path) is gone.") }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: Self.largest) else {
      throw DesktopFailure("\(path) couldn’t be read: \(Self.reason).")
    }
    guard bytes.count <= Self.largest else {
      throw DesktopFailure("The text is larger than 16 MB. Your edits are in \(path).")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DesktopFailure("The saved text isn’t UTF-8. Your edits are in \(path).")
    }
    return text
  }

  /// Removes the folder with the file and anything an editor left next to it.
  func remove() {
    if let entries = opendir(folder) {
      while let entry = readdir(entries) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        // Doesn't follow links or remove subfolders.
        if name != ".", name != ".." { unlink("\(folder)/\(name)") }
      }
      closedir(entries)
    }
    rmdir(folder)
  }

  private static var reason: String { String(cString: strerror(errno)) }

  /// Keeps letters, digits, and characters without a special meaning.
  static func safe(_ name: String) -> String {
    let kept = name.map { character in
      character.isASCII && (character.isLetter || character.isNumber || ".-_".contains(character))
        ? character : "_"
    }
    return "text-" + String(kept.suffix(80))
  }
}
