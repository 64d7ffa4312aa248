import Crypto
import DemoReplicate
import Foundation
import ReplicateAPI
import Running
import Support
import Testing

/// The code of a request, run against the demo service: each language has to send what the client
/// sends.
@Suite struct RequestCodeTests {
  /// A demo service with the model of the table, and what the client itself sends it.
  private struct Bench {
    let service: Service
    let folder: String
    var reference: [String: Prediction] = [:]

    var files: String { folder + "/files" }

    var environment: [String: String] {
      var environment = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
      environment["REPLICATE_API_TOKEN"] = DemoServer.token
      environment["HOME"] = files
      // What Foundation calls the home folder.
      environment["CFFIXED_USER_HOME"] = files
      environment["LC_ALL"] = "C.UTF-8"
      return environment.merging(RequestCase.secrets) { $1 }
    }

    static func run(_ body: (Bench) async throws -> Void) async throws {
      let folder = FileManager.default.temporaryDirectory.path + "/request-\(UUID().uuidString)"
      defer { try? FileManager.default.removeItem(atPath: folder) }
      for name in ["models", "files"] {
        try FileManager.default.createDirectory(
          atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      }
      try RequestCase.serverModel.serialized().write(
        toFile: folder + "/models/anything.json", atomically: true, encoding: .utf8)
      for (name, bytes) in RequestCase.files {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/files/\(name)"))
      }
      var options = DemoOptions()
      options.schemasFolder = folder + "/models"
      try await Service.run(options) { service in
        _ = try await service.client.send(
          .createDeployment(
            DeploymentRequest(
              name: RequestCase.deployment.name, model: RequestCase.model,
              version: RequestCase.version, hardware: "cpu", minInstances: 0, maxInstances: 1)))
        var bench = Bench(service: service, folder: folder)
        for one in RequestCase.all {
          bench.reference[one.name] = try await service.client.create(
            one.plan(files: bench.files).request, recording: MemoryIntentStore())
        }
        try await body(bench)
      }
    }

    /// Writes each case's code into a file, and returns the files.
    func write(_ language: RequestCode.Language, _ ending: String) throws -> [String] {
      try RequestCase.all.map { one in
        let path = "\(folder)/\(one.name.replacing(" ", with: "-")).\(ending)"
        let code = RequestCode(
          one.plan(files: files), baseURL: service.server.baseURL
        ).text(in: language)
        try code.write(toFile: path, atomically: true, encoding: .utf8)
        return path
      }
    }

    /// Compares what has arrived since `count` with the reference.
    ///
    /// - Parameters:
    ///   - isPacked: Whether small files arrive as data URLs; otherwise all are uploaded.
    ///   - compare: Whether two numbers are the same.
    func check(
      _ cases: [RequestCase], since count: Int, isPacked: Bool = true,
      by compare: @escaping (JSONNumber, JSONNumber) -> Bool
    ) async throws {
      let made = await service.server.predictions().dropFirst(count)
      for one in cases {
        let own = made.filter { $0.input["case"] == .string(one.name) }
        guard own.count == 1, let prediction = own.first, let reference = reference[one.name] else {
          Issue.record("\(one.name) arrived \(own.count) times")
          continue
        }
        let arrived = try await object(prediction.id)
        let wanted = try await object(reference.id.rawValue)
        let input = try await unpacked(prediction.input, isPacked: isPacked)
        let expected = try expected(one)
        #expect(
          difference(.object(input), .object(expected), "", compare) == nil, "\(one.name)")
        for member in ["model", "version", "deployment", "webhook", "webhook_events_filter"] {
          #expect(arrived[member] == wanted[member], "\(one.name): \(member)")
        }
        #expect(lifetime(of: arrived) == lifetime(of: wanted), "\(one.name)")
      }
      #expect(made.count == cases.count)
    }

    /// A prediction with all that the service says about it.
    private func object(_ id: String) async throws -> JSONValue {
      try await service.client.send(
        Endpoint<JSONValue>(.getPrediction, ["prediction_id": id]) {
          (bytes) throws(JSONSyntaxError) in
          try JSONValue(parsing: bytes)
        })
    }

    /// How many seconds the service gives it; nil without a deadline.
    private func lifetime(of prediction: JSONValue) -> Int? {
      func seconds(_ name: String) -> Double? {
        prediction[name]?.string.flatMap { Timestamp($0).secondsSince1970 }
      }
      guard let deadline = seconds("deadline"), let created = seconds("created_at") else {
        return nil
      }
      return Int(((deadline - created) * 200).rounded())
    }

