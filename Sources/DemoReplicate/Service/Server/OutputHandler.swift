import HTTPTypes
import Hummingbird
import NIOCore
import ReplicateAPI

/// Serves output files and streams on the second port, to anyone who has their URL.
struct OutputHandler: RequestHandler {
  let service: DemoService

  func delivery(of request: Request) async throws -> Delivery {
    let verdict = service.faults.outputVerdict()
    let response = try await response(to: request, after: verdict.failure)
    if verdict.delay > 0 {
      try await Task.sleep(for: Duration(clampingSeconds: verdict.delay / service.options.speed))
    }
    switch verdict.failure {
    case .reset: return .reset
    case .cutOff(let fraction):
      guard let bytes = await file(request.uri.path)?.bytes, bytes.count > 1 else { break }
      let length = max(1, min(bytes.count - 1, Int(clamping: Double(bytes.count) * fraction)))
      return .cutOff(response, Array(bytes.prefix(length)))
    default: break
    }
    return .complete(response)
  }

  private func response(
    to request: Request, after failure: FaultPlan.Failure?
  ) async throws -> Response {
    if case .serverError(let status, _, _) = failure {
      let answer = DemoAnswer(body: []).after(
        .serverError(status: status, isHTML: true, takesEffect: false))
      return Response(
        status: .init(code: answer.status), headers: [.contentType: answer.type],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
    let path = request.uri.path
    var headers: HTTPFields = [.date: TimestampFormat.http(service.clock.now)]
    if path.hasPrefix(Self.streams) {
      let id = String(path.dropFirst(Self.streams.count))
      guard await service.predictions.hasStream(id) else { return Self.missing }
      headers[.contentType] = "text/event-stream"
      headers[.cacheControl] = "no-store"
      let body = stream(id, after: Self.lastEventID.flatMap { request.headers[$0] })
      return Response(status: .ok, headers: headers, body: body)
    }
    guard let file = await file(path) else { return Self.missing }
    headers[.contentType] = file.type
    let response = Response(
      status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    return request.method == .head ? response.createHeadResponse() : response
  }

  private func file(_ path: String) async -> OutputStore.File? {
    if let kept = await service.outputs.file(at: path) { return kept }
    if let weights = EarlierTrainings.file(at: path) { return weights }
    return await Replay.file(at: path, catalog: service.catalog)
  }

  private func stream(_ id: String, after last: String?) -> ResponseBody {
    let predictions = service.predictions
    let oddStream = service.odd.stream(id)
    let budget = service.faults.eventsUntilBreak() ?? .max
    let first =
      last.flatMap { StreamEvent.index(of: $0) }.map { $0 + 1 - (oddStream?.repeats ?? 0) } ?? 0
    return ResponseBody { writer in
      var left = budget
      var index = max(0, first)
      var odd = oddStream
      var isOver = false
      try await writer.write(ByteBuffer(string: ": hi\n\n"))
      while true {
        var events: [StreamEvent] = await predictions.events(of: id, from: index)
        if events.isEmpty { break }
        if odd?.lacksDone == true, events.last?.isLast == true {
          events.removeLast()
          if events.isEmpty { break }
          isOver = true
        }
        index += events.count
        if events.count > left {
          // Ends the connection in the middle of a line.
          let whole = events.prefix(left).map { sent($0, &odd) }.joined()
          let torn = events[left].text
          let text = whole + torn.prefix(max(1, torn.count / 2))
          try await writer.write(ByteBuffer(string: text))
          throw Delivery.Break()
        }
        left -= events.count
        try await writer.write(ByteBuffer(string: events.map { sent($0, &odd) }.joined()))
        if isOver || events.last?.isLast == true { break }
      }
      try await writer.finish(nil)
    }
  }

  private func sent(_ event: StreamEvent, _ odd: inout OddStream?) -> String {
    odd?.text(name: event.name, id: event.id, data: event.data) ?? event.text
  }

  private static let streams = "/v1/streams/"
  private static let lastEventID = HTTPField.Name("last-event-id")
  private static let missing = Response(
    status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: "Not found\n")))
}
