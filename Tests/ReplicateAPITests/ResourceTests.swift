import Testing

@testable import ReplicateAPI

@Suite struct `Lenient reading` {
  func read<Value: JSONReadable>(_ text: String, as type: Value.Type) throws -> Value {
    try JSONReader.read(Array(text.utf8)) { (reader) throws(JSONSyntaxError) in
      try Value(from: &reader)
    }
  }

  @Test func `a starting prediction has neither output nor most times`() throws {
    let prediction = try read(
      #"""
      {"id":"azaq55dbukgxg6kubr4k6g3pby","model":"stability-ai/sdxl","version":"39ed","input":{"seed":42069,"width":512},"logs":"","error":null,"status":"starting","created_at":"2023-11-16T11:46:16.064900134Z","urls":{"cancel":"c","get":"g"}}
      """#, as: Prediction.self)
    #expect(prediction.id == "azaq55dbukgxg6kubr4k6g3pby")
    #expect(prediction.status == .starting)
    #expect(prediction.output == nil)
    #expect(prediction.startedAt == nil)
    #expect(prediction.input == ["seed": 42069, "width": 512])
    #expect(prediction.urls == Prediction.URLs(get: "g", cancel: "c"))
    #expect(prediction.createdAt?.text == "2023-11-16T11:46:16.064900134Z")
  }

  @Test func `null is as good as absent, and unknown fields are no hindrance`() throws {
    let prediction = try read(
      #"""
      {"id":"a","model":null,"version":null,"input":null,"output":null,"logs":null,"error":null,"status":"succeeded","started_at":null,"metrics":null,"urls":null,"source":null,"data_removed":null,"deadline":null,"webhook":null,"shiny":{"new":[1,{}]}}
      """#, as: Prediction.self)
    #expect(prediction == Prediction(id: "a", status: .succeeded))
  }

  @Test func `every field of a prediction is read`() throws {
    let prediction = try read(
      #"""
      {"id":"a","model":"o/n","version":"v","deployment":"o/d","status":"failed","input":{},"output":["x"],"logs":"l","error":{"code":1},"created_at":"1","started_at":"2","completed_at":"3","deadline":"4","metrics":{"predict_time":1.5,"a":{"b":true}},"urls":{"get":"g","cancel":"c","web":"w","stream":"s"},"source":"api","data_removed":true}
      """#, as: Prediction.self)
    #expect(
      prediction
        == Prediction(
          id: "a", model: "o/n", version: "v", deployment: "o/d", status: .failed,
          output: ["x"], logs: "l", error: #"{"code":1}"#, createdAt: "1", startedAt: "2",
          completedAt: "3", deadline: "4", metrics: ["predict_time": 1.5, "a": ["b": true]],
          urls: Prediction.URLs(get: "g", cancel: "c", web: "w", stream: "s"), source: "api",
          isDataRemoved: true))
  }

  @Test func `aborted is an end, and an unknown status is kept and is none`() {
    #expect(Prediction.Status(rawValue: "aborted") == .aborted)
    #expect(Prediction.Status.aborted.isTerminal)
    #expect(Prediction.Status(rawValue: "paused") == .unknown("paused"))
    #expect(Prediction.Status(rawValue: "paused").rawValue == "paused")
    #expect(!Prediction.Status(rawValue: "paused").isTerminal)
    for status in ["starting", "processing", "succeeded", "failed", "canceled", "aborted"] {
      #expect(Prediction.Status(rawValue: status).rawValue == status)
    }
  }

  @Test func `a prediction without an id isn't one`() {
    #expect(throws: JSONSyntaxError.self) {
      try read(#"{"status":"starting"}"#, as: Prediction.self)
    }
  }

  @Test func `a list reads slim models and passes over their schemas`() throws {
    let page = try read(
      #"""
      {"next":"null","previous":null,"results":[{"url":"https://replicate.com/a/b","owner":"a","name":"b","description":null,"run_count":"12","is_official":true,"cover_image_url":"c","default_example":{"id":1},"latest_version":{"openapi_schema":{"a":[{}]},"id":"v1"}},{"owner":"c","name":"d","run_count":null,"latest_version":null,"url":"https://elsewhere.com"}]}
      """#, as: Page<ModelSummary>.self)
    #expect(page.next == nil)
    #expect(
      page.results == [
        ModelSummary(
          id: ModelID(owner: "a", name: "b"), runCount: 12, isOfficial: true,
          coverImageURL: "c", url: "https://replicate.com/a/b", latestVersionID: "v1"),
        ModelSummary(id: ModelID(owner: "c", name: "d"), url: "https://elsewhere.com"),
      ])
    #expect(page.results[0].url == "https://replicate.com/a/b")
    #expect(page.results[1].url == "https://elsewhere.com")
  }

  @Test func `a bare array is a list too, and anything else isn't one`() throws {
    #expect(try read("[]", as: Page<Collection>.self).results.isEmpty)
    #expect(throws: JSONSyntaxError.self) { try read("{}", as: Page<Collection>.self) }
  }

  @Test func `an empty model has no version and no example`() throws {
    let model = try read(
      #"{"owner":"mattt","name":"empty","latest_version":{},"default_example":null}"#,
      as: Model.self)
    #expect(model.id == ModelID(owner: "mattt", name: "empty"))
    #expect(model.latestVersion == nil)
    #expect(model.defaultExample == nil)
    #expect(model.url == "https://replicate.com/mattt/empty")
    #expect(model.summary == ModelSummary(id: model.id))
  }

  @Test func `an example without an id is still an example`() throws {
    let model = try read(
      #"{"owner":"a","name":"b","default_example":{"status":"succeeded","output":"x"}}"#,
      as: Model.self)
    #expect(model.defaultExample?.output == "x")
  }

  @Test func `a search's three kinds of finds are read`() throws {
    let results = try read(
      #"""
      {"query":"nano","models":[{"model":{"owner":"google","name":"nano-banana","run_count":7},"metadata":{"generated_description":null,"tags":["a","b"],"score":1.5}},{"model":{"owner":"x","name":"y"}}],"collections":[{"name":"N","slug":"s","description":"d","models":["a/b"]},{"name":"M","slug":"t","models":null}],"pages":[{"name":"p","href":"/docs"}]}
      """#, as: SearchResults.self)
    #expect(results.models.map(\.model.id.description) == ["google/nano-banana", "x/y"])
    #expect(results.models[0].tags == ["a", "b"])
    #expect(results.models[0].score == 1.5)
    #expect(results.collections.map(\.models) == [["a/b"], []])
    #expect(results.pages == [SearchResults.FoundPage(name: "p", href: "/docs")])
  }

  @Test func `an account's name may be missing`() throws {
    #expect(
      try read(#"{"type":"organization","username":"acme"}"#, as: Account.self)
        == Account(type: "organization", username: "acme"))
  }

  @Test(arguments: [
    ("owner/name", true), ("owner/name:version", false), ("owner", false), ("/name", false),
    ("owner/", false), ("a/b/c", false), ("", false),
  ])
  func `a model's id is owner and name`(text: String, isValid: Bool) {
    #expect((ModelID(text) != nil) == isValid)
    #expect(ModelID(text).map(\.description) == (isValid ? text : nil))
  }
}
