extension Endpoint where Response == Page<ModelVersion> {
  /// A model's versions, newest first. Official models without versions answer with 404.
  public static func versions(of model: ModelID) -> Self {
    Endpoint(.listModelVersions, model.pathParameters)
  }
}

extension Endpoint where Response == ModelVersion {
  public static func version(_ id: ModelVersion.ID, of model: ModelID) -> Self {
    Endpoint(.getModelVersion, model.pathParameters(version: id))
  }
}

extension Endpoint where Response == Void {
  /// Deletes a version of a private model of one's own, with its predictions and their files. Refused
  /// where others ran it, trained from it or deployed it. The service answers before it is done.
  public static func deleteVersion(_ id: ModelVersion.ID, of model: ModelID) -> Self {
    Endpoint(.deleteModelVersion, model.pathParameters(version: id))
  }
}

extension ModelID {
  func pathParameters(version: ModelVersion.ID) -> [String: String] {
    var parameters = pathParameters
    parameters["version_id"] = version.rawValue
    return parameters
  }
}
