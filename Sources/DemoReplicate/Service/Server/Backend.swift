import ReplicateAPI

/// Which of the service's programs answers a route; they differ in headers and in how they write.
enum Backend: Sendable {
  /// The Go edge: creates and looks at predictions.
  case director
  /// Models, collections, lists and the rest.
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

  /// The headers that tell the program, as recorded.
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

  /// The methods that a path knows.
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
  /// Whether the call runs something that costs money.
  var costs: Bool { rateLimit == .creates || self == .createTraining }
}
