import ReplicateAPI
import Synchronization

/// What became of several files that were uploaded together.
public struct UploadReport: Sendable {
  public var uploaded: [File] = []
  /// The files that weren't, with the reasons.
  public var failures: [(name: String, error: ReplicateError)] = []
}

// Several files at once.
extension InputFiles {
  /// How many files are sent at the same time.
  static let filesAtOnce = 4

  /// Uploads files on this machine, a few at a time. One that can't be sent doesn't keep the others.
  /// Canceling the task ends all of it; what was uploaded by then stays.
  ///
  /// - Parameter progress: Called on any thread, often: how many files are done, and how many of the
  ///   bytes of all of them.
  public nonisolated func upload(
    _ paths: [LocalPath], progress: @escaping @Sendable (FileProgress) -> Void
  ) async -> UploadReport {
    let batch = UploadBatch(paths, sizes: await Self.sizes(of: paths), report: progress)
    return await withTaskGroup(of: (Int, Result<File, ReplicateError>).self) { group in
      var next = min(Self.filesAtOnce, paths.count)
      for index in 0..<next { group.addTask { await self.send(index, of: batch) } }
      var results: [Int: Result<File, ReplicateError>] = [:]
      while let (index, result) = await group.next() {
        results[index] = result
        guard next < paths.count, !Task.isCancelled else { continue }
        group.addTask { [next] in await self.send(next, of: batch) }
        next += 1
      }
      var report = UploadReport()
      for (index, result) in results.sorted(by: { $0.key < $1.key }) {
        switch result {
        case .success(let file): report.uploaded.append(file)
        case .failure(let error): report.failures.append((paths[index].name, error))
        }
      }
      return report
    }
  }

  private nonisolated func send(
    _ index: Int, of batch: UploadBatch
  ) async -> (Int, Result<File, ReplicateError>) {
    defer { batch.note(index, sent: nil) }
    do throws(ReplicateError) {
      return (
        index, .success(try await upload(batch.paths[index]) { batch.note(index, sent: $0.done) })
      )
    } catch {
      return (index, .failure(error))
    }
  }

  @concurrent
  private static func sizes(of paths: [LocalPath]) async -> [Int] {
    var sizes: [Int] = []
    for path in paths {
      let facts = try? await FileInspector.facts(at: path).get()
      sizes.append(facts?.size ?? 0)
    }
    return sizes
  }

  /// The regular files in a folder, without those in its folders and without hidden ones.
  @concurrent
  public static func files(in folder: LocalPath) async -> Result<[LocalPath], FileProblem> {
    await FolderListing.entries(of: folder).map { entries in
      entries.filter { $0.kind == .file && !$0.isHidden }.map { folder.appending($0.bytes) }
    }
  }
}

/// How far several uploads have got together.
private final class UploadBatch: Sendable {
  let paths: [LocalPath]
  private let sizes: [Int]
  private let total: Int
  private let report: @Sendable (FileProgress) -> Void
  private let state: Mutex<(files: Int, bytes: Int, sent: [Int])>

  init(_ paths: [LocalPath], sizes: [Int], report: @escaping @Sendable (FileProgress) -> Void) {
    self.paths = paths
    self.sizes = sizes
    self.report = report
    total = sizes.reduce(0) { $0.addingReportingOverflow($1).partialValue }
    state = Mutex((0, 0, [Int](repeating: 0, count: paths.count)))
  }

  /// - Parameter sent: How many bytes of a file were sent; nil if it is done with.
  func note(_ index: Int, sent: Int?) {
    let (files, bytes) = state.withLock { state -> (Int, Int) in
      let now = min(sizes[index], sent ?? sizes[index])
      state.bytes += now - state.sent[index]
      state.sent[index] = now
      if sent == nil { state.files += 1 }
      return (state.files, state.bytes)
    }
    report(
      FileProgress(
        field: "", name: paths[index].name, number: min(paths.count, files + 1),
        count: paths.count, done: bytes, total: total))
  }
}
