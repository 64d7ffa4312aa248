import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Makes pages of lists lead astray. Whoever follows them to the end still gets every row, and a list
/// leads back only after its last page.
package enum OddPages {
  /// Marks the address of a page that was held back before.
  private static let mark = "held=1"

  /// - Parameters:
  ///   - address: The page's own URL.
  ///   - random: For what may be different when the page is asked for again.
  ///   - lasting: For what belongs to the page.
  /// - Returns: The page, and whether it was sent without its rows, with a `next` that leads to them.
  package static func changed(
    _ page: JSONObject, at address: String, _ random: inout SeededRandom,
    lasting: inout SeededRandom
  ) -> (page: JSONObject, isHeldBack: Bool) {
    guard let rows = page["results"]?.array else { return (page, false) }
    var page = page
    let isHeldBack = random.integer(0...5) == 0
    let emptiness = random.integer(0...2)
    if isHeldBack, !address.contains(mark) {
      page["results"] = emptiness == 0 ? [] : emptiness == 1 ? .null : nil
      page["next"] = .string(address + (address.contains("?") ? "&" : "?") + mark)
      return (page, true)
    }
    let isHit = lasting.integer(0...1) == 0
    let ends: [JSONValue] = [.string(address), .string(start(of: address)), "null", ""]
    let end = lasting.pick(ends)
    guard isHit else { return (page, false) }
    if let next = page["next"]?.string {
      page["next"] = .string(overlapping(next, after: rows))
    } else {
      page["next"] = end
    }
    return (page, false)
  }

  /// The list's first page, with the same filters.
  private static func start(of address: String) -> String {
    let parts = address.split(separator: "?", maxSplits: 1)
    guard parts.count == 2 else { return address }
    let items = parts[1].split(separator: "&").filter { !$0.hasPrefix("cursor=") && $0 != mark }
    return parts[0] + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
  }

  /// The address of the next page, but beginning one row earlier, so that a row stands on two pages.
  private static func overlapping(_ next: String, after rows: [JSONValue]) -> String {
    guard rows.count > 1, let range = next.firstRange(of: "cursor=") else { return next }
    let value = next[range.upperBound...].prefix { $0 != "&" }
    guard let bytes = Data(base64Encoded: PercentEncoding.decoded(value)) else { return next }
    let position = String(decoding: bytes, as: UTF8.self)
    let earlier: String
    if position.hasPrefix("o="), let offset = Int(position.dropFirst(2)), offset > 1 {
      earlier = "o=\(offset - 1)"
    } else if position.hasPrefix("p="), let id = rows[rows.count - 2]["id"]?.string {
      earlier = "p=\(id)"
    } else {
      return next
    }
    let cursor = Cursor.escaped(Data(earlier.utf8).base64EncodedString())
    return next[..<range.upperBound] + cursor + next[value.endIndex...]
  }
}
