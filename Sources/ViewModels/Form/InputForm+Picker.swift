import ReplicateAPI
import Running

// The open list of an enumeration.
extension InputForm {
  func openPicker() -> Bool {
    guard let index = focusedIndex,
      case .enumeration(let choices, let selected) = fields[index].control.active,
      !choices.isEmpty
    else { return false }
    picker = FormPicker(
      field: index, title: fields[index].name, choices: choices.map(fields[index].label),
      values: fields[index].input.choiceTitles.isEmpty ? [] : choices.map(\.choiceText),
      current: selected)
    return true
  }

  func performInPicker(_ command: FormCommand) -> Bool {
    switch command {
    case .next, .edit(.down): picker?.move(by: 1)
    case .previous, .edit(.up): picker?.move(by: -1)
    case .pageDown: picker?.move(by: 10)
    case .pageUp: picker?.move(by: -10)
    case .first: picker?.move(by: -.max / 2)
    case .last: picker?.move(by: .max / 2)
    case .edit(.newline): choose()
    case .activate:
      choose()
      return picker != nil || advance()
    case .edit(let edit): picker?.edit(edit)
    case .toggle: picker?.edit(.insert(" "))
    case .pickerRow(let row):
      guard let open = picker, open.matches.indices.contains(row) else { return true }
      picker?.move(by: row - open.selected)
      choose()
    case .escape: picker = nil
    case .focus, .press, .place, .row, .placeInRow: picker = nil
    default: break
    }
    return true
  }

  private func choose() {
    guard let open = picker, let choice = open.selectedChoice,
      case .enumeration(let choices, _) = fields[open.field].control.active
    else { return }
    picker = nil
    fields[open.field].update { $0.active = .enumeration(choices, selected: choice) }
  }
}
