extension Endpoint where Response == Page<File> {
  /// The account's uploaded files, in the service's own order, which is not that of time.
  public static var files: Self { Endpoint(.listFiles) }
}

extension Endpoint where Response == File {
  public static func file(_ id: File.ID) -> Self {
    Endpoint(.getFile, ["file_id": id.rawValue])
  }
}

extension Endpoint where Response == Void {
  public static func deleteFile(_ id: File.ID) -> Self {
    Endpoint(.deleteFile, ["file_id": id.rawValue])
  }
}

extension Endpoint where Response == [UInt8] {
  /// A file's content, for whoever was given a signed address.
  ///
  /// - Parameters:
  ///   - id: The file.
  ///   - owner: The account's name.
  ///   - expiry: Until when the signature holds, in seconds since 1970.
  ///   - signature: Base64 of the HMAC-SHA256 of `{owner} {id} {expiry}`, keyed by the account's
  ///     signing secret for files, which no call of the API tells.
  public static func fileContent(
    _ id: File.ID, owner: String, expiry: Int, signature: String
  ) -> Self {
    var endpoint = Endpoint(
      .downloadFile, ["file_id": id.rawValue],
      query: [
        Item("owner", owner), Item("expiry", String(expiry)), Item("signature", signature),
      ]
    ) { (bytes) throws(JSONSyntaxError) -> [UInt8] in bytes }
    endpoint.accept = "*/*"
    return endpoint
  }
}
