import ReplicateAPI
import Running
import Synchronization

/// One input of a model in a form: its schema, its current value, and any problem with it.
public struct FormField: Sendable, Identifiable {
  /// Where the value comes from.
  public enum State: Sendable, Hashable {
    /// There is no value.
    case unset
    /// The schema's default, or the initial value of a required field.
    case byDefault
    /// Set by the user, a prefill, or the random seed command.
    case explicit
  }

  /// The mark before the name.
  public enum Mark: Sendable, Hashable {
    case none
    /// Required but empty.
    case required
    /// Set to something other than the default.
    case changed
    case invalid
  }

  public let input: InputField
  public private(set) var control: FieldControl { didSet { stamp = Self.nextStamp() } }
  public private(set) var state: State = .unset

  /// The text to show in place of one that contains a long data URI; nil if there is none. Such a
  /// text isn't edited letter by letter: what is typed replaces it.
  public private(set) var shortText: TextBuffer?

  /// Another number whenever anything about the field has changed, so that what was measured for
  /// drawing can be kept.
  package private(set) var stamp = nextStamp()

  private let initial: FieldControl
  private let description: PlainDescription
  private var reading: FieldControl.Reading = .nothing
  private var rejection: String? { didSet { stamp = Self.nextStamp() } }
  /// Why the file on this machine couldn't be sent when it was last looked at, in words that follow
  /// the name. It doesn't keep a run from trying again.
  public internal(set) var fileProblem: String? { didSet { stamp = Self.nextStamp() } }
  /// The files on this machine that an example or the like has named, until their names are edited.
  private(set) var foreignFiles: Set<String> = []
  private var showsMissing = false { didSet { stamp = Self.nextStamp() } }
  /// Whether an empty text was set, rather than left behind by deleting.
  private var isSetEmpty = false { didSet { stamp = Self.nextStamp() } }
  /// A value that the control can't show, until it changes: an explicit default, or a text with
  /// characters that can't be typed.
  private var exact: JSONValue? { didSet { stamp = Self.nextStamp() } }
  /// The content as a single value, while the field takes several.
  private var unswept: Content? { didSet { stamp = Self.nextStamp() } }

  private struct Content: Sendable {
    var control: FieldControl
    var isSetEmpty: Bool
    var exact: JSONValue?
    var foreignFiles: Set<String>
  }

  /// Whether the field takes several values, one run each.
  public var isSwept: Bool { unswept != nil }

  /// A field with its initial value: the default, or a starting value if it's required and has
  /// none.
  public init(_ input: InputField) {
    self.input = input
    description = PlainDescription(input.description)
    var control = FieldControl(input.takesNull ? input.kind.orNull : input.kind)
    // Nobody else's default names a file on this machine.
    let usable = input.defaultValue.flatMap {
      input.isRequired && input.kind.hasLocalFile($0) ? nil : $0
    }
    let hasDefault = usable.map { control.set($0) } ?? false
    if !hasDefault, input.isRequired {
      switch control {
      case .boolean where !input.takesNull: control = .boolean(false)
      case .enumeration(let choices, _) where !choices.isEmpty:
        control = .enumeration(choices, selected: choices.firstIndex(of: .null) ?? 0)
      default: break
      }
    }
    self.control = control
    initial = control
    if hasDefault, let usable { foreignFiles = input.kind.localFiles(in: usable) }
    read()
  }

  /// The field's description without Markdown. It's untrusted text, so sanitize it before drawing.
  public var summary: String { description.text }

  public var id: String { input.name }
  public var name: String { input.name }
  public var isRequired: Bool { input.isRequired }
  public var isDeprecated: Bool { input.isDeprecated }
  public var isSecret: Bool { if case .secret = control { true } else { input.kind.holdsSecrets } }
  /// Whether the field is a seed, which can be set to a random number.
  public var isSeed: Bool {
    if case .integer = control { name.lowercased().hasSuffix("seed") } else { false }
  }

  /// Whether the content is the default, or empty if there is none.
  var isInitial: Bool { control.holdsSame(as: initial) && !isSetEmpty }

  public var isMissing: Bool { isRequired && reading == .nothing }
  public var isInvalid: Bool { isRefused || fileProblem != nil }
  /// Whether the value can't be sent, whatever has become of its files.
  var isRefused: Bool { if case .wrong = reading { true } else { rejection != nil } }

  public var mark: Mark {
    if isInvalid { return .invalid }
    if isMissing { return .required }
    return state == .explicit ? .changed : .none
  }

