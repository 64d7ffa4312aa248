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

/// How an answer leaves the service: whole, or not quite.
enum Delivery: Sendable {
  case complete(Response)
  /// The head promises more than these bytes, after which the connection is closed.
  case cutOff(Response, [UInt8])
  /// No answer: the connection is reset.
  case reset

  /// What ends a connection before its answer is complete.
  struct Break: Error {}

  /// What is to be written to the connection; a reset leaves nothing to write.
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
      // Without lingering, closing sends a reset instead of an orderly end.
      if let options = channel as? any SocketOptionProvider {
        try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
      }
      try await channel.close().get()
      throw Break()
    }
  }
}
