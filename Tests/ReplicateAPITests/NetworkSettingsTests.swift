import Testing

@testable import ReplicateAPI

@Suite struct `The way out to the network` {
  typealias Proxy = NetworkSettings.Proxy

  func settings(_ environment: [String: String]) -> NetworkSettings {
    NetworkSettings.fromEnvironment(environment)
  }

  @Test func `proxies are read from the environment`() {
    let settings = settings([
      "HTTPS_PROXY": "http://us%40er:p%3Aw@proxy.example.com:8080/", "http_proxy": "plain:3000",
      "HTTP_PROXY": "evil:1",
    ])
    #expect(
      settings.secureProxy
        == Proxy(host: "proxy.example.com", port: 8080, user: "us@er", password: "p:w"))
    #expect(settings.plainProxy == Proxy(host: "plain", port: 3000))
    #expect(!"\(settings)".contains("p:w"))
    #expect(self.settings(["ALL_PROXY": "all"]).secureProxy == Proxy(host: "all", port: 3128))
    #expect(self.settings([:]).secureProxy == nil)
    #expect(self.settings(["https_proxy": "http://[::1]:9"]).secureProxy?.host == "::1")
  }

  @Test(arguments: ["socks5://a:1", "https://a:1", "a b", "http://", "a:99999"])
  func `a proxy that can't be used fails the calls that need it, by its variable's name`(
    text: String
  ) async {
    for name in ["HTTPS_PROXY", "all_proxy"] {
      let network = settings([name: text, "NO_PROXY": "example.org"])
      #expect(network.proxyProblem(for: "https://example.com/v1")?.hasPrefix("\(name) ") == true)
      #expect(network.proxyProblem(for: "https://example.org/v1") == nil)
      #expect(network.proxyProblem(for: "https://localhost/v1") == nil)
      let client = Client(Client.Configuration(token: "r8_x", network: network))
      let error = await #expect(throws: ReplicateError.self) { try await client.send(.account) }
      guard case .badConfiguration(let reason) = error?.reason else {
        Issue.record("\(String(describing: error))")
        continue
      }
      #expect(reason == network.secureProxyProblem)
      await client.shutdown()
    }
  }

  @Test func `a SOCKS proxy for all addresses isn't passed by for http`() {
    let network = settings(["ALL_PROXY": "socks5h://user:secret@a:1"])
    #expect(network.plainProxy == nil && network.secureProxy == nil)
    #expect(network.proxyProblem(for: "http://example.com")?.contains("ALL_PROXY") == true)
    #expect(network.proxyProblem(for: "http://example.com")?.contains("SOCKS") == true)
    #expect(network.proxyProblem(for: "http://example.com")?.contains("secret") == false)
  }

  @Test(arguments: [
    "localhost", "LOCALHOST", "localhost.", "demo.localhost", "127.0.0.1", "127.200.3.4", "127.1",
    "[::1]", "[0:0::1]", "[::ffff:127.0.0.1]",
  ])
  func `what is on this machine is reached directly`(host: String) {
    let network = settings(["http_proxy": "proxy:1", "ALL_PROXY": "proxy:1"])
    for scheme in ["http", "https"] {
      #expect(network.proxy(for: "\(scheme)://\(host):8080/v1") == nil)
    }
  }

  @Test(arguments: [
    "localhost.com", "127.example.com", "128.0.0.1", "[::2]", "[1::1]", "mylocalhost", "1.127.0.1",
  ])
  func `what isn't on this machine is reached through the proxy`(host: String) {
    let network = settings(["http_proxy": "proxy:1", "HTTPS_PROXY": "proxy:1"])
    for scheme in ["http", "https"] {
      #expect(network.proxy(for: "\(scheme)://\(host):8080/v1") != nil)
    }
  }

  static let cases: [(String, String, Bool)] = [
    ("example.com", "https://example.com/v1", true),
    ("example.com", "https://api.example.com/v1", true),
    (".example.com", "https://api.example.com/v1", true),
    ("*.example.com", "https://api.example.com/v1", true),
    ("ample.com", "https://example.com/v1", false),
    ("example.com:8443", "https://example.com/v1", false),
    ("example.com:443", "https://example.com/v1", true),
    ("EXAMPLE.com", "https://Example.COM/v1", true), ("*", "https://a/v1", true),
    ("10.0.0.0/8", "https://10.20.30.40/v1", true),
    ("10.0.0.0/8", "https://11.20.30.40/v1", false),
    ("10.0.0.1", "https://10.0.0.1:8443/v1", true), ("1::1", "https://[1::1]:8443/v1", true),
    ("[1::1]:8443", "https://[1::1]:8443/v1", true), ("", "https://a/v1", false),
    ("a,,  b c", "https://b/v1", true), ("0.0.0.0/0", "https://1.2.3.4/", true),
  ]

  @Test(arguments: cases)
  func `what goes past the proxy`(exceptions: String, address: String, isPast: Bool) {
    let settings = settings(["HTTPS_PROXY": "proxy:1", "NO_PROXY": exceptions])
    #expect((settings.proxy(for: address) == nil) == isPast)
  }

  @Test func `the proxy for https isn't that for http`() {
    let settings = settings(["HTTPS_PROXY": "proxy:1"])
    #expect(settings.proxy(for: "http://example.com/") == nil)
    #expect(settings.proxy(for: "HTTPS://example.com/")?.host == "proxy")
    #expect(settings.proxy(for: "file:///etc/passwd") == nil)
  }

  @Test(arguments: [
    ("https://a", "a", 443), ("http://A.b:80/x?y#z", "a.b", 80), ("https://[::1]:5/x", "::1", 5),
    ("http://a?x", "a", 80),
  ])
  func `where an address leads`(address: String, host: String, port: Int) throws {
    let origin = try #require(Origin(address))
    #expect(origin.host == host && origin.port == port)
    #expect(origin.isSecure == address.hasPrefix("https"))
  }

  @Test(arguments: [
    "https://", "ftp://a", "https://u@a", "https://a:0", "https://a:x", "a", "https:///x",
    "https://é/",
  ])
  func `what leads nowhere`(address: String) {
    #expect(Origin(address) == nil)
  }

  @Test func `certificates that can't be read are told, with their place`() async throws {
    let network = NetworkSettings(certificateFile: "/nowhere/ca.pem")
    let transport = AsyncHTTPTransport(network: network)
    await #expect(
      throws: TransportError.untrusted(
        "the certificate file /nowhere/ca.pem (SSL_CERT_FILE) can't be read")
    ) {
      _ = try await transport.send(TransportRequest(method: "GET", url: "https://127.0.0.1:1/"))
    }
    await transport.shutdown()
  }
}
