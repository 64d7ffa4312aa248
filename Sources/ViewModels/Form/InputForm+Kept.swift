import OrderedCollections
import ReplicateAPI
import Running

/// The values in a form at one moment, as they are kept and filled in: without secrets, and without
/// what is as the schema has it.
struct FormSnapshot: Equatable, Sendable {
  var fields: KeptValues = [:]
  /// What the model has no field for.
  var extras: JSONObject = [:]
  /// Nil leaves the run options as they are.
  var options: KeptValues?
  /// The rows of the fields that take several values.
  var sweeps: [String: [JSONValue]] = [:]
  /// The names of the fields with a value that isn't kept.
  var omitted: [String] = []
  /// Whether the values are somebody else's, such as an example's.
  var isForeign = false

  init() {}

  init(_ saved: SavedInput) {
    fields = saved.fields
    extras = saved.extras
    options = saved.options.isEmpty ? nil : saved.options
    omitted = saved.omitted
    for (name, rows) in saved.sweep?.object ?? [:] { sweeps[name] = rows.array }
  }

  /// The sweeps as they are kept.
  var keptSweep: JSONValue? {
    guard !sweeps.isEmpty else { return nil }
    let pairs = sweeps.sorted { $0.key < $1.key }.map { ($0, JSONValue.array($1)) }
    return .object(JSONObject(uniqueKeysWithValues: pairs))
  }

  /// An input, such as an example's.
  init(input: JSONObject) {
    isForeign = true
    for (name, value) in input where !value.isNull { fields[name] = KeptValue(value: value) }
  }

  var isEmpty: Bool {
    fields.isEmpty && extras.isEmpty && sweeps.isEmpty && options?.isEmpty != false
      && omitted.isEmpty
  }

  /// Whether the fields have the same values, whatever runs them.
  func holdsSame(as other: Self) -> Bool {
    fields == other.fields && sweeps == other.sweeps && extras == other.extras
  }

  /// The values as an input, for recognizing it.
  var input: JSONObject { fields.compactMapValues(\.shown) }
}

extension SavedInput {
  /// The values of a form.
  init(
    _ values: FormSnapshot, of form: InputForm, id: ID = ID(), kind: Kind, savedAt: Timestamp
  ) {
    self.init(
      id: id, kind: kind, model: form.model, version: form.version, fields: values.fields,
      extras: values.extras, options: values.options ?? [:], sweep: values.keptSweep,
      omitted: values.omitted, savedAt: savedAt)
  }
}

extension InputForm {
  /// A longer value isn't kept, in bytes.
  private static let longestKept = 2 << 20
  /// What all values together may have, in bytes. Those that come last aren't kept beyond it.
  private static let mostKept = 4 << 20

  /// What is in the form now.
  var snapshot: FormSnapshot {
    var snapshot = FormSnapshot()
    var room = Self.mostKept
    func fits(_ size: Int) -> Bool {
      guard size <= min(room, Self.longestKept) else { return false }
      room -= size
      return true
    }
    for field in fields where !field.isInitial {
      if field.isSwept {
        let rows = field.control.list?.sweepRows ?? []
        if fits(KeptValue(value: .array(rows)).size) {
          snapshot.sweeps[field.name] = rows
          if !field.foreignFiles.isEmpty {
            snapshot.fields[field.name] = KeptValue(foreignFiles: field.foreignFiles)
          }
        } else {
          snapshot.omitted.append(field.name)
        }
      } else if let kept = field.kept, fits(kept.size) {
        snapshot.fields[field.name] = kept
      } else {
        snapshot.omitted.append(field.name)
      }
    }
    for (name, value) in extras {
      if !Secrets.areIn(value, named: name), fits(KeptValue(value: value).size) {
        snapshot.extras[name] = value
      } else {
        snapshot.omitted.append(name)
      }
    }
    snapshot.options = keptOptions
    return snapshot
  }

  /// The run options, as the fields of their own form.
  var keptOptions: KeptValues { runOptions?.form.snapshot.fields ?? [:] }

  func restoreOptions(_ options: KeptValues) {
    guard runOptions != nil || !options.isEmpty else { return }
    let own = runOptions ?? RunOptionsForm(self)
    own.restore(options)
    runOptions = own
  }

  /// Replaces all values, which can be undone. What was typed as a secret stays.
  ///
  /// - Parameter origin: Where the values are from, for the notes.
  func fill(_ values: FormSnapshot, origin: String? = nil, remark: String? = nil) {
    remembering {
      var (fields, values) = (fields, values)
      // What an earlier version had no field for.
      for field in fields {
        if let value = values.extras.removeValue(forKey: field.name) {
          values.fields[field.name] = KeptValue(value: value)
        }
      }
      var notes = Self.apply(values, to: &fields)
      notes.origin = origin
      notes.remark = remark
      self.fields = fields
      self.notes = notes
      extras = values.extras
      if let options = values.options { restoreOptions(options) }
    }
    picker = nil
    isValueSelected = selectsOnArrival
  }

  /// Applies values to fields, and says what didn't fit.
  static func apply(_ values: FormSnapshot, to fields: inout [FormField]) -> FormNotes {
    var notes = FormNotes()
    var places: [String: Int] = [:]
    for index in fields.indices {
      places[fields[index].name] = index
      if !fields[index].holdsSecrets { fields[index].reset() }
    }
    for (name, kept) in values.fields {
      guard let index = places[name] else {
        notes.add(name, kept.shown, "isn’t an input of this version")
        continue
      }
      if fields[index].holdsSecrets, !fields[index].isInitial { continue }
      if let reason = fields[index].restore(kept) {
        notes.add(name, fields[index].holdsSecrets ? nil : kept.shown, reason)
      } else if !values.isForeign {
        fields[index].trust(allBut: kept.foreignFiles)
      }
    }
    apply(sweeps: values.sweeps, to: &fields, &notes) { name in
      values.fields[name]?.foreignFiles ?? []
    }
    for name in values.omitted {
      guard let index = places[name], fields[index].isInitial else { continue }
      notes.add(
        name, nil,
        fields[index].holdsSecrets
          ? "secrets aren’t kept; enter it again" : "was too long to be kept")
    }
    return notes
  }

  /// What filling in values would change, in the order of the fields.
  func changes(byFilling values: FormSnapshot) -> (
    changes: [(name: String, old: String, new: String)], notes: FormNotes
  ) {
    var filled = fields
    let notes = Self.apply(values, to: &filled)
    var changes: [(String, String, String)] = []
    for (old, new) in zip(fields, filled) where !old.holdsSame(as: new) {
      changes.append((old.name, old.shownValue, new.shownValue))
    }
    return (changes, notes)
  }

  // MARK: The run

  /// What a run of the form runs now.
  var effectiveTarget: PredictionTarget { runOptions?.options.target ?? target }

  /// The run as it would be sent.
  public var plan: RunPlan {
    RunPlan(
      effectiveTarget, of: model, input: payload, schema: schema,
      options: runOptions?.options.prediction ?? PredictionOptions())
  }
}
