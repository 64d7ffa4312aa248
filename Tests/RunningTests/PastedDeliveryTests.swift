import ReplicateAPI
import Support
import Testing

@testable import Running

@Suite struct `Pasted webhook deliveries` {
  private func text(_ delivery: PastedDelivery) -> String {
    String(decoding: delivery.body, as: UTF8.self)
  }

  private func problem(_ text: String) -> String? {
    do throws(PastedDelivery.Failure) {
      _ = try PastedDelivery(text)
      return nil
    } catch {
      return error.description
    }
  }

  // MARK: Requests

  @Test func `an HTTP request is read with its line ends`() throws {
    let pasted = try PastedDelivery(
      "POST /hook?a=b HTTP/1.1\r\nHost: example.com\r\nWebhook-Id:  msg_1 \r\n"
        + "webhook-timestamp: 5\r\nwebhook-signature: v1,AA==\r\n\r\n{\"a\":1}\r\n")
    #expect(pasted.form == .request)
    #expect(pasted.headers.first == PastedDelivery.Header("Host", "example.com"))
    #expect(pasted.header("webhook-id") == "msg_1")
    #expect(text(pasted) == "{\"a\":1}\r\n")
    #expect(
      pasted.delivery
        == WebhookSecret.Delivery(
          id: "msg_1", timestamp: "5", signatures: "v1,AA==", body: Array("{\"a\":1}\r\n".utf8)))
    #expect(pasted.remarks.isEmpty)
  }

  @Test func `headers alone are read, with tabs, folds, and a missing blank line`() throws {
    let pasted = try PastedDelivery("\u{FEFF}\n\nwebhook-id\tmsg_1\nX-Long: a\n  b\n{\n\n\"a\":1}")
    #expect(pasted.form == .headers)
    #expect(
      pasted.headers == [
        PastedDelivery.Header("webhook-id", "msg_1"), PastedDelivery.Header("X-Long", "a b"),
      ])
    #expect(text(pasted) == "{\n\n\"a\":1}")
    let bare = try PastedDelivery("webhook-id: msg_1")
    #expect(bare.body.isEmpty)
    #expect(bare.remarks == ["The body is empty: nothing follows the headers."])
    #expect(bare.delivery == nil)
  }

  @Test func `what curl and browsers print before headers is passed over`() throws {
    let pasted = try PastedDelivery(
      "* Connected\n> POST /hook HTTP/1.1\n> Host: a\n> webhook-id: msg_1\n>\n{}")
    #expect(pasted.headers.map(\.name) == ["Host", "webhook-id"])
    #expect(text(pasted) == "{}")
    let second = try PastedDelivery(":authority: a\n:method: POST\nwebhook-id: msg_1\n\n{}")
    #expect(second.headers.map(\.name) == ["webhook-id"])
  }

  @Test func `a length in the headers takes line breaks at the end away`() throws {
    #expect(text(try PastedDelivery("content-length: 2\n\n{}\n\n")) == "{}")
    #expect(text(try PastedDelivery("content-length: 3\n\n{}\n")) == "{}\n")
    let cut = try PastedDelivery("content-length: 1000\n\n{}")
    #expect(text(cut) == "{}")
    #expect(cut.remarks == ["The body has 2 bytes, and its content-length is 1,000."])
    #expect(text(try PastedDelivery("content-length: -1\n\n{}")) == "{}")
  }

  // MARK: Curl

  @Test func `a curl command is read as a shell would`() throws {
    let pasted = try PastedDelivery(
      #"""
      $ curl -sXPOST 'https://example.com/-H' \
        -H 'webhook-id: msg_1' --header "Webhook-Timestamp: 5" \
        -H$'webhook-signature: v1,\x41A==' -A '-d nothing' \
        --data-raw '{"a":"it'\''s \n"}' | jq .
      """#)
    #expect(pasted.form == .curl)
    #expect(
      pasted.headers == [
        PastedDelivery.Header("webhook-id", "msg_1"),
        PastedDelivery.Header("Webhook-Timestamp", "5"),
        PastedDelivery.Header("webhook-signature", "v1,AA=="),
      ])
    #expect(text(pasted) == #"{"a":"it's \n"}"#)
  }

  @Test(arguments: [
    (#"-d '{"a":1}'"#, #"{"a":1}"#), (#"-d"{\"a\":\"\\n \x\"}""#, #"{"a":"\n \x"}"#),
    (#"--data-binary $'a\'\\\n\t\x41\u00e9\U0001F98A\101\0'"#, "a'\\\n\tA\u{E9}🦊A\u{0}"),
    (#"--data $'\xzz\u\ud800\9'"#, #"\xzz\u"# + "\u{FFFD}" + #"\9"#), ("-d a -d b", "a&b"),
    ("--data-raw @name", "@name"), ("--data=x", "x"), ("-d ''", ""), (#"-d a\ b"#, "a b"),
    ("-d \"a\\\nb\" \\\r\n -s", "ab"), ("\n  -d x", "x"), ("-sd x", "x"),
  ])
  func `bodies in a curl command are unquoted`(options: String, body: String) throws {
    let pasted = try PastedDelivery("curl -H 'webhook-id: a' " + options)
    #expect(text(pasted) == body)
  }

  @Test func `curl's --json brings its own header`() throws {
    let pasted = try PastedDelivery("curl -H 'a: b' -H 'c;' --json '{}'")
    #expect(
      pasted.headers == [
        PastedDelivery.Header("a", "b"), PastedDelivery.Header("c", ""),
        PastedDelivery.Header("content-type", "application/json"),
      ])
  }

  // MARK: JSON

  @Test func `an export is read with texts or lists of texts as headers`() throws {
    let pasted = try PastedDelivery(
      #"{"method":"POST","headers":{"webhook-id":"msg_1","x":["a","b"],"n":5},"body":"{\"a\": 1}\n"}"#
    )
    #expect(pasted.form == .json)
    #expect(
      pasted.headers == [
        PastedDelivery.Header("webhook-id", "msg_1"), PastedDelivery.Header("x", "a"),
        PastedDelivery.Header("x", "b"), PastedDelivery.Header("n", "5"),
      ])
    #expect(text(pasted) == "{\"a\": 1}\n")
    #expect(pasted.remarks.isEmpty)
  }

  @Test func `an export with the body as a value has a remark`() throws {
    let pasted = try PastedDelivery(#"[{"request":{"headers":{"a":"b"},"body":{"x": 1.50}}}]"#)
    #expect(text(pasted) == #"{"x":1.50}"#)
    #expect(pasted.remarks.count == 1)
  }

  @Test func `the exact text of a body comes before a parsed one, and base64 is decoded`() throws {
    let both = try PastedDelivery(
      #"{"headers":[{"name":"a","value":"b"}],"body":{"x":1},"rawBody":"{\"x\": 1}"}"#)
    #expect(text(both) == #"{"x": 1}"#)
    #expect(both.headers == [PastedDelivery.Header("a", "b")])
    let encoded = try PastedDelivery(
      #"{"headers":{"a":"b"},"body":"eyJ4IjoxfQ==","isBase64Encoded":true}"#)
    #expect(text(encoded) == #"{"x":1}"#)
  }

  // MARK: What can't be read

  @Test(arguments: [
    ("", "Nothing was pasted."), (" \n", "Nothing was pasted."),
    (
      #"{"id":"a","status":"starting"}"#,
      "This is only the body. Paste the headers above it, with a blank line between them."
    ),
    ("{}", "This JSON has no member “headers”."),
    ("hello\u{1B}[31m", "Line 1 isn’t a header: hello[31m"),
    ("a: b\nHTTP/1.1 200 OK\n", "Line 2 isn’t a header: HTTP/1.1 200 OK"),
    (
      "POST / HTTP/1.1\n\n{}",
      "There are no headers in an HTTP request. Paste webhook-id and the others, too."
    ),
    ("curl -d '{}", "A quotation mark isn’t closed."),
    ("curl -H", "The command ends after -H."),
    ("curl --data", "The command ends after --data."),
    (
      "curl -H 'a: b' -d @body.json",
      "The body is in a file that the command only names: @body.json. Paste the body itself."
    ),
    ("curl -H nothing", "This isn’t a header: nothing"),
  ])
  func `what is missing or wrong is said in words`(text: String, words: String) {
    #expect(problem(text) == words)
  }

  @Test func `broken JSON and large texts are no deliveries`() {
    #expect(problem("{'a': 1}")?.hasPrefix("This begins like JSON, but isn’t: ") == true)
    let large = [UInt8](repeating: 0x61, count: PastedDelivery.maximumSize + 1)
    #expect(throws: PastedDelivery.Failure.self) { try PastedDelivery(large) }
    let many = String(repeating: "a: b\n", count: 1001)
    #expect(problem(many) == "There are more than 1000 headers.")
  }

  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func `whatever is pasted is read or refused`(seed: UInt64) throws {
    var random = SplitMix(seed: seed)
    let samples = [
      "POST /hook HTTP/1.1\r\nwebhook-id: msg_1\r\ncontent-length: 8\r\n\r\n{\"a\": 1}\r\n",
      "curl -sX POST 'https://a/' -H 'webhook-id: a' \\\n --data-binary $'{\"\\u00e9\\x41\\101\"}'",
      #"{"headers":{"webhook-id":["a"]},"body":"{\"a\":1}","isBase64Encoded":false}"#,
      "> POST / HTTP/1.1\n> a: b\n>\n{}", "$ curl -d \"\\\"\\$\" --json={} -H a:b",
    ].map { Array($0.utf8) }
    let bytes = Array("\r\n\t \"'\\$@:;|{}[]>*-=&xuU0789A\u{0}".utf8) + [0xFF, 0xC3, 0x80, 0xEF]
    for _ in 0..<300 {
      var text = samples.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 0..<6, using: &random) {
        let place = Int.random(in: 0...text.count, using: &random)
        let byte = bytes.randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<4, using: &random) {
        case 0: text.insert(byte, at: place)
        case 1 where place < text.count: text[place] = byte
        case 2 where place < text.count: text.remove(at: place)
        default: text.removeLast(min(text.count, Int.random(in: 0..<4, using: &random)))
        }
      }
      do throws(PastedDelivery.Failure) {
        let pasted = try PastedDelivery(text)
        #expect(!pasted.headers.isEmpty)
        #expect(pasted.headers.allSatisfy { !$0.name.isEmpty })
        #expect(pasted.body.count <= text.count * 3 + 3)
      } catch {
        #expect(!error.description.isEmpty)
        #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
      }
    }
  }
}
