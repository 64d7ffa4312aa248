import Foundation
import OrderedCollections

/// JSON: what is read is written and read again as the same value, skipping a value skips as much as
/// reading it, what is valid is what Foundation takes for valid, and lists keep their good elements.
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
      require(again == value, "\(text) is another value when read again")
      require(again.hashValue == value.hashValue, "\(text) has another hash when read again")
      require(
        again.serialized(pretty: isPretty).utf8.elementsEqual(text.utf8),
        "\(text) is written in another way when read again")
    } catch {
      fatalError("\(text) is written and can't be read: \(error)")
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

/// An element that is picky enough to fail at any depth.
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

/// A list keeps its good elements, describes the others, and reads on where they end. What isn't JSON
/// is an error as a whole.
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
    // Only what isn't valid is refused: everything else that is wrong is wrong with one element.
    var isValid = true
    do throws(JSONSyntaxError) {
      try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) in try reader.skipChecked() }
    } catch {
      isValid = false
    }
    require(!isValid, "a valid list is refused: \(error)")
    return
  }
  // Skipped parts of good elements aren't checked, and so the text may not be valid as a whole.
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

/// Each of the lenient ways to read a value takes the whole of it.
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
    require(double == Double(number.literal), "\(number.literal) is another double")
  }
  let string = read("a string") { (reader) throws(JSONSyntaxError) in try reader.optionalString() }
  require((string == nil) == value.isNull, "\(value) is the string \(string ?? "nil")")
  if let text = value.string { require(string == text, "another string than \(value)") }
  let bool = read("a bool") { (reader) throws(JSONSyntaxError) in try reader.optionalBool() }
  if let truth = value.bool { require(bool == truth, "another truth than \(value)") }
  let object = read("members") { (reader) throws(JSONSyntaxError) in try reader.optionalObject() }
  require(object == value.object, "other members than those of \(value)")
  let walked = read("a walk") { (reader) throws(JSONSyntaxError) in try walk(&reader) }
  require(walked == count(value), "\(walked) values are counted in \(value)")
}

/// Counts values the way a type reads them: member by member, element by element.
private func walk(_ reader: inout JSONReader) throws(JSONSyntaxError) -> Int {
  var total = 1
  switch try reader.kind() {
  case .array:
    try reader.enterArray()
    while try reader.nextElement() { total += try walk(&reader) }
  case .object:
    // Of members with the same name the last counts.
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

/// Foundation guesses UTF-16 and UTF-32 from nulls and marks, and reads UTF-8 alone here.
private func isComparable(_ bytes: [UInt8]) -> Bool {
  !bytes.contains(0) && bytes.isUTF8 && !bytes.starts(with: [0xEF, 0xBB, 0xBF])
}

private func foundationValue(of bytes: [UInt8]) -> Result<Any, any Error> {
  Result { try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed) }
}

private func checkRefusal(of bytes: [UInt8], _ error: JSONSyntaxError) {
  // Foundation takes a comma before a closing bracket.
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
    require(isSame(value, theirs), "\(value) is \(theirs) for Foundation")
  case .failure(let error):
    require(isKnownDifference(bytes, value), "\(value) isn't valid for Foundation: \(error)")
  }
}

/// What Foundation refuses on purpose: half a surrogate pair, and numbers too large for a double.
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
    // Foundation's decimals keep 38 digits, and the sign of zero is lost.
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
      // Names that differ by such marks alone are one to Foundation.
      members.keys.contains { $0.unicodeScalars.contains("\u{FEFF}") }
        || theirs.count == members.count
          && members.allSatisfy { key, value in theirs[key].map { isSame(value, $0) } ?? false }
    } ?? false
  }
}

/// Foundation drops byte order marks at the beginning of a string, and after its escapes.
private func isSame(_ ours: String, _ theirs: String) -> Bool {
  ours.unicodeScalars.filter { $0 != "\u{FEFF}" }
    .elementsEqual(theirs.unicodeScalars.filter { $0 != "\u{FEFF}" })
}
