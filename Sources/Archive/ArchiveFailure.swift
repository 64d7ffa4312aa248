import Settings

/// Why something couldn't be kept on this machine.
public struct ArchiveFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Without the period at its end.
  public var description: String

  public init(_ description: String) {
    self.description = description
  }
}

extension ArchiveFailure {
  /// The reason of another failure, to stand inside of a sentence.
  init(_ failure: FileFailure) {
    let words = failure.message
    self.init(words.hasSuffix(".") ? String(words.dropLast()) : words)
  }
}
