import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

@MainActor
struct LayoutTests {
  static let places: [PlaceID] = [.collections, .models, .model, .predictions, .live]

  private func layout(
    _ width: Int, _ height: Int, _ focus: PlaceID = .models, recent: [PlaceID] = [],
    zoom: Zoom = .none, shares: BorderShares = BorderShares(), desk: Desk = .browse
  ) -> Layout {
    Layout(
      desk, size: Size(width: width, height: height), focus: focus, recent: recent, zoom: zoom,
      shares: shares)
  }

  private func wide(
    _ focus: PlaceID = .models, zoom: Zoom = .none, shares: BorderShares = BorderShares()
  ) -> Layout {
    layout(160, 48, focus, zoom: zoom, shares: shares)
  }

  /// A list beside its detail, as every other desk is.
  private let list = Desk.list(PlaceID("files"), "Files")

  @Test func `from 110 columns on all five panes are there, and cover the body once`() {
    for width in [110, 120, 160, 400] {
      for height in [28, 40, 48, 100] {
        let layout = layout(width, height)
        #expect(layout.shape == .wide)
        #expect(Set(layout.panes.keys) == Set(Self.places))
        let area = layout.panes.values.reduce(0) { $0 + $1.width * $1.height }
        #expect(area == width * (height - 2))
        for (place, rect) in layout.panes {
          for (other, others) in layout.panes where other != place {
            #expect(rect.intersection(others).isEmpty)
          }
        }
      }
    }
  }

  @Test func `at 80 columns a list stands beside a detail`() {
    let layout = layout(80, 24, .live, recent: [.live, .predictions])
    #expect(layout.shape == .medium)
    #expect(Set(layout.panes.keys) == [.predictions, .live])
  }

  @Test func `in a shared slot the place that was shown last shows`() {
    for (recent, shown) in [
      ([PlaceID.collections, .collection, .model], PlaceID.collection),
      ([.collections, .model, .collection], .model), ([.collections], .model),
    ] {
      let layout = layout(160, 48, .collections, recent: recent)
      #expect(layout.panes.keys.contains(shown), "\(recent)")
      #expect(layout.panes.count == 5)
    }
  }

  @Test func `at 40 columns, and zoomed, there is only the pane in focus`() {
    for zoomed in [false, true] {
      let layout =
        zoomed ? layout(160, 48, .live, zoom: .full) : layout(40, 12, .live, recent: [.models])
      #expect(Set(layout.panes.keys) == [.live])
      #expect(layout.panes[.live]?.width == layout.size.width)
      #expect(layout.borders.isEmpty)
    }
  }

  @Test func `a place with a desk of its own stands beside its detail`() {
    let files = PlaceID("files")
    let detail = PlaceID("files.detail")
    #expect(Set(layout(80, 24, files, desk: list).panes.keys) == [files, detail])
    #expect(Set(layout(40, 12, files, desk: list).panes.keys) == [files])
  }

  @Test func `no size breaks it`() {
    for width in 0..<130 {
      for height in 0..<50 {
        for layout in [layout(width, height), layout(width, height, PlaceID("files"), desk: list)] {
          if width < 40 || height < 12 { #expect(layout.shape == .tooSmall) }
          for rect in layout.panes.values {
            #expect(rect.maxX <= width && rect.maxY <= height && rect.height >= 3)
          }
        }
      }
    }
  }

  @Test func `whatever the shares, every pane keeps a size it works in`() {
    let borders = ["left", "collections", "predictions", "detail", "list"].map { BorderID($0) }
    for share in [0.05, 0.3, 0.5, 0.7, 0.95, -.infinity, .nan, 1e300] {
      let shares = BorderShares(Dictionary(uniqueKeysWithValues: borders.map { ($0, share) }))
      for width in [76, 80, 110, 160, 400] {
        for height in [16, 28, 48, 100] {
          for zoom in Zoom.allCases {
            let layout = layout(
              width, height, .predictions, recent: [.predictions, .live], zoom: zoom,
              shares: shares)
            let area = layout.panes.values.reduce(0) { $0 + $1.width * $1.height }
            #expect(area == width * (height - 2), "\(share) \(width)×\(height) \(zoom)")
            for rect in layout.panes.values {
              #expect(rect.width >= 24 && rect.height >= 5 && rect.maxX <= width)
            }
          }
        }
      }
    }
  }

  @Test func `half zoomed, a pane fills its column, which is half of the screen at least`() {
    for place in Self.places {
      let layout = wide(place, zoom: .half)
      #expect(layout.panes[place]?.height == 46)
      #expect((layout.panes[place]?.width ?? 0) >= 80)
      #expect(layout.panes.count > 1)
    }
  }

  @Test func `a border that is held follows the pointer, wherever it is put`() throws {
    let layout = wide()
    for (place, rect) in layout.panes {
      let corners = [
        Point(x: rect.maxX - 1, y: rect.y + 2), Point(x: rect.x, y: rect.y + 2),
        Point(x: rect.x + 4, y: rect.y), Point(x: rect.x + 4, y: rect.maxY - 1),
      ]
      for point in corners {
        guard let border = layout.border(at: point) else {
          let atEdge =
            point.x == 0 || point.x == 159 || point.y == 1 || point.y == 46
          #expect(atEdge, "\(place) at \(point)")
          continue
        }
        let isColumns = border.axis == .columns
        let goal =
          isColumns
          ? Point(x: point.x + 7, y: point.y) : Point(x: point.x, y: point.y + 3)
        var shares = BorderShares()
        shares[border.id] = layout.share(of: border, at: goal)
        let moved = wide(shares: shares)
        let near = [-1, 0, 1].contains { step in
          moved.border(
            at: isColumns
              ? Point(x: goal.x + step, y: goal.y) : Point(x: goal.x, y: goal.y + step))?.id
            == border.id
        }
        #expect(near, "\(border.id) from \(point) to \(goal)")
      }
    }
    #expect(layout.border(at: Point(x: 3, y: 4)) == nil)
    #expect(layout.border(at: Point(x: 3, y: 0)) == nil)
  }

  @Test func `the keys make the pane in focus larger and smaller`() throws {
    for place in Self.places {
      for step in [PaneStep.wider, .narrower, .taller, .shorter] {
        let layout = wide(place)
        let (border, grows) = try #require(layout.border(of: place, step: step))
        let isMore = step == .wider || step == .taller
        var shares = BorderShares()
        shares[border.id] =
          layout.share(of: border) + (isMore == grows ? PaneStep.share : -PaneStep.share)
        let before = try #require(layout.panes[place])
        let after = try #require(wide(place, shares: shares).panes[place])
        let isWidth = step == .wider || step == .narrower
        let change = isWidth ? after.width - before.width : after.height - before.height
        #expect(isMore ? change > 0 : change < 0, "\(place) \(step): \(change)")
      }
    }
  }
}
