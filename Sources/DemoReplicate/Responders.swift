import HTTPTypes
import Hummingbird
import NIOCore
import ReplicateAPI

/// The API's port: token, route, answer.
struct APIResponder: HTTPResponder {
  let service: DemoService

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    var bucket: Int?
    do {
      try checkToken(request.headers[.authorization])
      let (route, parameters) = try Self.route(request.method.rawValue, request.uri.path)
      bucket = Self.bucket(route)
      var query: [String: String] = [:]
      for (name, value) in request.uri.queryParameters { query[String(name)] = String(value) }
      let call = DemoService.Call(
        parameters: parameters, query: query, headers: request.headers,
        body: try await Self.body(of: request), base: service.places.api)
      return response(try await service.answer(route, call), bucket: bucket)
    } catch let problem as Problem {
      return response(
        DemoAnswer(
          status: problem.status, type: problem.type,
          body: Array(problem.body.serialized().utf8)), bucket: bucket)
    }
  }

  private static func route(
    _ method: String, _ path: String
  ) throws(Problem) -> (route: Route, parameters: [String: String]) {
    guard path.hasPrefix("/v1/") else { throw .notFound }
    let path = String(path.dropFirst(3))
    if let match = Route.matching(method: method, path: path) { return match }
    let isKnown = Set(Route.allCases.map(\.method)).contains {
      Route.matching(method: $0, path: path) != nil
    }
    throw isKnown ? .notAllowed(method) : .notFound
  }

  /// The whole body; one that is too long to be an upload is refused.
  private static func body(of request: Request) async throws -> [UInt8] {
    do {
      return Array(
        try await request.body.collect(upTo: FileStore.largest + 1 << 20).readableBytesView)
    } catch is NIOTooManyBytesError {
      throw Problem.fileTooLarge
    }
  }

  private func checkToken(_ header: String?) throws {
    guard let header, !header.isEmpty else { throw Problem.noToken }
    let words = header.split(separator: " ")
    guard words.count == 2, words[0] == "Bearer" || words[0] == "Token", words[1].hasPrefix("r8_"),
      !words[1].contains("bad")
    else { throw Problem.badToken }
  }

  /// How many calls a minute the route's bucket holds.
  private static func bucket(_ route: Route) -> Int? {
    switch route {
    case .createPrediction, .createModelPrediction, .createDeploymentPrediction: 600
    case .getPrediction: 60_000
    case .listFiles, .createFile, .getFile, .deleteFile, .downloadFile: nil
    default: 3_000
    }
  }

  private func response(_ answer: DemoAnswer, bucket: Int?) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = answer.type
    if let bucket {
      headers[Self.remaining] = String(bucket - 1)
      headers[Self.reset] = "1"
    }
    for (name, value) in answer.headers {
      if let name = HTTPField.Name(name) { headers[name] = value }
    }
    return Response(
      status: .init(code: answer.status), headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
  }

  private static let remaining = HTTPField.Name(known: "ratelimit-remaining")
  private static let reset = HTTPField.Name(known: "ratelimit-reset")
}

extension HTTPField.Name {
  /// A name that is written in this source, lower case and without blanks.
  fileprivate init(known name: StaticString) {
    self = HTTPField.Name("\(name)") ?? .contentType
  }
}

/// The second port: output files and streams, for anyone who has their address.
struct OutputResponder: HTTPResponder {
  let service: DemoService

  func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
    let path = request.uri.path
    if path.hasPrefix("/v1/streams/") {
      let id = String(path.dropFirst("/v1/streams/".count))
      guard await service.predictions.hasStream(id) else { return Self.missing }
      return stream(id, after: request.headers[Self.lastEventID])
    }
    let kept = await service.outputs.file(at: path)
    let file: OutputStore.File
    if let kept {
      file = kept
    } else if let replayed = await Replay.file(at: path, catalog: service.catalog) {
      file = replayed
    } else {
      return Self.missing
    }
    var headers = HTTPFields()
    headers[.contentType] = file.type
    return Response(
      status: .ok, headers: headers,
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
  }

  private func stream(_ id: String, after last: String?) -> Response {
    var headers = HTTPFields()
    headers[.contentType] = "text/event-stream"
    headers[.cacheControl] = "no-store"
    let predictions = service.predictions
    let body = ResponseBody { writer in
      try await writer.write(ByteBuffer(string: ": hi\n\n"))
      var place = last.flatMap { StreamEvent.place(of: $0) }.map { $0 + 1 } ?? 0
      while true {
        let events = await predictions.events(of: id, from: place)
        if events.isEmpty { break }
        place += events.count
        try await writer.write(ByteBuffer(string: events.map(\.text).joined()))
        if events.last?.isLast == true { break }
      }
      try await writer.finish(nil)
    }
    return Response(status: .ok, headers: headers, body: body)
  }

  private static let lastEventID = HTTPField.Name(known: "last-event-id")
  private static let missing = Response(
    status: .notFound, body: ResponseBody(byteBuffer: ByteBuffer(string: "Not found\n")))
}
