import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// How an answer is sent: in full, or cut short by an injected fault.
enum Delivery: Sendable {
  case complete(Response)
  /// The head promises more than these bytes; then the connection closes.
  case cutOff(Response, [UInt8])
  /// The connection is reset without an answer.
  case reset

  /// Closes the connection before its answer is complete.
  struct Break: Error {}

  /// The response to write to the connection. A reset has none, so it throws.
  func response(over channel: any Channel) async throws -> Response {
    switch self {
    case .complete(let response): return response
    case .cutOff(let response, let bytes):
      let body = ResponseBody { writer in
        try await writer.write(ByteBuffer(bytes: bytes))
        throw Break()
      }
      return Response(status: response.status, headers: response.headers, body: body)
    case .reset:
      // With a linger time of zero, closing sends a reset instead of an orderly end.
      if let options = channel as? any SocketOptionProvider {
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
      }
      try await channel.close().get()
      throw Break()
    }
  }
}
