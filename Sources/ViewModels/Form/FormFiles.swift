import Observation
import ReplicateAPI
import Running

/// What a form knows about the files that its fields name: looked up away from the main thread, and
/// forgotten as soon as a field's text changes.
@MainActor @Observable
public final class FormFiles {
  /// A control for a file in a form.
  struct Spot: Hashable {
    /// The index in ``InputForm/fields``.
    var field: Int
    /// The row of a list.
    var row: Int?
  }

  /// The open list of a path's completions.
  public internal(set) var completion: OpenCompletion?
  /// How far the files of a run have been sent, while that takes.
  public internal(set) var progress: FileProgress?
  /// What was found at the texts that were looked at.
  var found: [Spot: (text: String, result: Result<FileFacts, FileProblem>)] = [:]

  @ObservationIgnored let activity = Activity()
  /// Where relative paths and `~` start.
  @ObservationIgnored public var place = FilePlace.current
  /// Called when a command that took a while had no effect; see ``InputForm/takeRefusal()``.
  @ObservationIgnored var onRefusal: @MainActor () -> Void = {}
  /// The file that the last command left in focus, and its text.
  @ObservationIgnored var last: (spot: Spot, text: String)?

  init() {}

  package func settled() async { await activity.settled() }
}

/// The open list of a path's completions.
public struct OpenCompletion: Sendable {
  /// The index in ``InputForm/fields`` of the field that the list belongs to.
  public let field: Int
  public let choices: [PathCompletion.Choice]
  public internal(set) var selected: Int

  mutating func move(by rows: Int) {
    selected = max(0, min(choices.count - 1, selected + rows))
  }
}

/// What there is to say about the text of a file field.
public enum FileNote: Hashable, Sendable {
  case looking
  case facts(FileFacts)
  /// In words that follow the field's name.
  case problem(String)
  /// The host of an address.
  case web(host: String)
  /// The type and the size, in bytes, of a data URL.
  case data(type: String, size: Int)
}
