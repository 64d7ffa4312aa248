import AsyncHTTPClient
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// Answers compressed as on Replicate's edge.
@Suite(.serialized) struct GzipTests {
  @Test(arguments: [
    ("gzip", true), ("gzip, deflate, br", true), ("br, GZIP;q=0.5", true), ("*", true),
    ("gzip;q=0", false), ("gzip; q=0.0", false), ("deflate", false), ("", false),
  ])
  func `gzip is used if the client accepts it`(header: String, isAccepted: Bool) {
    #expect(Gzip.isAccepted(header) == isAccepted)
  }

  @Test func `two megabytes shrink to a twentieth`() throws {
    let line = Array(#"{"owner":"demo","name":"painter","run_count":1234567},"#.utf8)
    var bytes: [UInt8] = []
    while bytes.count < 2 << 20 { bytes += line }
    let packed = try #require(Gzip.compressed(bytes))
    #expect(packed.starts(with: [0x1F, 0x8B]))
    #expect(packed.count < bytes.count / 20)
    #expect(Zlib.decompressed(packed, as: .gzip, limit: bytes.count) == bytes)
  }

  @Test func `long answers are compressed only if the client asks`() async throws {
    // The shared client asks for gzip and decompresses it automatically.
    let raw = HTTPClient(
      eventLoopGroupProvider: .singleton, configuration: .init(decompression: .disabled))
    do {
      // Slow enough that nothing changes between the calls.
      try await withService(speed: 1) { service in
        let asking = [("accept-encoding", "gzip, deflate")]
        for path in ["/models", "/collections/generate-images", "/predictions"] {
          let plain = try await service.call("GET", path, client: raw)
          #expect(plain.headers["content-encoding"].isEmpty)
          let packed = try await service.call("GET", path, headers: asking, client: raw)
          #expect(packed.headers["content-encoding"] == ["gzip"])
          #expect(packed.headers["vary"].first?.contains("Accept-Encoding") == true)
          #expect(packed.bytes.count < plain.bytes.count / 2)
          #expect(try await service.call("GET", path).bytes == plain.bytes)
        }
        let short = try await service.call("GET", "/account", headers: asking, client: raw)
        #expect(short.headers["content-encoding"].isEmpty)
      }
    } catch {
      try await raw.shutdown()
      throw error
    }
    try await raw.shutdown()
  }

  @Test func `streams and output files are never compressed`() async throws {
    try await withService { service in
      let asking = [("accept-encoding", "gzip"), ("prefer", "wait")]
      let created = try await service.call(
        "POST", "/models/lumen-lab/storyteller/predictions", ["input": ["prompt": "x"]],
        headers: [("prefer", "wait")]
      ).json
      let stream = try #require(created["urls"]?["stream"]?.string)
      let events = try await service.call("GET", stream, headers: asking, token: nil)
      #expect(events.headers["content-encoding"].isEmpty)
      #expect(events.text.hasPrefix(": hi"))

      let painted = try await service.client.send(.model(ModelID(owner: "demo", name: "painter")))
      let file = try #require(painted.defaultExample?.output?.array?.first?.string)
      let picture = try await service.call("GET", file, headers: asking, token: nil)
      #expect(picture.status == 200)
      #expect(picture.headers["content-encoding"].isEmpty)
    }
  }
}
