import ReplicateAPI
import Testing

@testable import Running

@Suite struct RunOptionsTests {
  @Test(arguments: [
    ("30", 30), ("30s", 30), ("5m", 300), ("1h30m45s", 5445), ("1h 5s", 3605), ("0", 0),
    ("90M", 5400), ("5", 5),
  ])
  func `a time is read as the API writes it`(text: String, seconds: Int) {
    #expect(RunOptions.seconds(in: text) == seconds)
  }

  @Test(arguments: [
    "", " ", "m", "5x", "5m5m", "5s5m", "-5", "5.5", "1h30", "99999999999999999999", "٣", "1e3",
  ])
  func `anything else isn't a time`(text: String) {
    #expect(RunOptions.seconds(in: text) == nil)
  }

  @Test func `a deadline is at least five seconds`() {
    #expect(RunOptions.problem(ofDeadline: "5s") == nil)
    #expect(RunOptions.problem(ofDeadline: "4s") == "must be at least 5 seconds")
    #expect(RunOptions.problem(ofDeadline: "soon") == "must be a time such as 30s, 5m, or 1h30m")
  }

  @Test func `a webhook is called by https only`() {
    #expect(RunOptions.problem(ofWebhook: "https://example.com/hook?x=1") == nil)
    #expect(RunOptions.problem(ofWebhook: "HTTPS://example.com") == nil)
    #expect(RunOptions.problem(ofWebhook: "http://example.com") == "must begin with https://")
    #expect(RunOptions.problem(ofWebhook: "https://") == "lacks the host")
    #expect(RunOptions.problem(ofWebhook: "https:///hook") == "lacks the host")
    #expect(RunOptions.problem(ofWebhook: "https://a b") == "must not contain blanks")
  }

  @Test func `what is set is said in a few words`() {
    var options = RunOptions()
    #expect(options.isEmpty && options.words.isEmpty)
    options.target = .deployment(ModelID(owner: "acme", name: "prod"))
    options.prediction.webhook = "https://example.com"
    options.prediction.webhookEvents = [.completed]
    options.prediction.cancelAfter = .seconds(5445)
    options.prediction.wait = .seconds(60)
    #expect(
      options.words == [
        "runs on deployment acme/prod", "webhook (completed)", "deadline 1h30m45s", "waits 60 s",
      ])
  }

  @Test func `a deployment is found in its web address, too`() {
    let id = ModelID(owner: "acme", name: "prod")
    #expect(RunOptions.deployment(in: " acme/prod ") == id)
    #expect(RunOptions.deployment(in: "https://replicate.com/deployments/acme/prod") == id)
    #expect(RunOptions.deployment(in: "prod") == nil)
  }
}
