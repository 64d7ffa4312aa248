/// One page of a list, with the addresses of its neighbors.
public struct Page<Element: Sendable>: Sendable {
  public var results: [Element]
  /// The elements that couldn't be read. They aren't among the ``results``.
  public var unreadable: [UnreadableElement]
  /// The address of the next page as the service sent it; nil on the last page.
  /// ``Client/page(after:of:)`` follows it.
  public var next: String?
  public var previous: String?
  /// Whether the service gave a page that was seen before as the next one, so that the list ends
  /// here although the service doesn't say so. ``next`` is nil then. Only ``PageTrail`` sets this,
  /// and ``Pages``, which uses one.
  public var leadsBack = false

  public init(
    results: [Element], unreadable: [UnreadableElement] = [], next: String? = nil,
    previous: String? = nil
  ) {
    self.results = results
    self.unreadable = unreadable
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
      try reader.readList("", into: &results, &unreadable)
      return
    }
    var isList = false
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "results":
        isList = true
        try reader.readList(key, into: &results, &unreadable)
      case "next": next = Self.address(try reader.optionalString())
      case "previous": previous = Self.address(try reader.optionalString())
      default: try reader.skip()
      }
    }
    if !isList { throw reader.mistake("a list without results") }
  }

  /// The API's own document has "null" in quotes in one place.
  private static func address(_ text: String?) -> String? {
    text == "null" || text == "" ? nil : text
  }
}
