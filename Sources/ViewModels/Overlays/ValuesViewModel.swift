import OrderedCollections
import ReplicateAPI
import Running

/// What a form can be filled in with: presets, the model's examples, earlier inputs, and replaced
/// drafts. The list itself is a ``ChooserViewModel``.
@MainActor
final class ValuesViewModel {
  let chooser = ChooserViewModel(
    "Values", placeholder: "type to filter presets, examples, earlier inputs",
    empty: "This model has no examples, and nothing was kept for it yet. Ctrl-S saves the form’s "
      + "values under a name.")
  let form: InputForm
  private let session: Session
  private let drafts: Drafts

  private var sources: OrderedDictionary<String, Source> = [:]
  private var saved: [SavedInput] = []
  private var examples: [Prediction]
  /// The preset that a question is about.
  private var asked: SavedInput?

  /// Something to fill the form in with.
  private struct Source {
    var row: ChooserViewModel.Row
    var values: FormSnapshot
    var saved: SavedInput?
    /// Where the values are from, in words.
    var origin: String
  }

  /// - Parameter example: The model's default example.
  init(_ form: InputForm, _ session: Session, example: Prediction?) {
    self.form = form
    self.session = session
    drafts = session.drafts
    examples = example.map { [$0] } ?? []
    chooser.onSelect = { [weak self] in self?.showChanges($0) }
    chooser.onAccept = { [weak self] in self?.accept($0) }
    chooser.onCommand = { [weak self] in self?.perform($0) ?? false }
    chooser.offers = { [weak self] in self?.offers($0) ?? false }
    collect()
    load()
  }

  private func load() {
    let model = form.model
    chooser.isLoading = true
    chooser.start("saved") { [weak self, drafts] in
      let saved = await drafts.saved(of: model)
      guard !Task.isCancelled, let self else { return }
      self.saved = saved
      collect()
    }
    chooser.start("examples") { [weak self, client = session.client] in
      do throws(ReplicateError) {
        let page = try await client.send(.examples(of: model))
        guard !Task.isCancelled, let self else { return }
        examples += page.results
      } catch {
        guard !Task.isCancelled, let self else { return }
        // Models without examples, and those that one can't see, are answered with 404.
        if case .notFound = error.reason {} else { chooser.problem = error.inWords }
      }
      guard let self else { return }
      chooser.isLoading = false
      collect()
    }
  }

  // MARK: Rows

  private func collect() {
    var sources: [Source] = []
    func add(
      _ id: String, _ kind: String, _ values: FormSnapshot, _ title: String? = nil,
      saved: SavedInput? = nil, date: Double?, origin: String
    ) {
      let summary = values.input.summary
      sources.append(
        Source(
          row: ChooserViewModel.Row(
            id: id, kind: kind, title: title ?? (summary.isEmpty ? "the defaults" : summary),
            date: date, keywords: title == nil ? [] : [summary]),
          values: values, saved: saved, origin: origin))
    }
    let presets = saved.filter { if case .preset = $0.kind { true } else { false } }
      .sorted { $0.name.lowercased() < $1.name.lowercased() }
    for preset in presets {
      add(
        preset.id.rawValue, "preset", FormSnapshot(preset), preset.name, saved: preset,
        date: preset.savedAt.secondsSince1970, origin: "Filled in from the preset “\(preset.name)”."
      )
    }
    for draft in saved where draft.kind == .replaced || draft.kind == .draft {
      let values = FormSnapshot(draft)
      let now = form.snapshot
      guard !values.holdsSame(as: now) else { continue }
      let isReplaced = draft.kind == .replaced
      add(
        draft.id.rawValue, isReplaced ? "replaced" : "draft", values, saved: draft,
        date: draft.savedAt.secondsSince1970,
        origin: isReplaced
          ? "Filled in from the draft that was replaced." : "Filled in from a draft.")
    }
    var known: Set<JSONValue> = []
    for (number, example) in examples.enumerated()
    where !example.input.isEmpty && known.insert(.object(example.input)).inserted {
      add(
        "example \(number)", "example", FormSnapshot(input: example.input), date: nil,
        origin: "Filled in from an example of the model.")
    }
    for run in session.runs.runs(of: form.model)
    where !run.prediction.input.isEmpty && known.insert(.object(run.prediction.input)).inserted {
      add(
        "run \(run.id)", "earlier", FormSnapshot(input: run.prediction.input),
        date: run.prediction.createdAt?.secondsSince1970,
        origin: "Filled in from an earlier run.")
    }
    self.sources = OrderedDictionary(
      sources.map { ($0.row.id, $0) }, uniquingKeysWith: { first, _ in first })
    chooser.setRows(self.sources.values.map(\.row))
  }

