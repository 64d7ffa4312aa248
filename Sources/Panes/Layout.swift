import TerminalKit
import ViewModels

/// Where everything stands: a pure function of the size, the focus and the zoom.
public struct Layout: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// All five panes.
    case wide
    /// A list at the left, a model or a run at the right; the others are a tab away.
    case medium
    /// One pane, the others are a tab away.
    case small
    case tooSmall
  }

  public var size: Size
  public var shape: Shape
  public var header: Rect
  public var footer: Rect
  public var panes: [Place: Rect]

  /// The smallest size that the panes work in.
  public static let smallest = Size(width: 40, height: 12)

  /// - Parameters:
  ///   - list: the list pane that had the focus last; medium layouts show it.
  ///   - detail: the detail pane that had the focus last.
  public init(size: Size, focus: Place, list: Place, detail: Place, isZoomed: Bool) {
    self.size = size
    let bounds = Rect(size)
    header = Rect(x: 0, y: 0, width: size.width, height: 1).intersection(bounds)
    footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
    if size.width < Self.smallest.width || size.height < Self.smallest.height {
      shape = .tooSmall
      panes = [:]
    } else if isZoomed {
      shape = .small
      panes = [focus: body]
    } else if size.width >= 110, size.height >= 28 {
      shape = .wide
      panes = Self.wide(body)
    } else if size.width >= 76, size.height >= 16 {
      shape = .medium
      let left = min(max(30, size.width * 2 / 5), 40)
      panes = [
        list: Rect(x: 0, y: 1, width: left, height: body.height),
        detail: Rect(x: left, y: 1, width: size.width - left, height: body.height),
      ]
    } else {
      shape = .small
      panes = [focus: body]
    }
  }

  private static func wide(_ body: Rect) -> [Place: Rect] {
    let left = min(max(38, body.width * 3 / 10), 60)
    let right = body.width - left
    let collections = max(6, body.height * 25 / 100)
    let predictions = max(7, body.height * 32 / 100)
    let models = body.height - collections - predictions
    let detail = body.height * 55 / 100
    return [
      .collections: Rect(x: 0, y: body.y, width: left, height: collections),
      .models: Rect(x: 0, y: body.y + collections, width: left, height: models),
      .predictions: Rect(
        x: 0, y: body.y + collections + models, width: left, height: predictions),
      .detail: Rect(x: left, y: body.y, width: right, height: detail),
      .live: Rect(x: left, y: body.y + detail, width: right, height: body.height - detail),
    ]
  }
}
