/// A maze with exactly one path between any two cells.
struct Maze: Sendable {
  let width: Int
  let height: Int
  /// Whether each cell is open to the right, and downward.
  private var opensRight: [Bool]
  private var opensDown: [Bool]

  init(width: Int, height: Int, _ random: inout SeededRandom) {
    self.width = width
    self.height = height
    opensRight = Array(repeating: false, count: width * height)
    opensDown = opensRight
    dig(&random)
  }

  /// Digs at random into unvisited cells, and backtracks at dead ends.
  private mutating func dig(_ random: inout SeededRandom) {
    var visited = Array(repeating: false, count: width * height)
    var path = [random.integer(0...(width * height - 1))]
    visited[path[0]] = true
    while let cell = path.last {
      let ways = neighbors(of: cell).filter { !visited[$0] }
      guard let next = random.pick(ways) else {
        path.removeLast()
        continue
      }
      open(cell, next)
      visited[next] = true
      path.append(next)
    }
  }

  private func neighbors(of cell: Int) -> [Int] {
    var cells: [Int] = []
    if cell % width > 0 { cells.append(cell - 1) }
    if cell % width < width - 1 { cells.append(cell + 1) }
    if cell >= width { cells.append(cell - width) }
    if cell + width < width * height { cells.append(cell + width) }
    return cells
  }

  private mutating func open(_ one: Int, _ other: Int) {
    let first = min(one, other)
    if abs(one - other) == 1 { opensRight[first] = true } else { opensDown[first] = true }
  }

  private func isOpen(_ one: Int, _ other: Int) -> Bool {
    let first = min(one, other)
    return abs(one - other) == 1 && one / width == other / width
      ? opensRight[first] : opensDown[first]
  }

  /// The path from the upper left to the lower right.
  func solution() -> [Int] {
    let goal = width * height - 1
    var origin: [Int?] = Array(repeating: nil, count: width * height)
    var queue = [0]
    var isFound = false
    while !isFound, !queue.isEmpty {
      var next: [Int] = []
      for cell in queue {
        isFound = isFound || cell == goal
        for way in neighbors(of: cell)
        where way != 0 && origin[way] == nil && isOpen(cell, way) {
          origin[way] = cell
          next.append(way)
        }
      }
      queue = next
    }
    var path = [goal]
    while let cell = path.last, let before = origin[cell] { path.append(before) }
    return path.reversed()
  }

  /// The maze in box-drawing characters, with dots along the path if one is given.
  func drawn(showing path: [Int] = []) -> String {
    let way = Set(path)
    var lines: [String] = []
    for y in 0...height {
      var line = ""
      for x in 0...width {
        line += Self.corner(
          up: hasWall(below: false, x: x, y: y - 1), right: hasWall(below: true, x: x, y: y),
          down: hasWall(below: false, x: x, y: y), left: hasWall(below: true, x: x - 1, y: y))
        if x < width {
          let isPath =
            y > 0 && y < height && way.contains(y * width + x) && way.contains((y - 1) * width + x)
          line += hasWall(below: true, x: x, y: y) ? "───" : isPath ? " · " : "   "
        }
      }
      lines.append(line)
      guard y < height else { break }
      line = ""
      for x in 0...width {
        let isPath =
          x > 0 && x < width && way.contains(y * width + x) && way.contains(y * width + x - 1)
        line += hasWall(below: false, x: x, y: y) ? "│" : isPath ? "·" : " "
        if x < width { line += way.contains(y * width + x) ? " · " : "   " }
      }
      lines.append(line)
    }
    return lines.joined(separator: "\n")
  }

  /// Whether there is a wall to the right of, or below, the grid point x, y.
  private func hasWall(below isAcross: Bool, x: Int, y: Int) -> Bool {
    if isAcross {
      guard x >= 0, x < width else { return false }
      if y == 0 { return x != 0 }
      if y == height { return x != width - 1 }
      return !opensDown[(y - 1) * width + x]
    }
    guard y >= 0, y < height else { return false }
    if x == 0 || x == width { return true }
    return !opensRight[y * width + x - 1]
  }

  private static func corner(up: Bool, right: Bool, down: Bool, left: Bool) -> String {
    let index = (up ? 1 : 0) + (right ? 2 : 0) + (down ? 4 : 0) + (left ? 8 : 0)
    return [
      " ", "╵", "╶", "╰", "╷", "│", "╭", "├", "╴", "╯", "─", "┴", "╮", "┤", "┬", "┼",
    ][index]
  }
}
