import Observation

/// Something to read: a log, an output, a README.
///
/// A document knows which of its rows are visible, and keeps the reader's place. The line at the top
/// of the viewport stays there when the text grows, loses its beginning or changes its width. A
/// growing document can be followed: a reader at its end stays at the end.
///
///     document.setViewport(width: 80, height: 24, breaker: breaker)
///     document.update(text: log, ofBlock: 0)
///     document.move(.pageUp)
///     for row in document.rows { … }
@MainActor @Observable
public final class Document {
  /// Whether a reader at the end stays at the end as the document grows.
  public var followsGrowth: Bool {
    didSet { if followsGrowth != oldValue { settle(isAtEnd ? .end : .top) } }
  }

  /// Whether the document is being followed right now.
  public var isFollowing: Bool {
    access(keyPath: \.revision)
    return followsGrowth && isAtEnd
  }

  /// Incremented with every change of what is shown.
  private var revision = 0
  @ObservationIgnored private var layout = DocumentLayout()
  @ObservationIgnored private var height = 0
  /// The place at the top of the viewport, unless the document is being followed. Resizing doesn't
  /// change it, so that resizing back shows the same rows again.
  @ObservationIgnored private var anchor = Place.start
  @ObservationIgnored private var isAtEnd: Bool
  @ObservationIgnored private var shown: (revision: Int, rows: [Row])?
  @ObservationIgnored private var measured: (revision: Int, top: Int, count: Int)?

  /// - Parameter followsGrowth: start at the end, and follow the document as it grows.
  public init(_ blocks: [Block] = [], followsGrowth: Bool = false) {
    self.followsGrowth = followsGrowth
    isAtEnd = followsGrowth
    layout.replace(blocks, keeping: &anchor)
  }
}

// Content.
extension Document {
  public var blocks: [Block] {
    access(keyPath: \.revision)
    return layout.blocks
  }

  /// Whether there is no row to show.
  public var isEmpty: Bool {
    access(keyPath: \.revision)
    return layout.isEmpty
  }

  /// Updates the content and keeps the reader's place. Blocks that stayed the same or only grew cost
  /// next to nothing.
  public func replace(_ blocks: [Block]) {
    guard blocks != layout.blocks else { return }
    keepTop()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }

  /// Updates the text of one block. If the new text continues the old one, only the new part is
  /// read, even if a log has lost its beginning.
  public func update(text: String, ofBlock index: Int) {
    guard layout.blocks.indices.contains(index) else { return }
    keepTop()
    guard layout.update(text, ofBlock: index, keeping: &anchor) else { return }
    revision &+= 1
  }

  /// Shows other content from its start, or from its end if the document follows growth.
  public func show(_ blocks: [Block]) {
    anchor = .start
    isAtEnd = followsGrowth
    layout.removeAll()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }
}

// The viewport.
extension Document {
  /// Sets the size of the viewport. There are no rows to draw before that.
  ///
  /// - Parameter breaker: breaks lines into rows; always the same one for a document.
  public func setViewport(width: Int, height: Int, breaker: any RowBreaking) {
    let width = max(1, width)
    let height = max(0, height)
    guard self.height != height || layout.width != width || !layout.hasBreaker else { return }
    self.height = height
    layout.use(width: width, breaker: breaker)
    revision &+= 1
  }

  /// The rows in the viewport, from the top.
  public var rows: [Row] {
    access(keyPath: \.revision)
    if let shown, shown.revision == revision { return shown.rows }
    var rows: [Row] = []
    var place = top
    while let current = place, rows.count < height {
      rows.append(layout.row(at: current))
      place = layout.next(after: current)
    }
    shown = (revision, rows)
    return rows
  }

  /// The number of rows above the viewport and the total, for a scroll bar. Both are estimates if
  /// the text is long.
  public var extent: (top: Int, count: Int) {
    access(keyPath: \.revision)
    if let measured, measured.revision == revision { return (measured.top, measured.count) }
    var extent = (top: 0, count: 0)
    if let first = layout.first, let end = endTop, let top {
      extent = layout.extent(before: top)
      // Estimates never hide whether the reader is at the start or the end.
      if first == end {
        extent = (0, min(extent.count, height))
      } else {
        extent.count = max(extent.count, height + 1)
        let last = extent.count - height
        extent.top = top == first ? 0 : top == end ? last : min(max(1, extent.top), last)
      }
    }
    measured = (revision, extent.top, extent.count)
    return extent
  }

  /// The number of rows, but no more than a limit, for panes that give a short text less space.
  public func rowCount(upTo limit: Int) -> Int {
    access(keyPath: \.revision)
    var count = 0
    var place = layout.first
    while let current = place, count < limit {
      count += 1
      place = layout.next(after: current)
    }
    return count
  }

  /// The place of the first visible row.
  public var topPlace: Place? {
    access(keyPath: \.revision)
    return top
  }
}

// Moving.
extension Document {
  public func move(_ movement: Movement) {
    let page = max(1, height - 1)
    switch movement {
    case .up: scroll(by: -1)
    case .down: scroll(by: 1)
    case .pageUp: scroll(by: -page)
    case .pageDown: scroll(by: page)
    case .start: go(to: .start)
    case .end: settle(.end)
    }
  }

  /// Moves down by some rows, or up if `rows` is negative.
  public func scroll(by rows: Int) {
    guard let top else { return }
    settle(.place(layout.place(rows, from: top)))
  }

  /// Moves a place to the top of the viewport, or as near to it as the last page allows.
  public func go(to place: Place) {
    settle(.place(place))
  }
}

extension Document {
  /// The first visible row. The viewport never scrolls beyond a full last page.
  private var top: Place? {
    guard let endTop else { return nil }
    if isAtEnd { return endTop }
    guard let place = layout.rowStart(at: anchor) else { return nil }
    return min(place, endTop)
  }

  /// The first row of the last page.
  private var endTop: Place? {
    layout.last().map { layout.place(1 - height, from: $0) }
  }

  /// Makes what is shown the reader's place. On the last page, the anchor may lie further down.
  private func keepTop() {
    if !isAtEnd, anchor > .start, height > 0, let top { anchor = min(anchor, top) }
  }

  private enum Target {
    case place(Place)
    case top
    case end
  }

  private func settle(_ target: Target) {
    let end = endTop ?? .start
    switch target {
    case .place(let place): anchor = min(layout.rowStart(at: place) ?? .start, end)
    case .top: anchor = top ?? .start
    case .end: anchor = end
    }
    isAtEnd = followsGrowth && anchor >= end
    revision &+= 1
  }
}
