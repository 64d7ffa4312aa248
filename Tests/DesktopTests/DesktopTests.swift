import Foundation
import Support
import Testing
import ViewModels

@testable import Desktop

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

struct DesktopTests {
  private func folder() -> String {
    var template = Array("/tmp/replicant-test-XXXXXX".utf8CString)
    return template.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress, let path = mkdtemp(start) else { return "/tmp" }
      return String(cString: path)
    }
  }

  @Test func `only the owner can read the token file`() throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder() + "/deep/er"])
    #expect(file.read() == .nothing)
    let path = try file.save("r8_secret")
    #expect(path == file.path)
    #expect(file.read() == .token("r8_secret"))
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
    _ = try file.save("r8_second")
    #expect(file.read() == .token("r8_second"))
  }

  @Test(arguments: [0o644, 0o640, 0o620, 0o601] as [mode_t])
  func `a token file that others can access isn't used, and it says so`(mode: mode_t) throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder()])
    chmod(try file.save("r8_secret"), mode)
    #expect(
      file.read()
        == .ignored(
          "The token file was ignored because others can access it. To use it, run:\nchmod 600 "
            + file.path))
  }

  @Test func `the advice about a token file can be pasted into a shell`() throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder() + "/it's mine"])
    chmod(try file.save("r8_secret"), 0o644)
    guard case .ignored(let words) = file.read() else {
      Issue.record("the file was used")
      return
    }
    #expect(words.hasSuffix("/it'\\''s mine/replicant/token'"))
  }

  @Test func `what isn't a regular file is no token file, and nothing waits for it`() throws {
    for make in [
      { mkfifo($0, 0o600) }, { mkdir($0, 0o700) }, { symlink("/dev/zero", $0) },
    ] as [(String) -> Int32] {
      let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder()])
      unlink(try file.save("r8_secret"))
      #expect(make(file.path) == 0)
      #expect(file.read() == .ignored("The token file isn’t a regular file:\n\(file.path)"))
    }
  }

  @Test func `an error names the folder that can't be written`() {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": "/dev/null/x"])
    #expect(throws: DesktopFailure.self) { try file.save("r8_secret") }
  }

  @Test(arguments: [
    "file:///etc/passwd", "javascript:alert(1)", "https://a b", "--help", "", "https://x\u{7}y",
  ])
  func `only web addresses can be opened`(address: String) async {
    #expect(!SystemDesktop.isWebAddress(address))
    let desktop = await SystemDesktop(environment: [:])
    await #expect(throws: DesktopFailure.self) { try await desktop.openInBrowser(address) }
  }

  @Test func `without a web browser there is an error`() async {
    let desktop = await SystemDesktop(environment: ["PATH": "/nowhere"])
    await #expect(throws: DesktopFailure.self) {
      try await desktop.openInBrowser("https://replicate.com")
    }
  }
}