  private func showChanges(_ row: ChooserViewModel.Row) {
    guard let source = sources[row.id] else { return }
    let (changes, notes) = form.changes(byFilling: source.values)
    // What won't be as it was kept comes first: there may be no room for all.
    var lines = notes.lines.map { ChooserViewModel.Line.warning($0) }
    if let options = source.values.options, !options.isEmpty {
      let words = options.map { name, kept in
        kept.shown.map { "\(name): \($0.plainText)" } ?? "\(name): not set"
      }
      lines.append(.text("Run options: \(words.joined(separator: ", "))"))
    }
    lines += changes.map { name, old, new in
      .change(name: name, old: old.isEmpty ? "not set" : old, new: new.isEmpty ? "not set" : new)
    }
    if lines.isEmpty { lines = [.text("The same values as in the form.")] }
    chooser.setPreview(lines, for: row.id)
  }

  private func accept(_ row: ChooserViewModel.Row) {
    guard let source = sources[row.id] else { return }
    drafts.keepReplaced(form)
    form.fill(source.values, origin: source.origin)
    session.host?.notify(Notice(.done, source.origin))
  }

  // MARK: Presets

  private var selectedPreset: SavedInput? {
    guard let saved = chooser.selected.flatMap({ sources[$0.id]?.saved }),
      case .preset = saved.kind
    else { return nil }
    return saved
  }

  private func offers(_ command: ValuesCommand) -> Bool {
    switch command {
    case .savePreset: true
    case .renamePreset, .deletePreset: selectedPreset != nil
    default: false
    }
  }

  /// Performs a command of the list, or the answer to one of its questions.
  @discardableResult
  func perform(_ command: ValuesCommand) -> Bool {
    switch command {
    case .savePreset: askForName()
    case .renamePreset:
      guard let preset = selectedPreset else {
        chooser.problem = "Only presets can be renamed."
        return true
      }
      chooser.ask("Rename “\(preset.name)”", "New name", preset.name) { [weak self] in
        self?.rename(preset, to: $0)
      }
    case .deletePreset:
      guard let preset = selectedPreset else {
        chooser.problem = "Only presets can be deleted."
        return true
      }
      asked = preset
      session.host?.ask(
        Confirmation(
          title: "Delete this preset?", message: "“\(preset.name)” of \(preset.model)",
          choices: [
            .init("Keep it", key: "k", .values(.reopen)),
            .init("Delete it", key: "d", .values(.deleteNow)),
          ]))
    case .reopen: reopen()
    case .replaceNow:
      if let asked { save(asked) }
      reopen()
    case .deleteNow:
      if let asked { delete(asked) }
      reopen()
    case .choose, .options, .version, .compare: return false
    }
    return true
  }

  private func reopen() {
    asked = nil
    session.host?.present(.chooser(chooser))
  }

  private func askForName() {
    chooser.ask("Save as preset", "Name") { [weak self] name in
      guard let self else { return nil }
      var preset = SavedInput(
        form.snapshot, of: form, kind: .preset(name: name),
        savedAt: Timestamp(secondsSince1970: session.now))
      guard let known = known(named: name) else {
        save(preset)
        return nil
      }
      preset.id = known.id
      asked = preset
      session.host?.ask(
        Confirmation(
          title: "Replace this preset?", message: "There is a preset “\(name)” already.",
          choices: [
            .init("Keep it", key: "k", .values(.reopen)),
            .init("Replace it", key: "r", .values(.replaceNow)),
          ]))
      return nil
    }
  }

  private func known(named name: String) -> SavedInput? {
    saved.first { $0.kind == .preset(name: name) }
  }

  private func rename(_ preset: SavedInput, to name: String) -> String? {
    if let other = known(named: name), other.id != preset.id {
      return "There is a preset of this name already."
    }
    var preset = preset
    preset.kind = .preset(name: name)
    preset.savedAt = Timestamp(secondsSince1970: session.now)
    save(preset)
    return nil
  }

  private func save(_ preset: SavedInput) {
    change { [drafts] in
      try await drafts.keep(preset)
    } then: { [weak self] in
      guard let self else { return }
      if let index = saved.firstIndex(where: { $0.id == preset.id }) {
        saved[index] = preset
      } else {
        saved.append(preset)
      }
      chooser.resetPreviews()
      session.host?.notify(
        Notice(
          .done,
          preset.omitted.isEmpty
            ? "Saved as “\(preset.name)”."
            : "Saved as “\(preset.name)”, without \(preset.omitted.joined(separator: ", "))."))
    }
  }

  private func delete(_ preset: SavedInput) {
    change { [drafts] in
      try await drafts.remove(preset)
    } then: { [weak self] in
      self?.saved.removeAll { $0.id == preset.id }
      self?.session.host?.notify(Notice(.done, "“\(preset.name)” was deleted."))
    }
  }

  private func change(
    _ body: @escaping @MainActor () async throws -> Void, then: @escaping @MainActor () -> Void
  ) {
    chooser.start("change") { [weak self] in
      do {
        try await body()
        then()
        self?.chooser.problem = nil
        self?.collect()
      } catch {
        self?.chooser.problem = "That couldn’t be done: \(error)."
      }
    }
  }
}

extension SavedInput {
  /// A preset's name.
  var name: String { if case .preset(let name) = kind { name } else { "" } }
}
