/// Lists whose odd elements don't spoil the rest.
extension JSONReader {
  /// Reads the next value, a list, and keeps the elements that can be read. Anything but an array
  /// is an empty list.
  ///
  /// - Parameters:
  ///   - list: The list's name in the answer, for the paths of unreadable elements; empty if the
  ///     answer itself is the list.
  ///   - elements: Where the good elements are appended.
  ///   - unreadable: Where the others are described.
  /// - Throws: If the list isn't JSON or ends too early.
  package mutating func readList<Element: JSONReadable>(
    _ list: String, into elements: inout [Element], _ unreadable: inout [UnreadableElement]
  ) throws(JSONSyntaxError) {
    guard try enterOptionalArray() else { return }
    var index = 0
    while try nextElement() {
      let start = self
      do throws(JSONSyntaxError) {
        elements.append(try Element(from: &self))
      } catch {
        self = start
        unreadable.append(try skipUnreadable(list, index, error))
      }
      index += 1
    }
  }

  /// Skips the element that comes next and describes why it couldn't be read.
  ///
  /// - Throws: If the element isn't JSON. Then nobody knows where the next one begins.
  private mutating func skipUnreadable(
    _ list: String, _ index: Int, _ error: JSONSyntaxError
  ) throws(JSONSyntaxError) -> UnreadableElement {
    _ = try kind()
    let start = self
    try skipChecked()
    var name = start
    var path = start
    return UnreadableElement(
      index: index, path: "\(list)[\(index)]\(try path.path(to: error.offset))",
      problem: error.message, name: try name.elementName(), size: offset - start.offset)
  }

  /// Skips the next value and checks all of its grammar, however deeply it is nested.
  package mutating func skipChecked() throws(JSONSyntaxError) {
    var isObject: [Bool] = []
    while true {
      switch try kind() {
      case .null, .bool, .number: try skip()
      case .string: _ = try string()
      case .array:
        enterUnlimited()
        isObject.append(false)
      case .object:
        enterUnlimited()
        isObject.append(true)
      }
      while let isInObject = isObject.last {
        let hasMore = isInObject ? try nextKey() != nil : try nextElement()
        if hasMore { break }
        isObject.removeLast()
      }
      if isObject.isEmpty { return }
    }
  }

  /// The path from the next value to the innermost value around an offset, such as `.urls.get`;
  /// empty if the offset is outside of its members.
  private mutating func path(to offset: Int) throws(JSONSyntaxError) -> String {
    var path = ""
    for _ in 0..<Self.longestPath {
      guard let step = try step(to: offset) else { break }
      path += step
    }
    return path
  }

  private static let longestPath = 8

  /// Goes to the member or element that holds an offset; nil if none does.
  private mutating func step(to offset: Int) throws(JSONSyntaxError) -> String? {
    var index = 0
    let isObject: Bool
    switch try kind() {
    case .object: isObject = true
    case .array: isObject = false
    default: return nil
    }
    enterUnlimited()
    while true {
      var key: String?
      if isObject {
        key = try nextKey()
        if key == nil { return nil }
      } else if try !nextElement() {
        return nil
      }
      _ = try kind()
      let start = self
      if offset < start.offset { return nil }
      try skip()
      if offset < self.offset {
        self = start
        return key.map { ".\($0.prefix(80))" } ?? "[\(index)]"
      }
      index += 1
    }
  }

  /// What the next value, an object, calls itself.
  private mutating func elementName() throws(JSONSyntaxError) -> String? {
    let keys = ["id", "slug", "sku", "name"]
    var best: (rank: Int, name: String)?
    guard try kind() == .object else { return nil }
    enterUnlimited()
    while let key = try nextKey() {
      guard let rank = keys.firstIndex(of: key), rank < best?.rank ?? keys.count,
        try kind() == .string
      else {
        try skip()
        continue
      }
      let name = try string()
      if !name.isEmpty { best = (rank, String(name.prefix(80))) }
    }
    return best?.name
  }
}
