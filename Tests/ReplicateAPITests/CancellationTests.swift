import Foundation
import Testing

import class Support.TestClock

@testable import ReplicateAPI

/// Takes requests and never finishes an answer. Tests wait for its events: that a request was sent,
/// and that it was canceled.
final class SilentTransport: Transport {
  enum Event: Hashable {
    case sent, canceled
  }

  /// A head that comes before the silence, if there is one.
  private let head: Int?
  private let error: TransportError
  let events: AsyncStream<Event>
  private let continuation: AsyncStream<Event>.Continuation

  init(head: Int? = nil, error: TransportError = .canceled) {
    self.head = head
    self.error = error
    (events, continuation) = AsyncStream.makeStream()
  }

  func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
    continuation.yield(.sent)
    if let head {
      let continuation = continuation
      let body = AsyncThrowingStream<[UInt8], any Error> { chunks in
        chunks.yield(Array("{".utf8))
        chunks.onTermination = { _ in continuation.yield(.canceled) }
      }
      return TransportResponse(status: head, body: TransportBody(body))
    }
    do {
      try await Task.sleep(for: .seconds(86_400))
    } catch {
      continuation.yield(.canceled)
    }
    throw error
  }

  func shutdown() async {}
}

@Suite(.endsSometime) struct `Canceled work` {
  func client(_ transport: any Transport, clock: any Clock<Duration> = TestClock()) -> Client {
    Client(
      Client.Configuration(token: "r8_x", baseURL: "https://api.example.com/v1"),
      transport: transport, clock: clock)
  }

  /// Starts work, cancels it once its call was sent, and expects the call to be canceled, too.
  func expectCancellation(
    _ transport: SilentTransport, of work: @escaping @Sendable () async throws -> Void
  ) async {
    var events = transport.events.makeAsyncIterator()
    let task = Task { try await work() }
    #expect(await events.next() == .sent)
    task.cancel()
    let reason = await failure { try await task.value }
    #expect(reason == .canceled)
    #expect(await events.next() == .canceled)
  }

  /// Starts work, cancels it once it sleeps, and expects that it doesn't go on.
  func expectCancellation(
    asleepOn clock: TestClock, sleeps: Int = 1,
    of work: @escaping @Sendable () async throws -> Void
  ) async {
    let task = Task { try await work() }
    await clock.sleeps(sleeps)
    task.cancel()
    let reason = await failure { try await task.value }
    #expect(reason == .canceled)
  }

  @Test func `a call ends in the transport`() async {
    let transport = SilentTransport()
    let client = client(transport)
    await expectCancellation(transport) { _ = try await client.send(.account) }
  }

  @Test func `a call ends as canceled whatever the transport makes of it`() async {
    let transport = SilentTransport(error: .interrupted("the file changed while it was sent"))
    let client = client(transport)
    await expectCancellation(transport) { _ = try await client.send(.account) }
  }

  @Test(arguments: [200, 503]) func `an answer that is still coming is given up`(status: Int) async
  {
    let transport = SilentTransport(head: status)
    let client = client(transport)
    await expectCancellation(transport) { _ = try await client.send(.account) }
  }

  @Test func `a page ends in the transport`() async {
    let transport = SilentTransport()
    let client = client(transport)
    await expectCancellation(transport) {
      for try await _ in client.pages(of: .predictions()) {}
    }
  }

  @Test func `the wait before another try ends at once`() async {
    let clock = TestClock()
    let transport = ScriptedTransport(.answer(503, ""))
    let client = client(transport, clock: clock)
    await expectCancellation(asleepOn: clock) { _ = try await client.send(.account) }
    #expect(transport.requests.count == 1)
  }

