import Testing

@testable import ReplicateAPI

@Suite struct `Lists with an odd element` {
  func read<Value: JSONReadable>(_ text: String, as type: Value.Type) throws -> Value {
    try JSONReader.read(Array(text.utf8)) { (reader) throws(JSONSyntaxError) in
      try Value(from: &reader)
    }
  }

  @Test func `a page keeps its good rows`() throws {
    let page = try read(
      #"""
      {"next":"n","results":[{"id":"a"},{"id":null,"error":{"a":[1,"]}"]}},null,[{"x":"}"}],
      "text",{"id":"b"}]}
      """#, as: Page<Prediction>.self)
    #expect(page.results.map(\.id) == ["a", "b"])
    #expect(page.next == "n")
    #expect(page.unreadable.map(\.index) == [1, 2, 3, 4])
    #expect(
      page.unreadable.map(\.description) == [
        "results[1]: a prediction without an id", "results[2]: an object was expected",
        "results[3]: an object was expected", "results[4]: an object was expected",
      ])
    #expect(page.unreadable.map(\.size) == [34, 4, 11, 6])
  }

  @Test func `a collection keeps its good models`() throws {
    let collection = try read(
      #"""
      {"models":[{"owner":"a","name":"one"},null,{"owner":null,"name":"lost"},
      {"owner":"a","name":"two"}],"slug":"ships"}
      """#, as: Collection.self)
    #expect(collection.models.map(\.id.name) == ["one", "two"])
    #expect(collection.slug == "ships")
    #expect(collection.unreadable.map(\.path) == ["models[1]", "models[2]"])
    #expect(collection.unreadable.map(\.name) == [nil, "lost"])
  }

  @Test func `a search keeps what it could read of each list`() throws {
    let results = try read(
      #"""
      {"query":"ship","models":[{"model":{"owner":"a","name":"one"}},{"model":null},
      {"model":{"owner":"a","name":"two"},"metadata":null}],
      "collections":[7,{"slug":"s","name":"S"}],"pages":[null,{"name":"p","href":"/p"}]}
      """#, as: SearchResults.self)
    #expect(results.models.map(\.model.id.name) == ["one", "two"])
    #expect(results.collections.map(\.slug) == ["s"])
    #expect(results.pages.map(\.name) == ["p"])
    #expect(
      results.unreadable.map(\.path) == ["models[1].model", "collections[0]", "pages[0]"])
  }

  @Test func `a bare array keeps its good elements`() throws {
    let page = try read(#"[{"sku":"cpu"},{"name":"GPU"}]"#, as: Page<Hardware>.self)
    #expect(page.results.map(\.sku) == ["cpu"])
    #expect(page.unreadable.map(\.path) == ["[1]"])
    #expect(page.unreadable.map(\.name) == ["GPU"])
  }

  @Test func `an element that is nested too deeply is skipped`() throws {
    let deep = String(repeating: "[", count: 2_000) + String(repeating: "]", count: 2_000)
    let page = try read(
      #"{"results":[{"id":"a","input":{"x":\#(deep)}},{"id":"b"}]}"#, as: Page<Prediction>.self)
    #expect(page.results.map(\.id) == ["b"])
    #expect(page.unreadable.first?.name == "a")
    #expect(page.unreadable.first?.path.hasPrefix("results[0].input.x[0]") == true)
  }

  @Test func `a deployment by nobody keeps its row`() throws {
    let page = try read(
      #"{"results":[{"owner":"a","name":"b","current_release":{"created_by":{"name":"x"}}}]}"#,
      as: Page<Deployment>.self)
    #expect(page.results.first?.currentRelease != nil)
    #expect(page.results.first?.currentRelease?.createdBy == nil)
  }

  @Test func `many odd elements take no more than their share of time`() throws {
    let bad = Array(repeating: "null", count: 200_000).joined(separator: ",\n")
    let start = ContinuousClock.now
    let page = try read(#"{"results":[\#(bad)]}"#, as: Page<Prediction>.self)
    #expect(page.unreadable.count == 200_000)
    // Counting the lines for each of them would take minutes.
    #expect(ContinuousClock.now - start < .seconds(30))
  }

  @Test func `an error of the whole names its line`() {
    let error = #expect(throws: JSONSyntaxError.self) {
      try read("{\"results\":[null,\n null x]}", as: Page<Prediction>.self)
    }
    #expect(error?.line == 2 && error?.column == 7)
  }

  @Test(arguments: [
    #"{"results":[{"id":"a"},{"id":null"#, #"{"results":[{"id":"a"},nul]}"#,
    #"{"results":[{"id":"a"},[1,,2]]}"#, #"{"results":[{"id":"a"},{"b"}]}"#,
    #"{"results":[{"id":"a"},["\q"]]}"#, #"{"results":[null,{"id":"a"}}"#,
    #"{"results":[{"id":"a"},[}]}"#, #"{"results":[null] x"#, #"{"results":[null"#,
  ])
  func `a list that isn't JSON is an error of the whole`(text: String) {
    #expect(throws: JSONSyntaxError.self) { try read(text, as: Page<Prediction>.self) }
  }
}
