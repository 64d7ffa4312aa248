/// Shows how far some work has got while it is under way: only the latest of what it reports, from any
/// thread, and nothing anymore once the task is canceled.
///
/// - Parameters:
///   - show: Called on the main actor.
///   - work: Gets the function to report with.
@MainActor
func showing<Progress: Sendable, Result>(
  _ show: @escaping @MainActor (Progress) -> Void,
  during work: @MainActor (@escaping @Sendable (Progress) -> Void) async -> Result
) async -> Result {
  let (events, sink) = AsyncStream<Progress>.makeStream(bufferingPolicy: .bufferingNewest(1))
  let watching = Task { @MainActor in
    for await progress in events where !Task.isCancelled { show(progress) }
  }
  defer {
    sink.finish()
    watching.cancel()
  }
  return await withTaskCancellationHandler {
    await work { sink.yield($0) }
  } onCancel: {
    watching.cancel()
  }
}
