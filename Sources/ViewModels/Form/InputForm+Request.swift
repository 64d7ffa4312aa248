import ReplicateAPI
import Running

/// A form's input as JSON to read and edit.
///
/// Secrets and long data are shown as short texts that stand for the values already in the form.
public struct FormJSON: Sendable {
  /// What is shown of each input, by name, in the order in which it is sent.
  public private(set) var input: JSONObject = [:]
  /// The names that the model has no field for.
  public private(set) var unknown: Set<String> = []
  /// The names of fields that can't be sent as they are.
  public private(set) var invalid: Set<String> = []

  /// What the shown texts stand for, by the name of the input.
  private var standIns: [String: [String: JSONValue]] = [:]
  /// What only stand-ins have in them.
  private var marks: Set<String> = []

  public var text: String { RequestCode.json(input) }

  /// The text with everything in full but for secrets.
  public var wholeText: String {
    RequestCode.json(
      JSONObject(
        uniqueKeysWithValues: input.map { name, value in
          (name, restoring(value, named: name) { $0.hasPrefix(Self.secret) ? nil : $1 })
        }))
  }

  /// What a secret is shown as.
  static let secret = "(the secret you typed)"

  mutating func add(_ value: JSONValue, of field: FormField) {
    add(value, named: field.name, field.input.kind)
    if field.isInvalid { invalid.insert(field.name) }
  }

  mutating func add(extra value: JSONValue, named name: String) {
    add(value, named: name, Secrets.isSecretName(name) ? .secret() : .json)
    unknown.insert(name)
  }

  private mutating func add(_ value: JSONValue, named name: String, _ kind: InputKind) {
    var originals: [String: JSONValue] = [:]
    input[name] = value.mapTexts(kind) { text, isSecret in
      let (short, found) = isSecret ? (Self.secret, []) : Self.short(text)
      marks.formUnion(found)
      guard short != text else { return text }
      var unique = short
      var number = 2
      while let other = originals[unique], other != .string(text) {
        unique = "\(short) (\(number))"
        number += 1
      }
      originals[unique] = .string(text)
      return unique
    }
    if !originals.isEmpty { standIns[name] = originals }
  }

  /// A value of an input with its stand-ins replaced.
  ///
  /// - Throws: ``Misplaced`` if it has a stand-in that stands for nothing there.
  func restored(_ value: JSONValue, named name: String) throws(Misplaced) -> JSONValue {
    var misplaced: Misplaced?
    let restored = restoring(value, named: name) { text, original in
      if let original { return original }
      if text.contains(Self.secret) { misplaced = .secret }
      if marks.contains(where: text.contains) { misplaced = .data }
      return nil
    }
    if let misplaced { throw misplaced }
    return restored
  }

  /// A stand-in that doesn't stand for anything, because it was edited or moved.
  enum Misplaced: Error {
    case secret, data

    /// In words that follow the input's name.
    var words: String {
      switch self {
      case .secret: "no secret has been typed that could stand there"
      case .data: "part of the data isn’t shown here, so leave it as it was, or replace all of it"
      }
    }
  }

  private func restoring(
    _ value: JSONValue, named name: String, _ change: (String, _ original: String?) -> String?
  ) -> JSONValue {
    let originals = standIns[name] ?? [:]
    return value.mapTexts(.json) { text, _ in change(text, originals[text]?.string) ?? text }
  }

  /// What of an input that was edited can't be taken, one sentence each.
  func problems(in edited: JSONObject) -> [String] {
    edited.compactMap { name, value in
      if input[name] == value { return nil }
      do throws(Misplaced) {
        _ = try restored(value, named: name)
        return nil
      } catch {
        return "\(name): \(error.words)."
      }
    }
  }

  private static let longest = 20_000

  /// What stands for a text that is too long to read, and the parts of it by which it is recognized.
  private static func short(_ text: String) -> (text: String, marks: [String]) {
    var (short, marks) = DataURI.marked(in: text, longest: 512)
    if short.utf8.count > longest {
      let mark = "… (\(NumberText.grouped(short.utf8.count)) bytes in all)"
      short = String(short.unicodeScalars.prefix(200)) + mark
      marks.append(mark)
    }
    return (short, marks)
  }
}

// The request that a run of the form sends.
extension InputForm {
  /// The input as JSON: what is sent, by the first of several runs, and what is wrong with it.
  public var requestJSON: FormJSON {
    var json = FormJSON()
    for field in fields {
      if let value = field.jsonValue { json.add(value, of: field) }
    }
    for (name, value) in extras { json.add(extra: value, named: name) }
    return json
  }

  /// What can't be sent yet, in a sentence; nil if everything can.
  public var requestProblem: String? {
    let wrong = fields.filter { $0.isInvalid || $0.isMissing }
    guard let first = wrong.first else { return runOptions?.problem.map { "Run options: \($0)." } }
    let words = "\(first.name) \(first.problem ?? "is required")"
    return wrong.count == 1 ? "\(words)." : "\(words), and \(wrong.count - 1) more to fix."
  }

  /// What a run asks about because the model has no such inputs.
  public var extrasProblem: String? {
    guard let first = extras.keys.first else { return nil }
    let names = extras.keys.map { "“\($0)”" }.joined(separator: ", ")
    return extras.count == 1
      ? "This model has no input “\(first)”, so Replicate ignores it."
      : "This model has no inputs \(names), so Replicate ignores them."
  }

