/// Every HTTP call this package knows, one line each.
///
/// The client builds URLs from this table, the demo server answers from it, and docs/operations.md
/// lists it, so they always agree. Paths are those of Replicate's OpenAPI document. The
/// base URL includes `/v1`.
public enum Route: String, CaseIterable, Sendable {
  case getAccount = "GET /account"

  case listCollections = "GET /collections"
  case getCollection = "GET /collections/{collection_slug}"

  case listDeployments = "GET /deployments"
  case createDeployment = "POST /deployments"
  case deleteDeployment = "DELETE /deployments/{deployment_owner}/{deployment_name}"
  case getDeployment = "GET /deployments/{deployment_owner}/{deployment_name}"
  case updateDeployment = "PATCH /deployments/{deployment_owner}/{deployment_name}"
  case createDeploymentPrediction =
    "POST /deployments/{deployment_owner}/{deployment_name}/predictions"

  case listFiles = "GET /files"
  case createFile = "POST /files"
  case deleteFile = "DELETE /files/{file_id}"
  case getFile = "GET /files/{file_id}"
  case downloadFile = "GET /files/{file_id}/download"

  case listHardware = "GET /hardware"

  case listModels = "GET /models"
  case createModel = "POST /models"
  case searchModels = "QUERY /models"
  case deleteModel = "DELETE /models/{model_owner}/{model_name}"
  case getModel = "GET /models/{model_owner}/{model_name}"
  case updateModel = "PATCH /models/{model_owner}/{model_name}"
  case listModelExamples = "GET /models/{model_owner}/{model_name}/examples"
  case createModelPrediction = "POST /models/{model_owner}/{model_name}/predictions"
  case getModelReadme = "GET /models/{model_owner}/{model_name}/readme"
  case listModelVersions = "GET /models/{model_owner}/{model_name}/versions"
  case deleteModelVersion = "DELETE /models/{model_owner}/{model_name}/versions/{version_id}"
  case getModelVersion = "GET /models/{model_owner}/{model_name}/versions/{version_id}"
  case createTraining =
    "POST /models/{model_owner}/{model_name}/versions/{version_id}/trainings"

  case listPredictions = "GET /predictions"
  case createPrediction = "POST /predictions"
  case getPrediction = "GET /predictions/{prediction_id}"
  case cancelPrediction = "POST /predictions/{prediction_id}/cancel"

  case search = "GET /search"

  case listTrainings = "GET /trainings"
  case getTraining = "GET /trainings/{training_id}"
  case cancelTraining = "POST /trainings/{training_id}/cancel"

  case getDefaultWebhookSecret = "GET /webhooks/default/secret"

  /// The HTTP method: `GET`, `POST`, `PATCH`, `DELETE`, or `QUERY`.
  public var method: String {
    String(rawValue.prefix { $0 != " " })
  }

  /// The path with parameter names in braces.
  public var pathTemplate: String {
    String(rawValue.drop { $0 != " " }.dropFirst())
  }

  /// The names in braces, in order.
  public var parameterNames: [String] {
    pathTemplate.split(separator: "/").compactMap(Self.parameterName)
  }

  /// Whether it is safe to send the call again if it may have arrived, because it changes nothing
  /// or has the same effect twice. A create isn't repeatable: it would run, and cost, twice.
  public var isRepeatable: Bool {
    switch self {
    case .cancelPrediction, .cancelTraining: true
    default: method == "GET" || method == "QUERY"
    }
  }

  /// The path with its parameters filled in and escaped.
  public func path(_ parameters: [String: String] = [:]) -> String {
    pathTemplate.split(separator: "/").map { segment in
      guard let name = Self.parameterName(segment) else { return "/" + segment }
      return "/" + PercentEncoding.encoded(parameters[name] ?? "")
    }.joined()
  }

  /// The route and the parameters of a request. The path doesn't include `/v1`.
  public static func matching(
    method: String, path: String
  ) -> (route: Route, parameters: [String: String])? {
    let segments = path.split(separator: "/")
    for route in allCases where route.method == method {
      if let parameters = route.parameters(in: segments) { return (route, parameters) }
    }
    return nil
  }

  private func parameters(in segments: [Substring]) -> [String: String]? {
    let template = pathTemplate.split(separator: "/")
    guard template.count == segments.count else { return nil }
    var parameters: [String: String] = [:]
    for (expected, actual) in zip(template, segments) {
      if let name = Self.parameterName(expected) {
        parameters[name] = PercentEncoding.decoded(actual)
      } else if expected != actual {
        return nil
      }
    }
    return parameters
  }

  private static func parameterName(_ segment: Substring) -> String? {
    segment.hasPrefix("{") ? String(segment.dropFirst().dropLast()) : nil
  }
}
