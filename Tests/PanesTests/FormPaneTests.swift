import OrderedCollections
import ReplicateAPI
import Running
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

@MainActor @Suite struct FormPaneTests {
  static let inputs: [InputField] = [
    InputField(
      name: "prompt", description: "Prompt for **generated** image", kind: .text(),
      isRequired: true),
    InputField(
      name: "aspect_ratio", description: "Aspect ratio for the generated image",
      kind: .enumeration([
        "1:1", "16:9", "21:9", "3:2", "2:3", "4:5", "5:4", "3:4", "4:3", "9:16", "9:21",
      ]), defaultValue: "1:1"),
    InputField(
      name: "num_outputs", description: "Number of outputs to generate",
      kind: .integer(NumberRules(minimum: 1, maximum: 4)), defaultValue: 1),
    InputField(
      name: "guidance_scale",
      description: """
        Guidance for the generated image. Lower values can give more realistic images. Good values \
        to try are 2, 2.5, 3 and 3.5; see [the guide](https://a.example).
        """,
      kind: .number(NumberRules(minimum: 0, maximum: 10)), defaultValue: 3.5),
    InputField(
      name: "go_fast", description: "Run faster predictions.", kind: .boolean, defaultValue: true),
    InputField(
      name: "seed", description: "Random seed. Set for reproducible generation",
      kind: .integer()),
    InputField(name: "image", description: "Input image", kind: .file()),
    InputField(name: "images", description: "More images", kind: .array(.file())),
    InputField(name: "api_key", description: "Your key", kind: .secret(), isRequired: true),
    InputField(name: "extra", description: "Anything else", kind: .json),
    InputField(
      name: "old_scheduler", description: "No longer used", kind: .enumeration(["DDIM", "PNDM"]),
      isDeprecated: true),
  ]

