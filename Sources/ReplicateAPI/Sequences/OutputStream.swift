/// An event of an ``OutputStream``.
public enum OutputEvent: Sendable, Hashable {
  /// The next piece of the output. Pieces of a text are joined without a separator.
  case output(String)
  case logs(String)
  /// The model failed. ``Prediction/error`` has the whole message.
  case error(String)
  /// The end. The reason is `canceled`, `error`, or nil for success. Get the prediction to learn
  /// its final state.
  case done(reason: String?)
}

/// A prediction's output as the model produces it, by server-sent events.
///
/// After a lost connection, the stream continues after the last event, with waits that grow. If that
/// fails several times in a row, the error is thrown; asking the same iterator for the next event
/// tries again. Polling gets the whole output in any case. The token isn't sent, because streams are
/// on other hosts.
public struct OutputStream: AsyncSequence, Sendable {
  public typealias Element = OutputEvent
  public typealias Failure = ReplicateError

  let core: ClientCore
  let url: String
  let id: Prediction.ID

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let core: ClientCore
    fileprivate let url: String
    fileprivate let id: Prediction.ID
    fileprivate var parser = ServerSentEvents()
    fileprivate var chunks: TransportBody.AsyncIterator?
    /// The record of the current connection.
    fileprivate var call: OngoingCall?
    fileprivate var connections = 0
    fileprivate var ready: ArraySlice<OutputEvent> = []
    fileprivate var isAtEnd = false
    fileprivate var hasGiven = false
    /// The events before a lost connection, in case the server starts over.
    fileprivate var seenIDs: Set<String> = []
    /// Breaks since the last event.
    fileprivate var breaks = 0
    /// Connections in a row that soon broke, with or without an event.
    fileprivate var shortConnections = 0
    /// Since the core was made.
    fileprivate var connectedAt: Duration?

    private static let maximumBreaks = 5
    /// A connection that has lasted for so long doesn't make the next wait longer.
    private static let longEnough: Duration = .seconds(10)
    private static let longestDelay: Duration = .seconds(30)

    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> OutputEvent? {
      while true {
        if let event = ready.popFirst() { return event }
        if isAtEnd {
          // Polling for the final state needn't wait.
          await core.poller.hurry(id)
          return nil
        }
        do throws(ReplicateError) {
          if try await readOn(isolation: actor) { continue }
          throw ReplicateError(.interrupted(reason: "the stream ended too early"))
        } catch {
          call?.finish(error)
          try await afterBreak(error, isolation: actor)
        }
      }
    }

    /// Reads the next chunk. Returns false at the end of the connection.
    private mutating func readOn(
      isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) -> Bool {
      if chunks == nil {
        connections += 1
        chunks = try await core.openStream(
          url, after: parser.lastEventID, attempt: connections, &call)
        connectedAt = core.elapsed()
      }
      let chunk: [UInt8]?
      do throws(TransportError) {
        chunk = try await chunks?.next(isolation: actor)
      } catch {
        throw ReplicateError(error)
      }
      guard let chunk else { return false }
      call?.received(chunk.count)
      for event in parser.push(chunk) { take(event) }
      return true
    }

    private mutating func take(_ event: ServerSentEvents.Event) {
      guard !isAtEnd else { return }
      if event.name == "done" {
        isAtEnd = true
        call?.finish()
        ready.append(.done(reason: Self.member("reason", of: event.data)))
        return
      }
      if let id = event.id, !seenIDs.insert(id).inserted { return }
      hasGiven = true
      breaks = 0
      switch event.name {
      case "output": ready.append(.output(event.data))
      case "logs": ready.append(.logs(event.data))
      case "error":
        ready.append(.error(Self.member("detail", of: event.data) ?? event.data))
      default: break
      }
    }

    /// Waits before the next connection, or throws if there won't be one.
    private mutating func afterBreak(
      _ error: ReplicateError, isolation actor: isolated (any Actor)?
    ) async throws(ReplicateError) {
      let lasted = connectedAt.map { core.elapsed() - $0 } ?? .zero
      chunks = nil
      connectedAt = nil
      parser = parser.forNextConnection()
      // Without ids nobody knows where to go on, and the beginning would be told twice.
      let canGoOn = !hasGiven || !parser.lastEventID.isEmpty
      // Canceled while it waits or reads: whoever keeps the iterator may go on later.
      if canGoOn, error.reason == .canceled { throw error }
      breaks += 1
      shortConnections = lasted >= Self.longEnough ? 1 : shortConnections + 1
      guard canGoOn, error.isTransient else {
        isAtEnd = true
        throw error
      }
      if breaks > Self.maximumBreaks {
        breaks = 0
        throw error
      }
      let backoff = Duration.milliseconds(250 << Swift.min(shortConnections, 8))
      let delay = Swift.max(backoff, parser.retryDelay ?? .zero)
      let requested = Swift.min(error.retryAfter ?? .zero, RetryPolicy.longestPause)
      try await core.sleep(Swift.max(requested, Swift.min(delay, Self.longestDelay)))
    }

    /// A string member of an event's data, if the data is a JSON object.
    private static func member(_ name: String, of data: String) -> String? {
      guard data.utf8.first == UInt8(ascii: "{") else { return nil }
      do {
        return try JSONValue(parsing: data)[name]?.string
      } catch {
        return nil
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator {
    AsyncIterator(core: core, url: url, id: id)
  }
}

extension ClientCore {
  /// Connects to a stream, which isn't an API call and gets no token.
  ///
  /// - Parameter call: Set to the record of the connection, which ends with the stream.
  fileprivate func openStream(
    _ url: String, after eventID: String, attempt: Int, _ call: inout OngoingCall?
  ) async throws(ReplicateError) -> TransportBody.AsyncIterator {
    guard url.hasPrefix("https://") || url.hasPrefix("http://"),
      url.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw ReplicateError(.unreadable(what: "the stream's address isn't valid")) }
    var headers = [
      (name: "accept", value: "text/event-stream"), (name: "cache-control", value: "no-store"),
      (name: "user-agent", value: configuration.userAgent),
    ]
    if !eventID.isEmpty, eventID.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
      headers.append(("last-event-id", eventID))
    }
    let request = TransportRequest(
      method: "GET", url: url, headers: headers, isPatient: true, isRaw: true)
    var record = CallRecord(opaque: request)
    record.attempt = attempt
    let ongoing = OngoingCall(record, core: self)
    call = ongoing
    let response: TransportResponse
    var body: [UInt8] = []
    do throws(TransportError) {
      response = try await transport.send(request)
      ongoing.answered(response, isComplete: false)
      if response.status == 200 { return response.body.makeAsyncIterator() }
      for try await chunk in response.body {
        body.append(contentsOf: chunk)
        if body.count > 65_536 { break }
      }
    } catch {
      throw ReplicateError(error)
    }
    throw ReplicateError(refusal: response, body: body)
  }
}
