/// One page of a list, and the addresses of those beside it.
public struct Page<Element: Sendable>: Sendable {
  public var results: [Element]
  /// The next page's address as sent; ``Client/page(after:of:)`` knows how to follow it.
  public var next: String?
  public var previous: String?

  public init(results: [Element], next: String? = nil, previous: String? = nil) {
    self.results = results
    self.next = next
    self.previous = previous
  }
}

extension Page: Equatable where Element: Equatable {}
extension Page: Hashable where Element: Hashable {}

extension Page: JSONReadable where Element: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(results: [])
    if try reader.kind() == .array {
      try readResults(from: &reader)
      return
    }
    var isList = false
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "results":
        isList = true
        try readResults(from: &reader)
      case "next": next = Self.address(try reader.optionalString())
      case "previous": previous = Self.address(try reader.optionalString())
      default: try reader.skip()
      }
    }
    if !isList { throw reader.mistake("a list without results") }
  }

  private mutating func readResults(from reader: inout JSONReader) throws(JSONSyntaxError) {
    guard try reader.enterOptionalArray() else { return }
    while try reader.nextElement() {
      results.append(try Element(from: &reader))
    }
  }

  /// The API's document writes "null" in quotes in one place.
  private static func address(_ text: String?) -> String? {
    text == "null" || text == "" ? nil : text
  }
}
