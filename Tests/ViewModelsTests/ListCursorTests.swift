import Testing
import ViewModels

struct ListCursorTests {
  @Test func `the selection stays within the list and the visible rows`() {
    var cursor = ListCursor(count: 100, height: 10)
    cursor.move(.up)
    #expect(cursor.selected == 0)
    cursor.move(.end)
    #expect(cursor.selected == 99)
    #expect(cursor.visible == 90..<100)
    cursor.move(.down)
    #expect(cursor.selected == 99)
    cursor.move(.start)
    #expect(cursor.visible == 0..<10)
  }

  @Test func `a page moves by one row less than the height, so that one row stays in sight`() {
    var cursor = ListCursor(count: 100, height: 10)
    cursor.move(.pageDown)
    #expect(cursor.selected == 9)
    #expect(cursor.visible == 9..<19)
    cursor.move(.pageUp)
    #expect(cursor.selected == 0)
  }

  @Test func `scrolling takes the selection along only where it would leave the rows`() {
    var cursor = ListCursor(count: 100, height: 10)
    cursor.select(5)
    cursor.scroll(by: 3)
    #expect(cursor.selected == 5)
    cursor.scroll(by: 4)
    #expect(cursor.selected == 7)
    #expect(cursor.top == 7)
    cursor.scroll(by: 1000)
    #expect(cursor.top == 90)
  }

  @Test func `a list that shrinks or grows keeps the selection where it can`() {
    var cursor = ListCursor(count: 100, height: 10)
    cursor.select(50)
    cursor.setCount(20)
    #expect(cursor.selected == 19)
    cursor.setCount(0)
    #expect(cursor.selected == 0)
    #expect(cursor.visible.isEmpty)
    cursor.setHeight(0)
    #expect(cursor.height == 1)
  }

  @Test func `whatever is asked for, the selection is visible`() {
    var numbers = SystemRandomNumberGenerator()
    var cursor = ListCursor(count: 30, height: 7)
    for _ in 0..<5_000 {
      switch Int.random(in: 0..<8, using: &numbers) {
      case 0: cursor.setCount(Int.random(in: 0..<60, using: &numbers))
      case 1: cursor.setHeight(Int.random(in: -1..<20, using: &numbers))
      case 2: cursor.scroll(by: Int.random(in: -40..<40, using: &numbers))
      case 3: cursor.select(Int.random(in: -5..<90, using: &numbers))
      case 4: cursor.move(.pageDown)
      case 5: cursor.move(.pageUp)
      case 6: cursor.move(.end)
      default: cursor.move(.up)
      }
      #expect(cursor.count == 0 || cursor.visible.contains(cursor.selected))
      #expect(cursor.visible.upperBound <= max(cursor.count, 0))
    }
  }

  @Test func `scrolled text stops at both ends`() {
    var position = ScrollPosition()
    position.move(.up, count: 50, height: 10)
    #expect(position.top == 0)
    position.move(.end, count: 50, height: 10)
    #expect(position.top == 40)
    position.clamp(count: 5, height: 10)
    #expect(position.top == 0)
  }
}
