import Foundation
import OrderedCollections

/// JSON: values survive writing and reading, skipping a value consumes as much as reading it,
/// Foundation agrees about what is valid, and lists keep their good elements.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  let bytes = input.bytes()
  checkList(bytes)
  let value: JSONValue
  do throws(JSONSyntaxError) {
    value = try JSONValue(parsing: bytes)
  } catch {
    checkPlace(of: error, in: bytes)
    checkRefusal(of: bytes, error)
    return 0
  }
  checkWriting(of: value)
  checkDepth(of: value)
  checkLenientReading(of: bytes, value)
  checkAgainstFoundation(bytes, value)
  return 0
}

private func checkPlace(of error: JSONSyntaxError, in bytes: [UInt8]) {
  require((0...bytes.count).contains(error.offset), "an error at \(error.offset)")
  let before = bytes[..<error.offset]
  let line = before.count { $0 == 0x0A } + 1
  let lineStart = (before.lastIndex(of: 0x0A) ?? -1) + 1
  let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
  require(error.line == line && error.column == column, "\(error) is at \(line), \(column)")
}

private func checkWriting(of value: JSONValue) {
  for isPretty in [false, true] {
    let text = value.serialized(pretty: isPretty)
    do {
      let again = try JSONValue(parsing: text)
      require(again == value, "\(text) has a different value when read again")
      require(again.hashValue == value.hashValue, "\(text) has a different hash when read again")
      require(
        again.serialized(pretty: isPretty).utf8.elementsEqual(text.utf8),
        "\(text) is written differently when read again")
    } catch {
      fatalError("\(text) was written but can't be read: \(error)")
    }
  }
}

private func checkDepth(of value: JSONValue) {
  func depth(_ value: JSONValue) -> Int {
    switch value {
    case .array(let elements): 1 + (elements.map(depth).max() ?? 0)
    case .object(let members): 1 + (members.values.map(depth).max() ?? 0)
    default: 0
    }
  }
  require(depth(value) <= 512, "a value \(depth(value)) levels deep was read")
}

/// An element that can fail at any depth.
private struct Picky: JSONReadable {
  init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    switch try reader.kind() {
    case .object:
      try reader.enterObject()
      while let key = try reader.nextKey() {
        if key.utf8.count == 3 { throw reader.mistake("a key of three bytes") }
        if key.utf8.count == 2 { _ = try Picky(from: &reader) } else { try reader.skip() }
      }
    case .array:
      try reader.enterArray()
      while try reader.nextElement() { _ = try Picky(from: &reader) }
    case .string: if try reader.string().isEmpty { throw reader.mistake("an empty string") }
    case .number: _ = try reader.number()
    case .bool: _ = try reader.bool()
    case .null: throw reader.mistake("null")
    }
  }
}

/// A list keeps its good elements, describes the bad ones, and continues after them. Invalid JSON
/// is an error for the list as a whole.
private func checkList(_ bytes: [UInt8]) {
  let list: (good: [Picky], unreadable: [UnreadableElement])
  do throws(JSONSyntaxError) {
    list = try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in
      var good: [Picky] = []
      var unreadable: [UnreadableElement] = []
      try reader.readList("list", into: &good, &unreadable)
      return (good, unreadable)
    }
  } catch {
    checkPlace(of: error, in: bytes)
    // Only invalid JSON may be rejected. Any other problem concerns a single element.
    var isValid = true
    do throws(JSONSyntaxError) {
      try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in try reader.skipChecked() }
    } catch {
      isValid = false
    }
    require(!isValid, "a valid list was rejected: \(error)")
    return
  }
  // Skipped parts of good elements aren't validated, so the text may be invalid as a whole.
  guard let value = try? JSONValue(parsing: bytes) else { return }
  let count = value.array?.count ?? 0
  require(
    list.good.count + list.unreadable.count == count,
    "\(list.good.count) and \(list.unreadable.count) of \(count) elements")
  for element in list.unreadable {
    require((0..<count).contains(element.index), "an element at \(element.index)")
    require(element.path.hasPrefix("list[\(element.index)]"), "a path \(element.path)")
    require((1...bytes.count).contains(element.size), "an element of \(element.size) bytes")
  }
}

