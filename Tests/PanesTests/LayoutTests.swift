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
          detail: .detail, isZoomed: false)
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
      isZoomed: false)
    #expect(layout.shape == .medium)
    #expect(Set(layout.panes.keys) == [.predictions, .live])
  }

  @Test func `at 40 columns, and zoomed, there is the pane in focus alone`() {
    for zoomed in [false, true] {
      let size = zoomed ? Size(width: 160, height: 48) : Size(width: 40, height: 12)
      let layout = Layout(
        size: size, focus: .live, list: .models, detail: .live, isZoomed: zoomed)
      #expect(Set(layout.panes.keys) == [.live])
      #expect(layout.panes[.live]?.width == size.width)
    }
  }

  @Test func `no size breaks it`() {
    for width in 0..<130 {
      for height in 0..<50 {
        let layout = Layout(
          size: Size(width: width, height: height), focus: .models, list: .models,
          detail: .detail, isZoomed: false)
        if width < 40 || height < 12 { #expect(layout.shape == .tooSmall) }
        for rect in layout.panes.values {
          #expect(rect.maxX <= width && rect.maxY <= height && rect.height >= 3)
        }
      }
    }
  }
}
