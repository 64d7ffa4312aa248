import ReplicateAPI
import Testing

@Suite struct `The route table` {
  @Test func `all 37 operations stand in it, each once`() {
    #expect(Route.allCases.count == 37)
    #expect(Set(Route.allCases.map(\.rawValue)).count == 37)
  }

  @Test func `a path gets its parameters, escaped`() {
    #expect(Route.getAccount.path() == "/account")
    #expect(
      Route.getModel.path(["model_owner": "a b", "model_name": "c/d?e"])
        == "/models/a%20b/c%2Fd%3Fe")
    #expect(Route.getFile.path(["file_id": ".."]) == "/files/%2E%2E")
  }

  @Test(arguments: Route.allCases)
  func `a call is found again by its method and path`(route: Route) throws {
    let values = Dictionary(
      uniqueKeysWithValues: route.parameterNames.map { ($0, "é \($0)/1") })
    let found = try #require(
      Route.matching(method: route.method, path: route.path(values)))
    #expect(found.route == route)
    #expect(found.parameters == values)
  }

  @Test func `an unknown call isn't found`() {
    #expect(Route.matching(method: "PUT", path: "/account") == nil)
    #expect(Route.matching(method: "GET", path: "/nowhere") == nil)
    #expect(Route.matching(method: "GET", path: "/predictions/a/b") == nil)
  }

  @Test func `what creates or deletes isn't repeatable`() {
    let repeatable = Route.allCases.filter(\.isRepeatable)
    #expect(
      repeatable.filter { $0.method == "GET" } == Route.allCases.filter { $0.method == "GET" })
    #expect(
      repeatable.filter { $0.method != "GET" } == [
        .searchModels, .cancelPrediction, .cancelTraining,
      ])
  }
}
