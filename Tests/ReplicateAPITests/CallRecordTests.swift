import Foundation
import Testing

@testable import ReplicateAPI

@Suite struct `Records of calls` {
  /// The records of a client's work, from the first to the last.
  func records(
    _ transport: ScriptedTransport, of work: (Client) async throws -> Void
  ) async -> [CallRecord] {
    let client = Client.scripted(transport)
    let calls = client.calls
    _ = await failure { try await work(client) }
    await client.shutdown()
    return await calls.reduce(into: []) { $0.append($1) }
  }

  @Test func `a record says what was sent and what came back`() async throws {
    let answer = #"{"id":"p1"}"#
    let transport = ScriptedTransport(
      .answer(
        201, answer,
        headers: [
          "CF-Ray": "8a-AMS", "Set-Cookie": "session=secret", "Content-Length": "7",
          "Content-Encoding": "gzip", "X-Long": String(repeating: "é", count: 1_000),
        ]))
    let before = Date().timeIntervalSince1970
    let calls = await records(transport) { client in
      _ = try await client.send(.createPrediction(version: "v", input: ["a": 1]))
    }
    let call = try #require(calls.first)
    #expect(calls.count == 1 && call.id == 1 && !call.isOngoing)
    #expect(try #require(call.startedAt.secondsSince1970) >= before - 1)
    #expect(call.url == "https://api.example.com/v1/predictions" && !call.isAddressHidden)
    #expect(call.requestHeaders.contains(.init("authorization", "Bearer ••••")))
    #expect(call.requestHeaders.contains(.init("content-type", "application/json")))
    #expect(call.body == .text(#"{"version":"v","input":{"a":1}}"#, isCut: false))
    #expect(call.sentByteCount == 31)
    #expect(call.status == 201 && call.requestID == "8a-AMS")
    #expect(call.responseHeaders.contains(.init("set-cookie", "••••")))
    #expect(call.byteCount == answer.utf8.count && call.receivedByteCount == 7)
    let long = try #require(call.responseHeaders.first { $0.name == "x-long" }?.value)
    #expect(long.hasSuffix("é…") && long.utf8.count <= 256)
    #expect(!"\(calls)".contains("secret"))
  }

