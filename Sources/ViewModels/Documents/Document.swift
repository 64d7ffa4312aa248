import Observation

/// A scrollable text to read, such as a log, an output, or a README.
///
/// A document knows which of its rows are visible, and keeps the reader's position: the line at the
/// top of the viewport stays there while the text grows, loses its beginning, or is wrapped to a
/// different width. A reader at the end of a growing document stays at the end.
///
///     document.setViewport(width: 80, height: 24, breaker: breaker)
///     document.update(text: log, ofBlock: 0)
///     document.move(.pageUp)
///     for row in document.rows { … }
@MainActor @Observable
public final class Document {
  /// Whether a reader at the end stays there as the document grows.
  public var followsGrowth: Bool {
    didSet { if followsGrowth != oldValue { settle(isAtEnd ? .end : .top) } }
  }

  /// Whether the viewport currently stays at the end as the text grows.
  public var isFollowing: Bool {
    access(keyPath: \.revision)
    return followsGrowth && isAtEnd
  }

  /// Incremented whenever anything visible changes.
  private var revision = 0
  @ObservationIgnored private var layout = DocumentLayout()
  @ObservationIgnored private var height = 0
  /// The position at the top of the viewport, unless the end is being followed. Resizing the
  /// viewport doesn't move it, so that undoing the resize shows the same text again.
  @ObservationIgnored private var anchor = Place.start
  @ObservationIgnored private var isAtEnd: Bool
  @ObservationIgnored private var shown: (revision: Int, rows: [Row])?
  @ObservationIgnored private var measured: (revision: Int, top: Int, count: Int)?

  /// - Parameter followsGrowth: Whether the document starts at its end, and stays there as it grows
  ///   while the reader is at the end.
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

  /// Whether there are no rows to show.
  public var isEmpty: Bool {
    access(keyPath: \.revision)
    return layout.isEmpty
  }

  /// Takes a newer version of the content and keeps the reader's position. Blocks that are
  /// unchanged or have only grown cost next to nothing.
  public func replace(_ blocks: [Block]) {
    guard blocks != layout.blocks else { return }
    keepTop()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }

  /// Takes a newer version of one block's text. If it continues the old text, only the new part is
  /// read, even if a log has lost its beginning.
  public func update(text: String, ofBlock index: Int) {
    guard layout.blocks.indices.contains(index) else { return }
    keepTop()
    guard layout.update(text, ofBlock: index, keeping: &anchor) else { return }
    revision &+= 1
  }

  /// Replaces the content and shows it from the beginning, or from the end if that is followed.
  public func show(_ blocks: [Block]) {
    anchor = .start
    isAtEnd = followsGrowth
    layout.removeAll()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }
}

// Visible rows.
extension Document {
  /// Sets the size of the viewport. Call this before drawing.
  ///
  /// - Parameter breaker: Breaks lines into rows. Must stay the same for the life of the document.
  public func setViewport(width: Int, height: Int, breaker: any RowBreaking) {
    let width = max(1, width)
    let height = max(0, height)
    guard self.height != height || layout.width != width || !layout.hasBreaker else { return }
    self.height = height
    layout.use(width: width, breaker: breaker)
    revision &+= 1
  }

  /// The rows in the viewport, from top to bottom.
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

  /// The index of the first visible row and the total number of rows, for a scroll bar. Both are
  /// estimates for long texts.
  public var extent: (top: Int, count: Int) {
    access(keyPath: \.revision)
    if let measured, measured.revision == revision { return (measured.top, measured.count) }
    var extent = (top: 0, count: 0)
    if let first = layout.first, let end = endTop, let top {
      extent = layout.extent(before: top)
      // The first and last page are exact, even in an estimate.
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

  /// The number of rows, counted up to a limit. For panes that use less space for short texts.
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

  /// The position of the first visible row.
  public var topPlace: Place? {
    access(keyPath: \.revision)
    return top
  }
}

// Scrolling.
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

  /// Scrolls by a number of rows; positive numbers scroll down.
  public func scroll(by rows: Int) {
    guard let top else { return }
    settle(.place(layout.place(rows, from: top)))
  }

  /// Scrolls a position to the top of the viewport, as far as the text below it allows.
  public func go(to place: Place) {
    settle(.place(place))
  }
}

extension Document {
  /// The first visible row. The last page is full if there are enough rows.
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

  /// Moves the anchor to what is actually shown, if it lies below the top of the last page.
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