  @Test func `the waits of refused calls end at once`() async {
    let clock = TestClock()
    let transport = ScriptedTransport(
      .answer(429, #"{"detail":"Request was throttled.","retry_after":30}"#))
    let client = client(transport, clock: clock)
    await expectCancellation(asleepOn: clock) { _ = try await client.send(.account) }
    // The next call waits for the same limit before it is sent at all.
    await expectCancellation(asleepOn: clock, sleeps: 2) { _ = try await client.send(.account) }
    #expect(transport.requests.count == 1)
  }

  @Test func `following a prediction ends in the transport`() async {
    let transport = SilentTransport()
    let client = client(transport, clock: InstantClock())
    await expectCancellation(transport) {
      for try await _ in client.updates(of: Prediction(id: "p1")) {}
    }
  }

  @Test func `following many at once ends in the transport when nobody is left`() async {
    let transport = SilentTransport()
    let clock = TestClock()
    let client = client(transport, clock: clock)
    await expectCancellation(transport) {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<100 {
          group.addTask {
            for try await _ in client.updates(of: Prediction(id: Prediction.ID("p\(number)"))) {}
          }
        }
        // Then one call for a page of the list serves them all.
        while await client.core.poller.followerCount < 100 { await Task.yield() }
        await clock.sleeps(1)
        clock.advance(by: .seconds(1))
        try await group.waitForAll()
      }
    }
  }

  @Test func `following a training ends asleep and in the transport`() async {
    let clock = TestClock()
    let asleep = client(ScriptedTransport(), clock: clock)
    await expectCancellation(asleepOn: clock) {
      for try await _ in asleep.updates(of: Training(id: "t1")) {}
    }
    let transport = SilentTransport()
    let calling = client(transport, clock: InstantClock())
    await expectCancellation(transport) {
      for try await _ in calling.updates(of: Training(id: "t1")) {}
    }
  }

  @Test func `a stream ends while it connects, while it is read, and between tries`() async throws {
    let prediction = Prediction(id: "p", urls: Prediction.URLs(stream: "https://stream.example/s"))
    for transport in [SilentTransport(), SilentTransport(head: 200)] {
      let output = try #require(client(transport).output(of: prediction))
      await expectCancellation(transport) { for try await _ in output {} }
    }
    let clock = TestClock()
    let transport = ScriptedTransport(.failure(.interrupted("reset")))
    let output = try #require(client(transport, clock: clock).output(of: prediction))
    await expectCancellation(asleepOn: clock) { for try await _ in output {} }
    #expect(transport.requests.count == 1)
  }

  @Test func `an upload ends in the transport`() async {
    let transport = SilentTransport(error: .interrupted("the body was too short"))
    let client = client(transport)
    await expectCancellation(transport) {
      _ = try await client.upload(FileUpload(.bytes([1, 2, 3]), name: "a"))
    }
  }

  @Test func `a download ends in the transport and leaves no file`() async throws {
    let folder = FileManager.default.temporaryDirectory.path
    let path = "\(folder)/replicate-canceled-\(UInt64.random(in: .min ... .max))"
    for transport in [SilentTransport(), SilentTransport(head: 200)] {
      let client = client(transport)
      await expectCancellation(transport) {
        _ = try await client.download("https://files.example/x", to: path)
      }
    }
    let clock = TestClock()
    let failing = client(ScriptedTransport(.failure(.unreachable("refused"))), clock: clock)
    await expectCancellation(asleepOn: clock) {
      _ = try await failing.download("https://files.example/x", to: path)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { "\(folder)/\($0)".hasPrefix(path) }
    #expect(left.isEmpty)
  }

  @Test func `the search for a lost run ends at once`() async {
    let clock = TestClock()
    let transport = ScriptedTransport(
      .failure(.interrupted("reset")), .answer(200, #"{"results":[]}"#))
    let client = client(transport, clock: clock)
    let store = MemoryIntentStore()
    await expectCancellation(asleepOn: clock) {
      _ = try await client.create(
        PredictionRequest(.version("v"), input: [:]), recording: store)
    }
    #expect(await store.open().count == 1)
  }
}
