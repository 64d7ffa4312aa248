import Support
import Testing

@testable import ReplicateAPI

@Suite struct `Long logs` {
  func trimmed(_ text: String, depth: Int = 1, limit: Int = 10, piece: Int = 1) -> String {
    var trimmer = LogTrimmer(depth: depth, limit: limit)
    var kept: [UInt8] = []
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: piece) {
      trimmer.push(Array(bytes[start..<min(start + piece, bytes.count)]), into: &kept)
    }
    trimmer.finish(into: &kept)
    return String(decoding: kept, as: UTF8.self)
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func `of a prediction's log only the end is kept`(piece: Int) throws {
    let text = #"{"id":"p","logs":"aaaaaaaaaa\nbbbbbbbb\ncccc","status":"x"}"#
    let kept = trimmed(text, piece: piece)
    #expect(kept == #"{"id":"p","logs":"cccc","status":"x"}"#)
  }

  @Test(arguments: [
    #"{"id":"p","logs":"short"}"#, #"{"logs":null,"output":["logs","0123456789012345"]}"#,
    #"{"input":{"logs":"0123456789012345"},"logs":""}"#, #"{"error":"0123456789012345logs"}"#,
    #"{"xlogs":"0123456789012345","logs2":"0123456789012345"}"#, "", "not JSON",
    #"[{"logs":"0123456789012345"}]"#, #"{"a":[{"logs":"0123456789012345"}]}"#,
    #"{"logs":["0123456789012345"]}"#, #"{"a\"logs":"0123456789012345"}"#, #"{"logs"#,
  ])
  func `all else goes through as it is`(text: String) {
    for piece in [1, 3, 1000] { #expect(trimmed(text, piece: piece) == text) }
  }

  @Test func `the logs of a page's predictions are cut, and nobody else's`() {
    let text =
      #"{"results":[{"logs":"0123456789abcdef"},{"input":{"logs":"0123456789abcdef"}}],"logs":"0123456789abcdef"}"#
    #expect(
      trimmed(text, depth: 3)
        == #"{"results":[{"logs":"6789abcdef"},{"input":{"logs":"0123456789abcdef"}}],"logs":"0123456789abcdef"}"#
    )
  }

  @Test func `neither characters nor escapes are cut in two`() throws {
    let pieces = [
      #"\u00e9"#, #"\\"#, #"\""#, "ü", "語", #"\ud83d\ude00"#, "x", #"\t"#, #"\n"#,
    ]
    var generator = SplitMix(seed: 7)
    for _ in 0..<2_000 {
      let log = (0..<40).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
      let text = "{\"logs\":\"\(log)\"}"
      let kept = trimmed(text, limit: 17, piece: Int.random(in: 1...50, using: &generator))
      let all = try JSONValue(parsing: text)["logs"]?.string ?? ""
      let end = try #require(try JSONValue(parsing: kept)["logs"]?.string)
      #expect(all.unicodeScalars.reversed().starts(with: end.unicodeScalars.reversed()), "\(log)")
      #expect(!end.unicodeScalars.contains("\u{FFFD}"), "\(log)")
      #expect(end.utf8.count <= 17 * 3)
    }
  }

  @Test func `a client keeps the end of a log that is longer than it wants`() async throws {
    let line = String(repeating: "0123456789", count: 10) + #"\n"#
    let log = String(repeating: line, count: 60_000)
    let transport = ScriptedTransport(.answer(200, #"{"id":"p","logs":"\#(log)end"}"#))
    let prediction = try await Client.scripted(transport).send(.prediction("p"))
    #expect(prediction.logs.hasSuffix("end"))
    #expect(prediction.logs.utf8.count <= LogTrimmer.limit)
    #expect(prediction.logs.utf8.count > LogTrimmer.limit - 100_000)
    #expect(prediction.logs.hasPrefix("0123456789"))
  }
}
