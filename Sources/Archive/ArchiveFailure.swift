/// Why something couldn't be kept on this machine.
public struct ArchiveFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// Without the period at its end.
  public var description: String

  public init(_ description: String) {
    self.description = description
  }
}
