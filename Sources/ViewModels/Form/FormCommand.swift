/// Everything a person can ask of a form.
public enum FormCommand: Hashable, Sendable {
  // To another field.
  case next
  case previous
  case pageDown
  case pageUp
  case first
  case last
  /// To the field with this index in ``InputForm/fields``.
  case focus(Int)
  /// A click on the control of a field: goes there and switches, or opens its list.
  case press(Int)
  /// A click into the text of a field: goes there, the cursor to this offset in its UTF-8.
  case place(Int, offset: Int)

  // At the field in focus.
  case edit(TextEdit)
  /// Enter: opens a list, chooses in it and goes on, or goes on to the next field.
  case activate
  /// The space bar: switches; a blank in text.
  case toggle
  case stepUp
  case stepDown
  case toMinimum
  case toMaximum
  case cycleForward
  case cycleBackward
  /// Back to the default, or to nothing where there is none.
  case unset
  case resetAll
  case randomSeed

  // What lies over the fields.
  case startFilter
  case escape
  /// A click on a row of the open list, counted among its matches.
  case pickerRow(Int)
}
