import Foundation
import Support
import Testing

@testable import Desktop

/// The token file of the replicate command.
struct OfficialTokenFileTests {
  private let folder: TestFolder
  private let api = "https://api.replicate.com/v1"

  init() throws { folder = try TestFolder() }

  private func file(_ text: String, mode: mode_t = 0o600) throws -> OfficialTokenFile {
    chmod(try folder.write("replicate/hosts", Array(text.utf8)), mode)
    return OfficialTokenFile(environment: ["XDG_CONFIG_HOME": folder.path])
  }

  @Test func `it is where that program looks for it`() {
    #expect(
      OfficialTokenFile(environment: ["HOME": "/h"]).path == "/h/.config/replicate/hosts")
    #expect(
      OfficialTokenFile(environment: ["HOME": "/h", "XDG_CONFIG_HOME": "/c"]).path
        == "/c/replicate/hosts")
    #expect(
      OfficialTokenFile(environment: ["HOME": "/h", "XDG_CONFIG_HOME": ""]).path
        == "/h/.config/replicate/hosts")
  }

  @Test(arguments: [
    "api.replicate.com:\n    token: r8_abc\n",
    "# mine\r\n---\r\n'api.replicate.com' :\r\n  other: 1\r\n  \"token\": 'r8_abc' # x\r\n",
    "other.example:\n  token: r8_other\n\"api.replicate.com\":\n\ttoken: \"r8_abc\"\n",
    "https://api.replicate.com/v1:\n  token: r8_abc   # x\n",
    "api.replicate.com: {token: r8_abc}\n",
    #"{"https:\/\/api.replicate.com\/v1": {"token": "r8_abc"}}"#,
    #" {"a": {"token": "r8_a"}, "api.replicate.com": {"x": {"token": "no"}, "token": "r8_abc"}} "#,
    #"{'API.replicate.com:443': {'token': 'r8_abc'}}"#,
  ])
  func `a host's token is found`(text: String) throws {
    #expect(try file(text).token(for: api) == .token("r8_abc"))
    #expect(try file(text).token(for: api + "/") == .token("r8_abc"))
    #expect(try file(text).token(for: "https://gateway.example/api.replicate.com") == .nothing)
  }

  @Test(arguments: [
    "", "\n\n", "api.replicate.com:\n", "token: r8_abc\n", "  token: r8_abc\n",
    "api.replicate.com: r8_abc\n", "api.replicate.com.evil:\n  token: r8_abc\n",
    "api.replicate.com:\n  token:\n", "{", "{}}}", "{\"", ":::", "[[[[[", "'", "\"a",
    #"{"api.replicate.com": "token"}"#, #"{"token": "r8_abc"}"#, "{token: {token: r8_abc}}",
    #"{"a": {"api.replicate.com": {"token": "r8_abc"}}}"#, "\u{0}\u{FEFF}",
  ])
  func `without a host's token there is none`(text: String) throws {
    #expect(try file(text).token(for: api) == .nothing)
  }

  @Test func `a token that can't be one is reported`() throws {
    for token in ["\"two words\"", "r8_é", "\"a\u{1B}[2J\"", String(repeating: "a", count: 5000)] {
      let file = try file("api.replicate.com:\n  token: \(token)\n")
      #expect(
        file.token(for: api)
          == .ignored("The replicate command’s token file has no usable token:\n\(file.path)"))
    }
  }

  @Test func `a file that others can change isn't used, though they may read it`() throws {
    let text = "api.replicate.com:\n  token: r8_abc\n"
    #expect(try file(text, mode: 0o644).token(for: api) == .token("r8_abc"))
    let open = try file(text, mode: 0o664)
    #expect(
      open.token(for: api)
        == .ignored(
          "The replicate command’s token file was ignored because others can change it:\n"
            + open.path))
  }

  @Test func `what isn't such a file is no obstacle`() throws {
    let nowhere = OfficialTokenFile(environment: ["XDG_CONFIG_HOME": folder.path + "/none"])
    #expect(nowhere.token(for: api) == .nothing)
    let long = try file(String(repeating: "a:\n  token: b\n", count: 10_000))
    #expect(
      long.token(for: api)
        == .ignored("The replicate command’s token file can’t be read:\n\(long.path)"))
    unlink(long.path)
    #expect(mkfifo(long.path, 0o600) == 0)
    #expect(
      long.token(for: api)
        == .ignored("The replicate command’s token file isn’t a regular file:\n\(long.path)"))
  }

  @Test(arguments: ["{", "[", "\"", "'", ":", "a: {", "\\", "{\"a\":", "a:", "é", " :"])
  func `the longest file is read quickly, whatever it says`(piece: String) throws {
    let text = String(repeating: piece, count: 65_000 / piece.utf8.count)
    for text in [text, "{" + text, "a:\n" + text, "\"" + text] {
      #expect(HostTokens(text).tokens.count <= 1)
    }
  }

  @Test(arguments: [
    ("https://api.replicate.com/v1", "api.replicate.com"), ("http://A:80", "a"),
    ("http://[::1]:80/x", "::1"), ("::1", "::1"), ("a", "a"), ("", ""), ("https://u:p@a/b@c", "a"),
    ("://", ""), ("[", "["), ("@", ""),
  ])
  func `an address has a host`(address: String, host: String) {
    #expect(HostTokens.host(of: address) == host)
  }
}
