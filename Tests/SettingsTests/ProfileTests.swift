import Foundation
import Testing

@testable import Settings

struct ProfileTests {
  /// What a config file says.
  private func settings(_ config: String) -> Settings {
    var settings = Settings(environment: ["HOME": "/nowhere/home"])
    settings.readConfig(config)
    return settings
  }

  /// The problems of a file that begins with `[profile.work]` and a token.
  private func problems(_ lines: String) -> [String] {
    settings("[profile.work]\ntoken-env = \"T\"\n\(lines)\n").problems
  }

  private func line(_ line: Int, _ message: String) -> String {
    "~/.config/replicant/config.toml, line \(line): \(message)."
  }

  @Test func `profiles are kept in the order of the file, with all they say`() {
    let settings = settings(
      """
      theme = "dark"
      models = ["me/first", "me/second", "me/first"]
      files-signing-secret-command = ["pass", "show", "files"]

      [profile.work]
      token-env = "WORK_TOKEN"
      base-url = "https://gateway.example/replicate/"
      models = ["acme/private-model"]

      [profile.work.headers]
      X-Gateway-Key = "$GATEWAY_KEY"
      X-Team = "red, $5"

      [profile."Home_2"]
      token-command = ["pass", "show", "replicate"]
      headers = { "cf-aig-authorization" = "${CF_KEY}" }
      files-signing-secret-file = "~/secret"

      [profile.a-file]
      token-file = "~/.config/replicant/work"

      [profile.local]
      kind = "cog"
      base-url = "http://localhost:5000"
      """)
    #expect(settings.problems == [])
    #expect(settings.config.theme == .dark)
    #expect(settings.config.standardProfile.models == ["me/first", "me/second"])
    #expect(
      settings.config.standardProfile.filesSigningSecret == .command(["pass", "show", "files"]))
    var work = Settings.Profile(name: "work", line: 5)
    work.token = .variable("WORK_TOKEN")
    work.baseURL = "https://gateway.example/replicate"
    work.models = ["acme/private-model"]
    work.headers = [
      .init(name: "X-Gateway-Key", value: .variable("GATEWAY_KEY")),
      .init(name: "X-Team", value: .text("red, $5")),
    ]
    var home = Settings.Profile(name: "Home_2", line: 14)
    home.token = .command(["pass", "show", "replicate"])
    home.headers = [.init(name: "cf-aig-authorization", value: .variable("CF_KEY"))]
    home.filesSigningSecret = .file("~/secret")
    var file = Settings.Profile(name: "a-file", line: 19)
    file.token = .file("~/.config/replicant/work")
    var local = Settings.Profile(name: "local", line: 22)
    local.kind = .cog
    local.baseURL = "http://localhost:5000"
    #expect(settings.config.profiles == [work, home, file, local])
    #expect(settings.config.secretVariables == ["WORK_TOKEN", "GATEWAY_KEY", "CF_KEY"])
  }

  @Test func `the headers' values come from the file or the environment`() throws {
    let profile = try #require(
      settings(
        """
        [profile.x]
        token-env = "T"
        headers = { a = "1", b = "$B" }
        """
      ).config.profiles.first)
    let headers = try profile.headers(["B": "two words"])
    #expect(headers.map(\.name) == ["a", "b"])
    #expect(headers.map(\.value) == ["1", "two words"])
    #expect(
      throws: Settings.Profile.Failure(
        message: "The environment variable B, for the header b, isn’t set.")
    ) { try profile.headers([:]) }
    for value in ["a\r\nX-Evil: 1", "é", " a", String(repeating: "a", count: 5000)] {
      #expect(throws: Settings.Profile.Failure.self) { try profile.headers(["B": value]) }
    }
  }

  /// Lines below `[profile.work]` and a token, with the problem each one causes on line 3.
  static let mistakes: [(lines: String, problem: String)] = [
    (
      "token-command = \"pass show x\"",
      "token-command must be a list of words, such as [\"pass\", \"show\", \"replicate\"]; there is "
        + "no shell to split a text"
    ),
    (
      "token-file = \"/x\"",
      "token-file can’t be set as well; use only one of token-env, token-command, token-file"
    ),
    (
      "token-file = \"x\"",
      "token-file must be the whole path of a file, such as \"~/.config/replicant/work\""
    ),
    (
      "files-signing-secret-env = \"a b\"",
      "files-signing-secret-env must be the name of an environment variable, such as "
        + "\"FILES_SECRET\", and not the secret itself"
    ),
    (
      "base-url = \"https://u:s3cret@a\"",
      "base-url must be an address like \"https://gateway.example/replicate\", without a user name, "
        + "a query, or #"
    ),
    (
      "base-url = \"http://10.0.0.1/v1\"",
      "base-url must start with https://, because others could read the token and the headers on the "
        + "way; http:// is for this machine"
    ),
    ("headers = 1", "headers must be a table like { \"X-Gateway-Key\" = \"$GATEWAY_KEY\" }"),
    ("headers = { \"a b\" = \"\" }", "“a b” can’t be the name of a header"),
    (
      "headers = { Authorization = \"s3cret\" }",
      "the header Authorization can’t be set, because each call sets it; use token-env or token-file"
    ),
    ("headers = { Host = \"a\" }", "the header Host can’t be set, because each call sets it"),
    ("headers = { X-A = 1 }", "the value of the header X-A must be text in quotes"),
    (
      "headers = { X-A = \"s3cret\\r\\n\" }",
      "the value of the header X-A must have only printable ASCII characters, without blanks around "
        + "them"
    ),
    ("headers = { X-A = \"1\", x-a = \"2\" }", "the header x-a is already set"),
    ("kind = \"gog\"", "kind can’t be “gog”; it must be one of replicate, cog"),
    ("kind = \"cog\"", "[profile.work] needs base-url, the address of the cog server"),
    (
      "models = \"a/b\"",
      "models can’t be “a/b”; it must be a list of names, such as [\"owner/name\"]"
    ),
    ("models = [\"a/b\", \"a\"]", "“a” in models isn’t a model’s name, such as \"owner/name\""),
    (
      "base-ulr = \"x\"",
      "there is no setting “base-ulr” in [profile.work]; maybe you meant base-url"
    ),
  ]

  @Test(arguments: mistakes)
  func `a mistake in a profile is reported with a fix, and never shows a secret`(
    lines: String, problem: String
  ) {
    let isOfSection = problem.hasPrefix("[profile")
    let found = problems(lines)
    #expect(found == [line(isOfSection ? 1 : 3, problem)])
    #expect(!found.contains { $0.contains("s3cret") })
  }

  @Test func `a token in place of a variable's name isn't shown`() {
    let found = settings("[profile.a]\ntoken-env = \"r8_abcdef\"\n").problems
    #expect(found.count == 1 && !found[0].contains("r8_"))
  }

  @Test func `a profile with a mistake can't be used, unless the mistake is harmless`() {
    let config = settings(
      """
      mouse = false
      [profile.one]
      token-env = "T"
      base-url = "gateway.example"
      [profile.two]
      token-env = "T"
      models = [1, "a/b"]
      colour = "red"
      [profile.three]
      [profile.four]
      token-env = "T"
      token-file = "/t"
      [profile.five]
      base-url = "http://10.0.0.1:5000/v1"
      """
    ).config
    #expect(!config.mouse)
    #expect(config.profiles.map(\.name) == ["one", "two", "three", "four", "five"])
    #expect(config.profiles.map { $0.obstacle == nil } == [false, true, false, false, true])
    #expect(config.profiles[1].models == ["a/b"])
    #expect(
      config.profiles[2].obstacle
        == "[profile.three] needs one of token-env, token-command, token-file")
  }

  @Test func `what isn't a profile is reported`() {
    #expect(
      settings("token-env = \"T\"\n").problems == [
        line(1, "token-env belongs in the section of a profile, such as [profile.work]")
      ])
    #expect(
      settings("profile = 1\n").problems == [
        line(1, "profile is a section; write [profile.work], and its settings below it")
      ])
    #expect(
      settings("[profile]\ntoken-env = \"T\"\n").problems == [
        line(
          2,
          "“token-env” isn’t in the section of a profile; write [profile.work], and its settings "
            + "below it")
      ])
    for name in ["\"a b\"", "\"\"", "é", String(repeating: "a", count: 41)] {
      let found = settings("[profile.\(name)]\ntoken-env = \"T\"\n")
      #expect(found.problems.count == 1 && found.config.profiles == [])
    }
    #expect(settings("[[profile]]\ntoken-env = \"T\"\n").problems.count == 1)
  }

  @Test(arguments: [
    ("http://localhost:5000", true), ("http://a.localhost/v1", true), ("http://127.1.2.3", true),
    ("http://[::1]:80/x", true), ("HTTPS://a", true), ("http://example.com", false),
    ("http://127.0.0.1.evil", false), ("http://[::2]", false), ("http://localhost.evil", false),
  ])
  func `only addresses of this machine can do without TLS`(address: String, isPrivate: Bool) {
    #expect(ServerAddress(address)?.isPrivate == isPrivate)
  }

  @Test(arguments: [
    "", "/", "localhost:5000", "ftp://a", "https://", "https:///v1", "https://a b", "https://a?b",
    "https://a#b", "https://a:0", "https://a:65536", "https://a:x", "https://é", "https://u@a",
    "https://a\\b", "://a", ":",
  ])
  func `what isn't the address of a server is refused`(address: String) {
    #expect(ServerAddress(address) == nil)
  }

  @Test func `the sample of a profile can be used`() throws {
    let sample = settings(Settings.profileSample)
    #expect(sample.problems == [] && sample.config.profiles.map(\.name) == ["work"])
    // Its three places of a secret exclude each other.
    let rows = ProfileRow.all.filter { !$0.key.hasSuffix("-command") && !$0.key.hasSuffix("-file") }
    let all = settings("[profile.work]\n" + rows.map(\.sample).joined(separator: "\n"))
    #expect(all.problems == [])
    for row in ProfileRow.all {
      #expect(Settings.profileSample.contains(row.sample + "\n"))
      let alone = settings("[profile.work]\nbase-url = \"https://a\"\n\(row.sample)").problems
      #expect(alone == [] || row.key == "base-url", "\(row.key)")
    }
  }
}
