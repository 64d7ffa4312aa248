import ReplicateAPI
import Running

// Where a form's values come from, and how it is run.
extension ModelViewModel {
  /// Whether these commands are available, and if not, why.
  func availability(of command: ValuesCommand) -> Availability {
    switch command {
    case .choose, .options, .version:
      if form?.situation.isPicking == true {
        return .no(because: Self.choicePending)
      }
      return form == nil ? .no(because: "No form is open.") : .yes
    case .compare:
      guard form == nil, tab == .versions else {
        return .no(because: "Select a version in Versions to compare it.")
      }
      guard let selected = versions?.selected else {
        return .no(because: "There’s no version to compare.")
      }
      return other(than: selected) == nil ? .no(because: "This is the only version.") : .yes
    case .savePreset, .renamePreset, .deletePreset, .replaceNow, .deleteNow, .reopen:
      return values == nil ? .no(because: "Open the values of a form first.") : .yes
    }
  }

  func perform(_ command: ValuesCommand) {
    switch command {
    case .choose: chooseValues()
    case .options: openOptions()
    case .version: chooseVersion()
    case .compare: compareSelected()
    case .savePreset, .renamePreset, .deletePreset, .replaceNow, .deleteNow, .reopen:
      values?.perform(command)
    }
  }

  private func chooseValues() {
    guard let form else { return }
    optionsForm = nil
    let opened = ValuesViewModel(form, session, example: model.value?.defaultExample)
    values = opened
    session.host?.present(.chooser(opened.chooser))
  }

  // MARK: Run options

  private func openOptions() {
    guard let form, let host = session.host else { return }
    if optionsForm != nil { return closeOptions() }
    form.picker = nil
    let options = form.runOptions ?? RunOptionsForm(form)
    form.runOptions = options
    optionsForm = options
    options.form.typesetting = form.typesetting
    options.form.typesetting.width = host.measure
    offerTargets(to: options, of: form)
  }

  /// Offers what else the model can be run as, with its deployments once they are known.
  private func offerTargets(to options: RunOptionsForm, of form: InputForm) {
    let latest = version?.id
    options.offer(
      version: latest.flatMap { $0.isRunnable ? $0 : nil },
      isOfficial: model.value?.isOfficial == true, deployments: [])
    let name = form.model.description
    activity.start("deployments") { [session, weak options] in
      do throws(ReplicateError) {
        var found: [ModelID] = []
        for try await page in session.client.pages(of: .deployments) {
          found += page.results.filter { $0.currentRelease?.model == name }.map(\.id)
          if Task.isCancelled || found.count >= 100 { break }
        }
        options?.offer(version: nil, isOfficial: false, deployments: found)
      } catch {
        // One can be typed, too.
        if case .notFound = error.reason { return }
        if !Task.isCancelled { session.host?.notify(Notice(error)) }
      }
    }
  }

  func closeOptions() { optionsForm = nil }

  /// Performs a command while the run options are open. Returns nil if it isn't meant for them.
  func perform(_ command: Command, in options: RunOptionsForm) -> Outcome? {
    switch command {
    case .form(let command):
      if !options.perform(command), command == .activate { closeOptions() }
      if let refusal = options.form.takeRefusal() {
        session.host?.notify(Notice(.failed, refusal))
      }
    case .edit(let edit): _ = options.perform(.edit(edit))
    case .run:
      guard options.isValid else { return refuseOptions() }
      closeOptions()
      return nil
    case .back: if !options.perform(.escape) { closeOptions() }
    case .scroll(_, let rows): _ = options.perform(rows > 0 ? .next : .previous)
    case .editText:
      session.host?.notify(Notice(.failed, "The run options aren’t edited in the editor."))
    case .move, .select, .open, .accept, .filter: break
    default: return nil
    }
    return .done
  }

  /// Shows what is wrong with the run options. Nothing is sent with them.
  @discardableResult
  func refuseOptions() -> Outcome {
    guard let options = form?.runOptions else { return .done }
    optionsForm = options
    _ = options.form.validate()
    session.host?.notify(
      Notice(.failed, "Fix the marked run options first. Nothing was sent."))
    return .done
  }

