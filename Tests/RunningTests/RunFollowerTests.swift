import ReplicateAPI
import Support
import Testing

@testable import Running

@MainActor @Suite struct `Following a run` {
  let stage = RunsStage()
  var runs: Runs { stage.runs }
  var transport: StreamingTransport { stage.transport }

  private func shown(_ id: String) -> Run {
    stage.script.answer("GET /predictions/\(id)", Prediction.answer(id, "processing"))
    let run = runs.run(for: .sample(id))
    runs.show(run)
    return run
  }

  @Test func `a run has only one poll and one stream, however often it's followed`() async {
    let run = shown("p1")
    await transport.connected("p1")
    for _ in 0..<5 {
      runs.follow(run)
      runs.show(run)
    }
    // A second poll would show up while the first one is in progress.
    stage.script.hold("GET /predictions/p1")
    await stage.passing { stage.polls("p1") > 0 }
    stage.clock.advance(by: .seconds(5))
    await stage.rest()
    #expect(transport.connections("p1").count == 1)
    #expect(stage.polls("p1") == 1)
    stage.script.release("GET /predictions/p1")
    runs.end()
  }

  @Test func `a failed poll doesn't open a second stream that duplicates the text`() async {
    let run = shown("p1")
    stage.script.answer("GET /predictions/p1", status: 401, "{}")
    await transport.connected("p1")
    transport.send("Once", eventID: "1:0", to: "p1")
    await stage.until { run.streamed == "Once" }
    await stage.passing { run.failure != nil }

    stage.script.answer("GET /predictions/p1", Prediction.answer("p1", "processing"))
    runs.follow(run)
    #expect(run.failure == nil)
    await stage.passing { stage.polls("p1") >= 2 }
    transport.send(" upon", eventID: "1:1", to: "p1")
    await stage.until { run.streamed.hasSuffix(" upon") }
    #expect(run.streamed == "Once upon")
    #expect(transport.connections("p1").count == 1)
    runs.end()
  }

  @Test func `a failed poll isn't repeated until the run is followed again or changes`() async {
    let run = runs.run(for: .sample("p1"))
    stage.script.answer("GET /predictions/p1", status: 401, "{}")
    runs.follow(run)
    await stage.passing { run.failure != nil }
    runs.setSeen(["p1"])
    for _ in 0..<5 {
      stage.clock.advance(by: .seconds(60))
      await stage.rest()
    }
    #expect(stage.polls("p1") == 1)

    stage.script.answer("GET /predictions/p1", Prediction.answer("p1", "succeeded"))
    _ = runs.run(for: .sample("p1"))
    await stage.passing { !run.isUnderWay }
    #expect(stage.polls("p1") == 2)
  }

  @Test func `an interrupted stream resumes after its last event`() async {
    let run = shown("p1")
    await transport.connected("p1")
    transport.send("Once", eventID: "1:0", to: "p1")
    transport.send(" upon", eventID: "1:1", to: "p1")
    transport.cut("p1")
    await stage.passing { transport.connections("p1").count == 2 }
    #expect(transport.connections("p1") == [nil, "1:1"])
    // This server starts over anyway.
    transport.send("Once", eventID: "1:0", to: "p1")
    transport.send(" upon", eventID: "1:1", to: "p1")
    transport.send(" a time", eventID: "1:2", to: "p1")
    await stage.until { run.streamed.hasSuffix("time") }
    #expect(run.streamed == "Once upon a time")
    runs.end()
  }

  @Test func `a failed stream is retried as long as the run is in progress`() async {
    let run = shown("p1")
    await transport.connected("p1")
    transport.send("a", eventID: "1:0", to: "p1")
    for count in 2...9 {
      transport.cut("p1")
      await stage.passing { transport.connections("p1").count == count }
    }
    transport.send("b", eventID: "1:1", to: "p1")
    await stage.until { run.streamed == "ab" }
    #expect(transport.connections("p1").last == "1:0")
    runs.end()
  }

