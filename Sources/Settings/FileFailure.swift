/// Why a file couldn't be written, in words to act on.
public struct FileFailure: Error, Hashable, Sendable {
  public let message: String
}
