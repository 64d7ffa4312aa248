import ReplicateAPI
import Running

// Undoing what replaced values as a whole.
extension InputForm {
  /// The fields that a change replaced, as they were before it.
  struct Changes {
    struct Change {
      var fields: [(index: Int, field: FormField)]
      var extras: JSONObject
      /// The notes and the run options, if they were replaced, too.
      var notes: FormNotes?
      var options: KeptValues?
    }

    var done: [Change] = []
    var undone: [Change] = []

    /// How many changes are kept.
    static let most = 50
  }

  /// Makes a change that can be undone. Typing isn't one: it has keys of its own to take it back.
  @discardableResult
  func remembering<Result>(_ change: () -> Result) -> Result {
    let (before, extras) = (fields, extras)
    let (notesBefore, optionsBefore) = (notes, keptOptions)
    let result = change()
    let changed = before.indices.filter { index in
      fields.indices.contains(index) && !fields[index].holdsSame(as: before[index])
    }
    let change = Changes.Change(
      fields: changed.map { ($0, before[$0]) }, extras: extras,
      notes: notes == notesBefore ? nil : notesBefore,
      options: keptOptions == optionsBefore ? nil : optionsBefore)
    guard !changed.isEmpty || extras != self.extras || change.options != nil else { return result }
    changes.done.append(change)
    if changes.done.count > Changes.most { changes.done.removeFirst() }
    changes.undone = []
    return result
  }

  func undo() -> Bool {
    guard let change = changes.done.popLast() else {
      refusal =
        "There’s nothing to undo: typing isn’t undone, only what replaced or removed values."
      return true
    }
    changes.undone.append(restore(change))
    return true
  }

  func redo() -> Bool {
    guard let change = changes.undone.popLast() else {
      refusal = "There’s nothing to redo."
      return true
    }
    changes.done.append(restore(change))
    return true
  }

  private func restore(_ change: Changes.Change) -> Changes.Change {
    let current = Changes.Change(
      fields: change.fields.map { ($0.index, fields[$0.index]) }, extras: extras,
      notes: change.notes.map { _ in notes }, options: change.options.map { _ in keptOptions })
    for (index, field) in change.fields { fields[index] = field }
    extras = change.extras
    if let earlier = change.notes { notes = earlier }
    if let earlier = change.options { restoreOptions(earlier) }
    if let first = change.fields.first?.index,
      !change.fields.contains(where: { $0.index == focusedIndex })
    {
      show(first)
    }
    isValueSelected = selectsOnArrival
    return current
  }
}