  @Test func `a run that was hidden resumes streaming where it stopped`() async {
    let run = shown("p1")
    await transport.connected("p1")
    transport.send("Once", eventID: "1:0", to: "p1")
    await stage.until { run.streamed == "Once" }
    runs.hide(run)
    runs.show(run)
    runs.hide(run)
    await stage.rest()
    transport.send(" lost", eventID: "1:1", to: "p1")
    await stage.rest()
    #expect(run.streamed == "Once")

    runs.show(run)
    await transport.connected("p1", times: 2)
    #expect(transport.connections("p1").last == "1:0")
    transport.send(" upon", eventID: "1:1", to: "p1")
    await stage.until { run.streamed != "Once" }
    #expect(run.streamed == "Once upon")
    runs.end()
  }

  @Test func `only visible runs and the user's own runs have a stream`() async throws {
    for id in ["p1", "p2"] {
      stage.script.answer("GET /predictions/\(id)", Prediction.answer(id, "processing"))
      runs.follow(runs.run(for: .sample(id)))
    }
    stage.script.answer("POST /predictions", status: 201, Prediction.answer("own", "starting"))
    stage.script.answer("GET /predictions/own", Prediction.answer("own", "processing"))
    _ = try await runs.create(RunPlan(.version(ModelVersion.ID(rawValue: "v")), input: [:]))
    await transport.connected("own")
    await stage.passing { stage.polls("p1") > 0 && stage.polls("p2") > 0 }
    await stage.rest()
    #expect(transport.connections("p1").isEmpty && transport.connections("p2").isEmpty)

    runs.show(try #require(runs.run("p2")))
    await transport.connected("p2")
    #expect(transport.connections("p1").isEmpty)
    runs.end()
  }

  @Test func `a stream that the service adds later is opened then`() async {
    stage.script.answer("GET /predictions/p1", Prediction.answer("p1", "processing"))
    runs.show(runs.run(for: .sample("p1", .starting, streams: false)))
    await stage.passing { !transport.connections("p1").isEmpty }
    runs.end()
  }

  @Test func `the end of the stream triggers a check for the end of the run`() async {
    let run = shown("p1")
    await transport.connected("p1")
    stage.script.answer(
      "GET /predictions/p1", Prediction.answer("p1", "succeeded", #""output":["Once"," upon"]"#))
    transport.send("{}", name: "done", to: "p1")
    await stage.until { !run.isUnderWay }
    #expect(run.output == [.text("Once upon")])
    await runs.settled()
  }
}

@MainActor @Suite struct `The output while it arrives` {
  private func run(_ kind: OutputKind? = nil) -> Run {
    let run = Run(.sample("p1"))
    run.outputKind = kind
    return run
  }

  @Test func `a text whose first chunk looks like an address keeps that chunk`() {
    let run = run()
    run.receive("https://")
    #expect(run.output.isEmpty)
    run.receive("ships")
    run.receive(".example")
    #expect(run.output == [.text("https://ships.example")])
  }

  @Test func `several chunks that look like addresses are kept, too`() {
    let run = run()
    for piece in ["data:", "http://", " and", " more"] { run.receive(piece) }
    #expect(run.streamed == "data:http:// and more")
  }

  @Test func `the addresses of files come from the prediction`() {
    let run = run()
    run.receive("https://replicate.delivery/a.png")
    run.receive("data:image/png;base64," + String(repeating: "A", count: 10_000))
    run.receive("text?")
    #expect(run.streamed.isEmpty && run.output.isEmpty)
  }

  @Test func `the schema decides if it's known`() {
    let text = run(.textStream)
    text.receive("https://")
    #expect(text.output == [.text("https://")])
    let files = run(.fileStream)
    files.receive("not an address")
    #expect(files.output.isEmpty)
  }

  @Test func `a schema that arrives later decides about held-back chunks`() {
    let run = run()
    run.receive("https://")
    run.outputKind = .textStream
    #expect(run.output == [.text("https://")])
  }

  @Test func `the stream or the poll is shown, whichever is ahead`() {
    let run = run(.textStream)
    run.receive("Once upon")
    var polled = run.prediction
    polled.output = ["Once"]
    run.update(polled)
    #expect(run.output == [.text("Once upon")])
    polled.output = ["Once", " upon", " a time"]
    run.update(polled)
    #expect(run.output == [.text("Once upon a time")])
  }
}
