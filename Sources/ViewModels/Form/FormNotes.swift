import ReplicateAPI
import Running

/// Where the values of a form are from, and what it couldn't take over of them, shown at its top until
/// it is sent.
public struct FormNotes: Hashable, Sendable {
  /// An earlier input that isn't in the form.
  public struct Item: Hashable, Sendable {
    public var name: String
    /// The earlier value in a few characters; empty if it must not be shown.
    public var value: String
    /// In words that follow the name and the value.
    public var reason: String
  }

  /// Where the values are from, such as a draft. Nothing is wrong about that.
  public var origin: String?
  /// A remark about the form as a whole, such as that the earlier input was deleted.
  public var remark: String?
  public var items: [Item] = []

  public init(remark: String? = nil) {
    self.remark = remark
  }

  public var isEmpty: Bool { origin == nil && isComplete }

  /// Whether everything was taken over, so that a run needn't ask.
  public var isComplete: Bool { remark == nil && items.isEmpty }

  mutating func add(_ name: String, _ value: JSONValue?, _ reason: String) {
    items.append(
      Item(name: name, value: value.map { String($0.abridged.prefix(60)) } ?? "", reason: reason))
  }

  /// One line for each, the most important first.
  public var lines: [String] {
    var lines = [origin, remark].compactMap(\.self)
    if !items.isEmpty {
      lines.append(
        items.count == 1
          ? "One earlier input wasn’t carried over:"
          : "\(items.count) earlier inputs weren’t carried over:")
      lines += items.map { item in
        "  \(item.name)\(item.value.isEmpty ? "" : " \(item.value)"): \(item.reason)"
      }
    }
    return lines
  }

  /// All of it in one sentence, where there is no room for lines.
  public var summary: String {
    let names = items.map(\.name).joined(separator: ", ")
    return [origin, remark, items.isEmpty ? nil : "Not carried over: \(names)."].compactMap(\.self)
      .joined(separator: " ")
  }
}

extension FormField {
  /// Sets an earlier value, converted if nothing is lost by that.
  ///
  /// - Returns: Why the field can't hold it; nil if it does.
  mutating func take(_ value: JSONValue) -> String? {
    if case .secret = control { return "secrets aren’t kept; enter it again" }
    for candidate in [value] + value.equivalents(for: input.kind)
    where candidate.isOfType(input.kind) && set(candidate) {
      // Characters that can't be typed are part of it, too.
      if candidate.string != nil, self.value != candidate, !isRefused,
        InputRules.problem(of: candidate, input.kind) == nil
      {
        keep(candidate)
      }
      distrust(candidate)
      return nil
    }
    return InputRules.problem(of: value, input.kind) ?? "doesn’t fit this field"
  }
}

extension JSONValue {
  /// Whether a field of this kind can hold the value. Whether it is allowed, the field says itself.
  fileprivate func isOfType(_ kind: InputKind) -> Bool {
    switch (kind, self) {
    case (.integer, .number(let number)): NumberText.integer(in: number.literal) != nil
    case (.integer, _): false
    default: true
    }
  }

  /// Other ways to say the same, for a field of some kind.
  fileprivate func equivalents(for kind: InputKind) -> [JSONValue] {
    switch (kind, self) {
    case (.boolean, .string(let text)):
      switch text.trimmingBlanks().lowercased() {
      case "true": return [true]
      case "false": return [false]
      default: return []
      }
    case (.integer, .string(let text)):
      return NumberText.integer(in: text).map { [.number($0)] } ?? []
    case (.number, .string(let text)):
      guard let number = NumberText.number(in: text), number.double.isFinite else { return [] }
      return [.number(number)]
    case (.text, .number(let number)): return [.string(number.literal)]
    case (.text, .bool(let bool)): return [.string(bool ? "true" : "false")]
    case (.enumeration, .string(let text)):
      return NumberText.number(in: text).map { [.number($0)] } ?? []
    case (.enumeration, .number(let number)): return [.string(number.literal)]
    case (.enumeration, .bool(let bool)): return [.string(bool ? "true" : "false")]
    default: return []
    }
  }
}