  @Test func `each attempt has an ID of its own`() async {
    let transport = ScriptedTransport(.answer(503, "down"), .answer(200, #"{"username":"a"}"#))
    let calls = await records(transport) { _ = try await $0.send(.account) }
    #expect(calls.map(\.id) == [1, 2])
    #expect(calls.map(\.attempt) == [1, 2])
    #expect(calls.map(\.byteCount) == [4, 16])
    #expect(calls.map(\.receivedByteCount) == [4, 16])
    #expect(calls[0].retryDelay != nil && calls[1].retryDelay == nil)
  }

  @Test func `secret inputs are masked, and data is shortened`() async throws {
    let data = "data:image/png;base64," + String(repeating: "A", count: 2_000)
    let request = PredictionRequest(
      .version("v"),
      input: [
        "prompt": "p", "key": "s3cret", "image": .string(data), "mask": "https://a/b",
        "hf_token": "s3cret", "nested": ["api_key": "s3cret", "n": [.string(data)]],
        "max_tokens": 9, "small": "data:,x",
      ],
      options: PredictionOptions(webhook: "https://hooks.example/x?key=s3cret"),
      privateInputs: ["key", "image", "mask"], fileInputs: ["image", "mask"])
    let calls = await records(ScriptedTransport(.answer(201, #"{"id":"p"}"#))) {
      _ = try await $0.create(request, recording: MemoryIntentStore())
    }
    guard case .text(let text, isCut: false)? = calls.first?.body else {
      Issue.record("\(calls)")
      return
    }
    #expect(!text.contains("s3cret"))
    let body = try JSONValue(parsing: text)
    #expect(
      body["input"] == [
        "prompt": "p", "key": "••••", "image": "data:image/png;base64,… (2022 bytes)",
        "mask": "https://a/b", "hf_token": "••••",
        "nested": ["api_key": "••••", "n": ["data:image/png;base64,… (2022 bytes)"]],
        "max_tokens": 9, "small": "data:,x",
      ])
    #expect(body["webhook"] == "hooks.example/…")
  }

  @Test func `a training's secrets are masked`() async {
    let request = TrainingRequest(
      destination: ModelID(owner: "a", name: "b"), input: ["pin": "s3cret", "n": 1],
      secretInputs: ["pin"])
    let calls = await records(ScriptedTransport(.answer(201, #"{"id":"t"}"#))) {
      _ = try await $0.send(
        .createTraining(from: "v", of: ModelID(owner: "c", name: "d"), request))
    }
    #expect(calls.count == 1 && !"\(calls)".contains("s3cret"))
  }

  @Test func `a long body is cut at a whole character`() async {
    let text = "a" + String(repeating: "é", count: 20_000)
    let calls = await records(ScriptedTransport(.answer(200, #"{"results":[]}"#))) {
      _ = try await $0.send(.searchModels(text))
    }
    guard case .text(let kept, isCut: true)? = calls.first?.body else {
      Issue.record("\(calls)")
      return
    }
    #expect(kept.utf8.count <= 16 * 1024 && kept.hasSuffix("é…"))
    #expect(calls.first?.sentByteCount == text.utf8.count)
    #expect(calls.first?.curlCommand?.contains("--data-binary @request-body") == true)
  }

  @Test func `an upload is a call with a file`() async {
    let answer = #"{"id":"f"}"#
    let calls = await records(ScriptedTransport(.answer(201, answer))) {
      _ = try await $0.upload(FileUpload(.bytes([1, 2]), name: "a.png", contentType: "image/png"))
    }
    #expect(calls.map(\.route) == [.createFile])
    #expect(calls.first?.body == .file(name: "a.png", contentType: "image/png"))
    #expect(calls.first.map { $0.sentByteCount > 2 } == true)
  }

  @Test func `a download is recorded at its head and at its end`() async {
    let address = "https://files.example/secret/x?sig=secret"
    let transport = ScriptedTransport(
      .answer(302, "", headers: ["Location": address]), .failure(.interrupted("reset")),
      .pieces([[1, 2], [3]]))
    let calls = await records(transport) {
      _ = try await $0.content(of: "https://api.example.com/v1/files/f")
    }
    #expect(calls.map(\.id) == [1, 2, 3, 3])
    #expect(calls.map(\.isOngoing) == [false, false, true, false])
    #expect(calls.map(\.byteCount) == [0, 0, 0, 3])
    #expect(calls.map(\.status) == [302, nil, 200, 200])
    #expect(calls[1].retryDelay != nil)
    #expect(calls[1].path == "files.example/…" && calls[1].url == "https://files.example/…")
    #expect(calls.allSatisfy { $0.isAddressHidden && $0.curlCommand == nil })
    #expect(!"\(calls)".contains("secret"))
  }

  @Test func `a stream is recorded at its head and at its end`() async throws {
    let address = "https://stream.example/secret"
    let event = "event: output\nid: 1\ndata: a\n\n"
    let transport = ScriptedTransport(
      .pieces([Array(event.utf8)]), .pieces([Array("event: done\n\n".utf8)]))
    let calls = await records(transport) { client in
      let prediction = Prediction(id: "p", urls: Prediction.URLs(stream: address))
      for try await _ in try #require(client.output(of: prediction)) {}
    }
    #expect(calls.map(\.id) == [1, 1, 2, 2])
    #expect(calls.map(\.isOngoing) == [true, false, true, false])
    #expect(calls.map(\.attempt) == [1, 1, 2, 2])
    #expect(calls[1].byteCount == event.utf8.count && calls[1].error != nil)
    #expect(calls[3].error == nil && calls[3].retryDelay == nil)
    #expect(!"\(calls)".contains("secret"))
  }

  @Test func `a stream that nobody reads any more ends as canceled`() async throws {
    let transport = ScriptedTransport(.pieces([Array("event: output\ndata: a\n\n".utf8)]))
    let calls = await records(transport) { client in
      let prediction = Prediction(id: "p", urls: Prediction.URLs(stream: "https://s.example/x"))
      for try await _ in try #require(client.output(of: prediction)) { break }
    }
    #expect(calls.map(\.isOngoing) == [true, false])
    #expect(calls.last?.error?.reason == .canceled)
  }

  @Test func `a signed address isn't shown`() async {
    let calls = await records(ScriptedTransport(.answer(200, ""))) {
      _ = try await $0.send(.fileContent("f", owner: "o", expiry: 1, signature: "secret"))
    }
    #expect(calls.first?.url == "https://api.example.com/v1/files/f/download")
    #expect(calls.first?.isAddressHidden == true && calls.first?.curlCommand == nil)
  }
}

@Suite struct `Calls as curl commands` {
  /// The arguments that curl gets when the shell runs the command.
  func arguments(of command: String) throws -> [String] {
    let folder =
      FileManager.default.temporaryDirectory.path
      + "/replicate-curl-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let fake = "#!/bin/sh\nprintf '%s\\000' \"$@\"\n"
    #expect(
      FileManager.default.createFile(
        atPath: "\(folder)/curl", contents: Data(fake.utf8),
        attributes: [.posixPermissions: 0o700]))
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/sh")
    shell.arguments = ["-c", command]
    shell.currentDirectoryURL = URL(fileURLWithPath: folder)
    shell.environment = [
      "PATH": "\(folder):/usr/bin:/bin", "REPLICATE_API_TOKEN": "r8_from the environment",
    ]
    let output = Pipe()
    shell.standardOutput = output
    try shell.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 0)
    return bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast()
      .map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `a search is sent with its method, its text and the token`() async throws {
    let text = "it's $(rm -rf /) `x` \"q\" \\ \n!! @file é"
    let transport = ScriptedTransport(.answer(200, #"{"results":[]}"#))
    let client = Client.scripted(transport)
    var calls = client.calls.makeAsyncIterator()
    _ = try await client.send(.searchModels(text))
    let call = try #require(await calls.next())
    let command = try #require(call.curlCommand)
    #expect(!command.contains("r8_secret"))
    #expect(
      try arguments(of: command) == [
        "--globoff", "--request", "QUERY", "--url", "https://api.example.com/v1/models",
        "--header", "Authorization: Bearer r8_from the environment",
        "--header", "user-agent: swift-replicate-api/\(ReplicantVersion.current)",
        "--header", "accept: application/json",
        "--compressed", "--header", "content-type: text/plain", "--data-raw", text,
      ])
  }

  @Test func `what stands in addresses and headers stays a word`() throws {
    let call = CallRecord(
      route: nil, method: "GE'T;", path: "/", url: "https://a/'$HOME'?x=[1]&y={2}",
      requestHeaders: [.init("prefer", "wait='5' & echo")])
    #expect(
      try arguments(of: try #require(call.curlCommand)) == [
        "--globoff", "--request", "GE'T;", "--url", "https://a/'$HOME'?x=[1]&y={2}",
        "--header", "prefer: wait='5' & echo",
      ])
  }

  @Test func `an upload reads its file, and curl makes the form`() throws {
    let call = CallRecord(
      route: .createFile, method: "POST", path: "/files", url: "https://a/v1/files",
      requestHeaders: [.init("content-type", "multipart/form-data; boundary=B")],
      body: .file(name: "a \"b\";c.png", contentType: "image/png"))
    #expect(
      try arguments(of: try #require(call.curlCommand)) == [
        "--globoff", "--request", "POST", "--url", "https://a/v1/files", "--form",
        #"content=@"a \"b\";c.png";type=image/png"#,
      ])
  }

  @Test func `a body with a null is read from a file`() throws {
    let call = CallRecord(
      route: nil, method: "QUERY", path: "/", url: "https://a/", body: .text("a\0b", isCut: false))
    #expect(
      try arguments(of: try #require(call.curlCommand)) == [
        "--globoff", "--request", "QUERY", "--url", "https://a/", "--data-binary",
        "@request-body",
      ])
  }
}
