/// A board of Conway's Game of Life, or a variant with another rule.
struct LifeBoard: Sendable, Equatable {
  let width: Int
  let height: Int
  private(set) var cells: [Bool]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    cells = Array(repeating: false, count: width * height)
  }

  /// A board with a named pattern in the center, or random cells.
  init(pattern: String, width: Int, height: Int, _ random: inout SeededRandom) {
    self.init(width: width, height: height)
    guard let rows = Self.patterns[pattern] else {
      for index in cells.indices { cells[index] = random.unit() < 0.31 }
      return
    }
    let (top, left) = ((height - rows.count) / 2, (width - (rows.first?.count ?? 0)) / 2)
    for (y, row) in rows.enumerated() {
      for (x, mark) in row.enumerated() where mark == "#" {
        set(x: left + x, y: top + y)
      }
    }
  }

  var population: Int {
    cells.reduce(0) { $0 + ($1 ? 1 : 0) }
  }

  mutating func set(x: Int, y: Int) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    cells[y * width + x] = true
  }

  func isAlive(x: Int, y: Int) -> Bool {
    cells[y * width + x]
  }

  /// The next generation.
  func next(_ rule: LifeRule, wraps: Bool) -> LifeBoard {
    var board = self
    for y in 0..<height {
      for x in 0..<width {
        let count = neighbors(x, y, wraps)
        board.cells[y * width + x] =
          isAlive(x: x, y: y) ? rule.survives.contains(count) : rule.born.contains(count)
      }
    }
    return board
  }

  private func neighbors(_ x: Int, _ y: Int, _ wraps: Bool) -> Int {
    var count = 0
    for dy in -1...1 {
      for dx in -1...1 where dx != 0 || dy != 0 {
        var (nx, ny) = (x + dx, y + dy)
        if wraps {
          nx = (nx + width) % width
          ny = (ny + height) % height
        }
        guard nx >= 0, ny >= 0, nx < width, ny < height else { continue }
        if cells[ny * width + nx] { count += 1 }
      }
    }
    return count
  }

  /// The board in braille characters of eight cells each.
  var braille: String {
    let dots: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]
    var lines: [String] = []
    for top in stride(from: 0, to: height, by: 4) {
      var line = ""
      for left in stride(from: 0, to: width, by: 2) {
        var code: UInt32 = 0x2800
        for (dy, row) in dots.enumerated() {
          for (dx, bit) in row.enumerated()
          where top + dy < height && left + dx < width && isAlive(x: left + dx, y: top + dy) {
            code |= bit
          }
        }
        if let scalar = Unicode.Scalar(code) { line.unicodeScalars.append(scalar) }
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  static let patterns: [String: [String]] = [
    "glider": [".#.", "..#", "###"],
    "r-pentomino": [".##", "##.", ".#."],
    "acorn": [".#.....", "...#...", "##..###"],
    "glider gun": [
      "........................#...........", "......................#.#...........",
      "............##......##............##", "...........#...#....##............##",
      "##........#.....#...##..............", "##........#...#.##....#.#...........",
      "..........#.....#.......#...........", "...........#...#....................",
      "............##......................",
    ],
  ]
}
