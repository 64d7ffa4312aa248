/// Turns what a terminal sends into events.
public struct InputParser: Sendable {
  public init() {}

  /// Whether what came so far may be a lone Esc or the beginning of something longer.
  public var isWaiting: Bool { false }

  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] { [] }

  /// Nothing more came in time: what waits is what it is.
  public mutating func timeOut() -> [TerminalEvent] { [] }
}
