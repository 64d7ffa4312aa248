import ReplicateAPI

extension DemoModel {
  static let maze = DemoModel(
    id: ModelID(owner: "quarry", name: "maze"),
    description: "Digs a maze and draws it as text, with or without the path through it",
    runCount: 512_256,
    readme: """
      # Maze

      Digs a maze by walking at random to places it hasn't been, and backtracking at dead ends. So \
      there is exactly one path between any two cells, including from the entrance at the upper \
      left to the exit at the lower right.

      The output is plain text in box-drawing characters: four columns and two lines per cell.
      """,
    versions: .history(
      of: ModelID(owner: "quarry", name: "maze"), cog: "0.16.3",
      "2026-09-21T09:21:00.921Z", "2026-07-30T17:00:00Z"),
    schema: .openAPI(
      [
        .integer("width", "Cells per row.", default: 16, 2...60),
        .integer("height", "Cells per column.", default: 8, 2...60),
        .boolean("solved", "Show the path through the maze.", default: true),
        .integer("seed", "The same seed gives the same maze.").nullable(),
      ], .text),
    exampleInput: ["width": 16, "height": 8, "seed": 2026],
    coldStart: 0.2,
    run: { job in
      var random = SeededRandom(await job.chosenSeed())
      let (width, height) = (job.integer("width", or: 16), job.integer("height", or: 8))
      try await job.steps(10, label: "Digging", unit: "spade", seconds: 1.5)
      let maze = Maze(width: width, height: height, &random)
      let path = maze.solution()
      await job.log("The path through the maze is \(path.count) cells long.\n")
      await job.output(.string(maze.drawn(showing: job.flag("solved") ? path : [])))
    })
}
