#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Client {
  /// Where the API is, and who calls it.
  public struct Configuration: Sendable, Hashable {
    public static let publicBaseURL = "https://api.replicate.com/v1"

    /// An API token, `r8_…`. Without one nothing can be called.
    public var token: String?
    /// With `/v1`, without a slash at its end.
    public var baseURL: String
    /// Sent with every call. A program that uses this library should name itself here.
    public var userAgent: String
    /// For how long one call may take in all, beside the time that the service is asked to wait.
    public var timeout: Duration
    public var limits: AsyncHTTPTransport.Limits
    public var network: NetworkSettings
    public var retryPolicy: RetryPolicy
    /// Larger answers are refused, in bytes.
    public var maximumAnswerSize: Int

    public init(
      token: String? = nil, baseURL: String = publicBaseURL,
      userAgent: String = "swift-replicate-api/\(ReplicantVersion.current)",
      timeout: Duration = .seconds(120),
      limits: AsyncHTTPTransport.Limits = AsyncHTTPTransport.Limits(),
      network: NetworkSettings = NetworkSettings(),
      retryPolicy: RetryPolicy = RetryPolicy(), maximumAnswerSize: Int = 512 * 1024 * 1024
    ) {
      self.token = token
      self.baseURL = baseURL
      self.userAgent = userAgent
      self.timeout = timeout
      self.limits = limits
      self.limits.unpackedSize = min(limits.unpackedSize, maximumAnswerSize)
      self.network = network
      self.retryPolicy = retryPolicy
      self.maximumAnswerSize = maximumAnswerSize
    }

    /// From `REPLICATE_API_TOKEN` and `REPLICATE_BASE_URL`, and for the network what
    /// ``NetworkSettings/fromEnvironment(_:)`` reads. A missing token is no error yet; calls will say
    /// so. A base URL without a path gets `/v1`, which some clients expect to be left out.
    ///
    /// - Parameter environment: The process's own where none is given.
    public static func fromEnvironment(
      _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ReplicateError) -> Self {
      var configuration = Self()
      if let token = environment["REPLICATE_API_TOKEN"].map(trimmed), !token.isEmpty {
        configuration.token = token
      }
      if var url = environment["REPLICATE_BASE_URL"].map(trimmed), !url.isEmpty {
        while url.hasSuffix("/") { url.removeLast() }
        if url.split(separator: "/", omittingEmptySubsequences: false).count == 3 { url += "/v1" }
        configuration.baseURL = url
      }
      configuration.network = try .fromEnvironment(environment)
      if let problem = configuration.problem { throw problem }
      return configuration
    }

    /// Why no call can be made with this, apart from a missing token.
    var problem: ReplicateError? {
      let isAddress =
        Origin(baseURL) != nil && baseURL.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        && !baseURL.contains("?") && !baseURL.contains("#")
      if !isAddress {
        return ReplicateError(
          .badConfiguration(
            reason: "REPLICATE_BASE_URL isn't an address like \(Self.publicBaseURL)."))
      }
      if let token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
        return ReplicateError(
          .badConfiguration(reason: "The API token has characters that no token has."))
      }
      return nil
    }

    private static func trimmed(_ text: String) -> String {
      guard let first = text.firstIndex(where: { !$0.isWhitespace }),
        let last = text.lastIndex(where: { !$0.isWhitespace })
      else { return "" }
      return String(text[first...last])
    }
  }
}

/// The token shows in no description.
extension Client.Configuration: CustomStringConvertible, CustomDebugStringConvertible,
  CustomReflectable
{
  public var description: String { "\(baseURL), \(token == nil ? "no token" : "with a token")" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["baseURL": baseURL]) }
}
