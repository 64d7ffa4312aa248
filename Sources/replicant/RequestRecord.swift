import ArgumentParser
import DemoReplicate
import ReplicateAPI
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file of the requests that the demo service has received, a line of JSON each.
final class RequestRecord: Sendable {
  private let file: Int32
  private let lock = Mutex(())

  init(_ path: String) throws {
    file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw ValidationError("\(path) can’t be written: \(String(cString: strerror(errno))).")
    }
  }

  func add(_ request: ReceivedRequest) {
    var headers: JSONObject = [:]
    for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
      headers[name] = .string(value)
    }
    let line: JSONValue = [
      "method": .string(request.method), "path": .string(request.path),
      "port": .string(request.port), "headers": .object(headers),
    ]
    let bytes = Array(line.serialized().utf8) + [0x0A]
    lock.withLock { _ in
      // A line is written whole, or the record is of no use; it is for tests.
      _ = bytes.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
    }
  }
}
