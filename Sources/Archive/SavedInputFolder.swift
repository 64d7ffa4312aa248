import Crypto
import ReplicateAPI
import Running
import Settings

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Keeps drafts and presets on disk, one small file each, so that they survive however a program ends.
///
/// Every program writes drafts of its own, so that none replaces another's. The drafts of a program
/// that has ended belong to whoever opens the model's form next. The files are private, and none has
/// a secret in it: forms leave these out.
public actor SavedInputFolder: SavedInputStore {
  /// How much is kept of an account. What is oldest goes first; presets and drafts that are being
  /// worked on stay.
  struct Limits {
    var drafts = 100
    /// Of each model.
    var replaced = 20
    var presets = 500
    /// The size of a file, in bytes.
    var file = 16 << 20
    /// The size of all drafts, in bytes.
    var total = 64 << 20
  }

  private let root: String
  private let baseURL: String
  /// The name of the account's folder until the account's own name is known.
  private let key: String
  private let limits: Limits
  private var opened: (shared: SharedFile, folder: String)?
  /// When what was kept under an ID was saved, or that it was removed, so that a write that comes too
  /// late changes nothing.
  private var latest: [SavedInput.ID: Timestamp] = [:]

  /// The folder is opened when it is first needed.
  ///
  /// - Parameters:
  ///   - environment: Says where the state folder is.
  ///   - token: Nil for the demo.
  public init(environment: [String: String], baseURL: String, token: String?) {
    let folder = PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment)
    self.init(root: "\(folder)/inputs", baseURL: baseURL, token: token)
  }

  init(root: String, baseURL: String, token: String?, limits: Limits = Limits()) {
    self.root = root
    // The demo is on another port every time.
    key = token.map { Self.key(baseURL, $0) } ?? "demo"
    self.baseURL = baseURL
    self.limits = limits
  }

  private static func key(_ parts: String...) -> String {
    let digest = SHA256.hash(data: Array(parts.joined(separator: "\n").utf8))
    return String(digest.hexadecimal.prefix(32))
  }

  // MARK: SavedInputStore

  public func saved(of model: ModelID) throws -> [SavedInput] {
    let (shared, folder) = try open()
    let prefix = Self.prefix(of: model)
    return files(in: folder).filter { $0.hasPrefix(prefix) }.compactMap { name -> SavedInput? in
      guard let record = record("\(folder)/\(name)"), record.input.model == model,
        Self.name(of: record.input) == name
      else { return nil }
      let isElsewhere =
        record.input.kind == .draft && record.seat != shared.seat && shared.isTaken(record.seat)
      return isElsewhere ? nil : record.input
    }.sorted { ($0.savedAt, $0.id.rawValue) > ($1.savedAt, $1.id.rawValue) }
  }

  public func keep(_ input: SavedInput) throws {
    if let known = latest[input.id], known > input.savedAt { return }
    let (shared, folder) = try open()
    let text = SavedInputRecord(input: input, seat: shared.seat).json.serialized() + "\n"
    guard text.utf8.count <= limits.file else {
      throw ArchiveFailure("the values take more than \(limits.file >> 20) MiB")
    }
    let name = Self.name(of: input)
    let others = files(in: folder)
    let isNew = !others.contains(name)
    if isNew, case .preset = input.kind,
      others.count(where: { Self.letter(in: $0) == "p" }) >= limits.presets
    {
      throw ArchiveFailure("there are already \(limits.presets) presets")
    }
    let isPreset = input.kind.letter == "p"
    do throws(FileFailure) {
      try PrivateFile.write(text, to: "\(folder)/\(name)", isDurable: isPreset)
    } catch {
      throw ArchiveFailure(error)
    }
    latest[input.id] = input.savedAt
    // It may have been of another kind.
    for other in others where other != name && other.hasSuffix("-\(input.id.rawValue).json") {
      unlink("\(folder)/\(other)")
    }
    if isNew { prune(folder, shared, keeping: name) }
  }

  public func remove(_ id: SavedInput.ID, of model: ModelID) throws {
    let (_, folder) = try open()
    latest[id] = Timestamp("9999-12-31T23:59:59Z")
    let prefix = Self.prefix(of: model)
    for name in files(in: folder)
    where name.hasPrefix(prefix) && name.hasSuffix("-\(id.rawValue).json") {
      guard unlink("\(folder)/\(name)") == 0 || errno == ENOENT else {
        throw ArchiveFailure(
          "\(folder)/\(name) can’t be removed: \(String(cString: strerror(errno)))")
      }
    }
  }

  public func identify(as account: String) throws {
    guard key != "demo" else { return }
    let (shared, folder) = try open()
    let name = Self.key(baseURL, "account", account)
    let wanted = "\(root)/\(name)"
    guard folder != wanted else { return }
    try shared.locked { () throws(ArchiveFailure) in
      var accounts = try Self.accounts(in: shared)
      accounts[key] = .string(name)
      try shared.write(JSONValue.object(["accounts": .object(accounts)]).serialized() + "\n")
      try Self.make(wanted)
      for file in files(in: folder) where access("\(wanted)/\(file)", F_OK) != 0 {
        rename("\(folder)/\(file)", "\(wanted)/\(file)")
      }
    }
    rmdir(folder)
    opened = (shared, wanted)
  }

  // MARK: Files

  private func open() throws(ArchiveFailure) -> (shared: SharedFile, folder: String) {
    if let opened { return opened }
    let shared = try SharedFile("\(root)/accounts.json")
    let accounts = try Self.accounts(in: shared)
    let folder = "\(root)/\(accounts[key]?.string.flatMap(Self.folderName) ?? key)"
    try Self.make(folder)
    let opened = (shared, folder)
    self.opened = opened
    return opened
  }

  /// The folder's name of each account that is known by name. What can't be read is forgotten: its
  /// files are found again once the service has told the name.
  private static func accounts(in shared: SharedFile) throws(ArchiveFailure) -> JSONObject {
    guard let bytes = try shared.read() else { return [:] }
    return (try? JSONValue(parsing: bytes))?["accounts"]?.object ?? [:]
  }

  private static func folderName(_ text: String) -> String? {
    text.utf8.count == 32 && isHexadecimal(text) ? text : nil
  }

  private static func isHexadecimal(_ text: some StringProtocol) -> Bool {
    text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private static func make(_ folder: String) throws(ArchiveFailure) {
    do throws(FileFailure) {
      try PrivateFile.makeFolder(folder)
    } catch {
      throw ArchiveFailure(error)
    }
    var facts = stat()
    guard lstat(folder, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      throw ArchiveFailure("\(folder) isn’t a folder")
    }
    if facts.st_mode & 0o077 != 0 { chmod(folder, 0o700) }
  }

  /// The names of the files that this may have written.
  private func files(in folder: String) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return all.filter { Self.letter(in: $0) != nil }
  }

  /// A name is `MODEL-KIND-ID.json`.
  private static func name(of input: SavedInput) -> String {
    "\(prefix(of: input.model))\(input.kind.letter)-\(input.id.rawValue).json"
  }

  private static func prefix(of model: ModelID) -> String {
    key("model", model.description).prefix(16) + "-"
  }

  private static func letter(in name: String) -> Character? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 16, isHexadecimal(parts[0]),
      let letter = parts[1].first, parts[1].count == 1, "drp".contains(letter),
      parts[2].hasSuffix(".json"), isHexadecimal(parts[2].dropLast(5)),
      (1...64).contains(parts[2].utf8.count - 5)
    else { return nil }
    return letter
  }

  /// Nil if there is no such file, or it isn't one of ours.
  private func record(_ path: String) -> SavedInputRecord? {
    guard let file = try? PrivateFile.open(path) else { return nil }
    defer { close(file) }
    guard let bytes = PrivateFile.readAll(file, atMost: limits.file),
      bytes.count <= limits.file, let json = try? JSONValue(parsing: bytes)
    else { return nil }
    return SavedInputRecord(json)
  }

  // MARK: Limits

  private func prune(_ folder: String, _ shared: SharedFile, keeping kept: String) {
    removeLeftovers(in: folder)
    var drafts: [(name: String, changed: Int, size: Int)] = []
    for name in files(in: folder) where Self.letter(in: name) != "p" {
      var facts = stat()
      guard lstat("\(folder)/\(name)", &facts) == 0 else { continue }
      drafts.append((name, Self.seconds(facts), Int(facts.st_size)))
    }
    // What a program works on stays, and takes no room from the others. Most times there is room for
    // all, and nothing has to be read.
    if drafts.count > limits.drafts || drafts.reduce(0, { $0 + $1.size }) > limits.total {
      drafts.removeAll { draft in
        guard Self.letter(in: draft.name) == "d", draft.name != kept else { return false }
        return record("\(folder)/\(draft.name)").map { shared.isTaken($0.seat) } ?? false
      }
    }
    drafts.sort { ($0.changed, $0.name == kept ? 1 : 0) > ($1.changed, $1.name == kept ? 1 : 0) }
    var count = 0
    var size = 0
    var replaced: [Substring: Int] = [:]
    for draft in drafts {
      count += 1
      size += draft.size
      var isTooMuch = count > limits.drafts || size > limits.total
      if Self.letter(in: draft.name) == "r" {
        replaced[draft.name.prefix(16), default: 0] += 1
        if replaced[draft.name.prefix(16), default: 0] > limits.replaced { isTooMuch = true }
      }
      guard isTooMuch, draft.name != kept else { continue }
      unlink("\(folder)/\(draft.name)")
      count -= 1
      size -= draft.size
    }
  }

  /// Removes what programs left behind that were killed while they were writing.
  private func removeLeftovers(in folder: String) {
    let now = time(nil)
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      guard let dot = name.lastIndex(of: "."), Self.letter(in: String(name[..<dot])) != nil,
        name[dot...].dropFirst().utf8.allSatisfy({ (0x30...0x39).contains($0) })
      else { continue }
      var facts = stat()
      guard lstat("\(folder)/\(name)", &facts) == 0, Self.seconds(facts) < now - 3600 else {
        continue
      }
      unlink("\(folder)/\(name)")
    }
  }

  private static func seconds(_ facts: stat) -> Int {
    #if canImport(Darwin)
      facts.st_mtimespec.tv_sec
    #else
      facts.st_mtim.tv_sec
    #endif
  }
}
