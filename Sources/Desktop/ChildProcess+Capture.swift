import Dispatch
import Synchronization
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension ChildProcess {
  /// What a program did that was to print something short.
  struct Capture: Sendable {
    /// Why the program was stopped.
    enum Stop { case overdue, tooLong, canceled }

    var status: Int32
    /// Nil if the program ended by itself.
    var stop: Stop?
    var output: [UInt8]
    /// The beginning of what it wrote to standard error; empty if that went to the terminal.
    var errors: [UInt8]
  }

  /// Runs a program without a terminal and reads its output and its messages. Stops it if it takes
  /// too long, writes more than a limit, or the task is canceled.
  static func capture(
    _ path: String, _ arguments: [String], atMost limit: Int, environment: Environment,
    patience: Duration
  ) async throws(DesktopFailure) -> Capture {
    let pipes = try Pipe.open(3, for: path)
    let (output, errors, end) = (pipes[0], pipes[1], pipes[2])
    let child: ChildProcess
    do {
      child = try ChildProcess(
        path, arguments, .detached(output: output.writing, errors: errors.writing),
        environment: environment)
    } catch {
      for pipe in pipes { pipe.close() }
      throw error
    }
    errors.closeWriting()
    return await child.capture(
      output, errors, end, atMost: limit, patience: patience, stop: { child.killGroup() })
  }

  /// Runs a program in the foreground, with control of the terminal, and reads its output. Asks it
  /// to end if it writes more than a limit or the task is canceled.
  ///
  /// - Parameter started: Called with the process.
  @MainActor
  static func captureInForeground(
    _ path: String, _ arguments: [String], atMost limit: Int, environment: Environment,
    started: (ChildProcess) -> Void
  ) async throws(DesktopFailure) -> Capture {
    let pipes = try Pipe.open(2, for: path)
    let (output, end) = (pipes[0], pipes[1])
    let child: ChildProcess
    do {
      child = try ChildProcess(
        path, arguments, .foreground(output: output.writing), environment: environment)
    } catch {
      for pipe in pipes { pipe.close() }
      throw error
    }
    started(child)
    return await child.capture(
      output, nil, end, atMost: limit, patience: nil, stop: { child.terminate() })
  }

  private func capture(
    _ output: Pipe, _ errors: Pipe?, _ end: Pipe, atMost limit: Int, patience: Duration?,
    stop: @escaping @Sendable () -> Void
  ) async -> Capture {
    output.closeWriting()
    let reason = Mutex<Capture.Stop?>(nil)
    let stopBecause = { @Sendable (new: Capture.Stop) in
      reason.withLock { $0 = $0 ?? new }
      stop()
    }
    let overdue = DispatchWorkItem { stopBecause(.overdue) }
    if let patience {
      DispatchQueue(label: "child process").asyncAfter(
        deadline: Self.end(of: patience), execute: overdue)
    }
    let status = Mutex<Int32>(-1)
    let waiting = DispatchGroup()
    waiting.enter()
    Self.sleeping {
      let ended = self.waitForEnd()
      status.withLock { $0 = ended }
      // Ends the reading even if another process still holds the pipes.
      end.closeWriting()
      waiting.leave()
    }
    let texts = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Self.sleeping {
          let texts = Pipe.readAll(
            [output, errors].compactMap(\.self), until: end, atMost: limit,
            onTooLong: { stopBecause(.tooLong) })
          waiting.wait()
          continuation.resume(returning: texts)
        }
      }
    } onCancel: {
      stopBecause(.canceled)
    }
    overdue.cancel()
    for pipe in [output, errors, end] { pipe?.closeReading() }
    return Capture(
      status: status.withLock(\.self), stop: reason.withLock(\.self), output: texts[0],
      errors: texts.count > 1 ? texts[1] : [])
  }
}
