/// A column of a list: its title and how rows are sorted by it.
public struct ListColumn<Row>: Sendable {
  public var id: String
  public var title: String
  /// Whether the column is visible by default.
  public var isShownAtFirst: Bool
  /// Whether sorting by this column starts with the largest values.
  public var startsDescending: Bool
  /// Whether one row sorts before another. Nil if rows can't be sorted by this column.
  public var precedes: (@MainActor @Sendable (Row, Row) -> Bool)?

  public init(
    _ id: String, _ title: String, isShownAtFirst: Bool = true, startsDescending: Bool = false,
    precedes: (@MainActor @Sendable (Row, Row) -> Bool)? = nil
  ) {
    self.id = id
    self.title = title
    self.isShownAtFirst = isShownAtFirst
    self.startsDescending = startsDescending
    self.precedes = precedes
  }

  /// A column sorted by a value of the row.
  public init<Value: Comparable>(
    _ id: String, _ title: String, isShownAtFirst: Bool = true, startsDescending: Bool = false,
    by value: @escaping @MainActor @Sendable (Row) -> Value
  ) {
    self.init(
      id, title, isShownAtFirst: isShownAtFirst, startsDescending: startsDescending,
      precedes: { value($0) < value($1) })
  }
}
