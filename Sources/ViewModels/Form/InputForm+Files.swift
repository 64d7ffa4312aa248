import ReplicateAPI
import Running

// Files as inputs: what is typed, dropped or chosen.
extension InputForm {
  /// The text and the rules of the focused control for a file, if it is one.
  public var focusedFile: (text: String, rules: FileRules)? {
    focusedSpot.flatMap { file(at: $0) }
  }

  /// The focused control, in a list the one of its row.
  private var focusedSpot: FormFiles.Spot? {
    focusedIndex.map { FormFiles.Spot(field: $0, row: fields[$0].control.list?.selected) }
  }

  /// Whether the focused field takes a file now.
  var takesFile: Bool { situation.isFile && !situation.isElsewhere }

  private func file(at spot: FormFiles.Spot) -> (text: String, rules: FileRules)? {
    guard fields.indices.contains(spot.field) else { return nil }
    var control = fields[spot.field].control
    if case .list(let list) = control, let row = spot.row {
      control = list.rows.indices.contains(row) ? list.rows[row] : list.active
    }
    guard case .file(let buffer, let rules) = control else { return nil }
    return (buffer.text, rules)
  }

  /// What there is to say about the focused file.
  public var fileNote: FileNote? {
    // An open list says more about an unfinished path.
    guard files.completion == nil, let spot = focusedSpot, let (text, _) = file(at: spot) else {
      return nil
    }
    let index = spot.field
    let name = String(text.trimmingBlanks())
    switch FileText(name) {
    case _ where name.isEmpty: return nil
    case .unknown: return nil
    case .web: return fields[index].isInvalid ? nil : Self.host(of: name).map { .web(host: $0) }
    case .data: return DataURI(name).map { .data(type: $0.mediaType, size: $0.byteCount) }
    case .local:
      guard let found = files.found[spot], found.text == text else { return .looking }
      switch found.result {
      case .success(let facts): return .facts(facts)
      case .failure(let problem):
        // The field says it itself, once it has been left.
        return fields[index].fileProblem == nil ? .problem(problem.words) : nil
      }
    }
  }

  private static func host(of address: String) -> String? {
    guard let mark = address.firstRange(of: "://") else { return nil }
    let rest = address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return String(rest.split(separator: "@").last ?? rest)
  }

  /// Takes a file for the focused field or row. The text is the user's own.
  func setFile(_ text: String) {
    files.completion = nil
    _ = change {
      $0.update { $0.buffer?.text = text }
      $0.trust(file: String(text.trimmingBlanks()))
    }
    isValueSelected = false
    noteFile()
  }

  /// Moves on after a file was chosen.
  func moveOn() {
    _ = advance()
    noteFile()
  }

  // MARK: Commands

  /// Performs a command of the focused file field. Returns nil if the form should handle it.
  func performInFile(_ command: FormCommand) -> Bool? {
    guard let index = focusedIndex, situation.isFile, let file = focusedFile else {
      if files.completion != nil { files.completion = nil }
      return command == .complete ? perform(.next) : nil
    }
    if let open = files.completion {
      switch command {
      case .edit(.down), .complete: moveCompletion(by: 1)
      case .edit(.up), .previous: moveCompletion(by: -1)
      case .pageDown: moveCompletion(by: 8)
      case .pageUp: moveCompletion(by: -8)
      case .activate, .edit(.newline):
        take(open.choices[open.selected])
      case .completionRow(let row) where open.choices.indices.contains(row):
        take(open.choices[row])
      case .escape: files.completion = nil
      default:
        files.completion = nil
        return performInFile(command)
      }
      return true
    }
    switch command {
    case .complete:
      let text = String(file.text.trimmingBlanks())
      guard !text.isEmpty, FileText(text) == .local, fields[index].shortText == nil else {
        return move(by: 1)
      }
      complete(text, index, file.rules)
      return true
    case .edit(.insert(let text)) where text.utf8.count > 1:
      return drop(text)
    default: return nil
    }
  }

  private func moveCompletion(by rows: Int) {
    guard let open = files.completion else { return }
    let count = open.choices.count
    // One step past an end leads to the other one.
    if abs(rows) == 1 {
      files.completion?.selected = (open.selected + rows + count) % count
    } else {
      files.completion?.move(by: rows)
    }
  }

  private func take(_ choice: PathCompletion.Choice) {
    setFile(choice.text)
    // A folder goes on with what is in it.
    if choice.isFolder, let index = focusedIndex, let file = focusedFile {
      complete(choice.text, index, file.rules)
    }
  }

