import ReplicateAPI
import Running

// Lists as rows, and fields that take all of the pane.
extension InputForm {
  /// Performs an edit in the focused list. Returns nil if it's one for the control of its row.
  func performInList(_ edit: TextEdit) -> Bool? {
    guard let index = focusedIndex, let list = fields[index].control.list else { return nil }
    let isEmpty = list.active.buffer?.isEmpty ?? false
    switch edit {
    case .up: return moveInList(by: -1) || move(by: -1)
    case .down: return moveInList(by: 1) || move(by: 1)
    case .deleteBackward where list.isAtNewRow && !list.rows.isEmpty: return moveInList(by: -1)
    case .deleteBackward where isEmpty && !list.isAtNewRow:
      guard removeRow() else { return false }
      _ = moveInList(by: -1)
      return true
    case .deleteBackward, .deleteForward:
      // On a choice there is nothing to delete but the row.
      return list.active.isTyped ? nil : removeRow()
    case .insert(let text) where text.count > 1 && (list.isAtNewRow || isEmpty):
      return paste(text, into: list, index)
    case .insert(let text) where list.isAtNewRow && !list.hasRoom && list.active.isTyped:
      return text == " " ? true : refuseRow(fields[index], list)
    default: return nil
    }
  }

  /// Moves the cursor to another row. Returns false at the ends of the list, or if it isn't one.
  func moveInList(by step: Int) -> Bool {
    guard let index = focusedIndex else { return false }
    let hasMoved = fields[index].updateCursor { $0.select($0.selected + step) }
    if hasMoved { isValueSelected = selectsOnArrival }
    return hasMoved
  }

  func focus(_ index: Int, row: Int) -> Bool {
    guard focusField(index), let list = fields[index].control.list else { return false }
    let wasThere = list.selected == row
    _ = fields[index].updateCursor { $0.select(min(row, $0.rows.count)) }
    isValueSelected = selectsOnArrival
    switch fields[index].control.active {
    case .boolean: return wasThere ? toggle() : true
    case .enumeration: return openPicker()
    default: return true
    }
  }

  func addRow() -> Bool {
    guard let index = focusedIndex, let list = fields[index].control.list else {
      refusal = "Rows can be added to lists only."
      return true
    }
    guard list.hasRoom else { return refuseRow(fields[index], list) }
    return change { field in field.update { $0.updateList { $0.addRow() } } }
  }

  func removeRow() -> Bool {
    guard let index = focusedIndex, let list = fields[index].control.list, !list.isAtNewRow else {
      refusal = "There’s no row to remove here."
      return true
    }
    return remembering { change { field in field.update { $0.updateList { $0.removeRow() } } } }
  }

  func moveRow(by step: Int) -> Bool {
    _ = change { field in
      guard var list = field.control.list, list.moveRow(by: step) else { return }
      field.update { $0 = .list(list) }
    }
    return true
  }

  /// A paste where a row begins: a JSON list, lines, or numbers become rows of their own.
  private func paste(_ text: String, into list: ListControl, _ index: Int) -> Bool? {
    var list = list
    if !list.isAtNewRow { _ = list.removeRow() }
    guard let values = list.values(in: text), !values.isEmpty else { return nil }
    guard list.insert(values) else {
      refusal =
        "\(fields[index].name) has room for \(list.maxItems ?? ListControl.longest) items, so "
        + "\(values.count) more don’t fit."
      return true
    }
    return remembering { change { $0.update { $0 = .list(list) } } }
  }

  private func refuseRow(_ field: FormField, _ list: ListControl) -> Bool {
    refusal = "\(field.name) can have at most \(list.maxItems ?? ListControl.longest) items."
    return true
  }

  // MARK: All of the pane

  /// Gives the focused field all of the pane, with its JSON laid out in lines.
  func expand() -> Bool {
    guard let index = focusedIndex, let text = fields[index].control.buffer?.text else {
      return false
    }
    isExpanded = true
    isValueSelected = false
    if fields[index].shortText == nil, text.utf8.count < 100_000, !text.contains("\n"),
      let value = try? JSONValue(parsing: text), value.array != nil || value.object != nil
    {
      fields[index].update { $0.buffer?.text = value.serialized(pretty: true) }
    }
    return true
  }

  /// Ends that. Returns false if it wasn't so.
  func collapse() -> Bool {
    defer { isExpanded = false }
    return isExpanded
  }
}

extension FieldControl {
  mutating func updateList(_ change: (inout ListControl) -> Bool) {
    guard var list = list, change(&list) else { return }
    self = .list(list)
  }
}

extension ListControl {
  /// The rows that a pasted text stands for; nil if it's the text of one row.
  func values(in text: String) -> [JSONValue]? {
    if let list = try? JSONValue(parsing: text), let values = list.array,
      values.allSatisfy({ InputRules.problem(of: $0, element) == nil })
    {
      return values
    }
    let lines = text.split(whereSeparator: \.isNewline).map { String($0.trimmingBlanks()) }
      .filter { !$0.isEmpty }
    switch element {
    case .integer, .number:
      let parts = text.split { ",;".contains($0) || $0.isWhitespace }
      let numbers = parts.compactMap { NumberText.number(in: String($0)) }
      return parts.count > 1 && numbers.count == parts.count ? numbers.map { .number($0) } : nil
    case .text, .secret, .file: return lines.count > 1 ? lines.map { .string($0) } : nil
    case .boolean, .enumeration, .array, .object, .union, .json: return nil
    }
  }
}