/// Every lenient way to read a value consumes all of it.
private func checkLenientReading(of bytes: [UInt8], _ value: JSONValue) {
  func read<Result>(
    _ what: String, _ body: (inout JSONReader) throws(JSONSyntaxError) -> Result
  ) -> Result {
    do throws(JSONSyntaxError) {
      return try JSONReader.read(bytes, body)
    } catch {
      fatalError("\(what): \(error)")
    }
  }
  read("skipped") { (reader) throws(JSONSyntaxError) in try reader.skip() }
  read("skipped and checked") { (reader) throws(JSONSyntaxError) in try reader.skipChecked() }
  let int = read("an integer") { (reader) throws(JSONSyntaxError) in try reader.optionalInt() }
  if case .number(let number) = value, let exact = number.int {
    require(int == exact, "\(number.literal) is read as \(String(describing: int))")
  }
  let double = read("a double") { (reader) throws(JSONSyntaxError) in try reader.optionalDouble() }
  if case .number(let number) = value {
    require(double == Double(number.literal), "\(number.literal) is a different double")
  }
  let string = read("a string") { (reader) throws(JSONSyntaxError) in try reader.optionalString() }
  require((string == nil) == value.isNull, "\(value) was read as the string \(string ?? "nil")")
  if let text = value.string { require(string == text, "a different string than \(value)") }
  let bool = read("a bool") { (reader) throws(JSONSyntaxError) in try reader.optionalBool() }
  if let truth = value.bool { require(bool == truth, "a different boolean than \(value)") }
  let object = read("members") { (reader) throws(JSONSyntaxError) in try reader.optionalObject() }
  require(object == value.object, "different members than \(value)")
  let walked = read("a walk") { (reader) throws(JSONSyntaxError) in try walk(&reader) }
  require(walked == count(value), "counted \(walked) values in \(value)")
}

/// Counts values as a type would read them: member by member, element by element.
private func walk(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Int {
  var total = 1
  switch try reader.kind() {
  case .array:
    try reader.enterArray()
    while try reader.nextElement() { total += try walk(&reader) }
  case .object:
    // If members have the same name, the last one counts.
    var members: OrderedDictionary<String, Int> = [:]
    try reader.enterObject()
    while let key = try reader.nextKey() { members[key] = try walk(&reader) }
    total += members.values.reduce(0, +)
  default: try reader.skip()
  }
  return total
}

private func count(_ value: JSONValue) -> Int {
  switch value {
  case .array(let elements): elements.reduce(1) { $0 + count($1) }
  case .object(let members): members.values.reduce(1) { $0 + count($1) }
  default: 1
  }
}

// MARK: Foundation

/// Foundation guesses UTF-16 and UTF-32 from nulls and byte order marks. Here it should read only
/// UTF-8.
private func isComparable(_ bytes: [UInt8]) -> Bool {
  !bytes.contains(0) && bytes.isUTF8 && !bytes.starts(with: [0xEF, 0xBB, 0xBF])
}

private func foundationValue(of bytes: [UInt8]) -> Result<Any, any Error> {
  Result { try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) }
}

private func checkRefusal(of bytes: [UInt8], _ error: JSONSyntaxError) {
  // Foundation accepts a comma before a closing bracket.
  guard isComparable(bytes), error.message != "there is an extra comma before this" else {
    return
  }
  if case .success(let value) = foundationValue(of: bytes) {
    fatalError("Foundation reads \(value), but: \(error)")
  }
}

private func checkAgainstFoundation(_ bytes: [UInt8], _ value: JSONValue) {
  guard isComparable(bytes) else { return }
  switch foundationValue(of: bytes) {
  case .success(let theirs):
    require(isSame(value, theirs), "Foundation reads \(value) as \(theirs)")
  case .failure(let error):
    require(isKnownDifference(bytes, value), "Foundation rejects \(value): \(error)")
  }
}

/// What Foundation rejects on purpose: unpaired surrogates, and numbers too large for a double.
private func isKnownDifference(_ bytes: [UInt8], _ value: JSONValue) -> Bool {
  func hasHugeNumber(_ value: JSONValue) -> Bool {
    switch value {
    case .number(let number): !number.double.isFinite
    case .array(let elements): elements.contains(where: hasHugeNumber)
    case .object(let members): members.values.contains(where: hasHugeNumber)
    default: false
    }
  }
  return hasHugeNumber(value) || bytes.utf8Text.lowercased().contains("\\ud")
}

private func isSame(_ ours: JSONValue, _ theirs: Any) -> Bool {
  switch ours {
  case .null: theirs is NSNull
  case .bool(let bool): (theirs as? Bool) == bool
  case .number(let number):
    // Foundation's decimals have 38 digits and lose the sign of zero.
    (theirs as? NSNumber).map { abs($0.doubleValue - number.double) <= abs(number.double) * 1e-12 }
      ?? false
  case .string(let string):
    (theirs as? String).map { isSame(string, $0) } ?? false
  case .array(let elements):
    (theirs as? [Any]).map { theirs in
      theirs.count == elements.count && zip(elements, theirs).allSatisfy(isSame)
    } ?? false
  case .object(let members):
    (theirs as? [String: Any]).map { theirs in
      // Foundation considers names equal if they differ only by such marks.
      members.keys.contains { $0.unicodeScalars.contains("\u{FEFF}") }
        || theirs.count == members.count
          && members.allSatisfy { key, value in theirs[key].map { isSame(value, $0) } ?? false }
    } ?? false
  }
}

/// Foundation drops byte order marks at the start of a string and after escapes.
private func isSame(_ ours: String, _ theirs: String) -> Bool {
  ours.unicodeScalars.filter { $0 != "\u{FEFF}" }
    .elementsEqual(theirs.unicodeScalars.filter { $0 != "\u{FEFF}" })
}
