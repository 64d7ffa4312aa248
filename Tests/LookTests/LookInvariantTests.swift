import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Properties of every scene at every size.
@MainActor @Suite struct LookInvariantTests {
  /// From 1×1 to 200×60, including the sizes at which layouts change and their neighbors.
  static let sizes: [Size] = {
    let widths = [
      1, 2, 7, 20, 39, 40, 41, 44, 53, 60, 75, 76, 77, 93, 109, 110, 111, 140, 167, 200,
    ]
    let heights = [1, 2, 5, 11, 12, 13, 15, 16, 17, 22, 27, 28, 29, 37, 48, 60]
    // Combine every width with several heights, so that each layout is covered.
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
        canvas, panes: screen.layout?.panes.count ?? 0,
        isOverlaid: stage.navigator.overlay != nil, "\(scene) at \(size)")
    }
  }

  @Test(arguments: [Scene.help, .question, .palette, .columns, .requestCode])
  func `an overlay leaves the panes' frames around it intact`(scene: Scene) async {
    let stage = await scene.play()
    let (screen, terminal) = stage.screen(Size(width: 80, height: 24))
    func frames() -> [Canvas] {
      Self.sizes.filter { $0.width >= 40 && $0.height >= 12 }.map { size in
        terminal.size = size
        screen.handle(.resize(size))
        return screen.frame()
      }
    }
    let covered = frames()
    stage.navigator.perform(.back)
    #expect(stage.navigator.overlay == nil)
    for (over, under) in zip(covered, frames()) {
      guard let window = self.frames(on: over).first(where: { isOverlay($0, over) }) else {
        Issue.record("\(scene) has no frame at \(over.size)")
        continue
      }
      for y in 0..<under.size.height {
        for x in 0..<under.size.width where !window.contains(Point(x: x, y: y)) {
          guard [.border, .borderFocused].contains(under[x, y].style.role) else { continue }
          #expect(over[x, y] == under[x, y], "at \(x), \(y), \(scene) at \(over.size)")
        }
      }
    }
  }

  @Test(arguments: Scene.allCases)
  func `drawing step by step gives the same result as drawing at once`(scene: Scene) async {
    for size in keptSizes {
      var screens: (Screen, RecordingTerminal)?
      var navigator: Navigator?
      _ = await scene.play { current in
        if screens == nil {
          let terminal = RecordingTerminal(width: size.width, height: size.height)
          let screen = Screen(navigator: current)
          screen.start(on: terminal)
          screens = (screen, terminal)
        }
        navigator = current
        guard let (screen, terminal) = screens else { return }
        expectEqual(screen, terminal, current, "\(scene)")
      }
      // Also when the window is resized and then restored.
      guard let (screen, terminal) = screens, let navigator else { continue }
      for changed in [Size(width: 61, height: 19), Size(width: 133, height: 33), size] {
        terminal.size = changed
        screen.handle(.resize(changed))
        expectEqual(screen, terminal, navigator, "\(scene) resized")
      }
    }
  }

  private func expectEqual(
    _ screen: Screen, _ terminal: RecordingTerminal, _ navigator: Navigator, _ what: String
  ) {
    let piecewise = screen.frame()
    // Creating another screen redirects the navigator's screen commands to it.
    let (keyEntries, onScreenCommand) = (navigator.keyEntries, navigator.onScreenCommand)
    defer { (navigator.keyEntries, navigator.onScreenCommand) = (keyEntries, onScreenCommand) }
    let fresh = Screen(navigator: navigator)
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

  /// Expects that every frame is closed. If an overlay hides parts of the panes' frames, checks
  /// only the overlay's frame.
  private func expectWholeFrames(
    _ canvas: Canvas, panes: Int, isOverlaid: Bool, _ what: String
  ) {
    let all = frames(on: canvas)
    let overlays = all.filter { isOverlay($0, canvas) }
    for frame in isOverlaid ? overlays : all {
      let picker = isOverlaid ? nil : overlays.first { $0 != frame }
      expectWhole(frame, under: picker, canvas, what)
    }
    if panes == 0 { return }
    if isOverlaid {
      #expect(overlays.count == 1, "\(what)")
    } else {
      let outer = all.count - overlays.count
      #expect(outer == panes, "\(outer) frames for \(panes) panes, \(what)")
    }
  }

  /// The frames on a canvas, found by their top left corners.
  private func frames(on canvas: Canvas) -> [Rect] {
    let borders = BorderSet.rounded
    var frames: [Rect] = []
    for y in 0..<canvas.size.height {
      for x in 0..<canvas.size.width {
        let role = canvas[x, y].style.role
        guard isCorner(canvas[x, y], borders.topLeft, role),
          let right = (x + 1..<canvas.size.width).first(where: {
            isCorner(canvas[$0, y], borders.topRight, role)
          }),
          let bottom = (y + 1..<canvas.size.height).first(where: {
            isCorner(canvas[x, $0], borders.bottomLeft, role)
          })
        else { continue }
        frames.append(Rect(x: x, y: y, width: right - x + 1, height: bottom - y + 1))
      }
    }
    return frames
  }

  private func isOverlay(_ frame: Rect, _ canvas: Canvas) -> Bool {
    canvas[frame.x, frame.y].style.role == .overlayBorder
  }

  private func isCorner(_ cell: Cell, _ corner: Character, _ role: Style.Role) -> Bool {
    [.border, .borderFocused, .overlayBorder].contains(role) && cell.style.role == role
      && cell.text == String(corner)
  }

  private func expectWhole(_ frame: Rect, under picker: Rect?, _ canvas: Canvas, _ what: String) {
    let borders = BorderSet.rounded
    var broken: [Point] = []
    func check(_ x: Int, _ y: Int, _ characters: Character...) {
      let point = Point(x: x, y: y)
      if picker?.contains(point) == true { return }
      if !characters.contains(where: { String($0) == canvas[x, y].text }) { broken.append(point) }
    }
    for y in frame.y + 1..<frame.maxY - 1 {
      check(frame.x, y, borders.vertical)
      // The scroll bar is on the right side.
      check(frame.maxX - 1, y, borders.vertical, "┃")
    }
    for x in frame.x + 1..<frame.maxX - 1 { check(x, frame.maxY - 1, borders.horizontal) }
    check(frame.maxX - 1, frame.maxY - 1, borders.bottomRight)
    #expect(broken.isEmpty, "the frame is broken, \(what)")
  }
}
