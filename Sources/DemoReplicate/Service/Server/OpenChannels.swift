import NIOCore
import Synchronization

/// Everything that is open at the service's ports, so that it can be closed.
///
/// Cancelling a server's task would drop connections that were just accepted, which NIO takes for a
/// mistake; closing them lets the server come to its own end.
final class OpenChannels: Sendable {
  private struct State {
    var isClosed = false
    var channels: [ObjectIdentifier: any Channel] = [:]
  }

  private let state = Mutex(State())

  func add(_ channel: any Channel) {
    let isLate = state.withLock { state in
      if !state.isClosed { state.channels[ObjectIdentifier(channel)] = channel }
      return state.isClosed
    }
    if isLate { return channel.close(promise: nil) }
    channel.closeFuture.whenComplete { _ in
      self.state.withLock { _ = $0.channels.removeValue(forKey: ObjectIdentifier(channel)) }
    }
  }

  func close() {
    let channels = state.withLock { state in
      state.isClosed = true
      return Array(state.channels.values)
    }
    for channel in channels { channel.close(promise: nil) }
  }

  /// Tells of a connection when it is made.
  final class Tracker: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = Never

    private let channels: OpenChannels

    init(_ channels: OpenChannels) {
      self.channels = channels
    }

    func handlerAdded(context: ChannelHandlerContext) {
      channels.add(context.channel)
    }
  }
}
