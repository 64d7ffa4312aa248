import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why the demo service can't start, in words.
public struct StartProblem: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }

  /// Words for the system's error; the error itself if there are none.
  static func described(_ error: any Error, port: Int) -> any Error {
    switch (error as? IOError)?.errnoCode {
    case EADDRINUSE:
      StartProblem(
        "port \(port) is taken by another program. Use another one, or 0 for a free one.")
    case EACCES: StartProblem("port \(port) may only be used by the system’s administrator.")
    default: error
    }
  }
}