  /// What is wrong with the value. Nil if nothing is, or if an empty field hasn't been validated
  /// yet.
  public var problem: String? {
    if let rejection { return rejection }
    switch reading {
    case .wrong(let problem): return problem
    case .nothing where showsMissing && isRequired: return "is required"
    case .nothing, .value: return fileProblem
    }
  }

  /// The value to send. Nil for an optional field that is unset or unchanged, and for an invalid
  /// value.
  public var payload: JSONValue? {
    guard case .value(let value) = reading, isRequired || state == .explicit, !isSwept else {
      return nil
    }
    return value
  }

  /// The effective value, which may be the default.
  public var value: JSONValue? { if case .value(let value) = reading { value } else { nil } }

  /// The placeholder in an empty control: the default, if there is one and the model would use it.
  public var placeholder: String {
    if isSwept { return "" }
    if input.takesNull { return "null" }
    if state == .explicit {
      if let list = control.list, list.isSet { return "(empty list)" }
      if control.buffer?.text.isEmpty == true { return "(empty)" }
    }
    if let value = input.defaultValue, !value.isNull {
      let text = Self.beginning(of: value)
      if !text.isEmpty, value != [] { return text }
    }
    switch control {
    case .text(_, let rules): return rules.format?.example ?? ""
    case .file: return "path or https://…"
    case .enumeration: return "choose"
    case .json(_, .union): return ""
    case .json: return "{…}"
    default: return ""
    }
  }

  /// The selected choice of an enumeration, formatted for display.
  public var choice: String? {
    guard case .enumeration(let choices, let selected?) = control,
      choices.indices.contains(selected)
    else { return nil }
    return label(of: choices[selected])
  }

  /// What is shown of a choice: its title, if it has one, or its value.
  public func label(of choice: JSONValue) -> String {
    input.choiceTitles[choice] ?? choice.choiceText
  }

  /// The unit, range, or type in a word or two.
  public var hint: String {
    switch control {
    case .text(_, let rules):
      return rules.format?.hint ?? Self.hint(of: rules)
    case .secret: return "secret"
    case .file: return "file"
    case .integer(_, let rules): return NumberText.range(rules) ?? "integer"
    case .number(_, let rules): return NumberText.range(rules) ?? "number"
    case .boolean: return ""
    case .enumeration(let choices, let selected):
      let count = "\(choices.count)"
      return selected.map { "\($0 + 1) of \(count)" } ?? "\(count) choices"
    case .list(let list):
      // Doesn't depend on the rows, so that nothing moves while they are typed.
      let noun = Self.plural(of: list.element)
      if list.isSweep { return "sweep" }
      return list.maxItems.map { "up to \($0) \(noun)" } ?? "list of \(noun)"
    case .json(_, .object): return "object"
    case .json(_, .union(let kinds)):
      if case .value(let value) = reading, !control.isEmpty { return "as \(Self.name(of: value))" }
      return kinds.map(Self.name).joined(separator: " or ")
    case .json: return "JSON"
    }
  }

  /// A number's position between its bounds, from 0 to 1. Nil without a number or without both
  /// bounds.
  public var fraction: Double? {
    switch control {
    case .integer(_, let rules), .number(_, let rules):
      guard let low = rules.low?.number.double, let high = rules.high?.number.double, high > low
      else { return nil }
      let number = control.buffer.flatMap { NumberText.number(in: $0.text) }?.double
      guard let value = number ?? input.defaultValue?.double else { return nil }
      let fraction = (value - low) / (high - low)
      return fraction.isFinite ? min(1, max(0, fraction)) : nil
    default: return nil
    }
  }

  /// The extension of a file with the field's text, by which an editor knows how to color it.
  var editorFileType: String {
    switch control.active {
    case .json: return "json"
    default:
      let words = "\(name) \(input.title ?? "") \(input.description)".lowercased()
      let text = control.buffer?.text.prefix(2000) ?? ""
      let isMarkdown =
        words.contains("markdown") || text.hasPrefix("# ") || text.contains("\n# ")
        || text.contains("\n## ") || text.contains("```") || text.contains("](http")
      return isMarkdown ? "md" : "txt"
    }
  }

  // MARK: Changes

  /// Changes the content, and clears any error the service reported for the old content.
  mutating func update(_ change: (inout FieldControl) -> Void) {
    change(&control)
    rejection = nil
    isSetEmpty = false
    exact = nil
    fileProblem = nil
    forgetEditedFiles()
    read()
  }

