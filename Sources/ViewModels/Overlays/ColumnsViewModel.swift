import Observation

/// The menu for sorting a list and choosing its visible columns.
@MainActor @Observable
public final class ColumnsViewModel {
  public let place: PlaceID
  public private(set) var cursor: ListCursor
  @ObservationIgnored public let list: any ListViewModel

  init(_ place: PlaceID, _ list: any ListViewModel) {
    self.place = place
    self.list = list
    cursor = ListCursor(count: list.columns.count, height: list.columns.count)
    if let sort = list.sort, let row = list.columns.firstIndex(where: { $0.id == sort.column }) {
      cursor.select(row)
    }
  }

  public var columns: [ListColumnInfo] { list.columns }

  public var selected: ListColumnInfo? {
    columns.indices.contains(cursor.selected) ? columns[cursor.selected] : nil
  }

  func move(_ movement: Movement) { cursor.move(movement) }
  func select(_ row: Int) { cursor.select(row) }
}
