import Observation

/// A text that is read rather than picked from: a log, an output, a README.
///
/// A document knows which of its rows are visible and keeps the reader's place: the line at the top
/// of the viewport stays there while the text grows, loses its beginning or is wrapped to another
/// width. At the end of a document that grows, the reader goes along with it.
///
///     document.setViewport(width: 80, height: 24, breaker: breaker)
///     document.update(text: log, ofBlock: 0)
///     document.move(.pageUp)
///     for row in document.rows { … }
@MainActor @Observable
public final class Document {
  /// Whether the end of the document is followed while the reader is there.
  public var followsGrowth: Bool {
    didSet { if followsGrowth != oldValue { settle(isAtEnd ? .end : .top) } }
  }

  /// Whether the end stays visible when the text grows.
  public var isFollowing: Bool {
    access(keyPath: \.revision)
    return followsGrowth && isAtEnd
  }

  /// Changes with whatever is shown.
  private var revision = 0
  @ObservationIgnored private var layout = DocumentLayout()
  @ObservationIgnored private var height = 0
  /// What is at the top of the viewport, unless the end is followed. It isn't moved by a change of
  /// the viewport, so that changing back shows the same again.
  @ObservationIgnored private var anchor = Place.start
  @ObservationIgnored private var isAtEnd: Bool
  @ObservationIgnored private var shown: (revision: Int, rows: [Row])?
  @ObservationIgnored private var measured: (revision: Int, top: Int, count: Int)?

  /// - Parameter followsGrowth: the document is shown from its end, and while the reader is there,
  ///   stays at its end as it grows.
  public init(_ blocks: [Block] = [], followsGrowth: Bool = false) {
    self.followsGrowth = followsGrowth
    isAtEnd = followsGrowth
    layout.replace(blocks, keeping: &anchor)
  }
}

// What there is to read.
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

  /// Takes a newer state of what is read; the reader stays where they are. Blocks that didn't change
  /// or only grew cost next to nothing.
  public func replace(_ blocks: [Block]) {
    guard blocks != layout.blocks else { return }
    keepTop()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }

  /// Takes a newer text of one block. If it continues the old text, only what is new is read, also
  /// if a log has lost its beginning.
  public func update(text: String, ofBlock index: Int) {
    guard layout.blocks.indices.contains(index) else { return }
    keepTop()
    guard layout.update(text, ofBlock: index, keeping: &anchor) else { return }
    revision &+= 1
  }

  /// Shows something else, from its beginning, or from its end if that is followed.
  public func show(_ blocks: [Block]) {
    anchor = .start
    isAtEnd = followsGrowth
    layout.removeAll()
    layout.replace(blocks, keeping: &anchor)
    revision &+= 1
  }
}

// What is visible.
extension Document {
  /// Takes the size that there is for rows; it has to be known before they are drawn.
  ///
  /// - Parameter breaker: breaks lines into rows; the same for the life of the document.
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

  /// The number of the first visible row and the number of all rows, for a scroll bar. Of a long
  /// text both are estimates.
  public var extent: (top: Int, count: Int) {
    access(keyPath: \.revision)
    if let measured, measured.revision == revision { return (measured.top, measured.count) }
    var extent = (top: 0, count: 0)
    if let first = layout.first, let end = endTop, let top {
      extent = layout.extent(before: top)
      // Both ends are where they are, whatever is estimated.
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

  /// The rows there are, counted up to a limit: for panes that give a short text less room.
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

// Moving about.
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

  /// Moves by rows, down where the number is positive.
  public func scroll(by rows: Int) {
    guard let top else { return }
    settle(.place(layout.place(rows, from: top)))
  }

  /// Shows a place at the top of the viewport, as far as there is text below to fill it.
  public func go(to place: Place) {
    settle(.place(place))
  }
}

extension Document {
  /// The first visible row. The last page is full, if there are as many rows.
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

  /// Stays at what is shown, where the last page is and the anchor lies below its top.
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
