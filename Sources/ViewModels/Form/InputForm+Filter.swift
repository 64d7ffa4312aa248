import ReplicateAPI
import Running

// The filter of the fields.
extension InputForm {
  /// Performs a command in the filter. Returns nil if the form should handle it.
  func performInFilter(_ command: FormCommand) -> Bool? {
    switch command {
    case .edit(.up), .previous: return move(by: -1)
    case .edit(.down), .next: return move(by: 1)
    case .edit(.newline), .activate:
      if visible.isEmpty {
        refuse(because: "No field has that in its name. Esc shows all of them.")
        return true
      }
      isFiltering = false
      if filter?.isEmpty == true { _ = endFilter() }
      return true
    case .edit(let edit):
      filter?.apply(edit)
      applyFilter()
      return true
    case .toggle:
      filter?.apply(.insert(" "))
      applyFilter()
      return true
    case .escape: return endFilter()
    case .focus, .press, .place, .row, .placeInRow, .startFilter:
      isFiltering = false
      return nil
    default: return nil
    }
  }

  /// Shows all fields again after the form has been sent.
  func endFieldFilter() { _ = endFilter() }

  /// What is in a form when it is sent. It can be edited before Replicate has answered.
  struct Sending: Sendable {
    fileprivate var values: [JSONValue?]
    fileprivate var extras: JSONObject
    var snapshot: FormSnapshot
  }

  /// What is in the form now.
  var sending: Sending {
    Sending(values: fields.map(\.value), extras: extras, snapshot: snapshot)
  }

  /// Marks values as sent, so that closing the form loses nothing.
  func markSent(_ sent: Sending) {
    opened = sent.values
    openedExtras = sent.extras
    notes = FormNotes()
  }

  /// Shows the fields whose name or title contains every word of the filter. Keeps the focus where
  /// possible.
  func applyFilter() {
    let index = focusedIndex
    let words = (filter?.text ?? "").lowercased().split(separator: " ")
    visible = fields.indices.filter { place in
      let field = fields[place].input
      let name = "\(field.name) \(field.title ?? "")".lowercased()
      return words.allSatisfy { name.contains($0) }
    }
    focus = index.flatMap { visible.firstIndex(of: $0) } ?? 0
    isValueSelected = selectsOnArrival
  }

  func endFilter() -> Bool {
    guard filter != nil else { return false }
    filter = nil
    isFiltering = false
    applyFilter()
    return true
  }
}
