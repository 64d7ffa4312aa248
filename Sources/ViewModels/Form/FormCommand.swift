/// Everything the user can do in a form.
public enum FormCommand: Hashable, Sendable {
  // Moving between fields.
  case next
  case previous
  case pageDown
  case pageUp
  case first
  case last
  /// Moves to the field with this index in ``InputForm/fields``.
  case focus(Int)
  /// A click on a field's control: focuses it and toggles it or opens its list.
  case press(Int)
  /// A click in a field's text: focuses it and moves the cursor to this UTF-8 offset.
  case place(Int, offset: Int)

  // In the focused field.
  case edit(TextEdit)
  /// Enter: opens a list, accepts a choice in an open list, or moves to the next field.
  case activate
  /// The space bar: toggles a switch, or types a space.
  case toggle
  case stepUp
  case stepDown
  case toMinimum
  case toMaximum
  case cycleForward
  case cycleBackward
  /// Resets the field to its default, or clears it if it has none.
  case unset
  case resetAll
  case randomSeed

  // In a list.
  /// Adds a row below the cursor.
  case addRow
  case removeRow
  /// A click on a row of a list: focuses it, and toggles it or opens its choices.
  case row(Int, row: Int)
  /// A click in the text of a row: moves the cursor to this UTF-8 offset.
  case placeInRow(Int, row: Int, offset: Int)

  /// Brings back what was unset, reset, removed, or replaced as a whole.
  case undo
  case redo

  // Files.
  /// Completes the focused file's path, or moves to the next field.
  case complete
  /// Opens the file chooser.
  case chooseFile
  /// Takes the picture in the clipboard.
  case pastePicture
  /// A click on a row of the open list of completions.
  case completionRow(Int)

  /// Turns the field into a list of the values that it takes in turn, one run each, or back.
  case sweep
  /// Asks for a text file whose lines are added to these values.
  case readSweep

  // Filters and lists.
  case startFilter
  case escape
  /// A click on a row of the open list, counted among the matches.
  case pickerRow(Int)
}
