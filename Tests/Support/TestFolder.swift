import Foundation

/// A folder of a test's own, which is removed at the end.
public final class TestFolder: Sendable {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "replicant-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, and the folders it is in. Returns its path.
  @discardableResult
  public func write(_ name: String, _ bytes: [UInt8] = Array("hello".utf8)) throws -> String {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// An empty file whose name is any bytes.
  public func write(named name: [UInt8]) throws {
    let bytes = Array(path.utf8) + [0x2F] + name + [0]
    guard let file = fopen(bytes.map { CChar(bitPattern: $0) }, "w") else {
      throw CocoaError(.fileWriteUnknown)
    }
    // Two hours before the time of a ``Stage``.
    let time = timespec(tv_sec: 1_795_489_200 - 7200, tv_nsec: 0)
    _ = [time, time].withUnsafeBufferPointer { futimens(fileno(file), $0.baseAddress) }
    fclose(file)
  }

  /// The beginning of a PNG of some size.
  public static func png(_ width: Int, _ height: Int) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
      + number(width) + number(height) + [8, 6, 0, 0, 0, 0, 0, 0, 0]
  }
}