    /// The input as the client sends it, with files by the checksums of their contents.
    private func expected(_ one: RequestCase) throws -> JSONObject {
      let sent = one.plan(files: files).request.input
      return sent.mapValues { value in
        value.mapping { text in
          for (name, bytes) in RequestCase.files
          where text == "\(files)/\(name)" || text == "~/\(name)" {
            return "file \(SHA256.hash(data: bytes).hex)"
          }
          return text
        }
      }
    }

    /// An input that arrived, with files by the checksums of their contents.
    private func unpacked(_ input: JSONObject, isPacked: Bool) async throws -> JSONObject {
      let address = service.server.baseURL + "/files/"
      let uploads = try await service.uploads
      var checksums: [String: String] = [:]
      for file in uploads {
        checksums[file.url] = file.checksums["sha256"]
        if isPacked { #expect(file.size > 256_000, "small files aren't uploaded") }
      }
      return input.mapValues { value in
        value.mapping { text in
          if text.hasPrefix(address) { return "file \(checksums[text] ?? "unknown")" }
          guard !text.hasSuffix("UklGRg=="), let data = DataURI(text), let content = data.content
          else { return text }
          #expect(isPacked && content.count <= 256_000, "large files are uploaded")
          return "file \(SHA256.hash(data: content).hex)"
        }
      }
    }
  }

  @Test func `curl sends what the client sends`() async throws {
    guard let shell = Program.find("sh"), Program.find("curl") != nil else {
      #expect(try await Program.skip("curl isn't installed, so its code isn't run."))
      return
    }
    try await Bench.run { bench in
      let count = await bench.service.server.predictions().count
      for file in try bench.write(.curl, "sh") {
        let ending = try await Program(
          path: shell, arguments: [file], environment: bench.environment
        ).run(in: bench.folder)
        #expect(ending.status == 0, "\(file): \(ending.text.suffix(600))")
      }
      try await bench.check(RequestCase.all, since: count) { $0.literal == $1.literal }
    }
  }

  @Test func `JavaScript sends what the client sends`() async throws {
    guard let node = Program.find("node") else {
      #expect(try await Program.skip("node isn't installed, so the JavaScript code isn't run."))
      return
    }
    try await Bench.run { bench in
      let count = await bench.service.server.predictions().count
      let driver = bench.folder + "/driver.mjs"
      try Self.nodeDriver.write(toFile: driver, atomically: true, encoding: .utf8)
      let ending = try await Program(
        path: node, arguments: [driver] + bench.write(.javaScript, "mjs"),
        environment: bench.environment
      ).run(in: bench.folder)
      #expect(ending.status == 0, "\(ending.text.suffix(2000))")
      try await bench.check(RequestCase.all, since: count) { $0.isSame(as: $1) }
    }
  }

  /// scripts/request-code runs this with a Python that has the package.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["REPLICANT_PYTHON"] != nil))
  func `Python sends what the client sends`() async throws {
    let python = try #require(ProcessInfo.processInfo.environment["REPLICANT_PYTHON"])
    try await Bench.run { bench in
      let count = await bench.service.server.predictions().count
      let driver = bench.folder + "/driver.py"
      try Self.pythonDriver.write(toFile: driver, atomically: true, encoding: .utf8)
      let ending = try await Program(
        path: python, arguments: [driver] + bench.write(.python, "py"),
        environment: bench.environment
      ).run(in: bench.folder)
      #expect(ending.status == 0, "\(ending.text.suffix(2000))")
      // A fraction is read as a float, by the model's own Python as well.
      try await bench.check(RequestCase.all, since: count, isPacked: false) {
        $0.isSame(as: $1) || $1.literal.contains(".") && $0.double == $1.double
      }
    }
  }

  @Test func `Swift sends what the client sends`() async throws {
    try await Bench.run { bench in
      let count = await bench.service.server.predictions().count
      var environment = bench.environment
      environment["REPLICATE_BASE_URL"] = bench.service.server.baseURL
      let ending = try await Program(
        path: Program.built("RequestSamples"), arguments: [], environment: environment
      ).run(in: bench.files)
      #expect(ending.status == 0, "\(ending.text.suffix(2000))")
      try await bench.check(RequestCase.all.filter(\.isCompiled), since: count) {
        $0.isSame(as: $1)
      }
    }
  }

