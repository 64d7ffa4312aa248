/// The stable name of a border between panes, as stored in the state file.
public struct BorderID: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
  public let rawValue: String

  public init(rawValue: String) { self.rawValue = rawValue }
  public init(_ rawValue: String) { self.rawValue = rawValue }

  public var description: String { rawValue }
}

/// The border positions the user has chosen, as fractions of the screen. The layout still keeps
/// every pane large enough to use.
public struct BorderShares: Hashable, Sendable {
  public private(set) var shares: [BorderID: Double]

  public init(_ shares: [BorderID: Double] = [:]) {
    self.shares = [:]
    for (border, share) in shares { self[border] = share }
  }

  /// How close a border can get to the edges, as fractions of the screen.
  public static let bounds = 0.05...0.95

  /// The share of a border that the user has moved, or nil for the default.
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

/// How far the focused pane is enlarged.
public enum Zoom: String, CaseIterable, Sendable {
  case none
  /// The pane fills its side, at least half of the screen.
  case half
  /// The pane fills the screen.
  case full
}

/// A keyboard step that resizes the focused pane.
public enum PaneStep: Hashable, Sendable {
  case wider, narrower, taller, shorter

  /// The fraction of the screen that one step moves a border.
  public static let share = 0.04
}
