import OrderedCollections
import ReplicateAPI

/// Writes dates in other formats, and replaces some by absurd ones.
package enum OddDates {
  private static let keys = [
    "created_at", "started_at", "completed_at", "deadline", "expires_at",
  ]

  /// - Parameter onlyFormat: Whether all dates must stay the same moments.
  package static func change(
    _ members: inout JSONObject, _ random: inout SeededRandom, onlyFormat: Bool
  ) {
    let showsEnd = OddStatuses.endsByDate(members)
    for key in keys {
      let isHit = random.integer(0...2) == 0
      let isAbsurd = random.integer(0...1) == 0
      guard let text = members[key]?.string, let seconds = Timestamp(text).secondsSince1970 else {
        continue
      }
      let formats = formats(of: text, seconds)
      let absurd = absurd(seconds)
      let format = random.pick(formats)
      let replacement = random.pick(absurd)
      guard isHit else { continue }
      // The end of a run may be visible by its date alone.
      let keepsMoment = onlyFormat || showsEnd && key == "completed_at"
      members[key] = isAbsurd && !keepsMoment ? replacement : .string(format)
    }
  }

  /// The same moment in formats that services and languages use.
  package static func formats(of text: String, _ seconds: Double) -> [String] {
    let bare = (text.hasSuffix("Z") ? text : TimestampFormat.kept(seconds)).dropLast()
    func shifted(_ hours: Double, _ zone: String) -> String {
      TimestampFormat.django(seconds + hours * 3600).dropLast() + zone
    }
    let whole = bare.prefix { $0 != "." }
    let fraction = bare.dropFirst(whole.count + 1).prefix(9)
    let padding = String(repeating: "0", count: max(0, 9 - fraction.count))
    return [
      String(bare), bare + "+00:00", "\(whole).\(fraction)\(padding)Z", "\(whole)Z",
      shifted(5.5, "+05:30"), shifted(-8, "-08:00"), shifted(2, "+0200"),
      bare.replacing("T", with: " ") + "+00:00", bare.lowercased() + "z",
    ]
  }

  private static func absurd(_ seconds: Double) -> [JSONValue] {
    [
      "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "1970-01-01T00:00:00Z", "",
      "not a date", "2026-13-45T99:99:99Z", "T", .number(JSONNumber(seconds)),
      .number(JSONNumber((seconds * 1000).rounded())), 0, false, [:],
      // Earlier or later than what came before or after.
      .string(TimestampFormat.django(seconds - 7200)),
      .string(TimestampFormat.django(seconds + 7200)),
    ]
  }
}