  /// Takes an input that was edited as JSON. What isn't in it is unset.
  ///
  /// - Parameter shown: What was edited, which tells what its stand-ins mean.
  /// - Returns: What couldn't be taken, one sentence each.
  public func apply(_ edited: JSONObject, over shown: FormJSON) -> [String] {
    picker = nil
    var problems: [String] = []
    remembering { take(edited, over: shown, &problems) }
    isValueSelected = selectsOnArrival
    return problems
  }

  /// What of an input that was edited as JSON the fields can't hold, one sentence each.
  func problems(of edited: JSONObject, over shown: FormJSON) -> [String] {
    fields.compactMap { field in
      var field = field
      guard let value = edited[field.name], !value.isNull, shown.input[field.name] != value,
        let restored = try? shown.restored(value, named: field.name)
      else { return nil }
      if field.isSwept { field.endSweep() }
      return field.take(json: restored).map { "\(field.name) \($0)." }
    }
  }

  private func take(_ edited: JSONObject, over shown: FormJSON, _ problems: inout [String]) {
    for index in fields.indices {
      let field = fields[index]
      guard let value = edited[field.name] else {
        if field.isSwept, shown.input[field.name] == nil { continue }
        if field.state == .explicit || shown.input[field.name] != nil { fields[index].reset() }
        continue
      }
      // What wasn't edited stays what it is: an example's path isn't the user's own by that.
      if shown.input[field.name] == value { continue }
      let restored: JSONValue
      do throws(FormJSON.Misplaced) {
        restored = try shown.restored(value, named: field.name)
      } catch {
        problems.append("\(field.name): \(error.words).")
        continue
      }
      if field.isSwept { fields[index].endSweep() }
      if let problem = fields[index].take(json: restored) {
        problems.append("\(field.name) \(problem).")
      }
    }
    let names = Set(fields.map(\.name))
    var extras: JSONObject = [:]
    for (name, value) in edited where !names.contains(name) {
      do throws(FormJSON.Misplaced) {
        extras[name] = try shown.restored(value, named: name)
      } catch {
        extras[name] = self.extras[name]
        problems.append("\(name): \(error.words).")
      }
    }
    self.extras = extras
  }
}

extension FormField {
  /// The field's value in JSON, even if it can't be sent; nil if it isn't sent at all.
  fileprivate var jsonValue: JSONValue? {
    if isSwept { return firstSweptValue }
    return isInvalid ? payload ?? control.draft : payload
  }

  /// Takes a value from JSON, and holds it exactly.
  ///
  /// A value of another type stays as the field's text and is invalid. What the field can't hold at
  /// all is returned as a problem, in words that follow the name.
  fileprivate mutating func take(json value: JSONValue) -> String? {
    if value.isNull, !input.isRequired, payload?.isNull != true {
      var field = self
      if !field.set(value) {
        reset()
        return "can’t be null, so it’s left out"
      }
    }
    if value.isNull, input.takesNull {
      update { $0.clear() }
      if payload != value { keep(value) }
      return nil
    }
    let problem = InputRules.problem(of: value, input.kind)
    var field = self
    if field.set(value) {
      self = field
      // The same as the default, an empty text, or characters that can't be typed.
      if payload != value, !isInvalid, problem == nil { keep(value) }
      return nil
    }
    guard control.list == nil, control.buffer != nil else {
      return problem ?? "can’t hold \(value.excerpt(40))"
    }
    update { $0.buffer?.text = value.string ?? value.serialized() }
    // A number is also a text, but it isn't what the model takes.
    if !isInvalid, value.string == nil {
      keep(value)
      reject(problem ?? "doesn’t fit this field")
    }
    return nil
  }
}

extension FieldControl {
  /// What was entered, whether it's valid or not; nil for nothing.
  fileprivate var draft: JSONValue? {
    switch self {
    case .list(let list): return list.isSet ? .array(list.rows.map { $0.draft ?? "" }) : nil
    case .boolean, .enumeration:
      return if case .value(let value) = reading { value } else { nil }
    default: break
    }
    guard let text = buffer?.text, !text.isEmpty else { return nil }
    return switch self {
    case .integer, .number: NumberText.number(in: text).map { .number($0) } ?? .string(text)
    case .json: (try? JSONValue(parsing: text)) ?? .string(text)
    default: .string(text)
    }
  }
}

extension JSONValue {
  /// The value with every text in it changed.
  ///
  /// - Parameter kind: Says which texts are secrets.
  fileprivate func mapTexts(
    _ kind: InputKind, _ change: (_ text: String, _ isSecret: Bool) -> String
  ) -> JSONValue {
    switch self {
    case .string(let text): .string(change(text, kind.mayBeSecret))
    case .array(let elements): .array(elements.map { $0.mapTexts(kind.element, change) })
    case .object(let members):
      .object(
        JSONObject(
          uniqueKeysWithValues: members.map { name, value in
            (name, value.mapTexts(kind.member(name), change))
          }))
    case .null, .bool, .number: self
    }
  }
}

extension InputKind {
  fileprivate var mayBeSecret: Bool {
    switch self {
    case .secret: true
    case .union(let kinds): kinds.contains(where: \.mayBeSecret)
    default: false
    }
  }

  fileprivate var element: InputKind {
    switch self {
    case .array(let element, _, _): element
    case .union(let kinds): kinds.first { $0.element != .json }?.element ?? .json
    default: .json
    }
  }

  fileprivate func member(_ name: String) -> InputKind {
    switch self {
    case .object(let rules):
      rules.members.first { $0.name == name }?.kind ?? rules.others ?? .json
    case .union(let kinds):
      kinds.first { $0.member(name) != .json }?.member(name) ?? .json
    default: .json
    }
  }
}
