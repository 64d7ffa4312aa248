import ReplicateAPI
import Running
import Support
import Testing

@testable import ViewModels

/// The one list, over each of its sources.
@MainActor @Suite struct PagedListTests {
  private static let animals = ["cat", "ox", "zebra", "dog", "emu", "catfish"]

  private static let twoPages = [names("a", 1...30), names("b", 1...30)]

  // MARK: Loading

  @Test(arguments: ListSource.allCases)
  func `rows are listed as the source has them`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    #expect(!harness.list.hasLoaded)
    await harness.loaded()
    #expect(harness.rows == Self.animals && harness.visible == Self.animals)
    #expect(harness.selected == "cat")
    #expect(harness.list.hasLoaded && !harness.list.hasMore && !harness.list.isLoading)
  }

  @Test(arguments: ListSource.allCases)
  func `a list without rows has loaded all the same`(source: ListSource) async {
    let harness = ListHarness(source, [[]])
    await harness.loaded()
    #expect(harness.rows.isEmpty && harness.list.hasLoaded)
    #expect(harness.selected == nil && harness.list.failure == nil)
    for movement in [Movement.up, .down, .pageDown, .end, .start] { harness.press(movement) }
    #expect(harness.list.cursor.selected == 0)
  }

  @Test(arguments: ListSource.paged)
  func `the next page loads when the cursor comes near the end`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    harness.press(.down, 19)
    await harness.list.settled()
    #expect(harness.calls(1) == 0)
    harness.press(.down)
    await harness.list.settled()
    #expect(harness.calls(1) == 1)
    #expect(harness.rows == Self.twoPages.flatMap { $0 })
    #expect(harness.selected == "a21")
    #expect(!harness.list.hasMore)
  }

  @Test(arguments: ListSource.paged)
  func `scrolling loads on, too`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    harness.list.scroll(by: 15)
    await harness.list.settled()
    #expect(harness.list.loadedCount == 60)
  }

  @Test(arguments: ListSource.paged)
  func `to the end loads every page`(source: ListSource) async {
    let pages = Self.twoPages + [names("c", 1...30), ["last"]]
    let harness = ListHarness(source, pages)
    await harness.loaded()
    harness.press(.end)
    #expect(harness.list.isLoadingOn)
    await harness.list.settled()
    #expect(harness.rows == pages.flatMap { $0 })
    #expect(harness.selected == "last")
    #expect(!harness.list.isLoadingOn && !harness.list.hasMore)
  }

  @Test(arguments: ListSource.paged)
  func `Esc stops loading to the end`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages + [names("c", 1...30), ["last"]])
    await harness.loaded()
    harness.transport.hold(source.call(2))
    harness.press(.end)
    await harness.transport.sent(source.call(2))
    #expect(harness.selected == "b30")
    #expect(harness.list.perform(.back))
    #expect(!harness.list.isLoadingOn)
    harness.transport.release(source.call(2))
    await harness.list.settled()
    #expect(harness.selected == "b30")
    #expect(harness.calls(3) == 0)
    #expect(harness.list.hasMore)
    #expect(!harness.list.perform(.back), "nothing is left to stop")
  }

  @Test(arguments: ListSource.paged)
  func `a key that moves past the loaded end goes on once rows arrive`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    harness.transport.hold(source.call(1))
    harness.list.select(28)
    harness.press(.pageDown)
    #expect(harness.selected == "a30")
    await harness.transport.sent(source.call(1))
    harness.transport.release(source.call(1))
    await harness.list.settled()
    #expect(harness.selected == "b8")
  }

  @Test(arguments: ListSource.paged)
  func `rows that are owed are fetched over several pages`(source: ListSource) async {
    let harness = ListHarness(
      source, [["a1", "a2"], ["b1", "b2"], ["c1", "c2"], names("d", 1...9)])
    await harness.loaded()
    harness.list.select(1)
    harness.press(.pageDown)
    await harness.list.settled()
    #expect(harness.selected == "d5")
  }

  @Test(arguments: ListSource.paged)
  func `a move back forgets what was owed`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    harness.transport.hold(source.call(1))
    harness.list.select(29)
    harness.press(.pageDown)
    harness.press(.up)
    await harness.transport.sent(source.call(1))
    harness.transport.release(source.call(1))
    await harness.list.settled()
    #expect(harness.selected == "a29")
  }

  // MARK: Filter and sort

  private func type(_ text: String, _ harness: ListHarness) {
    harness.list.startFilter()
    for letter in text { harness.list.edit(.insert(String(letter))) }
  }

  @Test(arguments: ListSource.allCases)
  func `a filter shows the rows that hold every word, and going back shows all`(
    source: ListSource
  ) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    type("CAT", harness)
    #expect(harness.visible == ["cat", "catfish"])
    #expect(harness.rows == Self.animals && harness.list.isFiltered && harness.list.isTyping)
    type("fi cat", harness)
    #expect(harness.visible == ["catfish"])
    #expect(harness.list.perform(.back))
    #expect(harness.visible == Self.animals && !harness.list.isFiltered)
    #expect(harness.selected == "catfish", "the cursor stays on its row")
  }

  @Test(arguments: ListSource.paged)
  func `a filter looks only at what is loaded and loads nothing`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    type("a3", harness)
    #expect(harness.visible == ["a3", "a30"])
    harness.press(.down, 5)
    harness.list.scroll(by: 5)
    await harness.list.settled()
    #expect(harness.calls(1) == 0)
    #expect(harness.list.isFiltered && harness.list.hasMore)
    #expect(harness.list.loadedCount == 30)
  }

  @Test(arguments: ListSource.paged)
  func `rows that arrive while a filter stands are filtered, too`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    type("7", harness)
    harness.list.stopFilter()
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.visible == ["a7", "a17", "a27", "b7", "b17", "b27"])
  }

  @Test(arguments: ListSource.allCases)
  func `a column sorts, then the other way round, then not at all`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.list.select(3)
    harness.list.sort(by: "name")
    #expect(harness.visible == Self.animals.sorted())
    #expect(harness.list.sort == ListSort(column: "name", isDescending: false))
    #expect(harness.selected == "dog")
    harness.list.sort(by: "name")
    #expect(harness.visible == Self.animals.sorted().reversed())
    harness.list.sort(by: "name")
    #expect(harness.visible == Self.animals && harness.list.sort == nil)
    #expect(harness.selected == "dog")
    harness.list.sort(by: "picture")
    #expect(harness.list.sort == nil, "that column has no order")
  }

  @Test(arguments: ListSource.allCases)
  func `where the largest come first, equal rows keep the source's order`(
    source: ListSource
  ) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.list.sort(by: "length")
    #expect(harness.visible == ["catfish", "zebra", "cat", "dog", "emu", "ox"])
    harness.list.sort(by: "length")
    #expect(harness.visible == ["ox", "cat", "dog", "emu", "zebra", "catfish"])
    harness.list.sort(by: "name")
    #expect(harness.list.sort == ListSort(column: "name", isDescending: false))
  }

  @Test(arguments: ListSource.paged)
  func `rows that arrive later are sorted in`(source: ListSource) async {
    let harness = ListHarness(source, [["m", "z"], ["a", "n"]])
    await harness.loaded()
    harness.list.sort(by: "name")
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.visible == ["a", "m", "n", "z"])
    #expect(harness.rows == ["m", "z", "a", "n"])
  }

  @Test(arguments: ListSource.allCases)
  func `columns are shown and hidden, but for the first`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    func shown() -> [String] { harness.list.columns.filter(\.isShown).map(\.id) }
    #expect(shown() == ["name", "length", "picture"])
    harness.list.toggleColumn("length")
    #expect(shown() == ["name", "picture"])
    harness.list.toggleColumn("name")
    #expect(shown() == ["name", "picture"])
    harness.list.toggleColumn("length")
    #expect(shown() == ["name", "length", "picture"])
  }

  // MARK: Going back

  @Test(arguments: ListSource.allCases)
  func `going back restores rows, sort, cursor and scrolling`(source: ListSource) async {
    let many = names("a", 1...40)
    let harness = ListHarness(source, [many])
    await harness.loaded()
    harness.list.sort(by: "length")
    harness.list.select(25)
    harness.list.scroll(by: 3)
    let (cursor, visible) = (harness.list.cursor, harness.visible)
    harness.showReversed()
    await harness.list.settled()
    #expect(harness.rows == many.reversed())
    #expect(harness.list.cursor.selected == 0 && harness.list.cursor.top == 0)
    harness.list.sort(by: "name")
    #expect(harness.goBack())
    #expect(harness.rows == many && harness.visible == visible)
    #expect(harness.list.cursor == cursor)
    #expect(harness.list.sort == ListSort(column: "length", isDescending: true))
    #expect(!harness.goBack())
  }

  @Test(arguments: ListSource.paged)
  func `going back restores the page, so that the list loads on from there`(
    source: ListSource
  ) async {
    let harness = ListHarness(source, Self.twoPages + [["last"]])
    await harness.loaded()
    harness.press(.down, 25)
    await harness.list.settled()
    #expect(harness.list.loadedCount == 60 && harness.list.hasMore)
    harness.showReversed()
    await harness.list.settled()
    #expect(harness.list.loadedCount == 30 && !harness.list.hasMore)
    #expect(harness.goBack())
    #expect(harness.list.loadedCount == 60 && harness.list.hasMore)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows.last == "last" && harness.list.loadedCount == 61)
  }

  @Test(arguments: ListSource.remote)
  func `what was left before it loaded is loaded when one goes back`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    harness.transport.hold(source.call())
    harness.list.load()
    await harness.transport.sent(source.call())
    harness.showReversed()
    harness.transport.release(source.call())
    await harness.list.settled()
    #expect(harness.rows == Self.animals.reversed())
    #expect(harness.goBack())
    await harness.list.settled()
    #expect(harness.rows == Self.animals)
  }

  @Test(arguments: ListSource.remote)
  func `a source that was replaced is canceled, and its late answer dropped`(
    source: ListSource
  ) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.transport.hold(source.call())
    harness.showReversed()
    while harness.calls() < 2 { await Task.yield() }
    #expect(harness.goBack())
    #expect(harness.transport.canceled == [source.call()])
    harness.transport.release(source.call())
    await harness.list.settled()
    #expect(harness.rows == Self.animals)
    #expect(!harness.list.isLoading && harness.list.failure == nil)
  }

  // MARK: Refreshing

  @Test(arguments: ListSource.allCases)
  func `a refresh leaves the cursor on its row`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.list.select(2)
    if source == .memory {
      harness.set(["yak"] + Self.animals)
    } else {
      harness.answer([["yak"] + Self.animals])
      await harness.loaded()
    }
    #expect(harness.rows == ["yak"] + Self.animals)
    #expect(harness.selected == "zebra")
  }

  @Test(arguments: ListSource.paged)
  func `more than a page of news joins what was loaded without a gap`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages + [["last"]])
    await harness.loaded()
    harness.press(.down, 25)
    await harness.list.settled()
    #expect(harness.list.loadedCount == 60)
    let old = harness.selected
    harness.answer([
      names("n", 1...30), names("n", 31...35) + names("a", 1...25), ["never asked for"],
    ])
    // The page that follows the old rows is still named as it was.
    harness.answer(page: 2, ["last"])
    await harness.loaded()
    #expect(harness.rows == names("n", 1...35) + Self.twoPages.flatMap { $0 })
    #expect(harness.selected == old)
    #expect(harness.list.hasMore)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows.last == "last" && harness.list.loadedCount == 96)
  }

  @Test(arguments: ListSource.paged)
  func `rows that are gone from the newest page go from the list`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    await harness.loaded()
    harness.press(.end)
    await harness.list.settled()
    harness.answer([["n1"] + names("a", 3...30), names("b", 1...30)])
    await harness.loaded()
    #expect(harness.rows == ["n1"] + names("a", 3...30) + names("b", 1...30))
  }

  @Test(arguments: ListSource.paged)
  func `a gap wider than some pages replaces what was loaded`(source: ListSource) async {
    let harness = ListHarness(source, [names("a", 1...5)])
    await harness.loaded()
    let count = PagedList<Run>.pagesToJoin
    let news = (0..<count + 2).map { names("n\($0)-", 1...3) }
    harness.answer(news + [names("a", 1...5)])
    await harness.loaded()
    #expect(harness.rows == news.prefix(count).flatMap { $0 })
    #expect(harness.list.hasMore)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows == news.flatMap { $0 } + names("a", 1...5))
  }

  @Test(arguments: ListSource.paged)
  func `a refresh while a page loads leaves no hole`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages + [names("c", 1...3)])
    await harness.loaded()
    harness.transport.hold(source.call(1))
    harness.press(.down, 25)
    await harness.transport.sent(source.call(1))
    harness.list.load()
    while harness.calls() < 2 || harness.list.isLoading { await Task.yield() }
    harness.transport.release(source.call(1))
    await harness.list.settled()
    #expect(harness.rows == Self.twoPages[0])
    #expect(harness.list.hasMore)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows == Self.twoPages.flatMap { $0 } + names("c", 1...3))
  }

  @Test(arguments: ListSource.paged)
  func `a key that is pressed while the list refreshes isn't lost`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages + [["last"]])
    await harness.loaded()
    harness.list.load()
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.selected == "last" && !harness.list.isLoadingOn)

    let other = ListHarness(source, Self.twoPages)
    await other.loaded()
    other.list.select(28)
    other.list.load()
    other.press(.pageDown)
    await other.list.settled()
    #expect(other.selected == "b8")
  }

  // MARK: What is odd

  @Test(arguments: ListSource.paged)
  func `a page that leads back ends the list and says so`(source: ListSource) async {
    let harness = ListHarness(source)
    harness.answer([["a1", "a2"], ["b1", "b2"], ["c1"]], leadsBack: 1)
    await harness.loaded()
    #expect(harness.list.remark == nil)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows == ["a1", "a2", "b1", "b2", "c1"])
    #expect(!harness.list.hasMore && !harness.list.isLoadingOn)
    #expect(harness.list.remark?.contains("looped back") == true)
    harness.press(.end)
    harness.press(.pageDown)
    await harness.list.settled()
    #expect((0...2).map(harness.calls) == [1, 1, 1])
  }

  @Test(arguments: ListSource.paged)
  func `a row that stands on two pages is listed once`(source: ListSource) async {
    let harness = ListHarness(source, [["a", "b", "c"], ["c", "d", "a"], ["d", "e"]])
    await harness.loaded()
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.rows == ["a", "b", "c", "d", "e"])
  }

  @Test(arguments: ListSource.allCases)
  func `a row that stands on one page twice is listed once`(source: ListSource) async {
    let harness = ListHarness(source, [["a", "b", "a", "c"]])
    await harness.loaded()
    #expect(harness.rows == ["a", "b", "c"])
  }

  @Test(arguments: ListSource.remote)
  func `a failure keeps the rows and is gone after the next success`(source: ListSource) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.list.select(4)
    harness.transport.answer(source.call(), status: 400, #"{"detail":"No."}"#)
    await harness.loaded()
    #expect(harness.list.failure != nil && !harness.list.isLoading)
    #expect(harness.rows == Self.animals && harness.selected == "emu")
    harness.answer([Self.animals])
    await harness.loaded()
    #expect(harness.list.failure == nil)
  }

  @Test(arguments: ListSource.paged)
  func `a page that fails can be asked for again`(source: ListSource) async {
    let harness = ListHarness(source, Self.twoPages)
    harness.transport.answer(source.call(1), status: 400, #"{"detail":"No."}"#)
    await harness.loaded()
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.list.failure != nil && !harness.list.isLoadingOn)
    #expect(harness.list.loadedCount == 30 && harness.list.hasMore)
    harness.answer(Self.twoPages)
    harness.press(.end)
    await harness.list.settled()
    #expect(harness.list.loadedCount == 60 && harness.list.failure == nil)
  }

  @Test func `rows that can't be read are counted, and the first is named`() async {
    let good = ["a", "b"].map { ModelSummary(id: ModelID(owner: "acme", name: $0)) }
    let list = PagedList(
      RowSource<ModelSummary> { () async throws(ReplicateError) in
        RowPage(good, unreadable: ["row 2: a name is missing", "row 5: not an object"])
      }, columns: [ListColumn("name", "name")]
    ) { [$0.id.name] }
    list.load()
    await list.settled()
    #expect(list.rows.map(\.id.name) == ["a", "b"])
    #expect(list.remark == "2 rows couldn’t be read: row 2: a name is missing")
  }

  @Test(arguments: ListSource.allCases)
  func `rows from memory follow their first row, or stay where the cursor is`(
    source: ListSource
  ) async {
    let harness = ListHarness(source, [Self.animals])
    await harness.loaded()
    harness.set(["ant"] + Self.animals)
    #expect(harness.selected == "ant")
    harness.list.select(3)
    harness.set(["bee", "ant"] + Self.animals)
    #expect(harness.selected == "zebra")
  }
}