  private func form(_ prefill: JSONObject = [:], _ inputs: [InputField] = inputs) -> InputForm {
    InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: inputs), prefill: prefill, random: { _ in 1234 })
  }

  private func filledIn() -> InputForm {
    let form = form([
      "prompt": """
      An astronaut riding a rainbow unicorn across the rings of Saturn, in the style of a 1970s \
      paperback cover, dramatic lighting, 漢字 on the flank, very detailed
      """,
      "num_outputs": 9, "guidance_scale": 2.5, "go_fast": false, "seed": 12_345_678_901,
      "image": "https://replicate.delivery/pbxt/abc/a-rather-long-name-of-a-picture-in-a-store.png",
      "images": ["https://a.example/1.png"], "aspect_ratio": "21:9",
    ])
    type("r8_secret", into: "api_key", form)
    type("{\"a\": ", into: "extra", form)
    form.perform(.first)
    return form
  }

  private func type(_ text: String, into name: String, _ form: InputForm) {
    go(form, to: name)
    form.perform(.edit(.insert(text)))
  }

  private func go(_ form: InputForm, to name: String) {
    guard let index = form.fields.firstIndex(where: { $0.name == name }) else { return }
    form.perform(.focus(index))
  }

  private func draw(
    _ form: InputForm, _ width: Int, _ height: Int, pane: FormPane? = nil, isFocused: Bool = true
  ) -> Canvas {
    paint(form, width, height, pane: pane, isFocused: isFocused).canvas
  }

  private func paint(
    _ form: InputForm, _ width: Int, _ height: Int, pane: FormPane? = nil,
    isFocused: Bool = true, borders: BorderSet = .rounded
  ) -> (canvas: Canvas, drawn: Drawn) {
    var canvas = Canvas(size: Size(width: width, height: height))
    let drawn = (pane ?? FormPane()).draw(
      form, on: &canvas, in: canvas.bounds, .test(isFocused: isFocused, borders: borders))
    canvas.cursor = drawn.cursor
    return (canvas, drawn)
  }

  /// The text with the cursor in it.
  private func picture(_ canvas: Canvas) -> String {
    let cursor = canvas.cursor.map { "cursor \($0.x),\($0.y)" } ?? "no cursor"
    return canvas.text() + "\n" + cursor + "\n"
  }

  // MARK: Looks

  @Test(arguments: [100, 60, 38])
  func `a form as it opens`(width: Int) {
    expectSnapshot(picture(draw(form(), width, 26)), "FormPane/opened-\(width)")
  }

  @Test(arguments: [100, 60, 38])
  func `a form filled in, with mistakes`(width: Int) {
    let form = filledIn()
    #expect(!form.validate())
    expectSnapshot(picture(draw(form, width, 30)), "FormPane/filled-\(width)")
  }

  @Test(arguments: [100, 60, 38])
  func `each field in focus says what it is for`(width: Int) {
    let form = filledIn()
    let pane = FormPane()
    var pictures = ""
    for field in form.fields {
      go(form, to: field.name)
      pictures += "--- \(field.name)\n" + picture(draw(form, width, 12, pane: pane))
    }
    expectSnapshot(pictures, "FormPane/focused-\(width)")
  }

  @Test(arguments: [100, 60, 38])
  func `an open list with a filter`(width: Int) {
    let languages = InputField(
      name: "language", description: "Spoken language",
      kind: .enumeration((0..<213).map { .string("language \($0)") }))
    let form = form(["language": "language 100"], Self.inputs + [languages])
    go(form, to: "language")
    form.perform(.activate)
    let pane = FormPane()
    var pictures = picture(draw(form, width, 20, pane: pane))
    form.perform(.edit(.insert("e 20")))
    form.perform(.next)
    pictures += picture(draw(form, width, 20, pane: pane))
    form.perform(.edit(.insert("zz")))
    pictures += picture(draw(form, width, 20, pane: pane))
    expectSnapshot(pictures, "FormPane/picker-\(width)")
  }

  @Test func `a filter of fields`() {
    let form = form()
    form.perform(.startFilter)
    form.perform(.edit(.insert("im")))
    var pictures = picture(draw(form, 60, 8))
    form.perform(.edit(.insert("zz")))
    pictures += picture(draw(form, 60, 4))
    expectSnapshot(pictures, "FormPane/filter")
  }

  @Test func `the meanings of what is drawn`() {
    expectSnapshot(draw(filledIn(), 100, 26).styles(), "FormPane/styles")
  }

  @Test func `a form in ASCII holds nothing else of its own`() {
    let form = form()
    let first = paint(form, 80, 30, borders: .ascii).canvas.text()
    go(form, to: "aspect_ratio")
    form.perform(.activate)
    let second = paint(form, 80, 30, borders: .ascii).canvas.text()
    let foreign = (first + second).unicodeScalars.filter { !$0.isASCII }
    #expect(Set(foreign).isSubset(of: ["…"]))
  }

  // MARK: Where things are

  @Test func `a form without the focus shows no cursor`() {
    #expect(draw(form(), 80, 20, isFocused: false).cursor == nil)
    let form = form()
    go(form, to: "go_fast")
    #expect(draw(form, 80, 20).cursor == nil)
  }

  @Test func `a secret never reaches the screen`() {
    let form = form()
    type("hunter2", into: "api_key", form)
    let focused = draw(form, 100, 30).text()
    form.perform(.first)
    #expect(!(focused + draw(form, 100, 30).text()).contains("hunter"))
    #expect(focused.contains("•••••••"))
  }

  @Test func `a title counts what is to be done`() {
    #expect(FormPane.title(form(), .rounded).text == "2 required")
    let form = filledIn()
    #expect(FormPane.title(form, .rounded).text == "2 invalid · 10 changed")
    #expect(FormPane.title(form, .ascii).text == "2 invalid, 10 changed")
    #expect(FormPane.title(form, .rounded).least == "2 invalid")
  }

  @Test func `the field in focus is always whole, at any size`() {
    for (width, height) in [(100, 10), (60, 7), (38, 9), (24, 6), (80, 5)] {
      let form = filledIn()
      let pane = FormPane()
      for step in 0..<40 {
        let canvas = draw(form, width, height, pane: pane)
        if let field = form.focusedField, field.control.isTyped {
          #expect(canvas.cursor != nil, "\(field.name) at \(width)x\(height)")
        }
        form.perform(step < 20 ? .next : .previous)
      }
    }
  }

  @Test func `a form draws inside its rectangle, whatever its size`() {
    for width in [1, 2, 5, 11, 20, 34, 55, 56, 200] {
      for height in [1, 2, 3, 4, 5, 24, 100] {
        let form = filledIn()
        let pane = FormPane()
        for command in [FormCommand.next, .activate, .escape, .startFilter, .last, .first] {
          form.perform(command)
          var canvas = Canvas(size: Size(width: width + 4, height: height + 4))
          let rect = Rect(x: 2, y: 2, width: width, height: height)
          canvas.fill(canvas.bounds, "@")
          let drawn = pane.draw(form, on: &canvas, in: rect, .test())
          let frame = Rect(canvas.size)
          for (x, y) in [(1, 2), (rect.maxX, 2), (2, 1), (2, rect.maxY), (1, rect.maxY - 1)] {
            #expect(canvas[x, y] == Canvas(size: frame.size).filled("@")[x, y])
          }
          if let cursor = drawn.cursor { #expect(rect.contains(cursor)) }
          for y in stride(from: 0, to: height, by: 3) {
            for x in stride(from: 0, to: width, by: 17) {
              _ = drawn.command(at: Point(x: 2 + x, y: 2 + y))
            }
          }
        }
      }
    }
  }

  @Test func `scrolling moves as little as it must`() {
    func offset(_ previous: Int, _ top: Int, _ height: Int) -> Int {
      FormLayout.offset(previous: previous, top: top, height: height, total: 50, visible: 10)
    }
    #expect(offset(0, 5, 3) == 0)
    #expect(offset(0, 9, 3) == 2)
    #expect(offset(20, 22, 3) == 20)
    #expect(offset(20, 15, 3) == 15)
    #expect(offset(0, 30, 15) == 30)
    #expect(offset(99, 48, 2) == 40)
  }

  @Test func `a form stays where it was scrolled`() {
    let form = form()
    let pane = FormPane()
    form.perform(.last)
    _ = draw(form, 60, 6, pane: pane)
    form.perform(.previous)
    #expect(draw(form, 60, 6, pane: pane).text(row: 0).contains("image  "))
  }

  @Test func `a long text scrolls within its rows`() {
    let form = form()
    let text = (1...40).map { "line \($0)" }.joined(separator: "\n")
    form.perform(.edit(.insert(text)))
    let pane = FormPane()
    let bottom = draw(form, 80, 20, pane: pane).text()
    #expect(bottom.contains("line 40") && bottom.contains("line 35"))
    #expect(!bottom.contains("line 34"))
    #expect(bottom.contains("40/40"))
    for _ in 0..<5 { form.perform(.edit(.up)) }
    #expect(draw(form, 80, 20, pane: pane).text().contains("line 40"))
    form.perform(.edit(.up))
    let higher = draw(form, 80, 20, pane: pane).text()
    #expect(higher.contains("line 34") && !higher.contains("line 40"))
  }

  @Test func `a huge text draws quickly`() {
    let form = form()
    form.perform(.edit(.insert(String(repeating: "a quick brown fox ", count: 1200))))
    type("data:image/png;base64," + String(repeating: "A", count: 1_000_000), into: "image", form)
    let pane = FormPane()
    let time = ContinuousClock().measure {
      for name in ["prompt", "image", "seed"] {
        go(form, to: name)
        _ = draw(form, 100, 30, pane: pane)
      }
    }
    #expect(time < .seconds(3))
  }

  @Test(arguments: [100, 60, 30])
  func `rows that are drawn again as they were look as when they are drawn anew`(width: Int) {
    let form = form()
    let pane = FormPane()
    let commands: [FormCommand] = [
      .next, .cycleForward, .toggle, .stepUp, .edit(.insert("7")), .edit(.insert("[1")), .previous,
      .unset, .next, .next, .sweep, .undo, .addRow, .randomSeed, .edit(.insert("漢字 [31m")),
    ]
    var random = SplitMix(seed: 7)
    for _ in 0..<150 {
      if let command = commands.randomElement(using: &random) { form.perform(command) }
      if Int.random(in: 0..<12, using: &random) == 0 { _ = form.validate() }
      let kept = paint(form, width, 200, pane: pane).canvas
      let new = paint(form, width, 200, pane: FormPane()).canvas
      #expect(kept.cells == new.cells, "\(kept.text())\n\(new.text())")
      if kept.cells != new.cells { return }
    }
  }

  // MARK: Clicks

  private func click(
    _ form: InputForm, _ pane: FormPane, on text: String, _ width: Int = 100, _ height: Int = 30
  ) -> FormCommand? {
    let (canvas, drawn) = paint(form, width, height, pane: pane)
    for y in 0..<height {
      let row = canvas.text(row: y)
      guard let range = row.firstRange(of: text) else { continue }
      let x = row.distance(from: row.startIndex, to: range.lowerBound)
      return drawn.command(at: Point(x: x, y: y))
    }
    return nil
  }

  @Test func `a click goes to a field, switches, opens a list or throws the dice`() {
    let form = form()
    let pane = FormPane()
    #expect(click(form, pane, on: "num_outputs") == .focus(2))
    #expect(click(form, pane, on: "[x]") == .press(4))
    #expect(click(form, pane, on: "1:1") == .press(1))
    #expect(click(form, pane, on: "⚄") == .randomSeed)
    #expect(click(form, pane, on: "Prompt for") == .focus(0))
    #expect(paint(form, 100, 30, pane: pane).drawn.command(at: Point(x: 5, y: 29)) == nil)
  }

  @Test func `a click into text tells the place in it`() {
    let form = form()
    form.perform(.edit(.insert("漢字 cat")))
    let pane = FormPane()
    let (canvas, drawn) = paint(form, 100, 30, pane: pane)
    let left = (0..<100).first { canvas.text(row: 0).dropFirst($0).hasPrefix("漢") } ?? 0
    #expect(drawn.command(at: Point(x: left + 2, y: 0)) == .place(0, offset: 3))
    let end = drawn.command(at: Point(x: left + 30, y: 0))
    #expect(end == .place(0, offset: "漢字 cat".utf8.count))
    type("12345", into: "seed", form)
    #expect(click(form, pane, on: "345") == .place(5, offset: 2))
  }

  @Test(arguments: ["a\nb cat", "a\n\u{301}b cat", "\n\u{200D}cat", "漢\n\n👩‍👩‍👧 cat"])
  func `a click into a row with line breaks tells the place in it`(text: String) throws {
    let form = InputForm(
      model: ModelID(owner: "acme", name: "painter"), version: nil,
      schema: ModelSchema(inputs: [InputField(name: "lines", kind: .array(.text()))]))
    form.perform(.edit(.insert(JSONValue.array([.string(text)]).serialized())))
    let (canvas, drawn) = paint(form, 60, 10, pane: FormPane())
    let row = canvas.text(row: 0)
    #expect(row.unicodeScalars.contains("↵"))
    let column = try #require(
      (0..<57).first { x in
        "cat" == (x..<x + 3).map { canvas[$0, 0].text }.joined()
      })
    let command = drawn.command(at: Point(x: column, y: 0))
    #expect(command == .placeInRow(0, row: 0, offset: text.utf8.count - 3), "\(row)")
  }

  @Test func `a click in an open list chooses its row, one beside it closes it`() {
    let form = form()
    go(form, to: "aspect_ratio")
    form.perform(.activate)
    let pane = FormPane()
    #expect(click(form, pane, on: "16:9") == .pickerRow(1))
    #expect(click(form, pane, on: "prompt") == .escape)
    form.perform(.edit(.insert("9")))
    #expect(click(form, pane, on: "9:21") == .pickerRow(1))
  }

  @Test func `the scroll bar tells where the form stands`() {
    let form = form()
    let pane = FormPane()
    #expect(paint(form, 80, 6, pane: pane).drawn.thumb?.lowerBound == 0)
    form.perform(.last)
    #expect(paint(form, 80, 6, pane: pane).drawn.thumb?.upperBound == 6)
    #expect(paint(form, 80, 60, pane: pane).drawn.thumb == nil)
  }
}

extension PaneContext {
  /// What a pane is drawn with, at no time in particular.
  static func test(isFocused: Bool = true, borders: BorderSet = .rounded) -> PaneContext {
    PaneContext(isFocused: isFocused, now: 0, borders: borders, widths: .builtIn)
  }
}

extension Drawn {
  /// What a click asks of the form.
  @MainActor
  fileprivate func command(at point: Point) -> FormCommand? {
    guard case .form(let command)? = region(at: point)?.command(point, 1) else { return nil }
    return command
  }
}

extension Canvas {
  fileprivate func filled(_ character: Character) -> Canvas {
    var canvas = self
    canvas.fill(bounds, character)
    return canvas
  }
}