  /// Completes a path. What comes of it is dropped if something else was typed meanwhile.
  private func complete(_ text: String, _ index: Int, _ rules: FileRules) {
    let place = files.place
    files.activity.start("complete") { [weak self] in
      let completion = await PathCompletion.of(text, accept: rules.accept, in: place)
      guard !Task.isCancelled, let self, focusedIndex == index,
        let now = focusedFile?.text, String(now.trimmingBlanks()) == text
      else { return }
      guard let completion, !completion.choices.isEmpty else {
        refuse(because: "Nothing here begins with “\(text.suffix(60))”.")
        files.onRefusal()
        return
      }
      let isDone = completion.choices.count == 1 && completion.choices[0].text == text
      if completion.text != text {
        setFile(completion.text)
        if completion.choices.count == 1, completion.choices[0].isFolder {
          complete(completion.text, index, rules)
        }
      } else if isDone {
        _ = advance()
      }
      if completion.choices.count > 1 {
        files.completion = OpenCompletion(field: index, choices: completion.choices, selected: 0)
      }
    }
  }

  /// Takes what was pasted into a file field, or dropped on it. Several files fill a list; a single
  /// field takes the first and says so.
  private func drop(_ text: String) -> Bool? {
    guard let index = focusedIndex else { return nil }
    let list = fields[index].control.list
    // A list in JSON becomes rows by itself.
    if list != nil, text.trimmingBlanks().hasPrefix("[") { return nil }
    let names = ShellWords.files(in: text, files.place)
    guard let first = names.first else { return true }
    // Lines that aren't files are one text.
    if first.contains(where: \.isNewline) { return nil }
    if names.count > 1, let list { return drop(names, into: list) }
    let isWhole =
      isValueSelected || fields[index].shortText != nil
      || focusedFile?.text.trimmingBlanks().isEmpty == true
    // In the middle of a path, a paste is part of it.
    guard isWhole || names.count > 1 || first.hasPrefix("/") || FileText(first).isAddress else {
      return nil
    }
    if names.count > 1 {
      refuse(because: "Only one file fits here, so the first of \(names.count) was taken.")
    }
    setFile(first)
    return true
  }

  /// Adds rows for files, in place of an empty row, or else below the cursor.
  private func drop(_ names: [String], into list: ListControl) -> Bool {
    var list = list
    let isEmpty = focusedFile?.text.trimmingBlanks().isEmpty ?? true
    if isEmpty {
      _ = list.removeRow()
    } else {
      _ = list.select(list.selected + 1)
    }
    let room = max(0, min(list.maxItems ?? .max, ListControl.longest) - list.rows.count)
    if names.count > room {
      refuse(because: "Only \(room) of \(names.count) files fit here.")
    }
    guard room > 0, list.insert(names.prefix(room).map { .string($0) }) else { return true }
    return remembering { change { $0.update { $0 = .list(list) } } }
  }

  // MARK: Looking at files

  /// Looks at the focused file after a command, and marks what is wrong with one that was left.
  func noteFile() {
    let spot = focusedSpot
    let now = spot.flatMap { spot in file(at: spot).map { (spot: spot, text: $0.text) } }
    guard now?.spot != files.last?.spot || now?.text != files.last?.text else { return }
    if let left = files.last?.spot, left != now?.spot {
      files.completion = nil
      markFile(at: left)
    }
    files.last = now
    if let now { look(at: now.spot) }
  }

  private func look(at spot: FormFiles.Spot) {
    guard let (text, rules) = file(at: spot) else { return }
    let work = "look \(spot.field) \(spot.row ?? 0)"
    let name = String(text.trimmingBlanks())
    guard !name.isEmpty, FileText(name) == .local else { return files.activity.cancel(work) }
    let place = files.place
    files.activity.start(work) { [weak self] in
      let result = await FileInspector.facts(of: name, accept: rules.accept, in: place)
      guard !Task.isCancelled, let self, file(at: spot)?.text == text else { return }
      files.found[spot] = (text, result)
      if focusedSpot != spot { markFile(at: spot) }
    }
  }

  /// Marks a field whose file can't be sent.
  private func markFile(at spot: FormFiles.Spot) {
    guard let (text, _) = file(at: spot), let found = files.found[spot], found.text == text,
      fields[spot.field].problem == nil
    else { return }
    if case .failure(let problem) = found.result {
      fields[spot.field].fileProblem = Self.words(problem.words, row: spot.row)
    }
  }

  private static func words(_ problem: String, row: Int?) -> String {
    row.map { InputRules.problem(problem, ofItem: $0) } ?? problem
  }

  /// Marks the fields whose files couldn't be sent, and focuses the first of them.
  func applyFileProblems(_ problems: [InvalidField]) {
    var marked: [Int] = []
    for problem in problems {
      let parts = problem.field.split(separator: ".", omittingEmptySubsequences: false)
      guard
        let index = fields.firstIndex(where: {
          $0.name == problem.field || $0.name == parts.first.map(String.init)
        })
      else { continue }
      guard !marked.contains(index) else { continue }
      let row = parts.count > 1 && fields[index].control.list != nil ? Int(parts[1]) : nil
      if let row { _ = fields[index].updateCursor { $0.select(row) } }
      fields[index].fileProblem = Self.words(problem.description, row: row)
      marked.append(index)
    }
    if let first = marked.min() { show(first) }
  }
}
