/// What can be asked about where the values of a form come from, and about how it is run.
public enum ValuesCommand: Hashable, Sendable {
  /// Opens the list of examples, presets, and earlier inputs.
  case choose
  case options
  /// Opens the list of versions that the form can move to.
  case version
  /// Shows what differs between two versions.
  case compare

  // In the list of values.
  case savePreset
  case renamePreset
  case deletePreset
  // The answers to questions about presets.
  case replaceNow
  case deleteNow
  /// Shows the list again after a question.
  case reopen

  /// Whether it loses something.
  var isRisky: Bool { self == .replaceNow || self == .deleteNow }
}
