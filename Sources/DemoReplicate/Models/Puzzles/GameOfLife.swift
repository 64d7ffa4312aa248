import ReplicateAPI

extension DemoModel {
  static let gameOfLife = DemoModel(
    id: ModelID(owner: "quarry", name: "game-of-life"),
    description: "Plays Conway's Game of Life: in the log as it runs, and in a picture at the end",
    runCount: 4_096_000,
    paperURL: "https://en.wikipedia.org/wiki/Conway%27s_Game_of_Life",
    readme: """
      # Game of life

      A cell with three neighbors is born, a cell with two or three survives, and all others die. \
      These rules produce gliders, guns and a great deal of ash.

      Watch the log, where the board is drawn in braille dots, eight cells per character. The \
      output has a picture, in which the oldest cells are the brightest, and the population of \
      every generation.

      Other rules are written with *B* for birth and *S* for survival. Try `B36/S23`, in which a \
      pattern can copy itself, or `B2/S`, which explodes.
      """,
    versions: .history(
      of: ModelID(owner: "quarry", name: "game-of-life"), cog: "0.16.3",
      "2026-10-11T10:10:10.101010Z", "2026-04-04T04:04:04.4Z"),
    schema: .openAPI(
      [
        .choice(
          "pattern", "The pattern to start with.",
          ["random", "glider", "r-pentomino", "acorn", "glider gun"], default: "r-pentomino"),
        .integer("generations", "How many generations to play.", default: 60, 1...500),
        .integer("width", "Cells per row.", default: 72, 8...160),
        .integer("height", "Cells per column.", default: 36, 8...120),
        .text(
          "rule", "When cells are born and when they survive.", default: "B3/S23",
          pattern: "^B[0-8]*/S[0-8]*$"),
        .boolean("wrap", "Join opposite edges of the board.", default: true),
        .integer("seed", "Seed for the random pattern.").nullable(),
      ],
      .object([
        ("picture", SchemaOutput.uri), ("generations", ["type": "integer"]),
        ("ending", ["type": "string"]),
        ("population", ["type": "array", "items": ["type": "integer"]]),
      ])),
    exampleInput: ["pattern": "acorn", "generations": 80],
    run: { job in
      var random = SeededRandom(
        job.givenSeed ?? job.seed)
      var game = LifeGame(
        LifeBoard(
          pattern: job.text("pattern"), width: job.integer("width", or: 72),
          height: job.integer("height", or: 36), &random),
        rule: LifeRule(job.text("rule")), wraps: job.flag("wrap"))
      let total = job.integer("generations", or: 60)
      // About thirty boards in the log are enough to follow the game.
      let pace = max(1, total / 30)
      var line = ProgressLine(total: total, unit: "gen")
      while game.generation < total, !game.isOver {
        try await job.work(7 / Double(total))
        game.advance()
        line.advance(seconds: 7 / Double(total))
        if game.generation % pace == 0 || game.isOver {
          await job.log(game.board.braille + "\n" + line.text + "\n")
        }
      }
      let picture = game.picture()
      let address = await job.file(picture.png, name: "life.png", type: PNG.type)
      await job.output([
        "picture": .string(address),
        "generations": .number(JSONNumber(game.generation)),
        "ending": .string(game.ending),
        "population": .array(game.populations.map { .number(JSONNumber($0)) }),
      ])
    })
}

private struct LifeGame {
  var board: LifeBoard
  let rule: LifeRule
  let wraps: Bool
  private(set) var generation = 0
  private(set) var populations: [Int]
  private var ages: [Int]
  private var previous: [LifeBoard] = []
  private(set) var ending = "still changing"

  init(_ board: LifeBoard, rule: LifeRule, wraps: Bool) {
    self.board = board
    self.rule = rule
    self.wraps = wraps
    populations = [board.population]
    ages = board.cells.map { $0 ? 1 : 0 }
  }

  var isOver: Bool { ending != "still changing" }

  mutating func advance() {
    let next = board.next(rule, wraps: wraps)
    for (index, isAlive) in next.cells.enumerated() { ages[index] = isAlive ? ages[index] + 1 : 0 }
    generation += 1
    populations.append(next.population)
    if next.population == 0 {
      ending = "died out"
    } else if next == board {
      ending = "came to rest"
    } else if previous.last == next {
      ending = "blinks forever"
    }
    previous = [board]
    board = next
  }

  func picture() -> Picture {
    let cell = max(3, min(12, 900 / max(board.width, board.height)))
    let colors = [Color(0x2A9D8F), Color(0x8AC6A0), Color(0xF4E9C1)]
    var picture = Picture(
      PictureSize(width: board.width * cell, height: board.height * cell),
      filledWith: Color(0x0F1B2B))
    for y in 0..<board.height {
      for x in 0..<board.width {
        let age = ages[y * board.width + x]
        let color =
          age == 0 ? Color(0x142338) : Color.along(colors, min(1, Float(age - 1) / 12))
        for row in 0..<(cell - 1) {
          for column in 0..<(cell - 1) { picture[x * cell + column, y * cell + row] = color }
        }
      }
    }
    return picture
  }
}
