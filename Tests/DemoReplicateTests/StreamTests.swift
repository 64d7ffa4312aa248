import ReplicateAPI
import Testing

@testable import DemoReplicate

/// Streams of things other than text.
@Suite(.serialized) struct StreamTests {
  @Test func `a stream of files has one URL per event`() async throws {
    try await withService { service in
      let started = try await service.start(
        "atelier/slow-exposure", ["prompt": "a harbour", "plates": 2])
      let address = try #require(started.urls.stream)
      let stream = try await service.call("GET", address, token: nil)
      let data = stream.text.split(separator: "\n").filter { $0.hasPrefix("data: ") }.map {
        String($0.dropFirst(6))
      }
      let output = try await service.end(of: started).output?.array?.compactMap(\.string)
      #expect(output?.count == 2)
      #expect(Array(data.dropLast()) == output)
      #expect(data.last == "{}")
    }
  }

  @Test func `a failure is streamed before the end, with its reason`() async throws {
    let service = try DemoService(DemoOptions())
    let record = await service.predictions.create(
      DemoPredictions.RunRequest(
        model: ModelID(owner: "a", name: "b"), version: "1", input: [:], filledIn: [:],
        streams: true, coldStart: 0,
        run: { job in
          await job.token("one\n")
          throw DemoFailure(message: "It broke.")
        }))
    var events: [StreamEvent] = []
    while events.last?.isLast != true {
      events += await service.predictions.events(of: record.id, from: events.count)
    }
    #expect(events.map(\.name) == ["output", "error", "done"])
    #expect(events[0].text.hasSuffix("data: one\ndata: \n\n"))
    #expect(events[1].data == #"{"detail":"It broke."}"#)
    #expect(events[2].data == #"{"reason": "error"}"#)
    await service.predictions.stop()
  }
}