  /// Says that a value comes from an example or the like. Files on this machine are sent only if the
  /// user has named them.
  mutating func distrust(_ value: JSONValue) {
    foreignFiles.formUnion(fileKind.localFiles(in: value))
    read()
  }

  /// Says that the user has named all files, but for some, now or earlier.
  mutating func trust(allBut foreign: Set<String>) {
    foreignFiles = foreign
    read()
  }

  /// Says that the user has named these files, now or earlier.
  mutating func trust(files: Set<String>) { trust(allBut: foreignFiles.subtracting(files)) }

  /// Says that the user has chosen a file.
  mutating func trust(file: String) {
    guard foreignFiles.remove(file) != nil else { return }
    read()
  }

  /// A name that isn't there anymore is the user's own when it is typed again. What can't be read may
  /// still have it.
  private mutating func forgetEditedFiles() {
    guard !foreignFiles.isEmpty else { return }
    switch control.reading {
    case .wrong: break
    case .nothing: foreignFiles = []
    case .value(let value): foreignFiles.formIntersection(fileKind.localFiles(in: value))
    }
  }

  private var fileKind: InputKind {
    isSwept ? .array(input.kind, minItems: nil, maxItems: nil) : input.kind
  }

  /// Moves the text cursor. Errors about the content remain.
  mutating func move(to place: String.Index) {
    control.buffer?.move(to: place)
  }

  /// Sets the value. Returns false and changes nothing if it doesn't fit the kind of field.
  mutating func set(_ value: JSONValue) -> Bool {
    var fits = false
    update { fits = $0.set(value) }
    if fits, value == "", case .text = control {
      isSetEmpty = true
      read()
    }
    return fits
  }

  /// Moves the cursor within a list. Errors about the content remain.
  mutating func updateCursor(_ change: (inout ListControl) -> Bool) -> Bool {
    guard var list = control.list, change(&list) else { return false }
    control = .list(list)
    shorten()
    return true
  }

  mutating func reset() {
    showsMissing = false
    let initial = initial
    unswept = nil
    update { $0 = initial }
  }

  /// Takes several values, one run each.
  ///
  /// - Returns: Those that don't fit.
  @discardableResult
  mutating func sweep(_ values: [JSONValue]) -> [JSONValue] {
    if unswept == nil {
      unswept = Content(
        control: control, isSetEmpty: isSetEmpty, exact: exact, foreignFiles: foreignFiles)
    }
    var list = ListControl.sweep(of: input.takesNull ? input.kind.orNull : input.kind)
    let unfit = list.addSweepRows(values)
    update { $0 = .list(list) }
    return unfit
  }

  /// Goes back to the single value that there was before.
  mutating func endSweep() {
    guard let single = unswept else { return }
    unswept = nil
    update { $0 = single.control }
    isSetEmpty = single.isSetEmpty
    exact = single.exact
    trust(allBut: single.foreignFiles)
  }

  /// Whether the content is the same, regardless of the cursor.
  func holdsSame(as other: Self) -> Bool {
    state == other.state && isSetEmpty == other.isSetEmpty && exact == other.exact
      && control.holdsSame(as: other.control)
  }

  /// Sets a value that the control can't show. It is sent until the content changes.
  mutating func keep(_ value: JSONValue) {
    exact = value
    read()
  }

  mutating func reject(_ reason: String) { rejection = reason }

  mutating func showMissing() { showsMissing = true }

  /// The text as it is shown.
  public var shownText: TextBuffer? { shortText ?? control.buffer }

  private mutating func shorten() {
    shortText = control.buffer.flatMap { buffer in
      if isSecret || buffer.text.utf8.count <= 512 { return nil }
      let short = DataURI.shortened(in: buffer.text, longest: 512)
      return short.utf8.count == buffer.text.utf8.count
        ? nil : TextBuffer(short, allowsNewlines: control.allowsNewlines)
    }
  }

  private mutating func read() {
    readContent()
    guard !foreignFiles.isEmpty, state == .explicit, case .value(let value) = reading,
      !foreignFiles.isDisjoint(with: fileKind.localFiles(in: value))
    else { return }
    reading = .wrong("names a file on this machine that you haven’t chosen; choose it, or clear it")
  }

