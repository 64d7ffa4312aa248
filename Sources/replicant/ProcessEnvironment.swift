#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// The environment of the process.
enum ProcessEnvironment {
  static var processorCount: Int { ProcessInfo.processInfo.activeProcessorCount }

  /// Takes the variables, and removes the token from the process's own environment, where other
  /// programs would inherit it, and where crash handlers and other processes can read it. Call this
  /// before there are any threads.
  static func take() -> [String: String] {
    let variables = ProcessInfo.processInfo.environment
    guard let token = variables["REPLICATE_API_TOKEN"], !token.isEmpty else { return variables }
    for (name, value) in variables where name == "REPLICATE_API_TOKEN" || value.contains(token) {
      // unsetenv would leave the bytes where they are.
      if let bytes = getenv(name) { memset(bytes, 0, strlen(bytes)) }
      unsetenv(name)
    }
    return variables
  }
}
