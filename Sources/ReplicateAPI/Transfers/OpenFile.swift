import Crypto

/// A local file that stays the same one between a check and the upload, because it is open.
///
///     let file = try OpenFile("cat.png")
///     guard file.size <= FileUpload.maximumSize else { … }
///     try await client.upload(FileUpload(.open(file), name: "cat.png", contentType: "image/png"))
public struct OpenFile: Sendable, Hashable {
  package let file: LocalFile
  /// What the file was when it was opened.
  package let stamp: LocalFile.Stamp

  /// Opens a regular file; never waits for one that isn't.
  ///
  /// - Throws: ``ReplicateError/Reason/file(path:reason:)``
  public init(_ path: String) throws(ReplicateError) {
    do throws(TransportError) {
      try self.init(LocalFile(reading: path))
    } catch {
      throw ReplicateError(error)
    }
  }

  package init(_ file: LocalFile) throws(TransportError) {
    self.file = file
    stamp = try file.stamp
  }

  /// In bytes.
  public var size: Int { stamp.size }

  /// Whether the file hasn't been written to since it was opened.
  package var isUnchanged: Bool { (try? file.stamp) == stamp }

  /// The chunk at an offset; nil at the end. A file that has become longer or shorter is an error.
  func read(at offset: Int) throws(TransportError) -> [UInt8]? {
    let piece = try file.read(at: offset)
    let end = offset + (piece?.count ?? 0)
    guard end <= size, piece != nil || offset == size, piece != nil || isUnchanged else {
      throw .file(path: file.path, reason: Self.changed)
    }
    return piece
  }

  package static let changed = "it changed while it was being read"

  /// The whole content, for a small file.
  package func content() throws(TransportError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(size)
    while let piece = try read(at: bytes.count) { bytes += piece }
    return bytes
  }

  /// The SHA-256 checksum in hexadecimal digits, as ``File/checksums`` has it. Reads the whole file,
  /// and ends early if the task is canceled.
  package func checksum() throws(TransportError) -> String {
    var hash = SHA256()
    var offset = 0
    while let piece = try read(at: offset) {
      if Task.isCancelled { throw .canceled }
      hash.update(data: piece)
      offset += piece.count
    }
    return hash.finalize().hexadecimal
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.file === other.file && one.stamp == other.stamp
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(stamp) }
}
