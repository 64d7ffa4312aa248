extension Endpoint where Response == Page<ModelVersion> {
  /// A model's versions, newest first. The service sends a 404 for official models without
  /// versions.
  public static func versions(of model: ModelID) -> Self {
    Endpoint(.listModelVersions, model.pathParameters)
  }
}

extension Endpoint where Response == ModelVersion {
  /// A version of a model.
  public static func version(_ id: ModelVersion.ID, of model: ModelID) -> Self {
    Endpoint(.getModelVersion, model.pathParameters(version: id))
  }
}

extension Endpoint where Response == Void {
  /// Deletes a version of a private model of the account, with its predictions and their files. The
  /// service refuses if others have run it, trained from it, or deployed it. It answers before it
  /// is done.
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
