import Crypto
import HTTPTypes
import OrderedCollections
import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension DemoService {
  func listFiles(_ call: Call) async -> DemoAnswer {
    .page(await files.all().map { $0.json(call.base).serialized() }, next: nil)
  }

  func createFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard
      let parts = MultipartPart.parts(of: call.body, contentType: call.headers[.contentType] ?? "")
    else { throw Self.badFile("Expected a multipart/form-data body") }
    guard let content = parts.first(where: { $0.name == "content" }) else {
      throw Self.badFile("Missing content")
    }
    guard content.bytes.count <= FileStore.maxSize else { throw .fileTooLarge }
    func text(_ name: String) -> String? {
      parts.first { $0.name == name }.map { String(decoding: $0.bytes, as: UTF8.self) }
    }
    let name = text("filename") ?? content.filename ?? "file"
    guard name.utf8.count <= 255 else {
      throw Self.badFile("Filename must be at most 255 bytes long")
    }
    var metadata: JSONObject = [:]
    if let given = text("metadata"), !given.isEmpty {
      guard let object = (try? JSONValue(parsing: given))?.object else {
        throw Self.badFile("Metadata must be a JSON object")
      }
      metadata = object
    }
    // One of the official clients sends each member as a separate part, metadata[key].
    for part in parts where part.name.hasPrefix("metadata[") && part.name.hasSuffix("]") {
      metadata[String(part.name.dropFirst(9).dropLast())] = .string(
        String(decoding: part.bytes, as: UTF8.self))
    }
    let file = await files.keep(
      Array(content.bytes), name: name,
      type: text("type") ?? content.type ?? "application/octet-stream", metadata: metadata)
    return .json(file.json(call.base), status: 201)
  }

  private static func badFile(_ detail: String) -> Problem {
    Problem(status: 400, body: ["detail": .string(detail)])
  }

  func getFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard let file = await files.file(call["file_id"]) else { throw .fileNotFound }
    return .json(file.json(call.base))
  }

  func deleteFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    guard await files.remove(call["file_id"]) else { throw .fileNotFound }
    return .noContent
  }

  /// Fails with 404 if the URL isn't signed correctly or has expired.
  func downloadFile(_ call: Call) async throws(Problem) -> DemoAnswer {
    let id = call["file_id"]
    guard let file = await files.file(id), let owner = call.query["owner"], owner == Self.owner,
      let text = call.query["expiry"], let expiry = Int(text), Double(expiry) > clock.now,
      // An unescaped plus sign arrives as a space.
      let signature = Data(
        base64Encoded: String(call.query["signature", default: ""].map { $0 == " " ? "+" : $0 })),
      HMAC<SHA256>.isValidAuthenticationCode(
        signature, authenticating: Array("\(owner) \(id) \(text)".utf8),
        using: SymmetricKey(data: Array(DemoServer.filesSigningSecret.utf8)))
    else { throw .fileNotFound }
    return DemoAnswer(
      type: "application/octet-stream",
      headers: [("content-disposition", "attachment; filename=\"\(Self.quoted(file.name))\"")],
      body: file.bytes)
  }

  /// A file name that is safe in a header: non-ASCII characters become underscores.
  private static func quoted(_ name: String) -> String {
    String(
      name.map { letter in
        letter.isASCII && !letter.isNewline && letter != "\"" && letter != "\\" ? letter : "_"
      })
  }
}
