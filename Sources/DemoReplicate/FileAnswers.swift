import HTTPTypes
import OrderedCollections
import ReplicateAPI

extension DemoService {
  func listFiles(_ call: Call) async -> DemoAnswer {
    .page(await files.all().map { $0.json(call.base).serialized() }, next: nil)
  }

  func createFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard
      let parts = MultipartPart.parts(of: call.body, contentType: call.headers[.contentType] ?? ""),
      let content = parts.first(where: { $0.name == "content" })
    else { throw .badRequest("Missing content") }
    guard content.bytes.count <= FileStore.largest else { throw .fileTooLarge }
    func text(_ name: String) -> String? {
      parts.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    var metadata = text("metadata").flatMap { try? JSONValue(parsing: $0) }?.object ?? [:]
    // One of the official clients sends a part for each member: metadata[key].
    for part in parts where part.name.hasPrefix("metadata[") && part.name.hasSuffix("]") {
      metadata[String(part.name.dropFirst(9).dropLast())] = .string(
        String(decoding: part.bytes, as: UTF8.self))
    }
    let file = await files.keep(
      Array(content.bytes), name: text("filename") ?? content.filename ?? "file",
      type: text("type") ?? content.type ?? "application/octet-stream", metadata: metadata)
    return .json(file.json(call.base), status: 201)
  }

  func getFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let file = await files.file(call["file_id"]) else { throw .fileNotFound }
    return .json(file.json(call.base))
  }

  func deleteFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard await files.remove(call["file_id"]) else { throw .fileNotFound }
    return .noContent
  }

  /// The signature's secret is nobody's, as at the service: any three parameters will do.
  func downloadFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let file = await files.file(call["file_id"]),
      ["owner", "expiry", "signature"].allSatisfy({ call.query[$0] != nil })
    else { throw .fileNotFound }
    return DemoAnswer(type: file.type, body: file.bytes)
  }
}
