/// Makes one line of text out of what somebody else sent, without anything that could control a
/// terminal or hide in it.
enum ForeignText {
  /// Invalid UTF-8 becomes U+FFFD, and each run of white space one blank.
  static func line(_ bytes: some Sequence<UInt8>) -> String {
    line(String(decoding: Array(bytes), as: UTF8.self))
  }

  static func line(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isBlank = true
    for scalar in text.unicodeScalars {
      if scalar.properties.isWhitespace {
        if !isBlank { result.append(" ") }
        isBlank = true
        continue
      }
      switch scalar.properties.generalCategory {
      case .control, .format, .surrogate, .privateUse, .unassigned: continue
      default: break
      }
      result.append(scalar)
      isBlank = false
    }
    if result.last == " " { result.removeLast() }
    return String(result)
  }
}
