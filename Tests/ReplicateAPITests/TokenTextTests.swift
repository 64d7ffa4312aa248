import ReplicateAPI
import Support
import Testing

@Suite struct `A token in what was copied` {
  @Test(arguments: [
    "r8_x", " r8_x\n", "\"r8_x\"", "'r8_x'", "`r8_x`", "“r8_x”", "REPLICATE_API_TOKEN=r8_x",
    "export REPLICATE_API_TOKEN=r8_x", "export REPLICATE_API_TOKEN=\"r8_x\";",
    "  export  REPLICATE_API_TOKEN='r8_x' ", "Bearer r8_x", "bearer  r8_x", "Token r8_x",
    "Authorization: Bearer r8_x", "\"Authorization: Bearer r8_x\"", "'REPLICATE_API_TOKEN=r8_x'",
    "\"REPLICATE_API_TOKEN\": \"r8_x\",", "api_token = 'r8_x'", "REPLICATE_API_TOKEN = r8_x",
    "r8_x\r\n", "\tr8_x",
  ])
  func `is found`(text: String) {
    #expect(TokenText.token(in: text) == "r8_x")
  }

  @Test(arguments: ["r8_abc=", "0123456789abcdef0123456789abcdef01234567", "a.b-c~d+e/f=="])
  func `is left as it is`(token: String) {
    #expect(TokenText.token(in: token) == token)
  }

  @Test(arguments: [
    "", "  ", "\"\"", "two words", "https://replicate.com/account/api-tokens", "r8_x r8_y", "“r8_x",
    "r8_ü", "r8_x\u{1B}[0m", "{\"a\": 1}", "r8_x\nr8_y", "'",
  ])
  func `isn't found where there is none`(text: String) {
    #expect(TokenText.token(in: text) == nil)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `is only of a token's characters, whatever is given`(seed: UInt64) {
    var random = SplitMix(seed: seed)
    let pieces = [
      "export ", "\"", "'", "“", "”", "=", ":", "r8_x", "Bearer ", " ", "ü", "\n", ";", "NAME", "/",
      "\u{1B}", "👩‍👧", ",",
    ]
    for _ in 0..<500 {
      let count = Int.random(in: 0..<9, using: &random)
      let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      guard let token = TokenText.token(in: text) else { continue }
      #expect(text.contains(token))
      #expect(token.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x27 })
    }
  }

  @Test func `is what the environment gives`() throws {
    let configuration = try Client.Configuration.fromEnvironment([
      "REPLICATE_API_TOKEN": "'export REPLICATE_API_TOKEN=r8_x'"
    ])
    #expect(configuration.token == "r8_x")
    #expect(throws: ReplicateError.self) {
      _ = try Client.Configuration.fromEnvironment(["REPLICATE_API_TOKEN": "two words"])
    }
  }
}