  // MARK: Other versions

  private func chooseVersion() {
    guard let form else { return }
    optionsForm = nil
    let current = version?.id
    let chooser = ChooserViewModel(
      "Version of \(form.model)", placeholder: "type to filter by version, date, cog version",
      empty: "This model isn’t versioned. Runs always use the current model.")
    var known: [String: ModelVersion] = [:]
    var schemas: [String: ModelSchema] = [:]
    chooser.onSelect = { [weak self, weak chooser] row in
      guard let version = known[row.id], let chooser else { return }
      chooser.start("preview") {
        let schema = await Self.readSchema(version)
        guard !Task.isCancelled else { return }
        schemas[row.id] = schema
        chooser.setPreview(self?.preview(of: schema, for: form) ?? [], for: row.id)
      }
    }
    chooser.onAccept = { [weak self] row in
      guard let version = known[row.id] else { return }
      self?.move(form, to: version)
    }
    chooser.offers = { $0 == .compare }
    chooser.onCommand = { [weak self, weak chooser] command in
      guard command == .compare else { return false }
      guard let chooser, let row = chooser.selected, let schema = schemas[row.id] else {
        return true
      }
      self?.compare(
        (form.schema, form.version.map { "\($0.rawValue.prefix(8))" } ?? "this form"),
        (schema, row.title), parent: .chooser(chooser))
      return true
    }
    chooser.isLoading = true
    let latest = model.value?.latestVersion?.id
    chooser.start("versions") { [session, weak chooser] in
      var rows: [ChooserViewModel.Row] = []
      do throws(ReplicateError) {
        for try await page in session.client.pages(of: .versions(of: form.model)) {
          guard !Task.isCancelled, let chooser else { return }
          for version in page.results where known[version.id.rawValue] == nil {
            known[version.id.rawValue] = version
            rows.append(
              ChooserViewModel.Row(
                id: version.id.rawValue,
                kind: version.id == latest ? "latest" : "",
                title: "\(version.id.rawValue.prefix(12))",
                columns: [version.cogVersion.map { "cog \($0)" } ?? ""],
                date: version.createdAt?.secondsSince1970, isCurrent: version.id == current,
                keywords: [version.id.rawValue, version.createdAt?.text ?? ""]))
          }
          chooser.setRows(rows)
          if rows.count >= 500 { break }
        }
      } catch {
        guard !Task.isCancelled else { return }
        // The API responds with 404 for official models without versions.
        if case .notFound = error.reason {} else { chooser?.problem = error.inWords }
      }
      chooser?.isLoading = false
    }
    session.host?.present(.chooser(chooser))
  }

  private func preview(of schema: ModelSchema?, for form: InputForm) -> [ChooserViewModel.Line] {
    guard let schema else { return [.warning("This version has no input schema.")] }
    var fields = InputForm.fields(of: schema)
    let notes = InputForm.apply(form.snapshot, to: &fields)
    let difference = SchemaDifference(from: form.schema, to: schema)
    var lines = notes.lines.map { ChooserViewModel.Line.warning($0) }
    lines.append(.text(difference.isEmpty ? difference.summary : "Inputs: \(difference.summary)"))
    lines += difference.rows.prefix(100).map {
      let name = $0.aspect.isEmpty ? $0.name : "\($0.name), \($0.aspect)"
      return .change(
        name: name, old: $0.old.isEmpty ? "—" : $0.old, new: $0.new.isEmpty ? "—" : $0.new)
    }
    return lines
  }

