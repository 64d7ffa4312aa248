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
  public init(
    size: Size, focus: Place, list: Place, detail: Place, zoom: Zoom = .none,
    shares: PaneShares = PaneShares()
  ) {
    self.size = size
    let bounds = Rect(size)
    header = Rect(x: 0, y: 0, width: size.width, height: 1).intersection(bounds)
    footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
    if !Self.hasRoom(size) {
      shape = .tooSmall
      panes = [:]
    } else if zoom == .full {
      shape = .small
      panes = [focus: body]
    } else if Self.isRoomy(size) {
      shape = .wide
      panes = Self.wide(body, shares, zoomed: zoom == .half ? focus : nil)
    } else if size.width >= 76, size.height >= 16 {
      shape = .medium
      let left = Self.part(shares.list, of: size.width, least: 24, leastOfRest: 30, most: 60)
      panes = [
        list: Rect(x: 0, y: 1, width: left, height: body.height),
        detail: Rect(x: left, y: 1, width: size.width - left, height: body.height),
      ]
    } else {
      shape = .small
      panes = [focus: body]
    }
  }

  private static func wide(
    _ body: Rect, _ shares: PaneShares, zoomed: Place?
  ) -> [Place: Rect] {
    var left = part(shares.left, of: body.width, least: 30, leastOfRest: 40, most: 200)
    if let zoomed {
      left = zoomed.isList ? max(left, body.width / 2) : min(left, body.width / 2)
    }
    let leftColumn = Rect(x: body.x, y: body.y, width: left, height: body.height)
    let rightColumn = Rect(
      x: body.x + left, y: body.y, width: body.width - left, height: body.height)
    var panes: [Place: Rect] = [:]
    if let zoomed, zoomed.isList {
      panes[zoomed] = leftColumn
    } else {
      let collections = part(shares.collections, of: body.height, least: 5, leastOfRest: 12)
      // At least 6 rows are left for Models.
      let predictions = part(
        shares.predictions, of: body.height, least: 5, leastOfRest: collections + 6)
      let models = body.height - collections - predictions
      panes[.collections] = slice(of: leftColumn, from: 0, rows: collections)
      panes[.models] = slice(of: leftColumn, from: collections, rows: models)
      panes[.predictions] = slice(of: leftColumn, from: collections + models, rows: predictions)
    }
    if let zoomed, !zoomed.isList {
      panes[zoomed] = rightColumn
    } else {
      let upper = part(shares.detail, of: body.height, least: 6, leastOfRest: 6)
      panes[.detail] = slice(of: rightColumn, from: 0, rows: upper)
      panes[.live] = slice(of: rightColumn, from: upper, rows: body.height - upper)
    }
    return panes
  }

  private static func slice(of column: Rect, from row: Int, rows: Int) -> Rect {
    Rect(x: column.x, y: column.y + row, width: column.width, height: rows)
  }

  /// Whether a pane has room.
  static func hasRoom(_ size: Size) -> Bool {
    size.width >= smallest.width && size.height >= smallest.height
  }

  /// Whether all five panes have room.
  static func isRoomy(_ size: Size) -> Bool { size.width >= 110 && size.height >= 28 }

  /// A share of a length in cells, with enough left on both sides.
  private static func part(
    _ share: Double, of length: Int, least: Int, leastOfRest: Int, most: Int = .max
  ) -> Int {
    let wanted = share.isFinite ? Int((min(max(share, 0), 1) * Double(length)).rounded()) : least
    return max(least, min(wanted, most, length - leastOfRest))
  }
}

extension Place {
  /// Whether it stands in the left column.
  var isList: Bool {
    switch self {
    case .collections, .models, .predictions: true
    case .detail, .live: false
    }
  }
}

// Borders that can be moved.
extension Layout {
  /// The border under a point, if one can be moved there.
  public func border(at point: Point) -> PaneBorder? {
    guard let (place, rect) = panes.first(where: { $0.value.contains(point) }) else { return nil }
    let inner = place.isList ? rect.maxX - 1 : rect.x
    if point.x == inner, panes.count > 1 { return shape == .wide ? .left : .list }
    guard shape == .wide else { return nil }
    let isTop = point.y == rect.y
    let isBottom = point.y == rect.maxY - 1
    switch place {
    case .collections where isBottom && panes[.models] != nil: return .collections
    case .models where isTop && panes[.collections] != nil: return .collections
    case .models where isBottom && panes[.predictions] != nil: return .predictions
    case .predictions where isTop && panes[.models] != nil: return .predictions
    case .detail where isBottom && panes[.live] != nil: return .detail
    case .live where isTop && panes[.detail] != nil: return .detail
    default: return nil
    }
  }

  /// The share that puts a border under a point.
  public func share(of border: PaneBorder, at point: Point) -> Double {
    let rows = bodyRows
    let row = Double(point.y - header.maxY)
    switch border {
    case .left, .list: return Double(point.x) / Double(max(1, size.width))
    case .collections, .detail: return row / rows
    case .predictions: return (rows - row) / rows
    }
  }

  /// What shares of the height are shares of.
  private var bodyRows: Double { Double(max(1, size.height - 2)) }

  /// The border that a key moves for a pane, and whether moving it on makes the pane larger.
  public func border(of place: Place, step: PaneStep) -> (border: PaneBorder, grows: Bool)? {
    guard panes.count > 1 else { return nil }
    switch step {
    case .wider, .narrower: return (shape == .wide ? .left : .list, place.isList)
    case .taller, .shorter:
      guard shape == .wide else { return nil }
      switch place {
      case .collections: return panes[.models] == nil ? nil : (.collections, true)
      // Models lies between two; the one above Predictions gives way.
      case .models: return panes[.predictions] == nil ? nil : (.predictions, false)
      case .predictions: return panes[.models] == nil ? nil : (.predictions, true)
      case .detail: return panes[.live] == nil ? nil : (.detail, true)
      case .live: return panes[.detail] == nil ? nil : (.detail, false)
      }
    }
  }

  /// The share that a border really has now, which the smallest sizes may have changed.
  public func share(of border: PaneBorder) -> Double? {
    let rows = bodyRows
    switch border {
    case .left, .list:
      let left = panes.first { $0.key.isList }?.value
      return left.map { Double($0.width) / Double(max(1, size.width)) }
    case .collections: return panes[.collections].map { Double($0.height) / rows }
    case .predictions: return panes[.predictions].map { Double($0.height) / rows }
    case .detail: return panes[.detail].map { Double($0.height) / rows }
    }
  }
}
