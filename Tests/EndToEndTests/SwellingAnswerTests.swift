import Foundation
import Testing

/// Answers that are small on the wire and huge once unpacked, and what they cost the program.
@Suite(.serialized) struct `Memory for swelling answers` {
  /// A service that answers one path with a gigabyte, and the others with nothing.
  private static let service = """
    import gzip, http.server, io, sys
    path, kind = sys.argv[1], sys.argv[2]
    begin, end = {
        "list": (b'{"next":null,"results":[{"name":"', b'"}]}'),
        "log": (b'{"id":"p1","status":"succeeded","logs":"', b'","output":"the end of it"}'),
    }[kind]
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=6) as file:
        file.write(begin)
        for _ in range(1000):
            file.write(b"a" * 1000000)
        file.write(end)
    body = packed.getvalue()
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            hit = self.path.split("?")[0] == path
            content = body if hit else b'{"next":null,"results":[],"username":"acme"}'
            self.send_response(200)
            self.send_header("content-type", "application/json")
            if hit:
                self.send_header("content-encoding", "gzip")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        def log_message(self, *_):
            pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(server.server_address[1], flush=True)
    server.serve_forever()
    """

  /// - Returns: The port, and the process to end.
  private func start(_ path: String, _ kind: String) async throws -> (port: Int, process: Process) {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.service, path, kind]
    process.standardOutput = output
    try process.run()
    let line = await DemoServerProcess.firstLine(of: output.fileHandleForReading)
    return (try #require(line.flatMap { Int($0) }), process)
  }

  /// The program's peak of resident memory in megabytes.
  private func peak(_ program: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(program)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) }) / 1000
  }

  private func measure(
    _ path: String, _ kind: String, opening address: [String], shows text: String
  ) async throws -> Int {
    let (port, process) = try await start(path, kind)
    // It may have inherited a mask that blocks other signals.
    defer { kill(process.processIdentifier, SIGKILL) }
    let environment = [
      "REPLICATE_BASE_URL": "http://127.0.0.1:\(port)/v1", "REPLICATE_API_TOKEN": "r8_x",
    ]
    return try await withTerminal(
      [Replicant.path] + address, columns: 160, rows: 48, environment: environment
    ) { terminal in
      try await terminal.waits(for: text)
      let peak = try peak(await terminal.programID())
      try await terminal.type("q")
      #expect(try await terminal.exitStatus() == 0)
      return peak
    }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func `a list of a gigabyte is refused at 128 MB, within twice the memory`() async throws {
    let peak = try await measure("/v1/models", "list", opening: [], shows: "134,217,728")
    print("A list of 1 GB took \(peak) MB at the peak.")
    #expect(peak < 60 + 2 * 135)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/status")))
  func `a log of a gigabyte is read past`() async throws {
    let peak = try await measure(
      "/v1/predictions/p1", "log", opening: ["p/p1"], shows: "the end of it")
    print("A log of 1 GB took \(peak) MB at the peak.")
    #expect(peak < 60 + 135)
  }
}
