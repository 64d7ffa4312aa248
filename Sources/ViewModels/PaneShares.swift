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
}
