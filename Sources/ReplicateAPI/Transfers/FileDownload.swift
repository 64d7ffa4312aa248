#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file that was downloaded.
public struct DownloadedFile: Sendable, Hashable {
  public var path: String
  /// In bytes.
  public var size: Int
  /// As the server sent it; empty if it sent none.
  public var contentType: String

  public init(path: String, size: Int, contentType: String) {
    self.path = path
    self.size = size
    self.contentType = contentType
  }
}

extension Client {
  /// Downloads a file, such as a prediction's output. The file appears at its path only when it is
  /// complete.
  ///
  /// The token and the extra headers are sent only to the API's own address. Redirects are followed,
  /// to other hosts without them.
  ///
  /// - Parameters:
  ///   - address: An http or https address, or a data URI.
  ///   - path: Where to save the file. An existing file is replaced.
  ///   - progress: Called after each chunk, on any thread.
  @concurrent
  public func download(
    _ address: String, to path: String,
    progress: @escaping @Sendable (TransferProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> DownloadedFile {
    let draft = "\(path).\(String(UInt32.random(in: .min ... .max), radix: 36)).part"
    do throws(ReplicateError) {
      let file = try ReplicateError.translating { () throws(TransportError) in
        try LocalFile(creating: draft)
      }
      var size = 0
      let type = try await core.fetch(address) { (piece, total) throws(TransportError) in
        try file.write(piece)
        size += piece.count
        progress(TransferProgress(done: size, total: total))
      }
      try ReplicateError.translating { () throws(TransportError) in try file.move(to: path) }
      return DownloadedFile(path: path, size: size, contentType: type)
    } catch {
      LocalFile.remove(draft)
      throw error
    }
  }

  /// Downloads a file into memory.
  ///
  /// - Parameters:
  ///   - address: An http or https address, or a data URI.
  ///   - maximumSize: The largest file that is accepted, in bytes.
  @concurrent
  public func content(
    of address: String, maximumSize: Int = 64 << 20
  ) async throws(ReplicateError) -> [UInt8] {
    var content: [UInt8] = []
    _ = try await core.fetch(address) { (piece, _) throws(TransportError) in
      guard content.count + piece.count <= maximumSize else {
        throw .unreadable("it is larger than \(maximumSize) bytes")
      }
      content += piece
    }
    return content
  }
}

extension ReplicateError {
  fileprivate static func translating<Value>(
    _ work: () throws(TransportError) -> Value
  ) throws(ReplicateError) -> Value {
    do throws(TransportError) {
      return try work()
    } catch {
      throw ReplicateError(error)
    }
  }
}

extension ClientCore {
  private static let maximumRedirects = 5

  /// Passes on a file's bytes in chunks and returns its content type. Tries again after transient
  /// errors as long as no chunk has arrived.
  fileprivate func fetch(
    _ address: String,
    _ take: ([UInt8], _ total: Int?) throws(TransportError) -> Void
  ) async throws(ReplicateError) -> String {
    if address.hasPrefix("data:") {
      guard let file = DataURI(address), let bytes = file.content else {
        throw ReplicateError(.unreadable(what: "the data URI can't be decoded"))
      }
      try ReplicateError.translating { () throws(TransportError) in try take(bytes, bytes.count) }
      return file.mediaType
    }
    var attempt = 1
    while true {
      var hasBegun = false
      var call: OngoingCall?
      do throws(ReplicateError) {
        let response = try await fileResponse(address, attempt: attempt, &call)
        let total = response.contentLength
        do throws(TransportError) {
          for try await piece in response.body {
            hasBegun = true
            call?.received(piece.count)
            try take(piece, total)
          }
        } catch {
          throw ReplicateError(error)
        }
        call?.finish()
        return response.header("content-type") ?? ""
      } catch {
        var delay = configuration.retryPolicy.delay(
          after: error, attempt: attempt, isRepeatable: true, jitter: .random(in: 0..<1))
        if hasBegun || !error.isTransient { delay = nil }
        call?.finish(error, retryDelay: delay)
        guard let delay else { throw error }
        try await sleep(delay)
        attempt += 1
      }
    }
  }

  /// The answer with the file, after all redirects.
  ///
  /// - Parameter call: Set to the record of the latest request, which ends with its answer.
  private func fileResponse(
    _ address: String, attempt: Int, _ call: inout OngoingCall?
  ) async throws(ReplicateError) -> TransportResponse {
    var address = address
    for _ in 0...Self.maximumRedirects {
      let response = try await oneResponse(address, attempt: attempt, &call)
      if response.status == 200 { return response }
      guard [301, 302, 303, 307, 308].contains(response.status),
        let next = response.header("location")
      else {
        var body: [UInt8] = []
        do throws(TransportError) {
          for try await piece in response.body where body.count < 65_536 { body += piece }
        } catch {
          throw ReplicateError(error)
        }
        throw ReplicateError(refusal: response, body: body)
      }
      address = try Self.resolved(next, against: address)
    }
    throw ReplicateError(.unreadable(what: "it redirects too often"))
  }

  private func oneResponse(
    _ address: String, attempt: Int, _ call: inout OngoingCall?
  ) async throws(ReplicateError) -> TransportResponse {
    guard let origin = Origin(address), address.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { throw ReplicateError(.unreadable(what: "the file's address isn't valid")) }
    var headers = [
      (name: "accept", value: "*/*"), (name: "user-agent", value: configuration.userAgent),
    ]
    if origin == Origin(configuration.baseURL), address.hasPrefix(configuration.baseURL + "/") {
      if let problem = configuration.problem { throw problem }
      headers += configuration.credentials
    }
    // A compressed file is saved as it is.
    let request = TransportRequest(
      method: "GET", url: address, headers: headers, isPatient: true, isRaw: true)
    var record = CallRecord(
      opaque: request, secretHeaders: configuration.secretHeaders)
    record.attempt = attempt
    let ongoing = OngoingCall(record, core: self)
    call = ongoing
    do throws(TransportError) {
      let response = try await transport.send(request)
      ongoing.answered(response, isComplete: (300..<400).contains(response.status))
      return response
    } catch {
      throw ReplicateError(error)
    }
  }

  /// The address of a redirect, which may be only a path. A redirect from https to http is an
  /// error.
  private static func resolved(
    _ next: String, against address: String
  ) throws(ReplicateError) -> String {
    guard let origin = Origin(address), let mark = address.firstRange(of: "://") else {
      return next
    }
    if next.hasPrefix("//") { return String(address[..<mark.lowerBound]) + ":" + next }
    if next.hasPrefix("/") {
      let host = address[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      return "\(address[..<mark.upperBound])\(host)\(next)"
    }
    if origin.isSecure, Origin(next)?.isSecure == false {
      throw ReplicateError(.untrusted(reason: "it redirects from https to http"))
    }
    return next
  }
}
