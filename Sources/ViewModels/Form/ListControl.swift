import ReplicateAPI
import Running

/// A list of values, edited as rows. Each row has a control of its own, and below the last one
/// there is a place for a new row.
public struct ListControl: Sendable, Equatable {
  public let element: InputKind
  public let minItems: Int?
  public let maxItems: Int?
  /// Whether the rows are the values that a field takes in turn, rather than one value.
  public let isSweep: Bool
  public private(set) var rows: [FieldControl] = []
  /// The row with the cursor. One past the last row is the place for a new one.
  public private(set) var selected = 0
  /// Whether there is a list, which may be empty. Otherwise the field is unset.
  public private(set) var isSet = false

  /// The most rows that there can be.
  public static let longest = 10_000

  public init(
    of element: InputKind, minItems: Int? = nil, maxItems: Int? = nil, isSweep: Bool = false
  ) {
    self.isSweep = isSweep
    self.element = element
    self.minItems = minItems
    self.maxItems = maxItems
  }

  /// The kind of the whole list.
  public var kind: InputKind { .array(element, minItems: minItems, maxItems: maxItems) }

  /// Whether the cursor is where a new row begins.
  public var isAtNewRow: Bool { selected >= rows.count }

  /// Whether there may be another row. Too many may be pasted, but not added one by one.
  public var hasRoom: Bool { rows.count < min(maxItems ?? Self.longest, Self.longest) }

  /// Any value may be null where the schema says nothing about it.
  var emptyRow: FieldControl {
    switch element {
    // Lists in a list are entered as JSON.
    case .array: .json(TextBuffer(allowsNewlines: true), element)
    case .json: FieldControl(element.orNull)
    default: FieldControl(element)
    }
  }

  /// The control with the cursor: that of the selected row, or an empty one.
  public var active: FieldControl {
    get { rows.indices.contains(selected) ? rows[selected] : emptyRow }
    set {
      if rows.indices.contains(selected) {
        rows[selected] = newValue
      } else if hasRoom, newValue != emptyRow {
        rows.append(newValue)
        selected = rows.count - 1
        isSet = true
      }
    }
  }

  var reading: FieldControl.Reading {
    if isSweep { return sweepReading }
    guard isSet else { return .nothing }
    var values: [JSONValue] = []
    for (index, row) in rows.enumerated() {
      switch row.reading {
      case .value(let value): values.append(value)
      case .nothing:
        guard case .text = row else { return .wrong("item \(index + 1) is empty") }
        values.append("")
      case .wrong(let problem):
        return .wrong(InputRules.problem(problem, ofItem: index))
      }
    }
    let list = JSONValue.array(values)
    return InputRules.problem(of: list, kind).map { .wrong($0) } ?? .value(list)
  }

  /// Sets the whole list. What isn't of the element's kind is kept as JSON, so that it can be
  /// corrected.
  mutating func set(_ value: JSONValue) -> Bool {
    guard let values = value.array, values.count <= Self.longest else { return false }
    rows = values.map(row)
    selected = 0
    isSet = true
    return true
  }

  private func row(_ value: JSONValue) -> FieldControl {
    var control = emptyRow
    if control.set(value) { return control }
    let kind = value.isNull ? InputKind.union([element, .enumeration([.null])]) : element
    return .json(TextBuffer(value.serialized(), allowsNewlines: true), kind)
  }

  /// Adds rows at the cursor. Returns false if there is no room for all of them.
  mutating func insert(_ values: [JSONValue]) -> Bool {
    guard rows.count + values.count <= min(maxItems ?? Self.longest, Self.longest) else {
      return false
    }
    let place = min(selected, rows.count)
    rows.insert(contentsOf: values.map(row), at: place)
    selected = place + values.count
    isSet = true
    return true
  }

  /// Adds an empty row below the cursor.
  mutating func addRow() -> Bool {
    guard hasRoom else { return false }
    let place = min(selected + 1, rows.count)
    rows.insert(emptyRow, at: place)
    selected = place
    isSet = true
    return true
  }

  mutating func append(_ row: FieldControl) {
    rows.append(row)
    isSet = true
  }

  /// Removes the row with the cursor. A list whose last row was removed is an empty list.
  mutating func removeRow() -> Bool {
    guard rows.indices.contains(selected) else { return false }
    rows.remove(at: selected)
    return true
  }

  /// Moves the row with the cursor up or down.
  mutating func moveRow(by step: Int) -> Bool {
    let target = selected + step
    guard rows.indices.contains(selected), rows.indices.contains(target) else { return false }
    rows.swapAt(selected, target)
    selected = target
    return true
  }

  /// Moves the cursor to another row, or to the place for a new one if there may be one.
  mutating func select(_ row: Int) -> Bool {
    guard row >= 0, row < rows.count || row == rows.count && (hasRoom || rows.isEmpty),
      row != selected
    else { return false }
    selected = row
    return true
  }

  /// Moves the cursor to where one enters the list from above or from below.
  mutating func enter(atEnd: Bool) {
    selected = atEnd ? (hasRoom ? rows.count : max(0, rows.count - 1)) : 0
  }

  mutating func clear() {
    rows = []
    selected = 0
    isSet = false
  }

  /// Whether the content is the same, regardless of the cursor.
  func holdsSame(as other: Self) -> Bool {
    isSet == other.isSet && rows.count == other.rows.count
      && zip(rows, other.rows).allSatisfy { $0.holdsSame(as: $1) }
  }

  /// What stands where a new row begins.
  public var newRow: String {
    let noun =
      switch element {
      case .text, .secret: "a text"
      case .file: "a file"
      case .integer, .number: "a number"
      case .boolean: "a switch"
      case .enumeration: "a choice"
      case .array: "a list"
      case .object: "an object"
      case .union, .json: "a value"
      }
    if isSweep, noun == "a number" { return "add a number, or a range such as 1..10" }
    return "add \(noun)"
  }

  /// The row that the first problem is in, to put the cursor there.
  var firstProblem: Int? {
    rows.firstIndex { row in
      if isSweep { if case .failure = expansion(of: row) { return true } else { return false } }
      return switch row.reading {
      case .wrong: true
      case .nothing: if case .text = row { false } else { true }
      case .value: false
      }
    }
  }
}
