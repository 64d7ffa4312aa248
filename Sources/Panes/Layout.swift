import ReplicateAPI
import TerminalKit
import ViewModels

/// The position of everything on the screen, computed from the desk, size, focus, zoom, and
/// borders.
public struct Layout: Hashable, Sendable {
  public enum Shape: Hashable, Sendable {
    /// The whole desk.
    case wide
    /// A list next to a detail. Other places are reached through tabs.
    case medium
    /// One pane. Other places are reached through tabs.
    case small
    case tooSmall
  }

  /// A border that can be moved.
  public struct Border: Hashable, Sendable {
    public var id: BorderID
    public var axis: LayoutSplit.Axis
    /// The first column or row after the border.
    public var position: Int
    /// The extent of the border: rows of a vertical one, columns of a horizontal one.
    public var span: Range<Int>
    /// The start and length of the desk along the axis.
    public var origin: Int
    public var length: Int
    public var measuresSecond: Bool
    /// The places on the side that `share` measures.
    public var measured: Set<PlaceID>
  }

  public var size: Size
  public var shape: Shape
  public var header: Rect
  public var footer: Rect
  public var panes: [PlaceID: Rect] = [:]
  public private(set) var borders: [Border] = []

  /// The smallest size in which the panes are usable.
  public static let smallest = Size(width: 40, height: 12)
  /// The smallest size that fits two panes side by side.
  public static let twoPanes = Size(width: 76, height: 16)

  /// - Parameter recent: The most recently shown places, newest first. A slot shows the first of
  ///   these that it holds.
  public init(
    _ desk: Desk, size: Size, focus: PlaceID, recent: [PlaceID], zoom: Zoom = .none,
    shares: BorderShares = BorderShares()
  ) {
    self.size = size
    header = Rect(x: 0, y: 0, width: size.width, height: 1).intersection(Rect(size))
    footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    shape = .tooSmall
    let body = Rect(x: 0, y: 1, width: size.width, height: size.height - 2)
    guard Self.hasRoom(size) else { return }
    shape = .small
    let room = Inputs(body: body, focus: focus, recent: [focus] + recent, shares: shares)
    guard zoom != .full, case .split(var root) = desk.tree,
      size.width >= Self.twoPanes.width, size.height >= Self.twoPanes.height
    else {
      panes = [focus: body]
      return
    }
    let isWide = size.width >= desk.wideSize.width && size.height >= desk.wideSize.height
    shape = isWide ? .wide : .medium
    if isWide {
      if zoom == .half {
        if root.first.places.contains(focus) {
          root.first = .slot([focus], least: root.first.least)
        } else {
          root.second = .slot([focus], least: root.second.least)
        }
      }
    } else {
      let narrow = desk.narrowSplit
      root = LayoutSplit(
        root.axis, narrow.border, share: narrow.share, most: narrow.most,
        .slot(root.first.places, least: Size(width: 24, height: 6)),
        .slot(root.second.places, least: Size(width: 30, height: 6)))
    }
    place(
      .split(root), body, room, half: isWide && zoom == .half ? focus : nil)
  }

  /// The inputs for laying out a tree.
  private struct Inputs {
    var body: Rect
    var focus: PlaceID
    var recent: [PlaceID]
    var shares: BorderShares
  }

  private mutating func place(
    _ tree: LayoutTree, _ rect: Rect, _ room: Inputs, half: PlaceID? = nil
  ) {
    switch tree {
    case .slot(let places, _):
      if let place = room.recent.first(where: places.contains) ?? places.first {
        panes[place] = rect
      }
    case .split(let split):
      let isColumns = split.axis == .columns
      let length = isColumns ? rect.width : rect.height
      let whole = isColumns ? room.body.width : room.body.height
      func least(_ tree: LayoutTree) -> Int { isColumns ? tree.least.width : tree.least.height }
      let (own, rest) =
        split.measuresSecond
        ? (least(split.second), least(split.first)) : (least(split.first), least(split.second))
      var measured = Self.part(
        room.shares[split.border] ?? split.share, of: whole, within: length, least: own,
        leastOfRest: rest, most: split.most)
      if let half {
        let isMeasured =
          (split.measuresSecond ? split.second : split.first).places.contains(half)
        measured = isMeasured ? max(measured, length / 2) : min(measured, length / 2)
      }
      let first = split.measuresSecond ? length - measured : measured
      let one: Rect
      let other: Rect
      if isColumns {
        one = Rect(x: rect.x, y: rect.y, width: first, height: rect.height)
        other = Rect(x: rect.x + first, y: rect.y, width: length - first, height: rect.height)
      } else {
        one = Rect(x: rect.x, y: rect.y, width: rect.width, height: first)
        other = Rect(x: rect.x, y: rect.y + first, width: rect.width, height: length - first)
      }
      borders.append(
        Border(
          id: split.border, axis: split.axis, position: isColumns ? other.x : other.y,
          span: isColumns ? rect.y..<rect.maxY : rect.x..<rect.maxX,
          origin: isColumns ? room.body.x : room.body.y, length: whole,
          measuresSecond: split.measuresSecond,
          measured: Set((split.measuresSecond ? split.second : split.first).places)))
      place(split.first, one, room)
      place(split.second, other, room)
    }
  }

  /// Whether the screen is large enough for a pane.
  static func hasRoom(_ size: Size) -> Bool {
    size.width >= smallest.width && size.height >= smallest.height
  }

  /// Converts a share of the desk to cells, and leaves both sides their smallest size.
  private static func part(
    _ share: Double, of whole: Int, within length: Int, least: Int, leastOfRest: Int, most: Int
  ) -> Int {
    let wanted =
      share.isFinite ? Int(clamping: (min(max(share, 0), 1) * Double(whole)).rounded()) : least
    return max(least, min(wanted, most, length - leastOfRest))
  }
}

// Borders that can be moved.
extension Layout {
  /// The border under a point, if there is one to move.
  public func border(at point: Point) -> Border? {
    // Where borders cross, the vertical one wins.
    let near = borders.filter { border in
      let (along, across) =
        border.axis == .columns ? (point.x, point.y) : (point.y, point.x)
      return border.span.contains(across)
        && (along == border.position - 1 || along == border.position)
    }
    return near.first { $0.axis == .columns } ?? near.last
  }

  /// The share that moves a border to a point.
  public func share(of border: Border, at point: Point) -> Double {
    share(of: border, position: border.axis == .columns ? point.x : point.y)
  }

  /// The border's actual share, which can differ from the stored one on small screens.
  public func share(of border: Border) -> Double { share(of: border, position: border.position) }

  private func share(of border: Border, position: Int) -> Double {
    let share = Double(position - border.origin) / Double(max(1, border.length))
    return border.measuresSecond ? 1 - share : share
  }

  /// The border that resizes a pane in one direction, and whether a larger share makes the pane
  /// larger.
  public func border(of place: PlaceID, step: PaneStep) -> (border: Border, grows: Bool)? {
    guard let pane = panes[place] else { return nil }
    let axis: LayoutSplit.Axis = step == .wider || step == .narrower ? .columns : .rows
    // The innermost border next to the pane. Borders are listed from the outside in.
    let beside = borders.last { border in
      guard border.axis == axis else { return false }
      return axis == .columns
        ? border.position == pane.maxX || border.position == pane.x
        : (border.position == pane.maxY || border.position == pane.y)
          && border.span.contains(pane.x)
    }
    return beside.map { ($0, $0.measured.contains(place)) }
  }
}
