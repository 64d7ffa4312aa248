import Testing

@testable import TerminalKit

@Suite struct StyleTests {
  @Test func `modifiers change a copy`() {
    let style = Style.title.bold().selected
    #expect(style.role == .title && style.isBold && style.isSelected)
    #expect(!style.isUnderlined && !style.isDim && !style.isReversed && !style.isItalic)
    #expect(!style.selected(false).isSelected)
    #expect(Style(.dim).selectedUnfocused.isSelectedUnfocused)
    #expect(style.role(.error).isBold)
    #expect("\(style)" == "title+bold+selected")
  }

  @Test func `each style has its own index`() {
    var seen: Set<Int> = []
    for role in Style.Role.allCases {
      for style in [Style(role), Style(role).bold(), Style(role).selected, Style(role).italic()] {
        #expect(seen.insert(style.index).inserted)
        #expect(style.index < Style.indexCount)
      }
    }
  }
}

@Suite struct KeyTests {
  @Test(arguments: [
    (Key.control("r"), "Ctrl-R"), (.enter, "↵"), (.escape, "Esc"), (.up, "↑"),
    (.function(2), "F2"), (.character("g"), "g"), (.character("G"), "G"), (.alt("x"), "Alt-x"),
    (.shiftTab, "Shift-Tab"), (.space, "Space"), (Key(.up, .shift), "Shift-↑"),
    (.pageDown, "PgDn"), (Key(.delete, [.control, .alt]), "Ctrl-Alt-Del"),
  ])
  func `a key has the name that the footer shows`(key: Key, name: String) {
    #expect(key.description == name)
  }

  @Test func `only plain characters count as typed text`() {
    #expect(Key.character("é").typed == "é")
    #expect(Key.space.typed == " ")
    #expect(Key.control("r").typed == nil)
    #expect(Key.enter.typed == nil)
  }
}

@Suite struct GeometryTests {
  private let rect = Rect(x: 2, y: 3, width: 10, height: 5)

  @Test func `a rectangle contains the points inside it`() {
    #expect(rect.contains(Point(x: 2, y: 3)) && rect.contains(Point(x: 11, y: 7)))
    #expect(!rect.contains(Point(x: 12, y: 3)) && !rect.contains(Point(x: 2, y: 8)))
    #expect(rect.maxX == 12 && rect.maxY == 8 && !rect.isEmpty)
  }

  @Test func `an inset rectangle never has a negative size`() {
    #expect(rect.inset(by: 1) == Rect(x: 3, y: 4, width: 8, height: 3))
    #expect(rect.inset(by: 4).isEmpty)
    #expect(rect.inset(by: 4).height == 0)
    #expect(
      rect.inset(horizontally: 2, vertically: 0) == Rect(x: 4, y: 3, width: 6, height: 5))
  }

  @Test func `rectangles that don't meet have an empty intersection`() {
    #expect(
      rect.intersection(Rect(x: 0, y: 0, width: 4, height: 4)).size == Size(width: 2, height: 1))
    #expect(rect.intersection(Rect(x: 50, y: 0, width: 4, height: 4)).isEmpty)
  }
}

@Suite struct WidthTableTests {
  @Test(
    arguments: [
      ("a", 1), ("~", 1), ("é", 1), ("\u{301}", 0), ("漢", 2), ("한", 2), ("ｱ", 1), ("Ａ", 2),
      ("😀", 2),
      ("─", 1), ("…", 1), ("\u{7}", -1), ("\u{10FFFF}", -1),
    ] as [(Unicode.Scalar, Int)])
  func `a scalar has the width that terminals use`(scalar: Unicode.Scalar, width: Int) {
    #expect(WidthTable.builtIn.width(of: scalar) == width)
  }
}

@Suite struct FrameSchedulerTests {
  private let start = ContinuousClock.now

  private func at(_ milliseconds: Int) -> ContinuousClock.Instant {
    start + .milliseconds(milliseconds)
  }

  private func scheduler(drawnAt milliseconds: Int) -> FrameScheduler {
    var scheduler = FrameScheduler()
    scheduler.frameDrawn(at: at(milliseconds))
    return scheduler
  }

  @Test func `the first frame is drawn at once`() {
    #expect(FrameScheduler().turn(at: at(0), needsFrame: true, deadline: nil) == .draw)
  }

  @Test func `nothing is drawn while nothing has changed`() {
    let scheduler = scheduler(drawnAt: 0)
    #expect(scheduler.turn(at: at(1000), needsFrame: false, deadline: nil) == .wait(until: nil))
  }

  @Test func `a key is answered at once`() {
    var scheduler = scheduler(drawnAt: 0)
    scheduler.keyHandled()
    #expect(scheduler.turn(at: at(1), needsFrame: true, deadline: nil) == .draw)
    scheduler.frameDrawn(at: at(1))
    #expect(scheduler.turn(at: at(2), needsFrame: true, deadline: nil) == .wait(until: at(34)))
  }

  @Test func `a key that changes nothing draws nothing`() {
    var scheduler = scheduler(drawnAt: 0)
    scheduler.keyHandled()
    #expect(scheduler.turn(at: at(1), needsFrame: false, deadline: nil) == .wait(until: nil))
  }

  @Test func `changes without a key are drawn at most every 33 ms`() {
    let scheduler = scheduler(drawnAt: 0)
    #expect(scheduler.turn(at: at(5), needsFrame: true, deadline: nil) == .wait(until: at(33)))
    #expect(scheduler.turn(at: at(33), needsFrame: true, deadline: nil) == .draw)
    #expect(scheduler.turn(at: at(500), needsFrame: true, deadline: nil) == .draw)
  }

  @Test func `a deadline wakes the loop, but never more often than frames are drawn`() {
    let scheduler = scheduler(drawnAt: 0)
    #expect(
      scheduler.turn(at: at(5), needsFrame: false, deadline: at(500)) == .wait(until: at(500)))
    #expect(scheduler.turn(at: at(5), needsFrame: false, deadline: at(1)) == .wait(until: at(33)))
    #expect(scheduler.turn(at: at(500), needsFrame: false, deadline: at(500)) == .draw)
  }
}

@Suite struct ClickCounterTests {
  private let start = ContinuousClock.now

  @Test func `quick presses at one position are counted`() {
    var counter = ClickCounter()
    let press = Mouse(.press, at: Point(x: 3, y: 4))
    let release = Mouse(.release, at: Point(x: 3, y: 4))
    #expect(counter.counted(press, at: start).clickCount == 1)
    #expect(counter.counted(release, at: start).clickCount == 1)
    #expect(counter.counted(press, at: start + .milliseconds(200)).clickCount == 2)
    #expect(counter.counted(release, at: start + .milliseconds(220)).clickCount == 2)
    #expect(counter.counted(press, at: start + .milliseconds(400)).clickCount == 3)
    #expect(counter.counted(press, at: start + .milliseconds(600)).clickCount == 1)
  }

  @Test func `a different position, a different button, or a pause restarts the count`() {
    var counter = ClickCounter()
    let press = Mouse(.press, at: Point(x: 3, y: 4))
    _ = counter.counted(press, at: start)
    #expect(counter.counted(Mouse(.press, at: Point(x: 4, y: 4)), at: start).clickCount == 1)
    _ = counter.counted(press, at: start)
    let right = Mouse(.press, button: .right, at: Point(x: 3, y: 4))
    #expect(counter.counted(right, at: start).clickCount == 1)
    _ = counter.counted(press, at: start)
    #expect(counter.counted(press, at: start + .seconds(1)).clickCount == 1)
  }
}
