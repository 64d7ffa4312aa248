import CZlib

/// Compression by the system's zlib, for PNG files and gzip-encoded answers.
enum Zlib {
  /// The wrapper around the compressed bytes. The raw values are zlib's window bits.
  enum Format: Int32 {
    /// RFC 1951, without a header or checksum.
    case raw = -15
    /// RFC 1950, as in PNG files.
    case zlib = 15
    /// RFC 1952, as in HTTP.
    case gzip = 31
  }

  enum Strategy {
    case standard
    /// Run lengths only: nearly as good for filtered pixels, and much faster.
    case runLengths
  }

  /// - Returns: The compressed bytes, or nil if zlib fails. They may differ between versions of
  ///   zlib.
  static func compressed(
    _ bytes: [UInt8], as format: Format, strategy: Strategy = .standard
  ) -> [UInt8]? {
    guard let size = UInt32(exactly: bytes.count) else { return nil }
    return withStream { stream in
      let status = deflateInit2_(
        stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, format.rawValue, 8,
        strategy == .runLengths ? Z_RLE : Z_DEFAULT_STRATEGY, ZLIB_VERSION, streamSize)
      guard status == Z_OK else { return nil }
      defer { deflateEnd(stream) }
      let bound = Int(deflateBound(stream, UInt(size)))
      return run(stream, bytes, size, limit: bound) { deflate($0, Z_FINISH) }
    }
  }

  /// - Parameter limit: The largest size that the result may have.
  /// - Returns: The decompressed bytes, or nil if the data is damaged, truncated or too long.
  static func decompressed(_ bytes: [UInt8], as format: Format, limit: Int) -> [UInt8]? {
    guard let size = UInt32(exactly: bytes.count) else { return nil }
    return withStream { stream in
      guard inflateInit2_(stream, format.rawValue, ZLIB_VERSION, streamSize) == Z_OK else {
        return nil
      }
      defer { inflateEnd(stream) }
      return run(stream, bytes, size, limit: limit) { inflate($0, Z_FINISH) }
    }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
  }

  private static let streamSize = Int32(MemoryLayout<z_stream>.size)

  /// zlib rejects a stream that has moved in memory since it was initialized.
  private static func withStream(
    _ body: (UnsafeMutablePointer<z_stream>) -> [UInt8]?
  ) -> [UInt8]? {
    var stream = z_stream()
    return withUnsafeMutablePointer(to: &stream, body)
  }

  /// Feeds all of the input to zlib in one call.
  private static func run(
    _ stream: UnsafeMutablePointer<z_stream>, _ bytes: [UInt8], _ size: UInt32, limit: Int,
    _ step: (UnsafeMutablePointer<z_stream>) -> Int32
  ) -> [UInt8]? {
    guard let room = UInt32(exactly: limit) else { return nil }
    var status = Z_OK
    let result = bytes.withUnsafeBufferPointer { input in
      // One byte extra, since zlib wants an address even if there is no room.
      [UInt8](unsafeUninitializedCapacity: limit + 1) { output, count in
        // zlib only reads its input; the header lacks a const.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = size
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = room
        status = step(stream)
        count = Int(room - stream.pointee.avail_out)
      }
    }
    return status == Z_STREAM_END ? result : nil
  }
}
