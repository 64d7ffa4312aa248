import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The account's secret for the addresses of uploaded files. The API reveals it to nobody: Replicate's
/// support gives it to an account that asks.
public struct FilesSigningSecret: Sendable, Hashable {
  private let key: String

  public init(_ key: String) {
    self.key = key
  }

  /// The signature of a download's address.
  ///
  /// - Parameters:
  ///   - id: The file.
  ///   - owner: The name of the file's account.
  ///   - expiry: When the signature expires, in seconds since 1970.
  public func signature(of id: File.ID, owner: String, expiry: Int) -> String {
    let code = HMAC<SHA256>.authenticationCode(
      for: Array("\(owner) \(id.rawValue) \(expiry)".utf8),
      using: SymmetricKey(data: Array(key.utf8)))
    return Data(code).base64EncodedString()
  }
}

/// Descriptions never show the secret.
extension FilesSigningSecret: CustomStringConvertible, CustomReflectable {
  public var description: String { "a signing secret for files" }
  public var customMirror: Mirror { Mirror(self, children: [:]) }
}

extension Client {
  /// Downloads an uploaded file, and checks that it arrived as the service has it. The file appears at
  /// its path only when it is complete; one whose checksum is wrong is deleted.
  ///
  /// - Parameters:
  ///   - file: The file, as the service lists it.
  ///   - owner: The name of the file's account.
  ///   - secret: The account's.
  ///   - now: The service's time, in seconds since 1970.
  ///   - path: Where to save the file. An existing file is replaced.
  ///   - progress: Called after each chunk, on any thread.
  @concurrent
  public func download(
    _ file: File, of owner: String, _ secret: FilesSigningSecret, now: Double, to path: String,
    progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> DownloadedFile {
    let expiry = Int(clamping: now) + 3600
    let query = [
      ("owner", owner), ("expiry", String(expiry)),
      ("signature", secret.signature(of: file.id, owner: owner, expiry: expiry)),
    ]
    let address =
      "\(configuration.baseURL)/files/\(PercentEncoding.encoded(file.id.rawValue))/download?"
      + query.map { "\($0)=\(PercentEncoding.encoded($1))" }.joined(separator: "&")
    let downloaded = try await download(address, to: path, progress: progress)
    guard let expected = file.checksums["sha256"] else { return downloaded }
    let actual: String
    do throws(TransportError) {
      actual = try OpenFile(LocalFile(reading: path)).checksum()
    } catch {
      throw ReplicateError(error)
    }
    guard actual == expected.lowercased() else {
      LocalFile.remove(path)
      throw ReplicateError(
        .unreadable(what: "the file that arrived has another checksum than the one at Replicate"))
    }
    return downloaded
  }
}
