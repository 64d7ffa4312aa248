import Observation
import ReplicateAPI
import Running

/// A form about something of the account, such as a new deployment: its fields are drawn and edited
/// like a model's, and one key sends it.
@MainActor @Observable
public final class PropertyForm {
  /// What the form is about, such as `deployment acme/app`. Opening the same one again brings back what
  /// was typed.
  public let id: String
  public let title: String
  /// What sending it does, in a few words: `create the deployment`.
  public let action: String
  public let form: InputForm
  /// Whether it is being sent.
  public internal(set) var isSending = false

  /// What is shown beside the form.
  @ObservationIgnored let about: @MainActor (InputForm) -> [DetailBlock]
  /// What is wrong with values that are right one by one, and at which field; without a field it is
  /// said as it is.
  @ObservationIgnored let check: @MainActor (JSONObject) -> [(field: String, problem: String)]
  /// What has to be asked before these values are sent.
  @ObservationIgnored let question: @MainActor (JSONObject) -> String?
  @ObservationIgnored let send: @MainActor (JSONObject) async throws(ReplicateError) -> Sent
  /// The zips that were made for it, which are removed when it is sent or left for good.
  @ObservationIgnored var archives: [ZIPArchive] = []
  /// Takes a folder for the file field with this name. Nil if no field takes one.
  @ObservationIgnored var takeFolder: (@MainActor (LocalPath, _ field: String) -> Void)?

  /// What became of a form that was sent.
  struct Sent {
    /// What to tell about it.
    var notice: String
    /// Shows what was made, if the user is still waiting for it.
    var show: @MainActor () -> Void = {}
  }

  init(
    _ id: String, title: String, action: String, inputs: [InputField], values: JSONObject = [:],
    about: @escaping @MainActor (InputForm) -> [DetailBlock],
    check: @escaping @MainActor (JSONObject) -> [(field: String, problem: String)] = { _ in [] },
    question: @escaping @MainActor (JSONObject) -> String? = { _ in nil },
    send: @escaping @MainActor (JSONObject) async throws(ReplicateError) -> Sent
  ) {
    self.id = id
    self.title = title
    self.action = action
    self.about = about
    self.check = check
    self.question = question
    self.send = send
    form = InputForm(
      model: ModelID(owner: "", name: ""), version: nil, schema: ModelSchema(inputs: inputs),
      prefill: values)
  }

  /// Whether leaving it would lose something.
  var hasChanges: Bool { form.hasChanges }

  func removeArchives() {
    for archive in archives { archive.remove() }
    archives = []
  }
}

/// The forms about the account that are open or were left with something in them.
@MainActor
final class PropertyForms {
  private(set) var shown: PropertyForm?
  private var drafts: [String: PropertyForm] = [:]

  /// Makes a form the one to show, or what was left of it earlier.
  func show(_ form: PropertyForm) { shown = drafts[form.id] ?? form }

  /// Keeps what was typed, for the next time.
  func leave(_ form: PropertyForm) {
    drafts[form.id] = form.hasChanges ? form : nil
    if shown === form { shown = nil }
  }

  /// Forgets a form that was sent.
  func end(_ form: PropertyForm) {
    drafts[form.id] = nil
    form.removeArchives()
    if shown === form { shown = nil }
  }

  /// Forgets all of them.
  func endAll() {
    for form in Array(drafts.values) + [shown].compactMap(\.self) { form.removeArchives() }
    drafts = [:]
    shown = nil
  }

  /// The forms that would lose something.
  var unsent: [PropertyForm] {
    (Array(drafts.values) + [shown].compactMap(\.self)).filter(\.hasChanges)
  }
}

extension Session {
  /// Opens a form about something of the account.
  func open(_ form: PropertyForm) {
    if let measure = host?.measure { form.form.typesetting.width = measure }
    properties.show(form)
    host?.show(.place(PropertiesViewModel.id))
  }
}
