extension Settings {
  /// Where a secret is, so that it needn't stand in the config file.
  public enum SecretSource: Hashable, Sendable {
    /// An environment variable.
    case variable(String)
    /// The words of a command that prints it.
    case command([String])
    /// The path of a file that only its owner can read; it may begin with `~/`.
    case file(String)
  }
}

extension Settings.SecretSource {
  /// The three keys of a secret: `token-env`, `token-command`, `token-file`.
  enum Key: String, CaseIterable {
    case variable = "env"
    case command, file
  }

  /// Takes a value of the config file; nil if it can't be one.
  init?(_ key: Key, _ value: TOMLValue) {
    switch key {
    case .variable:
      // A token has only letters and digits, too, and would be looked for, and shown, as a name.
      guard let name = value.string, Self.isVariable(name), !name.hasPrefix("r8_") else {
        return nil
      }
      self = .variable(name)
    case .command:
      guard let words = value.strings, let program = words.first, !program.isEmpty,
        !words.contains(where: { $0.utf8.contains(0) })
      else { return nil }
      self = .command(words)
    case .file:
      guard let path = value.string, path.hasPrefix("/") || path.hasPrefix("~/"),
        path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
      else { return nil }
      self = .file(path)
    }
  }

  static func isVariable(_ name: some StringProtocol) -> Bool {
    guard let first = name.utf8.first, name.utf8.count <= 128 else { return false }
    let isDigit = { (byte: UInt8) in (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    return !isDigit(first)
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) && byte >= 0x40
          || isDigit(byte) || byte == UInt8(ascii: "_")
      }
  }
}
