extension Endpoint where Response == Page<File> {
  /// The account's uploaded files. They aren't sorted by time.
  public static var files: Self { Endpoint(.listFiles) }
}

extension Endpoint where Response == File {
  /// An uploaded file, without its content.
  public static func file(_ id: File.ID) -> Self {
    Endpoint(.getFile, ["file_id": id.rawValue])
  }
}

extension Endpoint where Response == Void {
  /// Deletes an uploaded file.
  public static func deleteFile(_ id: File.ID) -> Self {
    Endpoint(.deleteFile, ["file_id": id.rawValue])
  }
}

extension Endpoint where Response == [UInt8] {
  /// The content of an uploaded file, by a signed address.
  ///
  /// - Parameters:
  ///   - id: The file.
  ///   - owner: The name of the file's account.
  ///   - expiry: When the signature expires, in seconds since 1970.
  ///   - signature: The base64 HMAC-SHA256 of `{owner} {id} {expiry}` with the account's signing
  ///     secret for files, which the API doesn't reveal.
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
