import Running
import Testing

struct LogProgressTests {
  @Test func `a tqdm line has a percentage, counts, a rate, and the remaining time`() throws {
    let line = " 58%|█████▊    | 23/40 [00:12<00:08,  1.90it/s]"
    let progress = try #require(LogProgress(log: "Using seed: 4\n" + line))
    #expect(progress.fraction == 0.58)
    #expect(progress.current == 23)
    #expect(progress.total == 40)
    #expect(progress.rate == "1.90it/s")
    #expect(progress.remaining == "00:08")
    #expect(progress.stage == nil)
  }

  @Test func `the last state counts for a bar that is rewritten in place`() {
    let log = "  0%|   | 0/4 [00:00<?, ?it/s]\r 50%|█  | 2/4 [00:01<00:01,  2.00it/s]\r"
    #expect(LogProgress(log: log)?.fraction == 0.5)
    #expect(LogProgress(log: "  0%|   | 0/4 [00:00<?, ?it/s]")?.rate == nil)
  }

  @Test func `a later stage starts over with its own percentage`() throws {
    let log =
      "Loading: 100%|███| 5/5 [00:01<00:00, 4it/s]\nDecoding:  20%|▌ | 1/5 [00:01<00:04, 1it/s]\n"
    let progress = try #require(LogProgress(log: log))
    #expect(progress.stage == "Decoding")
    #expect(progress.fraction == 0.2)
  }

  @Test(arguments: [
    "", "no progress", "100% sure", "%|", "12", "a%|b|", "999%|█| 1/1", "\r\r\r", "50/100 done",
  ])
  func `other lines have no progress`(log: String) {
    #expect(LogProgress(log: log) == nil)
  }

  @Test func `carriage returns restart a line, as in a terminal`() {
    #expect(LogText.lines(of: "a\nb\r\nc") == ["a", "b", "c"])
    #expect(LogText.lines(of: "10%\r20%\r30%\ndone\n") == ["30%", "done"])
    #expect(LogText.lines(of: "10%\r20%\r") == ["20%"])
    #expect(LogText.lines(of: "").isEmpty)
    #expect(LogText.lines(of: "\n\n") == ["", ""])
  }
}
