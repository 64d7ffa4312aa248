import ReplicateAPI

/// The backend that answers a route. Backends differ in their headers and their JSON.
enum Backend: Sendable {
  /// The Go service that creates, returns and cancels predictions.
  case director
  /// Models, collections, lists and everything else.
  case django
  /// Uploaded files.
  case files

  init(_ route: Route) {
    self =
      switch route {
      case .createPrediction, .createModelPrediction, .createDeploymentPrediction, .getPrediction,
        .cancelPrediction, .createTraining, .cancelTraining:
        .director
      case .listFiles, .createFile, .getFile, .deleteFile, .downloadFile: .files
      default: .django
      }
  }

  /// The headers that are typical of the backend, from recordings.
  func headers(_ route: Route) -> [(String, String)] {
    switch self {
    case .director:
      route == .getPrediction
        ? []
        : [
          ("replicate-edge-cluster", "services-aws-us-west-2"),
          ("replicate-target-cluster", "coreweave-us"),
        ]
    case .django:
      [
        ("allow", Self.allowed(at: route.pathTemplate)),
        ("vary", "Cookie, origin, Accept-Encoding"),
      ]
    case .files: [("vary", "Accept-Encoding")]
    }
  }

  /// The methods that a path supports, as in the `Allow` header.
  static func allowed(at template: String) -> String {
    switch template {
    case "/models": return "GET, POST, QUERY"
    case "/hardware", "/trainings", "/trainings/{training_id}": return "OPTIONS, GET"
    default:
      let methods = Route.allCases.filter { $0.pathTemplate == template }.map(\.method)
      let known = ["GET", "POST", "PATCH", "DELETE"].filter(methods.contains)
      return (known + (known.contains("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"]))
        .joined(separator: ", ")
    }
  }
}

extension Route {
  /// Whether the call starts something that costs money.
  var costs: Bool { rateLimit == .creates || self == .createTraining }
}
