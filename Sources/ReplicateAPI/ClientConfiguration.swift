#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Client {
  /// The settings of a ``Client``: token, base URL, network, and limits.
  public struct Configuration: Sendable, Hashable {
    public static let publicBaseURL = "https://api.replicate.com/v1"
    public static let publicServiceName = "Replicate"

    /// An API token, `r8_…`. Without one, every call throws ``ReplicateError/Reason/noToken``
    /// if ``needsToken``.
    public var token: String?
    /// The API's address with `/v1`, without a trailing slash.
    public var baseURL: String
    /// What errors call the service, such as the host of one's own server.
    public var serviceName = publicServiceName
    /// Sent with every call. A program that uses this library should name itself here.
    public var userAgent: String
    /// Headers besides the token, such as a gateway's key. Like the token, they are sent only to the
    /// base URL's host, and never shown.
    public var extraHeaders: [Header]
    /// Whether calls without a token are refused. Some servers, such as one's own, need none.
    public var needsToken: Bool
    /// How long one attempt may take, not counting the time that the service was asked to wait.
    public var timeout: Duration
    public var limits: AsyncHTTPTransport.Limits
    public var network: NetworkSettings
    public var retryPolicy: RetryPolicy
    /// The largest answer that is accepted, in bytes after decompression, not counting the parts of
    /// logs that aren't kept.
    public var maximumAnswerSize: Int

    public init(
      token: String? = nil, baseURL: String = publicBaseURL,
      userAgent: String = "swift-replicate-api/\(ReplicantVersion.current)",
      extraHeaders: [Header] = [], needsToken: Bool = true,
      timeout: Duration = .seconds(120),
      limits: AsyncHTTPTransport.Limits = AsyncHTTPTransport.Limits(),
      network: NetworkSettings = NetworkSettings(),
      retryPolicy: RetryPolicy = RetryPolicy(), maximumAnswerSize: Int = 128 * 1024 * 1024
    ) {
      self.token = token
      self.baseURL = baseURL
      self.userAgent = userAgent
      self.extraHeaders = extraHeaders
      self.needsToken = needsToken
      self.timeout = timeout
      self.limits = limits
      self.network = network
      self.retryPolicy = retryPolicy
      self.maximumAnswerSize = maximumAnswerSize
    }

    /// Reads `REPLICATE_API_TOKEN`, `REPLICATE_BASE_URL`, and the variables of
    /// ``NetworkSettings/fromEnvironment(_:)``. A missing token isn't an error until a call is
    /// made. A base URL without a path gets `/v1`, because some other clients expect it to be left
    /// out. What people leave around a token (quotes, `export`, `NAME=`, `Bearer`) is taken off.
    ///
    /// - Parameter environment: By default the environment of the process.
    public static func fromEnvironment(
      _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ReplicateError) -> Self {
      var configuration = Self()
      if let token = environment["REPLICATE_API_TOKEN"].map(trimmed), !token.isEmpty {
        guard let found = TokenText.token(in: token) else {
          throw ReplicateError(
            .badConfiguration(reason: "REPLICATE_API_TOKEN doesn't look like an API token."))
        }
        configuration.token = found
      }
      if let url = environment["REPLICATE_BASE_URL"].map(trimmed), !url.isEmpty {
        configuration.baseURL = baseURL(from: url)
      }
      configuration.network = .fromEnvironment(environment)
      if let problem = configuration.problem { throw problem }
      return configuration
    }

    /// The host of the base URL, with the port if it names one: a name for one's own server.
    public var nameOfHost: String { Self.nameOfHost(in: baseURL) }

    static func nameOfHost(in url: String) -> String {
      guard let mark = url.firstRange(of: "://") else { return url }
      return String(url[mark.upperBound...].prefix { $0 != "/" })
    }

    /// A base URL from what people write: without slashes at the end, and with `/v1` if it has no
    /// path.
    ///
    /// A path is kept as it is, because gateways differ: the calls of some start with `/v1` behind
    /// their path, and those of others don't.
    public static func baseURL(from text: String) -> String {
      var url = text[...]
      while url.hasSuffix("/") { url.removeLast() }
      let hasPath = url.split(separator: "/", omittingEmptySubsequences: false).count != 3
      return hasPath ? String(url) : "\(url)/v1"
    }

    /// What is wrong with the configuration, apart from a missing token.
    var problem: ReplicateError? {
      let isAddress =
        Origin(baseURL) != nil && baseURL.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        && !baseURL.contains("?") && !baseURL.contains("#")
      if !isAddress {
        return ReplicateError(
          .badConfiguration(
            reason: "REPLICATE_BASE_URL isn't a URL like \(Self.publicBaseURL)."))
      }
      if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
        return ReplicateError(
          .badConfiguration(reason: "The API token contains invalid characters."))
      }
      return extraHeaders.lazy.compactMap(\.problem).first.map {
        ReplicateError(.badConfiguration(reason: $0))
      }
    }

    private static func trimmed(_ text: String) -> String {
      guard let first = text.firstIndex(where: { !$0.isWhitespace }),
        let last = text.lastIndex(where: { !$0.isWhitespace })
      else { return "" }
      return String(text[first...last])
    }
  }
}

/// Descriptions never show the token.
extension Client.Configuration: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  public var description: String { "\(baseURL), \(token == nil ? "no token" : "with a token")" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["baseURL": baseURL]) }
}
