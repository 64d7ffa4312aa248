#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Timestamps: the text is kept, the seconds match the C library's, and printed timestamps survive
/// reading and printing.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTimestamp(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FuzzInput(start, count)
  if input.byte() == 0xFF {
    // Any seconds, including NaN and infinity.
    let bits = input.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    checkPrinting(of: Double(bitPattern: bits))
    return 0
  }
  let texts = input.bytes().split(separator: 0x0A, maxSplits: 1, omittingEmptySubsequences: false)
    .map { Array($0).utf8Text }
  let stamps = texts.map { Timestamp($0) }
  for (text, stamp) in zip(texts, stamps) {
    require(stamp.text.utf8.elementsEqual(text.utf8), "the text wasn't kept: \(text)")
    guard let seconds = stamp.secondsSince1970 else { continue }
    checkRange(of: seconds, text)
    checkAgainstCLibrary(seconds, text)
    checkPrinting(of: seconds)
  }
  for one in stamps {
    require(!(one < one), "a time is before itself: \(one)")
    for other in stamps {
      let orders = [one < other, other < one, one == other].count { $0 }
      require(orders == 1, "\(one) and \(other) compare in \(orders) ways")
    }
  }
  return 0
}

private let firstSecond: Double = -62_167_219_200  // 0000-01-01
private let lastSecond: Double = 253_402_300_800  // 10000-01-01
private let slack: Double = 101 * 3600  // a zone, and an hour or a second too many

private func checkRange(of seconds: Double, _ text: String) {
  require(
    seconds >= firstSecond - slack && seconds <= lastSecond + slack,
    "\(text) is out of range: \(seconds)")
}

/// Computes date, time, and a time zone in whole hours with `timegm`. Ignores fractions.
private func checkAgainstCLibrary(_ seconds: Double, _ text: String) {
  let bytes = Array(text.utf8)
  func number(_ range: Range<Int>) -> CInt? {
    guard range.upperBound <= bytes.count else { return nil }
    return CInt(Array(bytes[range]).utf8Text)
  }
  guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10) else {
    fatalError("a date without digits was accepted: \(text)")
  }
  var time = tm()
  time.tm_year = year - 1900
  time.tm_mon = month - 1
  time.tm_mday = day
  let date = Double(timegm(&time))
  guard bytes.count >= 20, let hour = number(11..<13), let minute = number(14..<16),
    bytes[16] == UInt8(ascii: ":"), let second = number(17..<19)
  else {
    require(abs(seconds - date) <= 86_400 + slack, "\(text) is on a different day: \(seconds)")
    return
  }
  guard bytes.last == UInt8(ascii: "Z") else { return }
  let expected = date + Double(hour * 3600 + minute * 60 + second)
  require(
    seconds >= expected && seconds <= expected + 1, "\(text) is \(seconds), not \(expected)")
}

private func checkPrinting(of seconds: Double) {
  let stamp = Timestamp(secondsSince1970: seconds)
  require(stamp.text.utf8.count == 27, "\(seconds) is printed as \(stamp.text)")
  guard let printed = stamp.secondsSince1970 else { fatalError("\(seconds) lost its seconds") }
  require(Timestamp(stamp.text) == stamp, "\(stamp.text) was read as a different time")
  let again = Timestamp(secondsSince1970: printed)
  require(again == stamp, "\(stamp.text) was printed as \(again.text) after reading")
  if seconds >= -62_135_596_800, seconds <= 253_402_300_799 {
    let allowed = max(0.000_000_6, seconds.ulp)
    require(abs(printed - seconds) <= allowed, "\(seconds) is printed as \(stamp.text)")
  }
}
