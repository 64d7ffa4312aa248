import OrderedCollections

/// A file on its way to the service.
public struct FileUpload: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case bytes([UInt8])
    /// A file of this machine, which is read while it is sent.
    case file(path: String)
  }

  public var content: Content
  /// As the service will call it; at most 255 bytes of UTF-8.
  public var name: String
  /// Such as `image/png`.
  public var contentType: String
  public var metadata: JSONObject

  public init(
    _ content: Content, name: String, contentType: String = "application/octet-stream",
    metadata: JSONObject = [:]
  ) {
    self.content = content
    self.name = name
    self.contentType = contentType
    self.metadata = metadata
  }

  /// What the service takes at most, in bytes: 100 MiB.
  public static let maximumSize = 100 << 20
}

/// How far a file is on its way.
public struct TransferProgress: Sendable, Hashable {
  /// In bytes.
  public var done: Int
  /// In bytes; nil where nobody says.
  public var total: Int?

  public init(done: Int, total: Int?) {
    self.done = done
    self.total = total
  }
}

extension Client {
  /// Uploads a file, which models then take by its ``File/url``.
  ///
  /// - Parameters:
  ///   - file: What is sent.
  ///   - progress: Told after each piece that was sent, on no particular thread; it starts anew where
  ///     the upload is tried again.
  /// - Throws: ``ReplicateError/Reason/payloadTooLarge(detail:)`` over ``FileUpload/maximumSize``,
  ///   before anything is sent.
  @concurrent
  public func upload(
    _ file: FileUpload, progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> File {
    let size: Int
    switch file.content {
    case .bytes(let bytes): size = bytes.count
    case .file(let path):
      do throws(TransportError) {
        size = try LocalFile.size(of: path)
      } catch {
        throw ReplicateError(error)
      }
    }
    guard size <= FileUpload.maximumSize else {
      throw ReplicateError(
        .payloadTooLarge(
          detail: "it has \(size / 1_048_576) MiB; Replicate takes files of 100 MiB at most"),
        route: .createFile)
    }
    let form = MultipartForm(file)
    let upload = TransportUpload(length: form.head.count + size + form.tail.count) {
      form.body(file.content, size: size, progress: progress)
    }
    var endpoint = Endpoint<File>(.createFile)
    endpoint.headers.append(.init("content-type", form.contentType))
    // At 64 KiB a second even the largest comes through in time.
    let timeout = core.configuration.timeout + .seconds(size / 65_536)
    return try await core.exchange(endpoint, upload: upload, timeout: timeout).response
  }
}

/// The body of an upload, as multipart/form-data (RFC 7578): the content, then what is said of it.
struct MultipartForm: Sendable {
  let boundary: String
  let head: [UInt8]
  let tail: [UInt8]

  var contentType: String { "multipart/form-data; boundary=\(boundary)" }

  init(_ file: FileUpload, boundary: String = Self.newBoundary()) {
    self.boundary = boundary
    let type = Self.isHeaderValue(file.contentType) ? file.contentType : "application/octet-stream"
    head = Array(
      """
      --\(boundary)\r
      Content-Disposition: form-data; name="content"; filename="\(Self.quoted(file.name))"\r
      Content-Type: \(type)\r
      \r\n
      """.utf8)
    var rest = "\r\n"
    func add(_ name: String, _ type: String, _ value: String) {
      rest += "--\(boundary)\r\n"
      rest += "Content-Disposition: form-data; name=\"\(name)\"\r\n"
      rest += "Content-Type: \(type)\r\n\r\n\(value)\r\n"
    }
    add("filename", "text/plain; charset=utf-8", file.name)
    add("type", "text/plain; charset=utf-8", type)
    if !file.metadata.isEmpty {
      add("metadata", "application/json", JSONValue.object(file.metadata).serialized())
    }
    rest += "--\(boundary)--\r\n"
    tail = Array(rest.utf8)
  }

  /// The parts one after another; of the content only as much is read as is sent.
  func body(
    _ content: FileUpload.Content, size: Int,
    progress: @escaping @Sendable (TransferProgress) -> Void
  ) -> TransportBody {
    let reader = FormReader(self, content, size: size, progress: progress)
    return TransportBody(AsyncThrowingStream { try await reader.next() })
  }

  /// A name between quotes (WHATWG HTML, multipart/form-data): nothing in it ends the header.
  private static func quoted(_ name: String) -> String {
    var quoted = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "\"": quoted += "%22"
      case "\r": quoted += "%0D"
      case "\n": quoted += "%0A"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted
  }

  private static func isHeaderValue(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// Long and random, so that no content holds it.
  private static func newBoundary() -> String {
    let numbers = (0..<3).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
    return "replicate-\(numbers.joined())"
  }
}

/// Reads an upload's body piece by piece.
private actor FormReader {
  private enum Place {
    case head
    case bytes([UInt8], from: Int)
    case file(LocalFile)
    case end
  }

  private let form: MultipartForm
  private let content: FileUpload.Content
  private let size: Int
  private let progress: @Sendable (TransferProgress) -> Void
  private var place = Place.head
  private var done = 0

  init(
    _ form: MultipartForm, _ content: FileUpload.Content, size: Int,
    progress: @escaping @Sendable (TransferProgress) -> Void
  ) {
    self.form = form
    self.content = content
    self.size = size
    self.progress = progress
  }

  func next() throws -> [UInt8]? {
    switch place {
    case .head:
      switch content {
      case .bytes(let bytes): place = .bytes(bytes, from: 0)
      case .file(let path): place = .file(try LocalFile(reading: path))
      }
      return form.head
    case .bytes(let bytes, let start) where start < bytes.count:
      let end = min(start + LocalFile.pieceSize, bytes.count)
      place = .bytes(bytes, from: end)
      return sent(Array(bytes[start..<end]))
    case .file(let file):
      if let piece = try file.read() { return sent(piece) }
      place = .end
      return form.tail
    case .bytes:
      place = .end
      return form.tail
    case .end: return nil
    }
  }

  private func sent(_ piece: [UInt8]) -> [UInt8] {
    done += piece.count
    progress(TransferProgress(done: done, total: size))
    return piece
  }
}
