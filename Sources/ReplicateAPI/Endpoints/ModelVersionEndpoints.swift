extension Endpoint where Response == Page<ModelVersion> {
  /// A model's versions, newest first. Official models without versions answer with 404.
  public static func versions(of model: ModelID) -> Self {
    Endpoint(.listModelVersions, model.pathParameters)
  }
}

extension Endpoint where Response == ModelVersion {
  public static func version(_ id: ModelVersion.ID, of model: ModelID) -> Self {
    var parameters = model.pathParameters
    parameters["version_id"] = id.rawValue
    return Endpoint(.getModelVersion, parameters)
  }
}
