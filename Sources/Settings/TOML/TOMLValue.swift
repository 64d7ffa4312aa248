/// A value of a TOML document, with the line it starts on.
///
/// Two values are equal if they hold the same; lines don't count.
package struct TOMLValue: Sendable {
  package enum Content: Hashable, Sendable {
    case string(String)
    case integer(Int)
    case float(Double)
    case boolean(Bool)
    /// A date, a time or both, as written: `1979-05-27T07:32:00Z`.
    case date(String)
    case array([TOMLValue])
    case table(TOMLTable)
  }

  package var content: Content
  /// Counted from 1; 0 for a value that wasn't read from a document.
  package var line: Int

  package init(_ content: Content, line: Int = 0) {
    self.content = content
    self.line = line
  }

  package var string: String? { if case .string(let text) = content { text } else { nil } }
  package var boolean: Bool? { if case .boolean(let isOn) = content { isOn } else { nil } }
  package var array: [TOMLValue]? { if case .array(let values) = content { values } else { nil } }
  package var table: TOMLTable? { if case .table(let table) = content { table } else { nil } }

  /// The value of an integer or a float.
  package var number: Double? {
    switch content {
    case .integer(let integer): Double(integer)
    case .float(let number): number
    default: nil
    }
  }

  /// The elements of an array that holds nothing but strings.
  package var strings: [String]? {
    guard let array else { return nil }
    let strings = array.compactMap(\.string)
    return strings.count == array.count ? strings : nil
  }
}

extension TOMLValue: Hashable {
  package static func == (one: Self, other: Self) -> Bool { one.content == other.content }

  package func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

/// Keys and their values, in the order of the document.
///
/// Two tables are equal if they have the same keys with the same values, in any order.
package struct TOMLTable: Sendable {
  package struct Entry: Sendable {
    package let key: String
    package var value: TOMLValue
    /// The line on which the key first appears, counted from 1; 0 if it wasn't read from a document.
    package let line: Int
  }

  package private(set) var entries: [Entry] = []
  private var places: [String: Int] = [:]

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  /// The value of a key. Setting one keeps the key's place; setting nil removes the key.
  package subscript(key: String) -> TOMLValue? {
    get { places[key].map { entries[$0].value } }
    set {
      guard let newValue else { return remove(key) }
      if let place = places[key] {
        entries[place].value = newValue
      } else {
        append(key, newValue, line: newValue.line)
      }
    }
  }

  /// Adds a key that isn't there yet.
  mutating func append(_ key: String, _ value: TOMLValue, line: Int) {
    places[key] = entries.count
    entries.append(Entry(key: key, value: value, line: line))
  }

  private mutating func remove(_ key: String) {
    guard let place = places[key] else { return }
    entries.remove(at: place)
    places = [:]
    for (place, entry) in entries.enumerated() { places[entry.key] = place }
  }
}

extension TOMLTable: Hashable {
  package static func == (one: Self, other: Self) -> Bool {
    one.entries.count == other.entries.count
      && one.entries.allSatisfy { other[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(entries.reduce(0) { $0 ^ $1.key.hashValue })
  }
}
