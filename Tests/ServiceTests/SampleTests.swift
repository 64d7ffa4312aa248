import DemoReplicate
import Foundation
import ReplicateAPI
import Testing

/// The README's program, which is compiled with the tests, as its own process.
@Suite struct SampleTests {
  @Test func `the README's program runs a model and prints what came out`() async throws {
    let folder =
      FileManager.default.temporaryDirectory.path
      + "/replicate-sample-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.model.serialized().write(
      toFile: folder + "/flux.json", atomically: true, encoding: .utf8)
    var options = DemoOptions()
    options.schemasFolder = folder
    try await Service.run(options) { service in
      let output = try await Self.output(baseURL: service.server.baseURL)
      let made = await service.server.predictions()
      let id = try #require(made.first?.id)
      #expect(made.count == 1)
      let prediction = try await service.client.send(.prediction(Prediction.ID(id)))
      #expect(output == "succeeded \(prediction.output ?? .null)\n")
      #expect(prediction.input == ["prompt": "a lighthouse in the rain"])
    }
  }

  private static func output(baseURL: String) async throws -> String {
    let process = Process()
    var place = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    repeat { place.deleteLastPathComponent() } while place.path.contains(".xctest")
    process.executableURL = place.appendingPathComponent("ReadmeSample")
    process.environment = [
      "REPLICATE_BASE_URL": baseURL, "REPLICATE_API_TOKEN": DemoServer.token,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
      process.terminationHandler = { _ in ended.resume() }
      do {
        try process.run()
      } catch {
        ended.resume(throwing: error)
      }
    }
    #expect(process.terminationStatus == 0)
    return String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }

  private static let model: JSONValue = [
    "url": "https://replicate.com/black-forest-labs/flux-schnell", "owner": "black-forest-labs",
    "name": "flux-schnell", "description": "Pictures in four steps", "visibility": "public",
    "run_count": 1, "is_official": true,
    "latest_version": [
      "id": "c846a69991daf4c0e5d016514849d14ee5b2e6846ce6b9d6f21369e564cfe51e",
      "created_at": "2024-08-01T00:00:00.000000Z", "cog_version": "0.9.4",
      "openapi_schema": [
        "components": [
          "schemas": [
            "Input": [
              "type": "object", "required": ["prompt"],
              "properties": ["prompt": ["type": "string", "x-order": 0]],
            ],
            "Output": ["type": "array", "items": ["type": "string", "format": "uri"]],
          ]
        ]
      ],
    ],
  ]
}
