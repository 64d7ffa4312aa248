import OrderedCollections
import ReplicateAPI

/// How far the files of a run have been sent.
public struct FileProgress: Hashable, Sendable {
  /// The input that the file belongs to, such as `images.0`.
  public var field: String
  /// The file's name. Sanitize it to show it.
  public var name: String
  /// Which of the files that have to be sent this is, from 1.
  public var number: Int
  public var count: Int
  /// In bytes, of all files together.
  public var done: Int
  public var total: Int

  public var fraction: Double { total > 0 ? min(1, Double(done) / Double(total)) : 1 }

  public init(field: String, name: String, number: Int, count: Int, done: Int, total: Int) {
    self.field = field
    self.name = name
    self.number = number
    self.count = count
    self.done = done
    self.total = total
  }
}

/// Sends the files that inputs name, before a run is created, and remembers what was uploaded.
///
/// - Files up to ``FileFacts/dataLimit`` become data URLs; others are uploaded, and the run gets the
///   address.
/// - All files are checked before the first one is sent.
/// - The same content isn't uploaded twice while the service still has it, not even by another start
///   of the program: the service lists the checksums. What it has no longer is sent again.
public actor InputFiles {
  private let client: Client
  private let now: @Sendable () -> Double
  /// What makes two uploads the same: a model may go by the name and the type.
  private struct Key: Hashable {
    var checksum: String
    var size: Int
    var name: String
    var type: String
  }

  private struct Upload {
    var file: File
    /// When the service last had it, in seconds since 1970.
    var seenAt: Double
  }

  private var uploads: [Key: Upload] = [:]
  /// Where the files came from that were uploaded by this program, by their addresses.
  private var origins: [String: LocalPath] = [:]
  private var checksums: [LocalFile.Stamp: String] = [:]
  private var hasListed = false
  /// What is being uploaded, and who waits for that.
  private var underWay: Set<Key> = []
  private var waiters: [Int: (key: Key, waiter: CheckedContinuation<Void, Never>)] = [:]
  private var waiterCount = 0

  /// How long an upload counts as still there after the service has said so, in seconds.
  static let trust = 60.0

  public init(client: Client, now: @escaping @Sendable () -> Double) {
    self.client = client
    self.now = now
  }

  /// Where an uploaded file came from, if this program has uploaded it.
  public func origin(of address: String) -> LocalPath? { origins[address] }

  /// The plan with addresses in place of the files on this machine.
  ///
  /// The paths in the plan have to be the user's own: a file is sent wherever a schema's file input
  /// names one. Nothing is created here. Canceling the task ends an upload.
  ///
  /// - Parameters:
  ///   - place: Where relative paths and `~` start.
  ///   - progress: Called on any thread, often.
  /// - Throws: ``ReplicateError/Reason/invalidInput(_:detail:)`` with the inputs whose files can't be
  ///   sent, before any of them is; the errors of uploads.
  public func prepare(
    _ plan: RunPlan, in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> RunPlan {
    var plan = plan
    plan.input = try await prepare(plan.input, plan.files, in: place, progress: progress)
    return plan
  }

  /// An input with addresses in place of the files that are at these places in it.
  func prepare(
    _ input: JSONObject, _ files: [FileReference], in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> JSONObject {
    let found = try await checked(files, place)
    var input = input
    var counter = Counter(found, report: progress)
    for (reference, facts) in found {
      let text = try await address(of: facts, reference, &counter)
      input.replaceText(at: reference.path[...], with: text)
    }
    return input
  }

  /// Makes ready what a group of runs needs: its large files are uploaded, and all of its files are
  /// checked before. They stay named by their paths, which are absolute from then on, since the members
  /// of a group may be sent much later.
  ///
  /// - Throws: What ``prepare(_:in:progress:)`` throws. The files of values are named by the value's
  ///   number, as in `image.2`.
  public func prepare(
    _ batch: RunBatch, in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> RunBatch {
    var batch = batch
    if batch.sweeps.isEmpty {
      batch.plan = try await prepare(batch.plan, in: place, progress: progress)
      return batch
    }
    let found = try await checked(batch.files, place)
    var counter = Counter(found, report: progress)
    for (reference, facts) in found {
      let typed = String(reference.text.trimmingBlanks())
      // Where a text is as good, only a URL stands for a file.
      let isURL = LocalPath.bytes(ofFileURL: typed) != nil
      var text = isURL ? facts.path.url : facts.path.text(in: place)
      if !facts.isSentAsData {
        let address = try await address(of: facts, reference, &counter)
        // What has expired has an address, and no path.
        if FileText(typed) != .local { text = address }
      }
      batch.replaceText(at: reference.path, with: text)
    }
    return batch
  }

  /// Uploads a file on this machine, unless the service still has the same content under its name.
  /// Canceling the task ends the upload.
  ///
  /// - Parameter text: The path, as a field holds it.
  /// - Throws: ``ReplicateError/Reason/file(path:reason:)`` with why the file can't be sent; the errors
  ///   of uploads.
  public func upload(
    _ text: String, in place: FilePlace = .current,
    progress: @escaping @Sendable (FileProgress) -> Void = { _ in }
  ) async throws(ReplicateError) -> File {
    let facts: FileFacts
    do throws(FileProblem) {
      facts = try await Self.look(at: text, [], place)
    } catch {
      throw ReplicateError(.file(path: text, reason: error.words))
    }
    return try await upload(facts, text, progress)
  }

  /// Uploads the file at a path, unless the service still has the same content under its name.
  func upload(
    _ path: LocalPath, progress: @escaping @Sendable (FileProgress) -> Void
  ) async throws(ReplicateError) -> File {
    let facts: FileFacts
    do throws(FileProblem) {
      facts = try FileInspector.open(path, accept: []).facts
    } catch {
      throw ReplicateError(.file(path: path.shown, reason: error.words))
    }
    return try await upload(facts, path.shown, progress)
  }

  private func upload(
    _ facts: FileFacts, _ text: String, _ progress: @escaping @Sendable (FileProgress) -> Void
  ) async throws(ReplicateError) -> File {
    var counter = Counter(count: 1, total: facts.size, report: progress)
    return try await uploaded(facts, FileReference(path: [], text: text), &counter)
  }

  private typealias Found = [(reference: FileReference, facts: FileFacts)]

  /// The files that have to be sent.
  private func checked(
    _ references: [FileReference], _ place: FilePlace
  ) async throws(ReplicateError) -> Found {
    var found: Found = []
    var problems: [InvalidField] = []
    for reference in references {
      let text = String(reference.text.trimmingBlanks())
      do throws(FileProblem) {
        if FileText(text) == .local {
          found.append(
            (reference, try await Self.look(at: text, reference.accept, place)))
        } else if let again = try await renewed(text) {
          found.append((reference, again))
        }
      } catch {
        problems.append(
          InvalidField(field: reference.name, type: "file", description: error.words))
      }
      if Task.isCancelled { throw ReplicateError(.canceled) }
    }
    guard problems.isEmpty else { throw ReplicateError(.invalidInput(problems, detail: "")) }
    return found
  }

  /// The address by which a run gets a file: its data, or where it was uploaded to.
  private func address(
    of facts: FileFacts, _ reference: FileReference, _ counter: inout Counter
  ) async throws(ReplicateError) -> String {
    do throws(ReplicateError) {
      return facts.isSentAsData
        ? try await Self.dataURL(facts) : try await uploaded(facts, reference, &counter).url
    } catch {
      guard case .file(_, let reason) = error.reason else { throw error }
      let words =
        reason == OpenFile.changed
        ? FileProblem.changed(facts.path).words
        : FileProblem.unreadable(facts.path, reason: reason).words
      throw ReplicateError(
        .invalidInput(
          [InvalidField(field: reference.name, type: "file", description: words)], detail: ""))
    }
  }

  /// Counts what has been sent, for whoever watches.
  private struct Counter {
    var count: Int
    var total: Int
    var number = 0
    var done = 0
    var report: @Sendable (FileProgress) -> Void

    init(count: Int, total: Int, report: @escaping @Sendable (FileProgress) -> Void) {
      self.count = count
      self.total = total
      self.report = report
    }

    init(_ files: Found, report: @escaping @Sendable (FileProgress) -> Void) {
      let large = files.lazy.map(\.facts).filter { !$0.isSentAsData }
      self.init(count: large.count, total: large.reduce(0) { $0 + $1.size }, report: report)
    }

    mutating func begin(_ facts: FileFacts, _ reference: FileReference) -> FileProgress {
      number += 1
      let progress = FileProgress(
        field: reference.name, name: facts.path.name, number: number, count: count, done: done,
        total: total)
      report(progress)
      return progress
    }

    mutating func end(_ progress: FileProgress, _ size: Int) {
      done += size
      var progress = progress
      progress.done = done
      report(progress)
    }
  }

  @concurrent
  private static func look(
    at text: String, _ accept: [String], _ place: FilePlace
  ) async throws(FileProblem) -> FileFacts {
    try FileInspector.open(text, accept: accept, in: place).facts
  }

  /// Opens a file that was looked at before, if it's still the same.
  private static func reopened(_ facts: FileFacts) throws(ReplicateError) -> OpenFile {
    let path = facts.path.shown
    do throws(TransportError) {
      let file = try OpenFile(LocalFile(reading: facts.path.bytes, named: path))
      guard file.stamp == facts.stamp else {
        throw .file(path: path, reason: OpenFile.changed)
      }
      return file
    } catch {
      throw ReplicateError(error)
    }
  }

  @concurrent
  private static func dataURL(_ facts: FileFacts) async throws(ReplicateError) -> String {
    let file = try reopened(facts)
    do throws(TransportError) {
      return DataURI.text(of: try file.content(), mediaType: facts.mediaType)
    } catch {
      throw ReplicateError(error)
    }
  }

  @concurrent
  private static func checksum(of file: OpenFile) async throws(ReplicateError) -> String {
    do throws(TransportError) {
      return try file.checksum()
    } catch {
      throw ReplicateError(error)
    }
  }

  // MARK: Uploads

  /// An uploaded file with this content.
  private func uploaded(
    _ facts: FileFacts, _ reference: FileReference, _ counter: inout Counter
  ) async throws(ReplicateError) -> File {
    let progress = counter.begin(facts, reference)
    let file = try Self.reopened(facts)
    let sum = try await checksum(of: file)
    let key = Key(
      checksum: sum, size: facts.size, name: Self.name(for: facts.path), type: facts.mediaType)
    try await begin(key)
    defer { end(key) }
    if let known = try await known(key) {
      counter.end(progress, facts.size)
      origins[known.url] = facts.path
      return known
    }
    let report = counter.report
    let uploaded = try await client.upload(
      FileUpload(.open(file), name: key.name, contentType: key.type)
    ) { sent in
      var progress = progress
      progress.done += sent.done
      report(progress)
    }
    // What has arrived must be what was checked.
    if let arrived = uploaded.checksums["sha256"], arrived != sum {
      _ = try? await client.send(.deleteFile(uploaded.id))
      throw ReplicateError(.file(path: facts.path.shown, reason: OpenFile.changed))
    }
    if uploaded.url.isEmpty {
      throw ReplicateError(.unreadable(what: "the uploaded file has no address"))
    }
    uploads[key] = Upload(file: uploaded, seenAt: now())
    origins[uploaded.url] = facts.path
    counter.end(progress, facts.size)
    return uploaded
  }

  /// Waits while the same content is being uploaded for another run.
  private func begin(_ key: Key) async throws(ReplicateError) {
    while underWay.contains(key) {
      waiterCount += 1
      let number = waiterCount
      await withTaskCancellationHandler {
        await withCheckedContinuation { waiters[number] = (key, $0) }
      } onCancel: {
        Task { await self.wake(number) }
      }
      if Task.isCancelled { throw ReplicateError(.canceled) }
    }
    underWay.insert(key)
  }

  private func end(_ key: Key) {
    underWay.remove(key)
    for (number, waiter) in waiters where waiter.key == key { wake(number) }
  }

  private func wake(_ number: Int) { waiters.removeValue(forKey: number)?.waiter.resume() }

  private func checksum(of file: OpenFile) async throws(ReplicateError) -> String {
    if let known = checksums[file.stamp] { return known }
    let sum = try await Self.checksum(of: file)
    // A file that was changed a moment ago may change again without looking different.
    let changed = Double(file.stamp.changed / 1_000_000) / 1000
    if abs(now() - changed) > 2 { checksums[file.stamp] = sum }
    return sum
  }

  /// An upload of the same content that the service still has.
  private func known(_ key: Key) async throws(ReplicateError) -> File? {
    await list()
    if Task.isCancelled { throw ReplicateError(.canceled) }
    guard let upload = uploads[key] else { return nil }
    guard isLasting(upload.file) else {
      uploads[key] = nil
      return nil
    }
    if now() - upload.seenAt < Self.trust { return upload.file }
    guard let file = try await current(upload.file.id), isLasting(file) else {
      uploads[key] = nil
      return nil
    }
    uploads[key] = Upload(file: file, seenAt: now())
    return file
  }

  /// A file as the service has it; nil if it has it no longer.
  private func current(_ id: File.ID) async throws(ReplicateError) -> File? {
    do throws(ReplicateError) {
      return try await client.send(.file(id))
    } catch {
      guard case .notFound = error.reason else { throw error }
      return nil
    }
  }

  /// Whether a file won't expire before a run that waits for a while has read it.
  private func isLasting(_ file: File) -> Bool {
    guard let end = file.expiresAt?.secondsSince1970 else { return true }
    let lifetime = end - (file.createdAt?.secondsSince1970 ?? end - 86_400)
    let margin = min(3600, max(0, lifetime) / 24)
    return end - (client.serviceTime ?? now()) > margin
  }

  /// Learns once what was uploaded before this program started. A failure only costs an upload.
  private func list() async {
    guard !hasListed else { return }
    hasListed = true
    do throws(ReplicateError) {
      var pages = 0
      for try await page in client.pages(of: .files) {
        for file in page.results where !file.url.isEmpty {
          guard let sum = file.checksums["sha256"], let name = file.name else { continue }
          let key = Key(checksum: sum, size: file.size, name: name, type: file.contentType)
          if uploads[key] == nil, isLasting(file) {
            uploads[key] = Upload(file: file, seenAt: now())
          }
        }
        pages += 1
        if pages == 20 { return }
      }
    } catch {
      hasListed = error.reason != .canceled
    }
  }

  /// The file to send again in place of an uploaded one that the service has no longer; nil if the
  /// address is none of an uploaded file, or the file is still there.
  private func renewed(_ address: String) async throws(FileProblem) -> FileFacts? {
    let start = client.configuration.baseURL + "/files/"
    guard address.hasPrefix(start) else { return nil }
    let id = File.ID(PercentEncoding.decoded(address.dropFirst(start.count)))
    let isThere: Bool
    do throws(ReplicateError) {
      isThere = try await current(id) != nil
    } catch {
      // The service will say what it thinks of it.
      return nil
    }
    if isThere { return nil }
    for (key, upload) in uploads where upload.file.id == id { uploads[key] = nil }
    guard let path = origins[address],
      let facts = try? FileInspector.open(path, accept: []).facts
    else { throw .expired }
    return facts
  }

  /// A file's name at the service: at most 255 bytes of text, and the ending is kept.
  static func name(for path: LocalPath) -> String {
    let text = String.UnicodeScalarView(
      path.name.unicodeScalars.map {
        $0.properties.generalCategory == .control ? "_" : $0
      })
    let name = String(text)
    guard name.utf8.count > 255 else { return name }
    let ending =
      name.lastIndex(of: ".").map { name[$0...] }.flatMap {
        $0.utf8.count <= 16 ? $0 : nil
      } ?? ""
    var short = name.dropLast(ending.count)
    while short.utf8.count + ending.utf8.count > 255 { short.removeLast() }
    return String(short) + ending
  }
}
