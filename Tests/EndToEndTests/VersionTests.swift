import Foundation
import ReplicateAPI
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// The package's version, in every place the program shows it.
struct VersionTests {
  @Test func `--version prints the package's version`() throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: try Replicant.path)
    process.arguments = ["--version"]
    process.standardOutput = output
    try process.run()
    let printed = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(String(decoding: printed, as: UTF8.self) == "\(ReplicantVersion.current)\n")
  }

  @Test func `the user agent contains the program's name and version`() async throws {
    let listener = try Listener()
    let environment = [
      "REPLICATE_BASE_URL": "http://127.0.0.1:\(listener.port)/v1",
      "REPLICATE_API_TOKEN": "r8_end_to_end",
    ]
    try await withTerminal([Replicant.path], environment: environment) { terminal in
      let request = await Task.detached { listener.firstRequest() }.value
      #expect(
        request.lowercased().contains("\r\nuser-agent: replicant/\(ReplicantVersion.current)\r\n"))
      listener.stop()
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
    }
  }
}

/// A port that accepts one connection and never answers.
private struct Listener: Sendable {
  let port: UInt16
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && listen(descriptor, 8) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    try #require(isListening)
    port = UInt16(bigEndian: address.sin_port)
    // Limits the wait for a program that never connects.
    var patience = timeval(tv_sec: 60, tv_usec: 0)
    setsockopt(
      descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  /// The head of the first request, or as much of it as arrived before the connection closed.
  func firstRequest() -> String {
    let connection = accept(descriptor, nil, nil)
    guard connection >= 0 else { return "" }
    defer { close(connection) }
    var text = ""
    var piece = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n") {
      let count = read(connection, &piece, piece.count)
      guard count > 0 else { break }
      text += String(decoding: piece[..<count], as: UTF8.self)
    }
    return text
  }

  func stop() {
    close(descriptor)
  }
}
