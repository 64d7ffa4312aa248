import NIOCore
import Synchronization

/// Tracks every open channel, so that all of them can be closed. Canceling a server's task would
/// drop connections that were just accepted, which NIO treats as an error; closing them lets the
/// server finish on its own.
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

  /// Registers each connection when it opens.
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
