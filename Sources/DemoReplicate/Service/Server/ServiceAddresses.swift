import Synchronization

/// The service's own URLs, known once it is listening.
final class ServiceAddresses: Sendable {
  private let urls = Mutex(BaseURLs(api: "", output: ""))

  /// Such as `http://127.0.0.1:8080/v1`.
  var api: String { urls.withLock { $0.api } }
  /// The output host, such as `http://127.0.0.1:8081`.
  var output: String { urls.withLock { $0.output } }
  var base: BaseURLs { urls.withLock { $0 } }

  func set(api: String, output: String) {
    urls.withLock { $0 = BaseURLs(api: api, output: output) }
  }
}
