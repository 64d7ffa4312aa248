import Foundation
import ReplicateAPI
import Support
import TerminalKit
import Testing
import ViewModels

@testable import Panes

/// Schemas made at random to do harm become forms, which are drawn and edited without a trap, and no
/// input is left out. HOSTILE, HOSTILE_SEED and HOSTILE_SCALE make it longer, or repeat a failure.
@MainActor struct HostileSchemaTests {
  private func number(_ name: String) -> Int? {
    ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
  }

  private struct Tally {
    var count = 0
    var inputs = 0
    var commands = 0
    var frames = 0
    var slowest = (time: Duration.zero, what: "", seed: 0)

    mutating func measure(_ what: String, _ seed: Int, _ body: () -> Void) {
      let time = ContinuousClock().measure(body)
      if time > slowest.time { slowest = (time, what, seed) }
    }
  }

  @Test(.timeLimit(.minutes(30))) func `hostile schemas become forms`() throws {
    let count = number("HOSTILE") ?? 60
    let first = number("HOSTILE_SEED") ?? 1
    let scale = number("HOSTILE_SCALE") ?? 1
    var tallies: [HostileSchema.Trick: Tally] = [:]
    for seed in first..<first + count {
      note(seed)
      let schema = HostileSchema(seed: UInt64(seed), scale: scale)
      try run(schema, seed, &tallies[schema.trick, default: Tally()])
    }
    guard number("HOSTILE") != nil else { return }
    print("\(count) schemas from seed \(first)")
    print("| what is hostile | schemas | inputs | commands | frames | slowest step |")
    print("|---|---|---|---|---|---|")
    for trick in HostileSchema.Trick.allCases {
      guard let tally = tallies[trick] else { continue }
      let time = tally.slowest.time.formatted(
        .units(allowed: [.milliseconds], fractionalPart: .show(length: 1)))
      print(
        "| \(trick.rawValue) | \(tally.count) | \(tally.inputs) | \(tally.commands) "
          + "| \(tally.frames) | \(time): \(tally.slowest.what), seed \(tally.slowest.seed) |")
    }
  }

  private func run(_ hostile: HostileSchema, _ seed: Int, _ tally: inout Tally) throws {
    tally.count += 1
    var schema = ModelSchema(inputs: [])
    tally.measure("read", seed) { schema = ModelSchema(openAPI: hostile.document) }
    #expect(Set(schema.inputs.map(\.name)) == hostile.names, "seed \(seed)")
    #expect(schema.inputs.count == hostile.names.count, "seed \(seed)")
    tally.inputs += schema.inputs.count

    var random = SplitMix(seed: UInt64(seed))
    var opened: InputForm?
    tally.measure("open", seed) {
      opened = InputForm(
        model: ModelID(owner: "a", name: "b"), version: nil, schema: schema,
        random: { $0.lowerBound })
    }
    let form = try #require(opened)
    let pane = FormPane()
    func draw(_ width: Int, _ height: Int) {
      tally.frames += 1
      tally.measure("draw", seed) {
        var canvas = Canvas(size: Size(width: width, height: height))
        let drawn = pane.draw(form, on: &canvas, in: canvas.bounds, .test())
        if case .form(let fields, let columns) = drawn.size {
          form.typesetting.fieldsPerPage = fields
          form.typesetting.textColumns = columns
        }
      }
    }
    for (width, height) in [(120, 40), (40, 12), (3, 2)] { draw(width, height) }
    guard !form.fields.isEmpty else { return }
    var places = Set([0, form.fields.count - 1])
    for _ in 0..<4 { places.insert(Int.random(in: 0..<form.fields.count, using: &random)) }
    for place in places.sorted() {
      for command in HostileCommands.all(for: place).shuffled(using: &random) {
        // What a key in a filter or in an open list does is part of it, but not all.
        if Int.random(in: 0..<4, using: &random) == 0 { form.perform(.escape) }
        if form.focusedIndex != place, form.picker == nil { form.perform(.focus(place)) }
        tally.commands += 1
        tally.measure("\(command)".prefix(30).description, seed) { form.perform(command) }
        if Int.random(in: 0..<8, using: &random) == 0 { draw(80, 24) }
      }
      form.perform(.escape)
      form.perform(.escape)
      draw(120, 40)
    }
    tally.measure("payload", seed) {
      let payload = form.payload
      #expect(Set(payload.keys).isSubset(of: hostile.names), "seed \(seed)")
      _ = form.payloadWithoutSecrets
      _ = form.hasChanges
    }
    tally.measure("check", seed) { _ = form.validate() }
    draw(80, 24)
  }

  /// Writes the seed down, so that it is known after a trap.
  private func note(_ seed: Int) {
    guard let path = ProcessInfo.processInfo.environment["HOSTILE_NOTE"] else { return }
    try? "\(seed)\n".write(toFile: path, atomically: false, encoding: .utf8)
  }

  @Test func `every command of the form is among those performed`() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/ViewModels/Form/FormCommand.swift")
    let source = try String(contentsOf: file, encoding: .utf8)
    let names = source.matches(of: /\n  case ([a-zA-Z]+)/).map { String($0.1) }
    #expect(names.count > 25)
    let performed = HostileCommands.all(for: 0).map { command in
      String("\(command)".prefix { $0.isLetter })
    }
    let missing = Set(names).subtracting(performed)
    #expect(missing.isEmpty, "add them to HostileCommands: \(missing)")
  }
}

/// What can be done to a field, with texts that might do harm.
private enum HostileCommands {
  static func all(for field: Int) -> [FormCommand] {
    moves(field) + changes + texts.map { .edit(.insert($0)) } + edits.map { .edit($0) }
  }

  private static func moves(_ field: Int) -> [FormCommand] {
    [
      .next, .previous, .pageDown, .pageUp, .first, .last, .focus(field), .focus(-1),
      .focus(.max), .press(field), .press(.max), .place(field, offset: 3),
      .place(field, offset: .max), .place(.max, offset: -1), .row(field, row: 1),
      .row(field, row: .max), .row(-1, row: -1), .placeInRow(field, row: 0, offset: 2),
      .placeInRow(field, row: .max, offset: .min), .pickerRow(0), .pickerRow(.max),
      .completionRow(0), .completionRow(.max), .startFilter,
      .escape,
    ]
  }

  private static let changes: [FormCommand] = [
    .activate, .toggle, .stepUp, .stepDown, .toMinimum, .toMaximum, .cycleForward, .cycleBackward,
    .unset, .resetAll, .randomSeed, .addRow, .removeRow, .undo, .redo,
    .complete, .chooseFile, .pastePicture, .sweep, .readSweep,
  ]

  private static let edits: [TextEdit] = [
    .deleteBackward, .deleteForward, .deleteWordBackward, .deleteToStart, .deleteToEnd, .left,
    .right, .wordLeft, .wordRight, .up, .down, .home, .end, .newline,
  ]

  private static let texts = [
    "x", "7", "-", " ", "\u{301}", "👩‍👩‍👧‍👦", "\u{202E}", "\u{1B}[31m\u{0}", "1e400", "NaN", "null",
    #"{"a":"#, "[[1],2]", #"["a", "b"]"#, "a\nb\nc", "1, 2, 3", "data:image/png;base64,AAAA",
    String(repeating: "aé漢 ", count: 500), String(repeating: "[", count: 2000),
    "9999999999999999999999999999999999999999",
  ]
}
