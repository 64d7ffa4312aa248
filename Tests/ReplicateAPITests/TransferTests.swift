import Foundation
import Testing

@testable import ReplicateAPI

@Suite struct `Files on their way` {
  let folder =
    FileManager.default.temporaryDirectory.path
    + "/replicate-transfers-\(UInt64.random(in: .min ... .max))"

  func inFolder(_ work: () async throws -> Void) async throws {
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await work()
  }

  func collected(_ body: TransportBody) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await piece in body { bytes += piece }
    return bytes
  }

  @Test func `a form holds the content and what is said of it`() async throws {
    let upload = FileUpload(
      .bytes(Array("abc".utf8)), name: "a\"b\r\nc.txt", contentType: "text/plain",
      metadata: ["k": 1])
    let form = MultipartForm(upload, boundary: "B")
    let bytes = try await collected(form.body(upload.content, size: 3) { _ in })
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == """
        --B\r
        Content-Disposition: form-data; name="content"; filename="a%22b%0D%0Ac.txt"\r
        Content-Type: text/plain\r
        \r
        abc\r
        --B\r
        Content-Disposition: form-data; name="filename"\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        a"b\r\nc.txt\r
        --B\r
        Content-Disposition: form-data; name="type"\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        text/plain\r
        --B\r
        Content-Disposition: form-data; name="metadata"\r
        Content-Type: application/json\r
        \r
        {"k":1}\r
        --B--\r\n
        """)
    #expect(bytes.count == form.head.count + 3 + form.tail.count)
  }

  @Test func `a content type that could break the header is left`() {
    let form = MultipartForm(
      FileUpload(.bytes([]), name: "a", contentType: "text/plain\r\nX: y"), boundary: "B")
    #expect(!String(decoding: form.head + form.tail, as: UTF8.self).contains("X: y"))
  }

  @Test func `a file is read piece by piece`() async throws {
    try await inFolder {
      let content = Data((0..<600_000).map { UInt8(truncatingIfNeeded: $0) })
      try content.write(to: URL(fileURLWithPath: folder + "/in"))
      let upload = FileUpload(.file(path: folder + "/in"), name: "in")
      let form = MultipartForm(upload, boundary: "B")
      var pieces: [Int] = []
      var bytes: [UInt8] = []
      for try await piece in form.body(upload.content, size: content.count, progress: { _ in }) {
        pieces.append(piece.count)
        bytes += piece
      }
      #expect(bytes[form.head.count...].starts(with: content))
      #expect(pieces.count == 5 && pieces.allSatisfy { $0 <= LocalFile.pieceSize })
    }
  }

  @Test func `what is too large, or no file, is told before anything is sent`() async throws {
    let transport = ScriptedTransport()
    let client = Client.scripted(transport)
    try await inFolder {
      let path = folder + "/large"
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.truncate(atOffset: UInt64(FileUpload.maximumSize) + 1)
      try handle.close()
      let large = await failure {
        _ = try await client.upload(FileUpload(.file(path: path), name: "large"))
      }
      #expect(
        large
          == .payloadTooLarge(
            detail: "it has 100 MiB, and Replicate accepts at most 100 MiB"))
      let missing = await failure {
        _ = try await client.upload(FileUpload(.file(path: folder + "/none"), name: "none"))
      }
      #expect(
        missing == .file(path: folder + "/none", reason: "No such file or directory"))
      let directory = await failure {
        _ = try await client.upload(FileUpload(.file(path: folder), name: "folder"))
      }
      #expect(directory == .file(path: folder, reason: "it isn't a regular file"))
      // Neither is a pipe, and nothing waits for someone to write into it.
      let pipe = folder + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      #expect(
        await failure { _ = try await client.upload(FileUpload(.file(path: pipe), name: "pipe")) }
          == .file(path: pipe, reason: "it isn't a regular file"))
      #expect(throws: TransportError.file(path: pipe, reason: "it isn't a regular file")) {
        _ = try LocalFile(reading: pipe)
      }
    }
    #expect(transport.requests.isEmpty)
  }

  @Test func `a download is put in its place whole`() async throws {
    let transport = ScriptedTransport(
      .failure(.unreachable("refused")),
      .pieces([Array("ab".utf8), Array("cd".utf8)]))
    try await inFolder {
      let path = folder + "/out"
      let file = try await Client.scripted(transport).download("https://files.example/x", to: path)
      #expect(file.size == 4)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "abcd")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out"])
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o600)
    }
    #expect(transport.requests.allSatisfy { $0.header("authorization") == nil })
  }

  @Test func `a download that breaks off leaves nothing, and what was there`() async throws {
    let transport = ScriptedTransport(
      .pieces([Array("ab".utf8)], then: .interrupted("reset")))
    try await inFolder {
      let path = folder + "/out"
      try "old".write(toFile: path, atomically: true, encoding: .utf8)
      let reason = await failure {
        _ = try await Client.scripted(transport).download("https://files.example/x", to: path)
      }
      #expect(reason == .interrupted(reason: "reset"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out"])
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    }
  }

  @Test func `the token goes to the API's address alone, not where that redirects`() async throws {
    let transport = ScriptedTransport(
      .answer(302, "", headers: ["Location": "https://files.example/x?sig=1"]),
      .answer(302, "", headers: ["Location": "/y"]), .answer(200, "ok"))
    let content = try await Client.scripted(transport)
      .content(of: "https://api.example.com/v1/files/f1/download?owner=a")
    #expect(content == Array("ok".utf8))
    #expect(
      transport.requests.map(\.url) == [
        "https://api.example.com/v1/files/f1/download?owner=a", "https://files.example/x?sig=1",
        "https://files.example/y",
      ])
    #expect(
      transport.requests.map { $0.header("authorization") } == ["Bearer r8_secret", nil, nil])
  }

  @Test(arguments: [
    "https://api.example.com.evil/v1/files", "http://api.example.com/v1/files",
    "https://api.example.com:8443/v1/files", "https://api.example.com/v1evil",
    "https://api.example.com/other",
  ])
  func `an address that only looks like the API's gets no token`(address: String) async throws {
    let transport = ScriptedTransport(.answer(200, ""))
    _ = try await Client.scripted(transport).content(of: address)
    #expect(transport.requests[0].header("authorization") == nil)
  }

  @Test func `redirects have an end, and don't leave TLS`() async {
    let round = Array(
      repeating: ScriptedTransport.Answer.answer(302, "", headers: ["Location": "/again"]),
      count: 20)
    let endless = await failure {
      _ = try await Client.scripted(ScriptedTransport(script: round)).content(of: "https://a/b")
    }
    #expect(endless == .unreadable(what: "it redirects too often"))
    let plain = ScriptedTransport(.answer(302, "", headers: ["Location": "http://a/b"]))
    let unsafe = await failure {
      _ = try await Client.scripted(plain).content(of: "https://a/b")
    }
    #expect(unsafe == .untrusted(reason: "it redirects from https to http"))
  }

  @Test func `a data URI needs no call`() async throws {
    let transport = ScriptedTransport()
    let client = Client.scripted(transport)
    #expect(try await client.content(of: "data:text/plain;base64,aGk=") == Array("hi".utf8))
    #expect(try await client.content(of: "data:,a%20%FF") == [0x61, 0x20, 0xFF])
    let broken = await failure { _ = try await client.content(of: "data:;base64,!") }
    #expect(broken == .unreadable(what: "the data URI can't be decoded"))
    #expect(transport.requests.isEmpty)
  }

  @Test func `a file that is too large for the memory is refused`() async {
    let transport = ScriptedTransport(.answer(200, "12345"))
    let reason = await failure {
      _ = try await Client.scripted(transport).content(of: "https://a/b", maximumSize: 4)
    }
    #expect(reason == .unreadable(what: "it is larger than 4 bytes"))
  }
}
