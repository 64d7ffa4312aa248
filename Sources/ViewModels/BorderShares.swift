/// The stable name of a border between panes, as the state file keeps it.
public struct BorderID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }
}

/// Where a person has put the borders: fractions of the screen. The layout keeps every pane large
/// enough, whatever is here.
public struct BorderShares: Hashable, Sendable {
  public private(set) var shares: [BorderID: Double]

  public init(_ shares: [BorderID: Double] = [:]) {
    self.shares = [:]
    for (border, share) in shares { self[border] = share }
  }

  /// No border comes closer to an edge than this part of the screen.
  public static let bounds = 0.05...0.95

  /// The share of a border that was moved; nil where it is at its first place.
  public subscript(border: BorderID) -> Double? {
    get { shares[border] }
    set {
      guard let newValue else {
        shares[border] = nil
        return
      }
      guard newValue.isFinite else { return }
      shares[border] = min(max(newValue, Self.bounds.lowerBound), Self.bounds.upperBound)
    }
  }
}

/// How far the pane in focus has grown.
public enum Zoom: String, CaseIterable, Sendable {
  case none
  /// The pane fills its side, which is at least half of the screen.
  case half
  /// The pane fills the screen.
  case full
}

/// A step by which a key makes the pane in focus larger or smaller.
public enum PaneStep: Hashable, Sendable {
  case wider, narrower, taller, shorter

  /// The part of the screen that one press moves a border by.
  public static let share = 0.04
}
