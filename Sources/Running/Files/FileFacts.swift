import Pictures
import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// What a file on this machine is: its size, type, and dimensions.
public struct FileFacts: Hashable, Sendable {
  public var path: LocalPath
  /// In bytes.
  public var size: Int
  /// By the first bytes, or else by the name.
  public var mediaType: String
  /// In pixels, for a picture.
  public var dimensions: PictureHeader.Size?
  let stamp: LocalFile.Stamp

  /// Whether a run sends it in its input, instead of uploading it first.
  public var isSentAsData: Bool { size <= Self.dataLimit }

  /// The largest file that is sent as a data URL, in bytes: 256 kB, as Replicate advises.
  public static let dataLimit = 256_000
}

/// Why a file can't be sent, in words that follow a field's name.
public enum FileProblem: Error, Hashable, Sendable {
  case missing(LocalPath)
  case unreadable(LocalPath, reason: String)
  case folder(LocalPath)
  /// A pipe, a device, or a socket.
  case notAFile(LocalPath, what: String)
  /// In bytes.
  case tooLarge(LocalPath, size: Int)
  case excluded(LocalPath, type: String, accepted: [String])
  case changed(LocalPath)
  /// The address of an uploaded file that isn't there anymore.
  case expired

  public var words: String {
    switch self {
    case .missing(let path): "isn't there: \(path) doesn't exist"
    case .unreadable(let path, let reason): "can't be read: \(path): \(reason)"
    case .folder(let path): "must be a file; \(path) is a folder"
    case .notAFile(let path, let what): "must be a file; \(path) is \(what)"
    case .tooLarge(let path, let size):
      "is too large: \(path.name) has \(size.grouped) bytes, and Replicate takes at most "
        + "\(FileUpload.maximumSize.grouped) (100 MiB)"
    case .excluded(let path, let type, let accepted):
      "must be \(accepted.prefix(6).joined(separator: ", or ")); \(path.name) is \(type)"
    case .changed(let path): "changed while it was being sent: \(path.name); try again"
    case .expired: "has expired or was deleted on Replicate; choose the file again"
    }
  }
}

/// Looks at files without ever waiting for one that isn't a regular file.
public enum FileInspector {
  /// Looks at the file that a text names.
  @concurrent
  public static func facts(
    of text: String, accept: [String] = [], in place: FilePlace = .current
  ) async -> Result<FileFacts, FileProblem> {
    do throws(FileProblem) {
      return .success(try open(text, accept: accept, in: place).facts)
    } catch {
      return .failure(error)
    }
  }

  /// Looks at the file at a path.
  @concurrent
  public static func facts(
    at path: LocalPath, accept: [String] = []
  ) async -> Result<FileFacts, FileProblem> {
    do throws(FileProblem) {
      return .success(try open(path, accept: accept).facts)
    } catch {
      return .failure(error)
    }
  }

  /// Whether an input accepts an uploaded file, as far as that is known.
  public static func accepts(_ file: File, _ accept: [String]) -> Bool {
    file.contentType == MediaType.unknown
      || MediaType.accepts(accept, type: file.contentType, name: file.name ?? "")
  }

  /// Opens the first of the files that a text may name. What is wrong is said of the first, too.
  static func open(
    _ text: String, accept: [String], in place: FilePlace
  ) throws(FileProblem) -> (file: OpenFile, facts: FileFacts) {
    var problem: FileProblem?
    for path in LocalPath.candidates(text, in: place) {
      do throws(FileProblem) {
        return try open(path, accept: accept)
      } catch {
        if case .missing = error {
          problem = problem ?? error
        } else {
          throw error
        }
      }
    }
    throw problem ?? .missing(LocalPath(text))
  }

  static func open(
    _ path: LocalPath, accept: [String]
  ) throws(FileProblem) -> (file: OpenFile, facts: FileFacts) {
    try check(path)
    let file: OpenFile
    let head: [UInt8]
    do throws(TransportError) {
      file = try OpenFile(LocalFile(reading: path.bytes, named: path.shown))
      head = try file.file.read(at: 0) ?? []
    } catch {
      // It may have gone, or become something else, since it was checked.
      try check(path)
      throw .unreadable(path, reason: Self.reason(error))
    }
    let type = MediaType.of(head: head, name: path.name)
    let facts = FileFacts(
      path: path, size: file.size, mediaType: type,
      dimensions: PictureHeader(head)?.size, stamp: file.stamp)
    if facts.size > FileUpload.maximumSize { throw .tooLarge(path, size: facts.size) }
    // An empty file has the type of its name; what isn't known can't be excluded.
    if type != MediaType.unknown, !MediaType.accepts(accept, type: type, name: path.name) {
      throw .excluded(path, type: type, accepted: accept)
    }
    return (file, facts)
  }

  /// Rules out everything but a regular file, before it is opened.
  private static func check(_ path: LocalPath) throws(FileProblem) {
    var facts = stat()
    guard stat(path.bytes.map(CChar.init(bitPattern:)) + [0], &facts) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { throw .missing(path) }
      throw .unreadable(path, reason: String(cString: strerror(errno)).lowercasedStart)
    }
    switch facts.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .folder(path)
    case S_IFIFO: throw .notAFile(path, what: "a pipe")
    case S_IFSOCK: throw .notAFile(path, what: "a socket")
    case S_IFCHR, S_IFBLK: throw .notAFile(path, what: "a device")
    default: throw .notAFile(path, what: "something else")
    }
  }

  static func reason(_ error: TransportError) -> String {
    if case .file(_, let reason) = error { return reason.lowercasedStart }
    return "\(error)"
  }
}

extension String {
  fileprivate var lowercasedStart: String { prefix(1).lowercased() + dropFirst() }
}
