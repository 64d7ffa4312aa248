import TerminalKit
import Testing
import ViewModels

@testable import Panes

struct LayoutTests {
  @Test func `from 110 columns on all five panes are there, and cover the body once`() {
    for width in [110, 120, 160, 400] {
      for height in [28, 40, 48, 100] {
        let layout = Layout(
          size: Size(width: width, height: height), focus: .models, list: .models,
          detail: .detail, zoom: .none)
        #expect(layout.shape == .wide)
        #expect(layout.panes.count == 5)
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
    let layout = Layout(
      size: Size(width: 80, height: 24), focus: .live, list: .predictions, detail: .live,
      zoom: .none)
    #expect(layout.shape == .medium)
    #expect(Set(layout.panes.keys) == [.predictions, .live])
  }

  @Test func `at 40 columns, and zoomed, there is the pane in focus alone`() {
    for zoomed in [false, true] {
      let size = zoomed ? Size(width: 160, height: 48) : Size(width: 40, height: 12)
      let layout = Layout(
        size: size, focus: .live, list: .models, detail: .live, zoom: zoomed ? .full : .none)
      #expect(Set(layout.panes.keys) == [.live])
      #expect(layout.panes[.live]?.width == size.width)
    }
  }

  @Test func `no size breaks it`() {
    for width in 0..<130 {
      for height in 0..<50 {
        let layout = Layout(
          size: Size(width: width, height: height), focus: .models, list: .models,
          detail: .detail, zoom: .none)
        if width < 40 || height < 12 { #expect(layout.shape == .tooSmall) }
        for rect in layout.panes.values {
          #expect(rect.maxX <= width && rect.maxY <= height && rect.height >= 3)
        }
      }
    }
  }

  private func wide(
    _ focus: Place = .models, zoom: Zoom = .none, shares: PaneShares = PaneShares()
  ) -> Layout {
    Layout(
      size: Size(width: 160, height: 48), focus: focus, list: .models, detail: .detail,
      zoom: zoom, shares: shares)
  }

  @Test func `whatever the shares, every pane keeps a size it works in`() {
    for share in [0.05, 0.3, 0.5, 0.7, 0.95, -.infinity, .nan, 1e300] {
      for width in [76, 80, 110, 160, 400] {
        for height in [16, 28, 48, 100] {
          var shares = PaneShares()
          (shares.left, shares.collections, shares.predictions) = (share, share, share)
          (shares.detail, shares.list) = (share, share)
          for zoom in Zoom.allCases {
            let layout = Layout(
              size: Size(width: width, height: height), focus: .predictions, list: .predictions,
              detail: .live, zoom: zoom, shares: shares)
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
    for place in Place.allCases {
      let layout = wide(place, zoom: .half)
      #expect(layout.panes[place]?.height == 46)
      #expect((layout.panes[place]?.width ?? 0) >= 80)
      #expect(layout.panes.count > 1)
    }
  }

  @Test func `a border taken hold of follows the pointer, wherever it is put`() throws {
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
        var shares = PaneShares()
        let goal =
          border == .left
          ? Point(x: point.x + 7, y: point.y) : Point(x: point.x, y: point.y + 3)
        shares[border] = layout.share(of: border, at: goal)
        let moved = wide(shares: shares)
        let near = [-1, 0, 1].contains { step in
          moved.border(
            at: border == .left
              ? Point(x: goal.x + step, y: goal.y) : Point(x: goal.x, y: goal.y + step)) == border
        }
        #expect(near, "\(border) from \(point) to \(goal)")
      }
    }
    #expect(layout.border(at: Point(x: 3, y: 4)) == nil)
    #expect(layout.border(at: Point(x: 3, y: 0)) == nil)
  }

  @Test func `the keys make the pane in focus larger and smaller`() throws {
    for place in Place.allCases {
      for step in [PaneStep.wider, .narrower, .taller, .shorter] {
        let layout = wide(place)
        let (border, grows) = try #require(layout.border(of: place, step: step))
        let isMore = step == .wider || step == .taller
        var shares = PaneShares()
        shares[border] =
          try #require(layout.share(of: border)) + (isMore == grows ? 0.04 : -0.04)
        let before = try #require(layout.panes[place])
        let after = try #require(wide(place, shares: shares).panes[place])
        let isWidth = step == .wider || step == .narrower
        let change = isWidth ? after.width - before.width : after.height - before.height
        #expect(isMore ? change > 0 : change < 0, "\(place) \(step): \(change)")
      }
    }
  }
}
