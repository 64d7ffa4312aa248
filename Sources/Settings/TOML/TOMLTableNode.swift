/// A table while it is being read.
final class TOMLTableNode {
  /// What has made a table, which decides what may be added to it.
  enum Origin {
    /// A header of its own.
    case header
    /// The path of another table's header: a header of its own may follow.
    case path
    /// A dotted key.
    case dotted
  }

  enum Node {
    case value(TOMLValue)
    case table(TOMLTableNode)
    case tables(List)

    var line: Int {
      switch self {
      case .value(let value): value.line
      case .table(let table): table.line
      case .tables(let list): list.first.line
      }
    }
  }

  /// The tables of `[[name]]`; a class, so that adding one doesn't copy the others.
  final class List {
    let first: TOMLTableNode
    var tables: [TOMLTableNode]

    init(_ table: TOMLTableNode) {
      first = table
      tables = [table]
    }
  }

  var origin: Origin
  let depth: Int
  let line: Int
  private var nodes: [(key: String, node: Node, line: Int)] = []
  private var places: [String: Int] = [:]

  init(origin: Origin, depth: Int, line: Int) {
    self.origin = origin
    self.depth = depth
    self.line = line
  }

  subscript(key: String) -> Node? { places[key].map { nodes[$0].node } }

  func add(_ key: String, _ node: Node, line: Int) {
    places[key] = nodes.count
    nodes.append((key, node, line))
  }

  /// What was read, once that is done.
  var table: TOMLTable {
    var table = TOMLTable()
    for (key, node, line) in nodes {
      let value =
        switch node {
        case .value(let value): value
        case .table(let node): TOMLValue(.table(node.table), line: node.line)
        case .tables(let list):
          TOMLValue(
            .array(list.tables.map { TOMLValue(.table($0.table), line: $0.line) }),
            line: list.first.line)
        }
      table.append(key, value, line: line)
    }
    return table
  }
}
