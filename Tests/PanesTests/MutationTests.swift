import Foundation
import ReplicateAPI
import Support
import Testing

/// Answers of the service that were changed at random are read and drawn without a trap, and what was
/// left as it was is shown. MUTATIONS and MUTATION_SEED make it longer, or repeat a failure.
@MainActor struct MutationTests {
  private func number(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap(UInt64.init)
  }

  @Test func `changed answers are read and drawn`() async throws {
    let count = number("MUTATIONS") ?? 300
    let first = number("MUTATION_SEED") ?? 1
    let recordings = try Recordings.answers()
    if recordings.isEmpty { print("No recorded answers: only the tests' own are changed.") }
    let run = MutationRun(MutationRun.answers(recordings))
    for seed in first..<first + count {
      Recordings.note(seed)
      await run.run(seed: seed)
    }
    #expect(run.failures.isEmpty, "repeat with MUTATIONS=1 MUTATION_SEED=…")
    #expect(UInt64(run.count) == count)
    // Most remain readable, and most rows remain as they were.
    #expect(run.readCount * 4 > run.count)
    if count >= 300 { #expect(run.rowCount > run.count / 10) }
    if number("MUTATIONS") != nil {
      let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      print(
        status?.split(separator: "\n").first { $0.hasPrefix("VmHWM") }.map { "Peak \($0)" } ?? "")
      print("\(run.count) answers, \(run.readCount) readable, \(run.rowCount) rows looked for")
      for (call, count) in run.countsByCall.sorted(by: { $0.value > $1.value }) {
        print("  \(count)  \(call)")
      }
    }
  }
}

/// The recorded answers of the real service, if they are there.
enum Recordings {
  static func answers() throws -> [MutationRun.Answer] {
    var answers: [MutationRun.Answer] = []
    for file in ReferenceData.files(in: "recorded") {
      for exchange in try JSONValue(parsing: ReferenceData.bytes(of: file)).array ?? [] {
        guard let method = exchange["request"]?["method"]?.string,
          let address = exchange["request"]?["uri"]?.string ?? exchange["request"]?["url"]?.string,
          let path = address.split(separator: "/v1", maxSplits: 1).last,
          let status = exchange["response"]?["status"]?.int,
          let body = exchange["response"]?["body"],
          body.array != nil || body.object != nil
        else { continue }
        answers.append(
          MutationRun.Answer(call(method, String(path), status, body), status: status, body))
      }
    }
    return answers
  }

  /// The call that reads an answer: what was created or changed is read as if it had been asked for.
  private static func call(
    _ method: String, _ path: String, _ status: Int, _ body: JSONValue
  ) -> String {
    if status >= 400 { return "GET /account" }
    if method == "QUERY" { return "GET /models" }
    guard method == "POST", let id = body["id"]?.string else { return "\(method) \(path)" }
    return path == "/files" ? "GET /files/\(id)" : "GET /predictions/\(id)"
  }

  /// Writes the seed down, so that it is known after a trap.
  static func note(_ seed: UInt64) {
    guard let path = ProcessInfo.processInfo.environment["MUTATION_NOTE"] else { return }
    try? "\(seed)\n".write(toFile: path, atomically: false, encoding: .utf8)
  }
}
