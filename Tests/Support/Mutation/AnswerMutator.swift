import ReplicateAPI

/// Changes an answer of the service at random places: types, signs, sizes, absence, order, nesting,
/// repetition, broken texts, odd Unicode. The same seed makes the same changes.
public struct AnswerMutator {
  private var random: SplitMix
  /// What JSON values can't hold: texts that stand in for it until the answer is written.
  private var raw: [String] = []

  public init(seed: UInt64) {
    random = SplitMix(seed: seed)
  }

  /// An answer after its changes.
  public struct Mutated {
    public var bytes: [UInt8]
    /// The positions in the list of the elements that weren't touched; nil if the answer as a whole
    /// may not be readable, or isn't a list.
    public var intact: [Int]?
  }

  /// - Parameter list: The member that holds the answer's list, or "" if the answer is one.
  public mutating func mutate(_ answer: JSONValue, list: String?) -> Mutated {
    raw = []
    var answer = answer
    var touched: Set<Int> = []
    var isWhole = true
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let path = path(in: answer, list: list)
      if let list {
        let rest = list.isEmpty ? path[...] : path.first == .member(list) ? path.dropFirst() : []
        if case .element(let index)? = rest.first { touched.insert(index) } else { isWhole = false }
      }
      answer = changed(answer, path[...])
    }
    var bytes = written(answer)
    if Int.random(in: 0..<12, using: &random) == 0 {
      damage(&bytes)
      isWhole = false
    }
    // What isn't JSON as a whole has no rows.
    if !raw.isEmpty, (try? JSONValue(parsing: bytes)) == nil { isWhole = false }
    guard isWhole, let list else { return Mutated(bytes: bytes, intact: nil) }
    let count = (list.isEmpty ? answer : answer[list] ?? .null).array?.count ?? 0
    return Mutated(bytes: bytes, intact: (0..<count).filter { !touched.contains($0) })
  }

  // MARK: Where

  private enum Step: Equatable {
    case member(String)
    case element(Int)
  }

  /// The way to a random value. Elements of the list are preferred, so that others stay intact.
  private mutating func path(in answer: JSONValue, list: String?) -> [Step] {
    var path: [Step] = []
    var value = answer
    if let list, Int.random(in: 0..<8, using: &random) > 0 {
      let elements = list.isEmpty ? answer : answer[list] ?? .null
      if let index = elements.array?.indices.randomElement(using: &random) {
        path = (list.isEmpty ? [] : [.member(list)]) + [.element(index)]
        value = elements[index] ?? .null
      }
    }
    while Int.random(in: 0..<6, using: &random) > 0 {
      switch value {
      case .object(let members):
        guard let name = members.keys.randomElement(using: &random) else { return path }
        path.append(.member(name))
        value = members[name] ?? .null
      case .array(let elements):
        guard let index = elements.indices.randomElement(using: &random) else { return path }
        path.append(.element(index))
        value = elements[index]
      default: return path
      }
    }
    return path
  }

  // MARK: What

  private mutating func changed(_ value: JSONValue, _ path: ArraySlice<Step>) -> JSONValue {
    guard let step = path.first else { return other(than: value) }
    switch (step, value) {
    case (.member(let name), .object(var members)):
      guard let member = members[name] else { return value }
      let isLast = path.count == 1
      switch Int.random(in: 0..<10, using: &random) {
      case 0 where isLast: members[name] = nil
      case 1 where isLast:
        members[name] = nil
        members[name.uppercased() + "_"] = member
      case 2 where isLast:
        // A name that stands there twice.
        members["\(name)\u{1}"] = other(than: member)
      default: members[name] = changed(member, path.dropFirst())
      }
      return .object(members)
    case (.element(let index), .array(var elements)):
      guard elements.indices.contains(index) else { return value }
      elements[index] = changed(elements[index], path.dropFirst())
      return .array(elements)
    default: return other(than: value)
    }
  }

  private mutating func other(than value: JSONValue) -> JSONValue {
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<6: return Self.strangers.randomElement(using: &random) ?? .null
    case 6..<8: return standIn(Self.strangeTexts.randomElement(using: &random) ?? "null")
    case 8: return .array([value])
    case 9: return ["x": value]
    case 10: return .array(Array(repeating: value, count: value.serialized().count > 500 ? 2 : 300))
    case 11: return .string(value.serialized())
    default: break
    }
    switch value {
    case .string(let text): return self.text(from: text)
    case .number(let number):
      let factors: [Double] = [-1, 0, 1e3, -1e10, 1e18, 1e19, 1e-9, 1e300]
      let factor = factors.randomElement(using: &random) ?? 1
      return .number(JSONNumber(number.double * factor))
    case .bool(let isOn): return .bool(!isOn)
    case .null: return Self.strangers.randomElement(using: &random) ?? 0
    case .array(let elements):
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return []
      case 1: return .array(elements.shuffled(using: &random))
      case 2: return .array(elements + elements)
      default:
        return .array(elements.map { _ in Self.strangers.randomElement(using: &random) ?? 0 })
      }
    case .object(let members):
      switch Int.random(in: 0..<4, using: &random) {
      case 0: return [:]
      case 1:
        var shuffled = JSONObject()
        for name in members.keys.shuffled(using: &random) { shuffled[name] = members[name] }
        return .object(shuffled)
      case 2:
        var swapped = members
        for (name, value) in zip(members.keys, members.values.shuffled(using: &random)) {
          swapped[name] = value
        }
        return .object(swapped)
      default: return .array(Array(members.values))
      }
    }
  }

  private mutating func text(from text: String) -> JSONValue {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return .string("")
    case 1:
      let scalars = text.unicodeScalars
      let length = Int.random(in: 0...scalars.count, using: &random)
      return .string(String(String.UnicodeScalarView(scalars.prefix(length))))
    case 2: return .string(String(repeating: text.isEmpty ? "x" : text, count: 40))
    case 3: return .string(String(text.reversed()))
    case 4: return .string((Self.odd.randomElement(using: &random) ?? "") + text)
    case 5: return .string(text.replacing("0", with: "9"))
    default: return .string(Self.odd.randomElement(using: &random) ?? "")
    }
  }

  // MARK: Writing

  private mutating func standIn(_ text: String) -> JSONValue {
    raw.append(text)
    return .string("\u{2}\(raw.count - 1)\u{2}")
  }

  private func written(_ answer: JSONValue) -> [UInt8] {
    var text = answer.serialized().replacing(#"\u0001":"#, with: #"":"#)
    for (index, replacement) in raw.enumerated() {
      text = text.replacing("\"\\u0002\(index)\\u0002\"", with: replacement)
    }
    return Array(text.utf8)
  }

  private mutating func damage(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes.removeLast(bytes.count - place)
    case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
    case 2: bytes.remove(at: place)
    default: bytes.insert(contentsOf: Array("\u{FEFF}<html>".utf8), at: place)
    }
  }

  private static let strangers: [JSONValue] = [
    .null, true, false, 0, -1, -12.34, .number(JSONNumber(Int.min)), .number(JSONNumber(Int.max)),
    "", "null", "-1", "1e19", "NaN", [], [:], [.null], ["": .null], [[[[]]]], "data:,",
    "data:image/png;base64,QUJD", "https://replicate.delivery/x/out.png", "2026-13-45T99:99:99Z",
    "9999-12-31T23:59:59.999999999Z", "0000-00-00T00:00:00Z", "-9999-01-01", "succeeded",
    "starting",
  ]

  /// Values that a tree of JSON can't hold, or that aren't JSON.
  private static let strangeTexts = [
    "-1e19", "1e400", "-1e400", "1e-400", "18446744073709551616", "-9223372036854775809",
    "340282366920938463463374607431768211456", "1e99999999999999999999", "-0", "-0.0", "1.0e+2",
    String(repeating: "9", count: 400), "0." + String(repeating: "0", count: 400) + "1",
    #""\ud800""#, #""\udc00\ud800""#, #""\u0000\u001b[31m""#, "NaN", "01", "\"", "{", "]",
    String(repeating: "[", count: 200) + String(repeating: "]", count: 200),
    String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
    String(repeating: #"{"a":"#, count: 60) + "1" + String(repeating: "}", count: 60),
    #"{"a":1,"a":2}"#, #"{"id":"","id":null}"#,
  ]

  private static let odd = [
    "\u{0}", "\u{1B}[2J\u{1B}]0;x\u{7}", "\u{202E}abc", "\u{200B}", "\u{061C}", "\u{FEFF}",
    "\r\n\r",
    "\t", "é", "e\u{301}\u{302}\u{303}", "👩‍👩‍👧‍👦", "🇯🇵🇺🇸", "画像を直す", "\u{E0001}",
    String(repeating: "\u{300}", count: 500), String(repeating: "word ", count: 2000),
    String(repeating: "x", count: 20_000),
    "data:image/png;base64," + String(repeating: "QUJD", count: 999),
    "100%|██████████| 5/5", "-50%|  | -3/9223372036854775807 [99:99<?, infit/s]",
    "https://replicate.delivery/", "http://[", "`", "![x](", "[a](b)", "|||", "---\n", "#",
  ]
}
