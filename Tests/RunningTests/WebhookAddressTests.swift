import Testing

@testable import Running

@Suite struct `Addresses of webhooks` {
  private func address(_ text: String) throws -> WebhookAddress {
    try WebhookAddress(text, hostName: "Desk")
  }

  @Test(arguments: [
    "http://localhost:8080/hook", "https://LOCALHOST", "http://localhost./", "http://127.0.0.1:1/",
    "http://127.1.2.3?x", "http://[::1]:99/", "http://[0:0:0:0:0:0:0:1]", "http://desk:80/",
    "http://desk.local#x", " http://localhost ",
  ])
  func `on this machine need no question`(text: String) throws {
    let address = try address(text)
    #expect(address.reach == .thisMachine)
    #expect(!address.needsQuestion)
  }

  @Test(arguments: [
    "http://10.0.0.1/", "http://172.16.0.1", "http://172.31.255.255", "http://192.168.1.2",
    "http://169.254.169.254/", "http://100.64.0.1", "http://[fe80::1]/", "http://[fd00::1]",
    "http://printer/", "http://printer.local", "http://app.localhost", "http://a.internal",
  ])
  func `in a private network need one`(text: String) throws {
    let address = try address(text)
    #expect(address.reach == .privateNetwork)
    #expect(address.needsQuestion)
  }

  @Test(arguments: [
    "https://example.com/hook", "http://128.0.0.1/", "http://172.32.0.1", "http://100.128.0.1",
    "https://127.0.0.1.example.com/", "https://localhost.example.com", "http://desk.example.com",
    "http://[2001:db8::1]/", "http://[::ffff:127.0.0.1]/", "http://[::]/", "http://0.0.0.0/",
  ])
  func `elsewhere need one, too`(text: String) throws {
    let address = try address(text)
    #expect(address.reach == .elsewhere)
    #expect(address.needsQuestion)
    #expect(!address.isOddlyWritten)
  }

  @Test(arguments: [
    "http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://0177.0.0.1/",
    "http://127.0.0.01/", "http://0x7f.0.0.0x1", "http://256.0.0.1", "http://1.2.3.4.5",
    "http://0x/",
  ])
  func `with a number in an odd form aren't taken for this machine`(text: String) throws {
    let address = try address(text)
    #expect(address.reach == .elsewhere)
    #expect(address.isOddlyWritten)
  }

  @Test(arguments: [
    ("", "must begin with http:// or https://"),
    ("localhost", "must begin with http:// or https://"),
    ("ftp://localhost/", "must begin with http:// or https://"), ("http://", "lacks the host"),
    ("http:///x", "lacks the host"), ("http://:80/", "lacks the host"),
    ("http://me:secret@localhost/", "must not contain a user name or a password"),
    ("http://localhost@example.com/", "must not contain a user name or a password"),
    ("http://localhost\\@example.com/", "must not contain a user name or a password"),
    ("http://localhost:0/", "must have a port from 1 to 65535, or none"),
    ("http://localhost:65536/", "must have a port from 1 to 65535, or none"),
    ("http://localhost:+80/", "must have a port from 1 to 65535, or none"),
    ("http://localhost:/", "must have a port from 1 to 65535, or none"),
    ("http://[::1]:99999999999999999999/", "must have a port from 1 to 65535, or none"),
    ("http://[::1", "has a bracket that isn’t closed"),
    ("http://[::1]x/", "has something after its bracket"),
    ("http://[fe80::1%25eth0]/", "has an IPv6 address that can’t be read"),
    ("http://[127.0.0.1]/", "has an IPv6 address that can’t be read"),
    ("http://local host/", "must not contain blanks"),
    ("http://localhost/\u{7}", "must be plain ASCII: other characters are written as %… or xn--…"),
    ("http://löcalhost/", "must be plain ASCII: other characters are written as %… or xn--…"),
    ("http://localhost%2eexample.com/", "has a host that isn’t a name or an address"),
    ("http://localhost\\example.com/", "has a host that isn’t a name or an address"),
    ("http://a..b/", "has a host that isn’t a name or an address"),
    ("http://./", "has a host that isn’t a name or an address"),
  ])
  func `that can't be used say why`(text: String, words: String) {
    #expect(WebhookAddress.problem(of: text) == words)
  }

  @Test func `have a host and a port`() throws {
    let first = try address("HTTPS://Example.com./a?b")
    #expect(first.host == "example.com" && first.port == 443 && first.isSecure)
    #expect(first.place == "example.com" && first.url == "HTTPS://Example.com./a?b")
    let second = try address("http://[::1]:8080")
    #expect(second.host == "::1" && second.port == 8080 && !second.isSecure)
    #expect(second.place == "[::1]:8080")
  }

  @Test func `of an empty host name mean no machine`() throws {
    #expect(try WebhookAddress("http://a/", hostName: "").reach == .privateNetwork)
    #expect(try WebhookAddress("http://a.local/", hostName: "").reach == .privateNetwork)
  }
}
