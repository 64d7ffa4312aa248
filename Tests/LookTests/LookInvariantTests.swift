import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// What holds for every scene at every size, whatever it shows.
@MainActor @Suite struct LookInvariantTests {
  /// From 1×1 to 200×60, with the sizes at which layouts change and their neighbours.
  static let sizes: [Size] = {
    let widths = [
      1, 2, 7, 20, 39, 40, 41, 44, 53, 60, 75, 76, 77, 93, 109, 110, 111, 140, 167, 200,
    ]
    let heights = [1, 2, 5, 11, 12, 13, 15, 16, 17, 22, 27, 28, 29, 37, 48, 60]
    // Every width with some heights, so that each meets each of its kind.
    return widths.enumerated().flatMap { index, width in
      stride(from: index % 3, to: heights.count, by: 3).map {
        Size(width: width, height: heights[$0])
      }
    }
  }()

  @Test(arguments: Scene.allCases)
  func `no character is cut and no frame is broken at any size`(scene: Scene) async {
    let stage = await scene.play()
    let (screen, terminal) = stage.screen(Size(width: 80, height: 24))
    for size in Self.sizes {
      terminal.size = size
      screen.handle(.resize(size))
      let canvas = screen.frame()
      #expect(canvas.size == size)
      expectWholeCharacters(canvas, "\(scene) at \(size)")
      expectWholeFrames(
        canvas, panes: size.width < 40 || size.height < 12 ? 0 : stage.browser.visiblePlaces.count,
        isOverlaid: stage.browser.overlay != nil, "\(scene) at \(size)")
    }
  }

  @Test(arguments: Scene.allCases)
  func `what is drawn step by step equals what is drawn at once`(scene: Scene) async {
    for size in keptSizes {
      var screens: (Screen, RecordingTerminal)?
      var browser: Browser?
      _ = await scene.play { current in
        if screens == nil {
          let terminal = RecordingTerminal(width: size.width, height: size.height)
          let screen = Screen(browser: current)
          screen.start(on: terminal)
          screens = (screen, terminal)
        }
        browser = current
        guard let (screen, terminal) = screens else { return }
        expectEqual(screen, terminal, current, "\(scene)")
      }
      // And when the window changes its size, there and back.
      guard let (screen, terminal) = screens, let browser else { continue }
      for changed in [Size(width: 61, height: 19), Size(width: 133, height: 33), size] {
        terminal.size = changed
        screen.handle(.resize(changed))
        expectEqual(screen, terminal, browser, "\(scene) resized")
      }
    }
  }

  private func expectEqual(
    _ screen: Screen, _ terminal: RecordingTerminal, _ browser: Browser, _ what: String
  ) {
    let piecewise = screen.frame()
    let fresh = Screen(browser: browser)
    fresh.adoptLayout(of: screen)
    fresh.start(on: terminal)
    let whole = fresh.frame()
    guard piecewise != whole else { return }
    #expect(piecewise.text() == whole.text(), "\(what) at \(terminal.size)")
    #expect(piecewise.styles() == whole.styles(), "\(what) at \(terminal.size)")
    #expect(piecewise.cursor == whole.cursor, "\(what) at \(terminal.size)")
  }

  private func expectWholeCharacters(_ canvas: Canvas, _ what: String) {
    for y in 0..<canvas.size.height {
      let fault = canvas.withRow(y) { row -> Int? in
        var x = 0
        while x < row.count {
          if row[x].isContinuation { return x }
          if row[x].width == 2, x + 1 >= row.count || !row[x + 1].isContinuation { return x }
          x += row[x].width
        }
        return nil
      }
      #expect(fault == nil, "a character is cut in row \(y), \(what)")
    }
  }

  /// Every frame that begins at an upper left corner goes all the way round, but for what lies over
  /// it.
  private func expectWholeFrames(
    _ canvas: Canvas, panes: Int, isOverlaid: Bool, _ what: String
  ) {
    let borders = BorderSet.rounded
    var frames: [Rect] = []
    for y in 0..<canvas.size.height {
      for x in 0..<canvas.size.width where isCorner(canvas[x, y], borders.topLeft) {
        guard
          let right = (x + 1..<canvas.size.width).first(where: {
            isCorner(canvas[$0, y], borders.topRight)
          }),
          let bottom = (y + 1..<canvas.size.height).first(where: {
            isCorner(canvas[x, $0], borders.bottomLeft)
          })
        else { continue }
        frames.append(Rect(x: x, y: y, width: right - x + 1, height: bottom - y + 1))
      }
    }
    let overlay = frames.first { canvas[$0.x, $0.y].style.role == .overlayBorder }
    #expect((overlay != nil) == isOverlaid || panes == 0, "\(what)")
    for frame in frames {
      expectWhole(frame, under: frame == overlay ? nil : overlay, canvas, what)
    }
    // An overlay may hide corners of panes.
    if !isOverlaid {
      let outer = frames.filter { frame in
        !frames.contains { $0 != frame && $0.intersection(frame) == frame }
      }
      #expect(outer.count == panes, "\(outer.count) frames for \(panes) panes, \(what)")
    }
  }

  private func isCorner(_ cell: Cell, _ corner: Character) -> Bool {
    let isBorder = [.border, .borderFocused, .overlayBorder].contains(cell.style.role)
    return isBorder && cell.text == String(corner)
  }

  private func expectWhole(_ frame: Rect, under overlay: Rect?, _ canvas: Canvas, _ what: String) {
    let borders = BorderSet.rounded
    for y in frame.y + 1..<max(frame.y + 1, frame.maxY - 1) {
      for x in [frame.x, frame.maxX - 1] where overlay?.contains(Point(x: x, y: y)) != true {
        // The scroll bar lies on the right one.
        #expect(
          [String(borders.vertical), "┃"].contains(canvas[x, y].text),
          "the border is broken at \(x), \(y), \(what)")
      }
    }
    for x in frame.x + 1..<max(frame.x + 1, frame.maxX - 1)
    where overlay?.contains(Point(x: x, y: frame.maxY - 1)) != true {
      #expect(
        canvas[x, frame.maxY - 1].text == String(borders.horizontal),
        "the border is broken at \(x), \(frame.maxY - 1), \(what)")
    }
    let end = Point(x: frame.maxX - 1, y: frame.maxY - 1)
    if overlay?.contains(end) != true {
      #expect(isCorner(canvas[end.x, end.y], borders.bottomRight), "a corner is missing, \(what)")
    }
  }
}
