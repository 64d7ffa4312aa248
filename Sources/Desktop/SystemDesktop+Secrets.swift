import Running
import Settings
import TerminalKit
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension SystemDesktop {
  /// The longest secret, in bytes.
  private static let secretLimit = 4096

  /// Reads a secret from where the config file says it is. It is kept from other programs from now
  /// on.
  ///
  /// A command first runs without a terminal, so that it can't draw over the screen. If it fails or
  /// takes too long, it may want to ask for a passphrase, so it runs once more with the terminal, for
  /// as long as it likes; Ctrl-C ends it.
  ///
  /// - Parameter name: What the secret is, such as `API token`.
  /// - Returns: The secret without blanks around it, perhaps with what people leave around a token.
  public func secret(
    _ name: String, from source: Settings.SecretSource
  ) async throws(DesktopFailure) -> String {
    let secret =
      switch source {
      case .variable(let variable): try secret(name, inVariable: variable)
      case .file(let path): try secret(name, inFile: expanded(path))
      case .command(let words): try await secret(name, by: words.map(expanded))
      }
    protect(secret)
    return secret
  }

  private func secret(
    _ name: String, inVariable variable: String
  ) throws(DesktopFailure) -> String {
    let value = String((environment[variable] ?? "").trimmingBlanks())
    guard !value.isEmpty else {
      throw DesktopFailure(
        "The environment variable \(variable), which should hold the \(name), isn’t set.")
    }
    guard value.utf8.count <= Self.secretLimit else {
      throw DesktopFailure("The environment variable \(variable) is too long for the \(name).")
    }
    return value
  }

  private func secret(_ name: String, inFile path: String) throws(DesktopFailure) -> String {
    switch TokenFile(path, called: "file with the \(name)").read() {
    case .token(let text): return text
    case .ignored(let reason): throw DesktopFailure(reason)
    case .nothing: throw DesktopFailure("The file with the \(name) is missing or empty:\n\(path)")
    }
  }

  private func secret(_ name: String, by command: [String]) async throws(DesktopFailure) -> String {
    let program = command.first ?? ""
    guard let path = path(of: program) else {
      throw DesktopFailure(
        "The program “\(program)”, which should print the \(name), wasn’t found.")
    }
    let arguments = Array(command.dropFirst())
    var environment = childEnvironment()
    // gpg would ask for the passphrase on this terminal, although it isn't its own.
    environment.removed = ["GPG_TTY"]
    let first = try await ChildProcess.capture(
      path, arguments, atMost: Self.secretLimit, environment: environment,
      patience: limits.secretCommand)
    let isFailure = first.stop == .overdue || first.stop == nil && first.status != 0
    guard isFailure, !Task.isCancelled, terminal != nil || isatty(STDIN_FILENO) == 1 else {
      return try secret(name, in: first, by: program, saying: first.errors)
    }
    try lendTerminal()
    defer { takeTerminalBack() }
    var second = try await ChildProcess.captureInForeground(
      path, arguments, atMost: Self.secretLimit, environment: childEnvironment(),
      started: { borrower = $0 })
    if second.status == 128 + SIGINT { second.stop = .canceled }
    return try secret(name, in: second, by: program, saying: first.errors)
  }

  /// - Parameter errors: What the program has said about a failure.
  private func secret(
    _ name: String, in capture: ChildProcess.Capture, by program: String, saying errors: [UInt8]
  ) throws(DesktopFailure) -> String {
    switch capture.stop {
    case .canceled: throw DesktopFailure("\(program) was stopped.")
    case .tooLong:
      throw DesktopFailure("\(program) printed more than 4 KB, which can’t be the \(name).")
    case .overdue:
      throw DesktopFailure(
        "\(program), which should print the \(name), took longer than "
          + "\(Int(clamping: limits.secretCommand / .seconds(1))) seconds.")
    case nil: break
    }
    guard capture.status == 0 else {
      let message = Self.lines(of: errors).last.map {
        ": \(TextLayout.sanitizedLine($0, atMost: 160))"
      }
      throw DesktopFailure(
        "\(program), which should print the \(name), exited with status \(capture.status)"
          + (message ?? "."))
    }
    // Password managers keep notes below the password.
    guard let line = Self.lines(of: capture.output).first else {
      throw DesktopFailure("\(program) didn’t print the \(name).")
    }
    return line
  }

  /// The lines of a text that aren't blank, without blanks around them.
  private static func lines(of text: [UInt8]) -> [String] {
    String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline)
      .map { String($0.trimmingBlanks()) }.filter { !$0.isEmpty }
  }

  /// Expands `~` at the beginning of a path.
  private func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
    return home + path.dropFirst()
  }
}
