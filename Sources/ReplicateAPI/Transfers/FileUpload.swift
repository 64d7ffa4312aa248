import OrderedCollections

/// A file to upload as an input for models.
public struct FileUpload: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    case bytes([UInt8])
    /// A local file, which is read while it is sent.
    case file(path: String)
    /// A local file that is open. The upload fails if the file changes meanwhile.
    case open(OpenFile)
  }

  public var content: Content
  /// The file's name at the service, at most 255 bytes of UTF-8.
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

  /// The largest file that the service accepts, in bytes: 100 MiB.
  public static let maximumSize = 100 << 20
}

/// The progress of an upload or a download.
public struct TransferProgress: Sendable, Hashable {
  /// In bytes.
  public var done: Int
  /// In bytes; nil if it isn't known.
  public var total: Int?

  public init(done: Int, total: Int?) {
    self.done = done
    self.total = total
  }
}

extension Client {
  /// Uploads a file. Models take its ``File/url`` as an input.
  ///
  /// - Parameters:
  ///   - file: The file to send.
  ///   - progress: Called after each chunk, on any thread. It starts over if the upload is sent
  ///     again.
  /// - Throws: ``ReplicateError/Reason/payloadTooLarge(detail:)`` over ``FileUpload/maximumSize``,
  ///   before anything is sent.
  @concurrent
  public func upload(
    _ file: FileUpload, progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> File {
    let size: Int
    switch file.content {
    case .bytes(let bytes): size = bytes.count
    case .open(let file): size = file.size
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
          detail: "it has \(size / 1_048_576) MiB, and Replicate accepts at most 100 MiB"),
        route: .createFile)
    }
    let form = MultipartForm(file)
    let upload = TransportUpload(length: form.head.count + size + form.tail.count) {
      form.body(file.content, size: size, progress: progress)
    }
    var endpoint = Endpoint<File>(.createFile)
    endpoint.headers.append(.init("content-type", form.contentType))
    // Enough time even at 64 KiB a second.
    let timeout = core.configuration.timeout + .seconds(size / 65_536)
    let record = CallRecord.Body.file(name: file.name, contentType: form.partType)
    return try await core.exchange(
      endpoint, upload: (upload, record), timeout: timeout
    ).response
  }
}

/// The body of an upload as multipart/form-data (RFC 7578): the content, then the other fields.
struct MultipartForm: Sendable {
  let boundary: String
  /// The content type of the file.
  let partType: String
  let head: [UInt8]
  let tail: [UInt8]

  var contentType: String { "multipart/form-data; boundary=\(boundary)" }

  init(_ file: FileUpload, boundary: String = Self.newBoundary()) {
    self.boundary = boundary
    let type = Self.isHeaderValue(file.contentType) ? file.contentType : "application/octet-stream"
    partType = type
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

  /// The body in chunks. The content is read as it is sent.
  func body(
    _ content: FileUpload.Content, size: Int,
    progress: @escaping @Sendable (TransferProgress) -> Void
  ) -> TransportBody {
    let reader = FormReader(self, content, size: size, progress: progress)
    return TransportBody(AsyncThrowingStream { try await reader.next() })
  }

  /// A name for use between quotes, escaped as the HTML standard says for multipart/form-data.
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

  /// Long and random, so that it doesn't occur in the content.
  private static func newBoundary() -> String {
    let numbers = (0..<3).map { _ in String(UInt64.random(in: .min ... .max), radix: 36) }
    return "replicate-\(numbers.joined())"
  }
}

/// Reads the body of an upload in chunks.
private actor FormReader {
  private enum Position {
    case head
    case bytes([UInt8], from: Int)
    case file(LocalFile)
    case open(OpenFile)
    case end
  }

  private let form: MultipartForm
  private let content: FileUpload.Content
  private let size: Int
  private let progress: @Sendable (TransferProgress) -> Void
  private var position = Position.head
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
    switch position {
    case .head:
      switch content {
      case .bytes(let bytes): position = .bytes(bytes, from: 0)
      case .file(let path): position = .file(try LocalFile(reading: path))
      case .open(let file): position = .open(file)
      }
      return form.head
    case .bytes(let bytes, let start) where start < bytes.count:
      let end = min(start + LocalFile.pieceSize, bytes.count)
      position = .bytes(bytes, from: end)
      return sent(Array(bytes[start..<end]))
    case .file(let file):
      if let piece = try file.read() { return sent(piece) }
      position = .end
      return form.tail
    case .open(let file):
      if let piece = try file.read(at: done) { return sent(piece) }
      position = .end
      return form.tail
    case .bytes:
      position = .end
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
