/// Parses the request headers of a call that creates a prediction.
enum PredictionHeaders {
  /// How long the call waits for the prediction to finish.
  struct Wait: Sendable, Equatable {
    var seconds: Double
    /// The value of the `Preference-Applied` response header.
    var applied: String
  }

  /// Parses `wait` or `wait=n`. The documented range of n is 1 to 60; Replicate accepts up to 99
  /// and waits for 60.
  ///
  /// Other preferences are ignored (RFC 7240).
  static func wait(_ prefer: String?) throws(Problem) -> Wait? {
    guard let prefer else { return nil }
    let words = prefer.split(separator: ",").map { $0.filter { $0 != " " } }
    guard let word = words.first(where: { $0 == "wait" || $0.hasPrefix("wait=") }) else {
      return nil
    }
    if word == "wait" { return Wait(seconds: 60, applied: word) }
    let digits = word.dropFirst("wait=".count)
    guard (1...2).contains(digits.utf8.count), digits.first != "0", let seconds = Int(digits),
      seconds > 0
    else { throw .badHeader("Prefer header must be wait or wait=n, with n between 1 and 60") }
    return Wait(seconds: Double(min(seconds, 60)), applied: word)
  }

  /// Parses a duration such as `30`, `30s`, `5m` or `1h30m45s` into seconds; at least 5.
  static func lifetime(_ text: String?) throws(Problem) -> Double? {
    guard let text else { return nil }
    guard let total = seconds(text) else {
      throw .badHeader("Cancel-After header must be a duration, such as 30, 30s, 5m or 1h30m45s")
    }
    guard total >= 5 else { throw .badHeader("Cancel-After header must be at least 5 seconds") }
    return total
  }

  private static func seconds(_ text: String) -> Double? {
    if let plain = integer(text[...]) { return plain }
    var total = 0.0
    var units = "hms"[...]
    var digits = ""
    for letter in text {
      if letter.isASCII, letter.isNumber {
        digits.append(letter)
        continue
      }
      // Hours, then minutes, then seconds, each at most once.
      guard let number = integer(digits[...]), let place = units.firstIndex(of: letter) else {
        return nil
      }
      total += number * (letter == "h" ? 3600 : letter == "m" ? 60 : 1)
      units = units[units.index(after: place)...]
      digits = ""
    }
    return digits.isEmpty && !text.isEmpty ? total : nil
  }

  private static func integer(_ digits: Substring) -> Double? {
    guard (1...9).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Double(digits)
  }
}
