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
    #expect(file.read() == nil)
    let path = try file.save("r8_secret")
    #expect(path == file.path)
    #expect(file.read() == "r8_secret")
    var facts = stat()
    #expect(stat(path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
    _ = try file.save("r8_second")
    #expect(file.read() == "r8_second")
  }

  @Test func `a token file that others can read isn't trusted`() throws {
    let file = TokenFile(environment: ["XDG_CONFIG_HOME": folder()])
    chmod(try file.save("r8_secret"), 0o644)
    #expect(file.read() == nil)
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
