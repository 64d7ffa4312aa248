import OrderedCollections
import ReplicateAPI
import Running

// Fields that take several values, one run each.
extension InputForm {
  /// Whether any field takes several values.
  public var isSwept: Bool { fields.contains(where: \.isSwept) }

  /// How many runs the form would be: the product of the numbers of values. Nil unless a field is
  /// swept, and as long as the values of one can't be read.
  public var runCount: Int? {
    guard isSwept else { return nil }
    let sweeps = validSweeps
    guard sweeps.count == fields.count(where: \.isSwept) else { return nil }
    return PredictionGroup.count(of: sweeps)
  }

  /// The values of the swept fields, as far as they are valid.
  var validSweeps: [PredictionGroup.Sweep] {
    fields.compactMap { field in
      guard field.isSwept, !field.isRefused, let values = field.value?.array else { return nil }
      return PredictionGroup.Sweep(field.name, values)
    }
  }

  /// The rows of the swept fields, by name. A range is a text.
  public var sweeps: [String: [JSONValue]] {
    fields.reduce(into: [:]) { rows, field in
      if field.isSwept { rows[field.name] = field.control.list?.sweepRows }
    }
  }

  /// Takes what a request to open the form has besides the input.
  func take(_ request: FormRequest) {
    Self.apply(sweeps: request.sweeps, to: &fields, &notes) { _ in nil }
    if !request.ownFiles.isEmpty {
      for index in fields.indices { fields[index].trust(files: request.ownFiles) }
    }
    if !request.options.isEmpty { restoreOptions(RunOptionsForm.values(of: request.options)) }
    isValueSelected = selectsOnArrival
  }

  /// Gives fields several values, and says what didn't fit.
  ///
  /// - Parameter foreignFiles: The files that somebody else has named, by the name of the input; nil
  ///   for all.
  static func apply(
    sweeps: [String: [JSONValue]], to fields: inout [FormField], _ notes: inout FormNotes,
    _ foreignFiles: (String) -> Set<String>?
  ) {
    for (name, rows) in sweeps.sorted(by: { $0.key < $1.key }) {
      guard let index = fields.firstIndex(where: { $0.name == name }) else {
        notes.add(name, .array(rows), "isn’t an input of this version")
        continue
      }
      if let problem = fields[index].sweepProblem {
        notes.add(name, nil, problem)
      } else {
        for row in fields[index].sweep(rows) {
          notes.add(name, row, "can’t be one of its values in this version")
        }
        if let foreign = foreignFiles(name) {
          fields[index].trust(allBut: foreign)
        } else {
          fields[index].distrust(.array(rows))
        }
      }
    }
  }

  /// The run as it would be sent: of several, the first.
  var firstPlan: RunPlan {
    var plan = plan
    for sweep in validSweeps { plan.input[sweep.name] = sweep.values.first }
    return plan
  }

  /// That a request is the first of several; nil if it is the only one.
  var sweepRemark: String? {
    guard let count = runCount, count > 1 else { return nil }
    return "This is the first of \(NumberText.grouped(count)) runs: \(sweepWords)."
  }

  /// What a question about a run is about: the payload, and the values of swept fields.
  var asking: JSONObject {
    var asking = payload
    for sweep in validSweeps { asking[sweep.name] = ["sweep": .array(sweep.values)] }
    return asking
  }

  /// Turns the focused field into a list of values, or back into a single one.
  func toggleSweep() -> Bool {
    guard let index = focusedIndex else { return false }
    if let problem = fields[index].sweepProblem {
      refusal = problem
      return true
    }
    picker = nil
    isExpanded = false
    remembering {
      if fields[index].isSwept {
        fields[index].endSweep()
      } else {
        // What is typed takes the place of a default; a choice is one of the values.
        let isStart = fields[index].state == .explicit || !fields[index].control.isTyped
        fields[index].sweep(isStart ? fields[index].startOfSweep : [])
      }
    }
    isValueSelected = selectsOnArrival
    return true
  }

  /// Adds the lines of a text as values of a swept field.
  ///
  /// - Returns: Why it can't, if it can't.
  func addSweepValues(_ lines: [String], to name: String) -> String? {
    guard let index = fields.firstIndex(where: { $0.name == name }), fields[index].isSwept,
      var list = fields[index].control.list
    else { return "\(name) doesn’t take several values anymore." }
    let before = list.rows.count
    guard before + lines.count <= PredictionGroup.largest else {
      return "That would be more than \(NumberText.grouped(PredictionGroup.largest)) values."
    }
    list.addSweepLines(lines)
    guard list.rows.count == before + lines.count else {
      return "Some lines aren’t among the choices of \(name). Nothing was added."
    }
    remembering { fields[index].update { $0 = .list(list) } }
    return nil
  }

  /// How many values each swept field has, in words: "seed takes 4 values and style 3".
  var sweepWords: String {
    let parts = validSweeps.enumerated().map { number, sweep in
      let count = sweep.values.count
      return number == 0
        ? "\(sweep.name) takes \(count) \(count == 1 ? "value" : "values")"
        : "\(sweep.name) \(count)"
    }
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }
}

extension FormField {
  /// The value that there is when a field begins to take several: what isn't valid, as it was typed.
  fileprivate var startOfSweep: [JSONValue] {
    if let value { return [value] }
    guard control.list == nil, let text = control.buffer?.text, !text.isEmpty else { return [] }
    return [.string(text)]
  }

  /// What the first of several runs sends; nil if the values can't be read.
  var firstSweptValue: JSONValue? { isSwept && !isRefused ? value?.array?.first : nil }

  /// Why the field can't take several values, if it can't.
  var sweepProblem: String? {
    if isSecret { return "A secret can’t take several values." }
    if case .array(.secret, _, _) = input.kind { return "Secrets can’t take several values." }
    return nil
  }
}