  /// Moves a form to another version, with what fits. Nothing is sent.
  private func move(_ form: InputForm, to version: ModelVersion) {
    guard version.id != self.version?.id else {
      session.host?.notify(Notice(.done, "The form is for this version already."))
      return
    }
    activity.start("schema") { [weak self] in
      let schema = await Self.readSchema(version)
      guard !Task.isCancelled, let self, self.form === form else { return }
      guard let schema else {
        session.host?.notify(
          Notice(.failed, "This version has no input schema, so it can’t be run here."))
        return
      }
      use(version, schema)
      guard let target else { return }
      let moved = InputForm(
        model: form.model, version: pinned?.id, target: target, schema: schema,
        random: form.random)
      moved.typesetting = form.typesetting
      connect(moved)
      var values = form.snapshot
      // What runs belongs to the version that is left.
      let run = values.options?["run"]?.value?.string
      if run?.hasPrefix("deployment") != true, run != RunOptionsForm.other {
        values.options?["run"] = nil
      }
      let word = version.id == model.value?.latestVersion?.id ? "the latest version" : "version"
      moved.fill(values, origin: "This is \(word) \(version.id.rawValue.prefix(8)).")
      moved.takeSecrets(from: form)
      moved.focus(field: form.focusedField?.name)
      let isPartial = !moved.notes.isComplete
      let sources = session.drafts.replace(form, isTakenOver: true)
      drafts[form.model] = moved
      self.form = moved
      session.drafts.follow(moved, from: sources, isPartial: isPartial)
    }
  }

  // MARK: Comparing versions

  /// What a version is compared with: the latest, or the version before it.
  private func other(than version: ModelVersion) -> ModelVersion? {
    let latest = model.value?.latestVersion
    if let latest, latest.id != version.id { return latest }
    guard let rows = versions?.rows, let index = rows.firstIndex(where: { $0.id == version.id }),
      rows.indices.contains(index + 1)
    else { return nil }
    return rows[index + 1]
  }

  private func compareSelected() {
    guard let selected = versions?.selected, let other = other(than: selected) else { return }
    let isLatest = model.value?.latestVersion?.id == selected.id
    let (old, new) = isLatest ? (other, selected) : (selected, other)
    activity.start("compare") { [weak self, session] in
      guard let before = await Self.readSchema(old), let after = await Self.readSchema(new) else {
        session.host?.notify(
          Notice(.failed, "These versions can’t be compared: one of them has no input schema."))
        return
      }
      guard !Task.isCancelled else { return }
      self?.compare(
        (before, "\(old.id.rawValue.prefix(8))"), (after, "\(new.id.rawValue.prefix(8)) (latest)"))
    }
  }

  private func compare(
    _ old: (schema: ModelSchema, name: String), _ new: (schema: ModelSchema, name: String),
    parent: Overlay? = nil
  ) {
    let difference = SchemaDifference(from: old.schema, to: new.schema)
    let chooser = ChooserViewModel(
      "\(old.name) → \(new.name)", placeholder: difference.summary,
      columnTitles: [old.name, new.name], empty: "The inputs of these versions are the same.")
    chooser.parent = parent
    chooser.setRows(
      difference.rows.enumerated().map { number, row in
        ChooserViewModel.Row(
          id: "\(number)", kind: row.change.rawValue,
          title: row.aspect.isEmpty ? row.name : "\(row.name): \(row.aspect)",
          columns: [row.old, row.new])
      })
    for (number, row) in difference.rows.enumerated() {
      chooser.setPreview(
        [
          .change(
            name: row.aspect.isEmpty ? row.name : "\(row.name): \(row.aspect)",
            old: row.old.isEmpty ? "—" : row.old, new: row.new.isEmpty ? "—" : row.new)
        ], for: "\(number)")
    }
    session.host?.present(.chooser(chooser))
  }
}

extension InputForm {
  /// The fields of an empty form, in its order.
  static func fields(of schema: ModelSchema) -> [FormField] {
    (schema.inputs.filter { !$0.isDeprecated } + schema.inputs.filter(\.isDeprecated))
      .map { FormField($0) }
  }

  /// Takes over what was typed as a secret in the form of another version.
  func takeSecrets(from other: InputForm) {
    for secret in other.fields where secret.holdsSecrets && !secret.isInitial {
      guard let index = fields.firstIndex(where: { $0.name == secret.name }),
        fields[index].takeSecret(of: secret)
      else { continue }
      notes.items.removeAll { $0.name == secret.name }
    }
  }

  func focus(field name: String?) {
    guard let name, let index = fields.firstIndex(where: { $0.name == name }) else { return }
    perform(.focus(index))
  }
}
