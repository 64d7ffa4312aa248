import ReplicateAPI

/// Lists every operation of the API with the call that makes it and the test that runs it against
/// the demo service.
///
/// The switch below is exhaustive: a new route doesn't compile until it has a row.
enum OperationTable {
  /// A call of `Client`, and the name of a test in Tests/ServiceTests/OperationsTests.swift.
  private struct Row {
    let call: String
    let test: String

    init(_ call: String, _ test: String) {
      self.call = call
      self.test = test
    }
  }

  @MainActor static var markdown: String {
    let rows = Route.allCases.map { route in
      let row = row(route)
      let call = row.call.hasPrefix(".") ? "send(\(row.call))" : row.call
      return "| `\(route.rawValue)` | `\(call)` | `\(route)` | \(row.test) "
        + "| \(ScreenTable.place(of: route)) | \(ScreenTable.test(of: route)) |\n"
    }
    return """
      | Operation | Typed call | Demo answer | Test in `OperationsTests` | On the screen | Test by keys |
      |---|---|---|---|---|---|

      """ + rows.joined()
  }

  private static func row(_ route: Route) -> Row {
    switch route {
    case .getAccount: Row(".account", "the account is told")
    case .listCollections:
      Row(".collections", "collections are listed, and one is told with its models")
    case .getCollection:
      Row(".collection(_:)", "collections are listed, and one is told with its models")
    case .listDeployments: Row(".deployments", "a deployment is made, changed, run and told")
    case .createDeployment:
      Row(".createDeployment(_:)", "a deployment is made, changed, run and told")
    case .deleteDeployment:
      Row(".deleteDeployment(_:)", "a deployment that is idle and off is deleted")
    case .getDeployment: Row(".deployment(_:)", "a deployment is made, changed, run and told")
    case .updateDeployment:
      Row(".updateDeployment(_:_:)", "a deployment is made, changed, run and told")
    case .createDeploymentPrediction:
      Row(
        ".createPrediction(deployment:input:options:)",
        "a deployment is made, changed, run and told")
    case .listFiles: Row(".files", "a file is uploaded, told, listed, given to a model and deleted")
    case .createFile:
      Row("upload(_:progress:)", "a file is uploaded, told, listed, given to a model and deleted")
    case .deleteFile:
      Row(".deleteFile(_:)", "a file is uploaded, told, listed, given to a model and deleted")
    case .getFile:
      Row(".file(_:)", "a file is uploaded, told, listed, given to a model and deleted")
    case .downloadFile:
      Row(
        ".fileContent(_:owner:expiry:signature:)",
        "a file's content is fetched by a signed address alone")
    case .listHardware: Row(".hardware", "the kinds of hardware are told")
    case .listModels:
      Row(".models(sortBy:direction:)", "models are listed by pages in both directions")
    case .createModel: Row(".createModel(_:)", "a model of one's own is made, changed and deleted")
    case .searchModels: Row(".searchModels(_:)", "models are searched in both ways")
    case .deleteModel: Row(".deleteModel(_:)", "a model of one's own is made, changed and deleted")
    case .getModel: Row(".model(_:)", "a model is told with its versions, examples and readme")
    case .updateModel:
      Row(".updateModel(_:_:)", "a model of one's own is made, changed and deleted")
    case .listModelExamples:
      Row(".examples(of:)", "a model is told with its versions, examples and readme")
    case .createModelPrediction:
      Row(
        ".createPrediction(model:input:options:)",
        "a prediction is made by an official model's name")
    case .getModelReadme:
      Row(".readme(of:)", "a model is told with its versions, examples and readme")
    case .listModelVersions:
      Row(".versions(of:)", "a model is told with its versions, examples and readme")
    case .deleteModelVersion:
      Row(".deleteVersion(_:of:)", "a training is made, followed, listed and ends in a version")
    case .getModelVersion:
      Row(".version(_:of:)", "a model is told with its versions, examples and readme")
    case .createTraining:
      Row(
        ".createTraining(from:of:_:)",
        "a training is made, followed, listed and ends in a version")
    case .listPredictions:
      Row(
        ".predictions(createdAfter:createdBefore:source:)",
        "a prediction is made by version, followed, listed and canceled")
    case .createPrediction:
      Row(
        ".createPrediction(version:input:options:)",
        "a prediction is made by version, followed, listed and canceled")
    case .getPrediction:
      Row(".prediction(_:)", "a prediction is made by version, followed, listed and canceled")
    case .cancelPrediction:
      Row(".cancelPrediction(_:)", "a prediction is made by version, followed, listed and canceled")
    case .search: Row(".search(_:limit:)", "models are searched in both ways")
    case .listTrainings:
      Row(".trainings", "a training is made, followed, listed and ends in a version")
    case .getTraining:
      Row(".training(_:)", "a training is made, followed, listed and ends in a version")
    case .cancelTraining:
      Row(".cancelTraining(_:)", "a training is made, followed, listed and ends in a version")
    case .getDefaultWebhookSecret:
      Row(".webhookSecret", "the webhook secret is told, and is a usable key")
    }
  }
}
