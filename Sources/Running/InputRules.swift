import Pictures
import ReplicateAPI

/// What a model's schema asks of a value, checked before anything is sent; pure.
///
/// Each answer is what is wrong, in words that follow the field's name, or nil.
package enum InputRules {
  /// Checks a whole input: each value, what is missing, and what the model doesn't know.
  static func problems(of input: JSONObject, _ fields: [InputField]) -> [RunPlan.Problem] {
    var problems: [RunPlan.Problem] = []
    for field in fields {
      if let problem = problem(of: input[field.name], field) {
        problems.append(RunPlan.Problem(field: field.name, description: problem))
      }
    }
    // The service would drop these without a word.
    let names = Set(fields.map(\.name))
    for name in input.keys where !names.contains(name) {
      problems.append(
        RunPlan.Problem(field: name, description: "isn't an input of this model"))
    }
    return problems
  }

  private static func problem(of value: JSONValue?, _ field: InputField) -> String? {
    guard let value else {
      return field.isRequired && field.defaultValue == nil ? "is required" : nil
    }
    if value.isNull {
      // Only where the key can't be left out does the service take a null.
      return field.isNullable && field.isRequired ? nil : "can't be null; leave it out instead"
    }
    return problem(of: value, field.kind) ?? problem(ofRepeatsIn: value, field)
  }

  /// A list with an element that it has already had, where they have to differ.
  package static func problem(ofRepeatsIn value: JSONValue, _ field: InputField) -> String? {
    guard field.hasUniqueItems, let items = value.array else { return nil }
    var places: [JSONValue: Int] = [:]
    for (index, item) in items.enumerated() {
      if let first = places[item] {
        return "must not repeat an item: \(index + 1) is the same as \(first + 1)"
      }
      places[item] = index
    }
    return nil
  }

  package static func problem(ofText text: String, _ rules: TextRules) -> String? {
    if let problem = problem(ofLength: text, rules) { return problem }
    if let problem = rules.format?.problem(of: text) { return problem }
    if let pattern = rules.pattern, !matches(text, pattern) { return "must match \(pattern)" }
    return nil
  }

  /// JSON Schema counts code points. A long text isn't counted where its size is proof enough.
  private static func problem(ofLength text: String, _ rules: TextRules) -> String? {
    let size = text.utf8.count
    let isSurelyLong = rules.minLength.map { $0 <= size / 4 } ?? true
    let isSurelyShort = rules.maxLength.map { size <= $0 } ?? true
    if isSurelyLong && isSurelyShort { return nil }
    let count = text.unicodeScalars.count
    if let minimum = rules.minLength, count < minimum {
      return "must have at least \(counted(minimum, "character")); it has \(count)"
    }
    if let maximum = rules.maxLength, count > maximum {
      return "must have at most \(counted(maximum, "character")); it has \(count)"
    }
    return nil
  }

  /// Checks the text of a file. Whether a file on this machine is there, and what it is, can't be
  /// checked here; see ``FileInspector``.
  package static func problem(ofFile text: String, _ rules: FileRules = FileRules()) -> String? {
    switch FileText(text) {
    case .local: return nil
    case .data:
      guard text.contains(",") else { return "is a data: URL without its comma and data" }
      guard let type = DataURI(text)?.mediaType else { return nil }
      return MediaType.accepts(rules.accept, type: type, name: "")
        ? nil : "must be \(rules.accept.prefix(6).joined(separator: ", or ")); this is \(type)"
    case .web:
      let rest = text[(text.firstRange(of: "://")?.upperBound ?? text.endIndex)...]
      if rest.isEmpty || rest.hasPrefix("/") {
        return "lacks the host after \(text.prefix(8).prefix { $0 != "/" })//"
      }
      return text.contains { $0.isWhitespace } ? "must not hold blanks" : nil
    case .unknown:
      return "must be a path, an http(s):// address, or a data: URL"
    }
  }

  /// Checks a value against the kind that a list asks of its elements.
  package static func problem(of value: JSONValue, _ kind: InputKind) -> String? {
    switch kind {
    case .text(let rules), .secret(let rules):
      guard let text = value.string else { return "must be a text in quotes" }
      return problem(ofText: text, rules)
    case .file(let rules):
      guard let text = value.string else { return "must be a path or an address in quotes" }
      return problem(ofFile: text, rules)
    case .integer(let rules):
      guard case .number(let number) = value, NumberText.integer(in: number.literal) != nil else {
        return "must be a whole number"
      }
      return NumberText.problem(ofWhole: number, rules)
    case .number(let rules):
      guard case .number(let number) = value else { return "must be a number" }
      return NumberText.problem(of: number, rules)
    case .boolean:
      return value.bool == nil ? "must be true or false" : nil
    case .enumeration(let choices):
      if choices.contains(value) { return nil }
      let some = choices.prefix(5).map { $0.serialized() }.joined(separator: ", ")
      return "must be one of \(some)\(choices.count > 5 ? ", …" : "")"
    case .array(let element, let minimum, let maximum):
      return problem(ofList: value, element, minimum, maximum)
    case .object(let rules):
      return problem(ofObject: value, rules)
    case .union(let kinds):
      return problem(ofUnion: value, kinds)
    case .json:
      return nil
    }
  }

  private static func problem(ofObject value: JSONValue, _ rules: ObjectRules) -> String? {
    guard let members = value.object else {
      let name = rules.members.first?.name ?? "name"
      return #"must be an object in braces, such as {"\#(name)": …}"#
    }
    for member in rules.members {
      guard let value = members[member.name] else {
        if member.isRequired { return "lacks \(member.name)" }
        continue
      }
      if let problem = problem(of: value, member.kind) { return "\(member.name): \(problem)" }
    }
    for (name, value) in members where !rules.members.contains(where: { $0.name == name }) {
      guard let others = rules.others else { return "can't have \(name)" }
      if let problem = problem(of: value, others) { return "\(name): \(problem)" }
    }
    return nil
  }

  /// Of the alternatives, the one that the value resembles says what is wrong.
  private static func problem(ofUnion value: JSONValue, _ kinds: [InputKind]) -> String? {
    var closest: String?
    for kind in kinds {
      guard let problem = problem(of: value, kind) else { return nil }
      if closest == nil, kind.takes(value) { closest = problem }
    }
    return closest ?? "must be \(kinds.map(\.noun).joined(separator: ", or "))"
  }

  private static func problem(
    ofList value: JSONValue, _ element: InputKind, _ minimum: Int?, _ maximum: Int?
  ) -> String? {
    guard let items = value.array else {
      return "must be a list in brackets, such as \(example(of: element))"
    }
    if let minimum, items.count < minimum {
      return "must have at least \(counted(minimum, "item")); it has \(items.count)"
    }
    if let maximum, items.count > maximum {
      return "must have at most \(counted(maximum, "item")); it has \(items.count)"
    }
    for (index, item) in items.enumerated() {
      if let problem = problem(of: item, element) {
        return Self.problem(problem, ofItem: index)
      }
    }
    return nil
  }

  /// What is wrong with a list because of one of its items.
  package static func problem(_ problem: String, ofItem index: Int) -> String {
    let isSentence =
      ["must ", "can't ", "is ", "isn't ", "lacks "].contains { problem.hasPrefix($0) }
    return "item \(index + 1)\(isSentence ? "" : ",") \(problem)"
  }

  private static func example(of element: InputKind) -> String {
    switch element {
    case .text, .secret: #"["one", "two"]"#
    case .file: #"["https://…"]"#
    case .integer, .number: "[1, 2]"
    case .boolean: "[true, false]"
    case .enumeration(let choices): "[\(choices.first?.serialized() ?? "")]"
    case .object(let rules): #"[{"\#(rules.members.first?.name ?? "name")": …}]"#
    case .union(let kinds): kinds.first.map(example) ?? "[…]"
    case .array, .json: "[…]"
    }
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Whether a text satisfies a pattern. A pattern that isn't understood, or that would take long, is
  /// left to the service.
  package static func matches(_ text: String, _ pattern: String) -> Bool {
    TextPatterns.pattern(pattern)?.matches(text) ?? true
  }
}

extension JSONValue {
  /// The value as a person reads it in a list of choices: texts without their quotes.
  package var plainText: String {
    switch self {
    case .string(let text): text
    default: serialized()
    }
  }

  /// The same in a list, where an empty text must show.
  package var choiceText: String { plainText.isEmpty ? "(empty)" : plainText }

  /// The beginning of ``shortText``, with the size of the whole where that is longer.
  package func excerpt(_ length: Int) -> String {
    let text = shortText
    guard text.utf8.count > length else { return text }
    return "\(text.prefix(length))… (\(text.utf8.count.grouped) bytes)"
  }

  /// The value for reading: a text without its quotes, and data URIs by their kind and size.
  package var shortText: String {
    switch self {
    case .string(let text): DataURI.shortened(in: text)
    default: abridged
    }
  }
}

extension InputKind {
  /// Whether a value is of the same type of JSON, so that this kind's rules are the ones it breaks.
  fileprivate func takes(_ value: JSONValue) -> Bool {
    switch (self, value) {
    case (.text, .string), (.secret, .string), (.file, .string), (.integer, .number),
      (.number, .number), (.boolean, .bool), (.array, .array), (.object, .object):
      true
    default: false
    }
  }

  fileprivate var noun: String {
    switch self {
    case .text, .secret: "a text in quotes"
    case .file: "a path or an address in quotes"
    case .integer: "a whole number"
    case .number: "a number"
    case .boolean: "true or false"
    case .enumeration(let choices):
      choices.prefix(5).map { $0.serialized() }.joined(separator: ", or ")
    case .array: "a list in brackets"
    case .object: "an object in braces"
    case .union, .json: "JSON"
    }
  }
}
