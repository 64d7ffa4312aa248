import Crypto
import DemoReplicate
import Foundation
import ReplicateAPI
import Testing

/// Uploaded files, from the form to the signed URL.
@Suite(.serialized) struct DemoFilesTests {
  /// A form with text fields and a file.
  private func form(_ texts: [(String, String)], content: [UInt8]?) -> [UInt8] {
    var body: [UInt8] = []
    if let content {
      body += Array(
        ("--x\r\nContent-Disposition: form-data; name=\"content\"; filename=\"a.txt\"\r\n"
          + "Content-Type: text/plain\r\n\r\n").utf8)
      body += content + Array("\r\n".utf8)
    }
    for (name, text) in texts {
      body += Array(
        "--x\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(text)\r\n".utf8)
    }
    return body + Array("--x--\r\n".utf8)
  }

  private func upload(
    _ service: RunningService, _ texts: [(String, String)] = [],
    content: [UInt8]? = Array("hello".utf8)
  ) async throws -> RunningService.Answer {
    try await service.call(
      "POST", "/files", bytes: form(texts, content: content),
      headers: [("content-type", "multipart/form-data; boundary=x")])
  }

  @Test func `a file has the name, type and metadata of its form`() async throws {
    try await withService { service in
      let answer = try await upload(
        service,
        [
          ("filename", "b.png"), ("type", "image/png"), ("metadata", #"{"a":{"b":1}}"#),
          ("metadata[c]", "d"),
        ])
      #expect(answer.status == 201)
      #expect(answer.headers["content-type"] == ["application/json; charset=UTF-8"])
      #expect(answer.headers["ratelimit-remaining"].isEmpty)
      let file = try answer.json
      #expect(
        file.object?.keys.elements == [
          "id", "name", "content_type", "size", "etag", "checksums", "metadata", "created_at",
          "expires_at", "urls",
        ])
      #expect(file["name"] == "b.png")
      #expect(file["content_type"] == "image/png")
      #expect(file["metadata"] == ["a": ["b": 1], "c": "d"])
      #expect(file["id"]?.string?.count == 48)
      #expect(file["created_at"]?.string?.split(separator: ".").last?.count == 4)
      #expect(
        file["checksums"]?["sha256"]
          == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
      let plain = try await upload(service)
      #expect(try plain.json["name"] == "a.txt")
      #expect(try plain.json["metadata"] == [:])
      let list = try await service.call("GET", "/files").json["results"]?.array ?? []
      let ids = list.compactMap { $0["id"]?.string }
      #expect(ids == ids.sorted())
      for answer in [answer, plain] { #expect(try list.contains(answer.json)) }
    }
  }

  @Test func `invalid forms are rejected`() async throws {
    try await withService { service in
      let long = String(repeating: "ü", count: 128)
      let tooLong = try await upload(service, [("filename", long)])
      #expect(tooLong.status == 400)
      #expect(try await upload(service, [("filename", String(long.dropLast()))]).status == 201)
      #expect(try await upload(service, [("metadata", "[]")]).status == 400)
      #expect(try await upload(service, content: nil).status == 400)
      #expect(try await service.call("POST", "/files", text: "hello").status == 400)
    }
  }

  @Test func `files over 100 MB are rejected`() async throws {
    try await withService { service in
      let answer = try await upload(
        service, content: [UInt8](repeating: 7, count: (100 << 20) + 1))
      #expect(answer.status == 413)
      #expect(answer.headers["content-type"] == ["application/problem+json"])
      #expect(try answer.json == ["detail": "Files must be less than 100MB in size"])
    }
  }

  @Test func `a signed URL works until it expires`() async throws {
    try await withService { service in
      let id = try #require(try await upload(service).json["id"]?.string)
      func download(
        owner: String = "demo", expiry: Int, secret: String = DemoServer.filesSigningSecret
      ) async throws -> RunningService.Answer {
        let code = HMAC<SHA256>.authenticationCode(
          for: Data("\(owner) \(id) \(expiry)".utf8), using: SymmetricKey(data: Data(secret.utf8)))
        let signature = Data(code).base64EncodedString()
          .replacingOccurrences(of: "+", with: "%2B").replacingOccurrences(of: "/", with: "%2F")
          .replacingOccurrences(of: "=", with: "%3D")
        return try await service.call(
          "GET", "/files/\(id)/download?owner=\(owner)&expiry=\(expiry)&signature=\(signature)")
      }
      let later = Int(Date().timeIntervalSince1970) + 3600
      let whole = try await download(expiry: later)
      #expect(whole.status == 200)
      #expect(whole.headers["content-type"] == ["application/octet-stream"])
      #expect(whole.text == "hello")
      #expect(try await download(expiry: later - 7200).status == 404)
      #expect(try await download(owner: "other", expiry: later).status == 404)
      #expect(try await download(expiry: later, secret: "guess").status == 404)
      let bare = try await service.call("GET", "/files/\(id)/download")
      #expect(bare.status == 404)
      #expect(bare.text == #"{"detail":"File not found"}"# + "\n")
    }
  }

  @Test func `a file is gone after a day of service time`() async throws {
    try await withService(agingSpeed: 100_000_000) { service in
      let id = try #require(try await upload(service).json["id"]?.string)
      var status = 200
      while status == 200 { status = try await service.call("GET", "/files/\(id)").status }
      #expect(status == 404)
      #expect(try await service.call("GET", "/files").json["results"] == [])
    }
  }
}