  private mutating func readContent() {
    reading = control.reading
    if !isSwept, case .value(let value) = reading,
      let problem = InputRules.problem(ofRepeatsIn: value, input)
    {
      reading = .wrong(problem)
    }
    shorten()
    if isSwept {
      state = .explicit
      return
    }
    if let exact {
      reading = .value(exact)
      state = .explicit
      return
    }
    // A required input can't be left out, so an empty one is null where that is allowed.
    if input.takesNull, reading == .nothing {
      reading = .value(.null)
      state = input.defaultValue == nil ? .byDefault : .explicit
      return
    }
    // An empty text that replaces a nonempty default counts as a value.
    if case .text = control, reading == .nothing, let text = input.defaultValue?.string,
      text.isEmpty || !isRequired
    {
      reading = emptyReading
    }
    if isSetEmpty, input.defaultValue != "" {
      reading = emptyReading
      state = .explicit
      return
    }
    // Some schemas have defaults that break their own rules. The model accepts them anyway.
    if case .wrong = reading, let value = input.defaultValue, control.holdsSame(as: initial) {
      reading = .value(value)
    }
    switch reading {
    case .nothing: state = .unset
    case .wrong: state = .explicit
    case .value(let value):
      let isInitial = value == input.defaultValue || control.holdsSame(as: initial)
      state = isInitial ? .byDefault : .explicit
    }
  }

  /// What an empty text is: it may be too short, or not match.
  private var emptyReading: FieldControl.Reading {
    guard input.defaultValue != "", let problem = InputRules.problem(of: "", input.kind) else {
      return .value("")
    }
    return .wrong(problem)
  }

  private static func hint(of rules: TextRules) -> String {
    switch (rules.minLength ?? 0, rules.maxLength) {
    case (let least, let most?) where least == most: "\(most) characters"
    case (1..., let most?): "\(rules.minLength ?? 0)…\(most) characters"
    case (0, let most?): "≤ \(most) characters"
    case (2..., nil): "≥ \(rules.minLength ?? 0) characters"
    default: "text"
    }
  }

  /// The beginning of a value for reading. A default can be megabytes long.
  private static func beginning(of value: JSONValue) -> String {
    switch value {
    case .string(let text) where text.utf8.count > 4_000:
      return String(DataURI.shortened(in: text).unicodeScalars.prefix(1_000))
    case .array(let items) where items.count > 100:
      return JSONValue.array(Array(items.prefix(100))).shortText
    default: return value.shortText
    }
  }

  private static let stamps = Atomic<Int>(0)

  private static func nextStamp() -> Int {
    stamps.add(1, ordering: .relaxed).newValue
  }

  private static func plural(of kind: InputKind) -> String {
    switch kind {
    case .text, .secret: "texts"
    case .file: "files"
    case .integer, .number: "numbers"
    case .boolean: "switches"
    case .enumeration: "choices"
    case .array: "lists"
    case .object: "objects"
    case .union, .json: "values"
    }
  }

  private static func name(of kind: InputKind) -> String {
    switch kind {
    case .text, .secret: "text"
    case .file: "file"
    case .integer: "integer"
    case .number: "number"
    case .boolean: "true/false"
    case .enumeration(let choices): choices.count == 1 ? choices[0].choiceText : "choice"
    case .array: "list"
    case .object: "object"
    case .union, .json: "JSON"
    }
  }

  private static func name(of value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "true/false"
    case .number: "number"
    case .string: "text"
    case .array: "list"
    case .object: "object"
    }
  }
}

extension InputField {
  /// Whether null can be sent: the key of an optional input is left out instead.
  var takesNull: Bool { isRequired && isNullable }
}

extension InputKind {
  /// This kind with null as a choice, for controls in which null can be entered.
  var orNull: InputKind {
    switch self {
    case .enumeration(let choices): .enumeration(choices.filter { !$0.isNull } + [.null])
    case .object: .union([self, .enumeration([.null])])
    case .union(let kinds):
      kinds.contains(.enumeration([.null])) ? self : .union(kinds + [.enumeration([.null])])
    case .json: .union([.json, .enumeration([.null])])
    case .text, .secret, .file, .integer, .number, .boolean, .array: self
    }
  }
}

extension FieldControl {
  fileprivate var isEmpty: Bool { buffer.map { $0.text.trimmingBlanks().isEmpty } ?? false }
}

/// A description without its Markdown, which is removed when it's first needed: only the field in
/// focus shows it.
private final class PlainDescription: Sendable {
  private let markdown: String
  private let plain = Mutex<String?>(nil)

  init(_ markdown: String) {
    self.markdown = markdown
  }

  var text: String {
    plain.withLock { plain in
      if let plain { return plain }
      let text = MarkdownText.plain(markdown)
      plain = text
      return text
    }
  }
}
