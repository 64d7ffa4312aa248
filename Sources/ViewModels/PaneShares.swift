/// How the screen is shared out among the panes: fractions of the whole, as a person has moved the
/// borders. The layout keeps every pane large enough, whatever stands here.
public struct PaneShares: Hashable, Sendable {
  /// The width of the left column, with five panes on the screen.
  public var left = 0.3
  /// The height of Collections.
  public var collections = 0.25
  /// The height of Predictions.
  public var predictions = 0.32
  /// The height of the model above the live run.
  public var detail = 0.55
  /// The width of the list, with two panes on the screen.
  public var list = 0.4

  public init() {}

  /// No border comes closer to an edge than this part of the screen.
  public static let bounds = 0.05...0.95

  public subscript(border: PaneBorder) -> Double {
    get { self[keyPath: border.share] }
    set {
      guard newValue.isFinite else { return }
      let share = min(max(newValue, Self.bounds.lowerBound), Self.bounds.upperBound)
      self[keyPath: border.share] = share
    }
  }
}

/// A border that can be moved, named by what stands before it.
public enum PaneBorder: String, CaseIterable, Sendable {
  /// Between the two columns of five panes.
  case left
  /// Below Collections.
  case collections
  /// Above Predictions.
  case predictions
  /// Below the model.
  case detail
  /// Between a list and what stands beside it, with two panes on the screen.
  case list

  fileprivate var share: WritableKeyPath<PaneShares, Double> {
    switch self {
    case .left: \.left
    case .collections: \.collections
    case .predictions: \.predictions
    case .detail: \.detail
    case .list: \.list
    }
  }
}

/// How far the pane in focus has grown.
public enum Zoom: String, CaseIterable, Sendable {
  case none
  /// The pane fills its column, which is half of the screen at least.
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