  /// The code is compiled with the tests, so it has to be up to date.
  @Test func `the Swift code that the tests build is the code of the table`() throws {
    let path = Program.repository + "/Tests/RequestSamples/Samples.swift"
    let samples = try Self.samples()
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      return try samples.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let kept = try? String(contentsOfFile: path, encoding: .utf8)
    #expect(
      kept == samples,
      "RECORD_SNAPSHOTS=1 writes Tests/RequestSamples/Samples.swift; then build the tests again")
  }

  /// Every case's program as a function of one file.
  private static func samples() throws -> String {
    var text = """
      // swift-format-ignore-file
      // Written by RequestCodeTests with RECORD_SNAPSHOTS=1: the Swift code of its table.
      import Foundation
      import ReplicateAPI

      let samples: [(name: String, run: @Sendable () async throws -> Void)] = [

      """
    var functions = ""
    for (number, one) in RequestCase.all.enumerated() where one.isCompiled {
      let code = RequestCode(one.plan(files: ".")).text(in: .swift)
      text += "  (\"\(one.name)\", sample\(number)),\n"
      functions += function("sample\(number)", code)
    }
    let address = RequestCode(
      RequestCase.all[0].plan(), baseURL: "http://127.0.0.1:9/v1"
    ).text(in: .swift)
    return text + "]\n" + functions + function("sampleOfAnAddress", address)
  }

  private static func function(_ name: String, _ code: String) -> String {
    let body = code.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("import ") }
      .map { $0.isEmpty ? "" : "  \($0)" }.joined(separator: "\n")
    return "\n@Sendable func \(name)() async throws {\(body)}\n"
  }

  private static let nodeDriver = """
    import { pathToFileURL } from "node:url";

    const files = process.argv.slice(2);
    const results = await Promise.allSettled(files.map((file) => import(pathToFileURL(file))));
    for (const [index, result] of results.entries()) {
      if (result.status === "fulfilled") continue;
      console.error(files[index], result.reason);
      process.exitCode = 1;
    }
    """

  private static let pythonDriver = """
    import sys
    import traceback
    from concurrent.futures import ThreadPoolExecutor

    def run(path):
        try:
            with open(path, encoding="utf-8") as file:
                exec(compile(file.read(), path, "exec"), {"__name__": "__main__"})
        except BaseException:
            return f"{path}: {traceback.format_exc()}"

    with ThreadPoolExecutor(16) as pool:
        failures = [failure for failure in pool.map(run, sys.argv[1:]) if failure]
    print("\\n".join(failures), file=sys.stderr)
    sys.exit(bool(failures))
    """
}

extension JSONNumber {
  /// Whether both are the same number, compared digit by digit.
  fileprivate func isSame(as other: Self) -> Bool {
    !isLess(than: other) && !other.isLess(than: self)
  }
}

extension JSONValue {
  fileprivate func mapping(_ change: (String) -> String) -> JSONValue {
    switch self {
    case .string(let text): .string(change(text))
    case .array(let elements): .array(elements.map { $0.mapping(change) })
    case .object(let members): .object(members.mapValues { $0.mapping(change) })
    default: self
    }
  }
}

extension SHA256.Digest {
  fileprivate var hex: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}

/// Where two values differ, down to the scalars of their texts; nil where they don't.
private func difference(
  _ one: JSONValue, _ other: JSONValue, _ path: String,
  _ isSame: (JSONNumber, JSONNumber) -> Bool
) -> String? {
  switch (one, other) {
  case (.number(let left), .number(let right)):
    return isSame(left, right) ? nil : "\(path): \(left.literal) instead of \(right.literal)"
  case (.string(let left), .string(let right)):
    return left.utf8.elementsEqual(right.utf8)
      ? nil
      : "\(path): \(left.debugDescription.prefix(300)) instead of \(right.debugDescription.prefix(300))"
  case (.array(let left), .array(let right)):
    guard left.count == right.count else { return "\(path): \(left.count) elements" }
    return zip(left, right).enumerated().lazy
      .compactMap { difference($1.0, $1.1, "\(path)[\($0)]", isSame) }.first
  case (.object(let left), .object(let right)):
    guard Set(left.keys) == Set(right.keys) else {
      return "\(path): \(Array(left.keys)) instead of \(Array(right.keys))"
    }
    return left.lazy.compactMap { name, value in
      right[name].flatMap { difference(value, $0, "\(path).\(name)", isSame) }
    }.first
  default: return one == other ? nil : "\(path): \(one) instead of \(other)"
  }
}
