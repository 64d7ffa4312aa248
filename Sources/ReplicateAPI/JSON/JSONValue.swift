import OrderedCollections

/// The members of a JSON object, in their original order.
public typealias JSONObject = OrderedDictionary<String, JSONValue>

/// Any JSON value, such as a model's input or output, whose type isn't known in advance.
///
/// Objects keep the order of their keys, and numbers keep their digits, so that a value can be
/// written as it was read. When values are compared, the order of keys doesn't matter.
public enum JSONValue: Sendable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  /// Reads a JSON value from text.
  ///
  /// - Throws: The first mistake and where it is.
  public init(parsing text: String) throws(JSONSyntaxError) {
    try self.init(parsing: Array(text.utf8))
  }

  /// Reads a JSON value from UTF-8. Invalid UTF-8 becomes U+FFFD.
  public init(parsing bytes: some Sequence<UInt8>) throws(JSONSyntaxError) {
    self = try JSONReader.read(Array(bytes)) { (reader) throws(JSONSyntaxError) in
      try reader.value()
    }
  }

  /// The value as JSON text, compact or indented by two spaces per level.
  public func serialized(pretty: Bool = false) -> String {
    var writer = JSONWriter(isPretty: pretty)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// A member of an object; nil if there is none or this isn't an object.
  public subscript(_ key: String) -> JSONValue? {
    if case .object(let members) = self { members[key] } else { nil }
  }

  /// An element of an array; nil if there is none or this isn't an array.
  public subscript(_ index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  public var string: String? {
    if case .string(let string) = self { string } else { nil }
  }

  /// The number as an integer; nil if it isn't one.
  public var int: Int? {
    if case .number(let number) = self { number.int } else { nil }
  }

  public var double: Double? {
    if case .number(let number) = self { number.double } else { nil }
  }

  public var bool: Bool? {
    if case .bool(let bool) = self { bool } else { nil }
  }

  public var array: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  public var object: JSONObject? {
    if case .object(let members) = self { members } else { nil }
  }

  public var isNull: Bool { self == .null }
}

extension JSONValue: Hashable {
  public static func == (one: Self, other: Self) -> Bool {
    switch (one, other) {
    case (.null, .null): true
    case (.bool(let one), .bool(let other)): one == other
    case (.number(let one), .number(let other)): one == other
    case (.string(let one), .string(let other)): one == other
    case (.array(let one), .array(let other)): one == other
    case (.object(let one), .object(let other)): one.hasSameMembers(as: other)
    default: false
    }
  }

  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let bool): hasher.combine(bool)
    case .number(let number): hasher.combine(number)
    case .string(let string): hasher.combine(string)
    case .array(let elements): hasher.combine(elements)
    case .object(let members):
      hasher.combine(members.count)
      // Regardless of their order.
      var sum = 0
      for (key, value) in members {
        var member = Hasher()
        member.combine(key)
        member.combine(value)
        sum ^= member.finalize()
      }
      hasher.combine(sum)
    }
  }
}

extension JSONObject {
  /// Whether both have the same members, in any order.
  public func hasSameMembers(as other: Self) -> Bool {
    hasSameMembers(as: other, by: ==)
  }

  func hasSameMembers(as other: Self, by isSame: (JSONValue, JSONValue) -> Bool) -> Bool {
    count == other.count
      && allSatisfy { key, value in other[key].map { isSame(value, $0) } ?? false }
  }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { serialized() }
}

/// `nil` isn't among the literals: in `condition ? value : nil` it would mean null instead of no
/// value.
extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
  public init(floatLiteral value: Double) { self = .number(JSONNumber(value)) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  public init(dictionaryLiteral members: (String, JSONValue)...) {
    self = .object(JSONObject(members, uniquingKeysWith: { _, last in last }))
  }
}
