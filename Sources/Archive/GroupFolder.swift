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

/// Keeps groups of runs on disk, one file each, so that a program that was killed can go on where it
/// was and sends nothing twice.
///
/// A group belongs to the program that has added it or taken it over, for as long as that runs. The
/// files are private and have no secrets in them.
public actor GroupFolder: PredictionGroupStore {
  private let root: String
  private let baseURL: String
  private let account: String
  private var shared: SharedFile?
  /// The groups that this program is at work on.
  private var own: Set<PredictionGroup.ID> = []

  /// The version of the format. A file of a later version is left alone; version 1 had no files on this
  /// machine.
  private static let version = 2
  /// How many groups that are over are kept.
  private let kept: Int
  /// A longer file isn't one of ours, in bytes.
  private let longest: Int

  /// The folder is opened when it is first needed.
  ///
  /// - Parameter environment: Says where the state folder is.
  public init(environment: [String: String], baseURL: String, token: String) {
    let folder = PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment)
    self.init(root: "\(folder)/groups", baseURL: baseURL, token: token)
  }

  init(root: String, baseURL: String, token: String, kept: Int = 100, longest: Int = 64 << 20) {
    self.root = root
    self.baseURL = baseURL
    self.kept = kept
    self.longest = longest
    account = Self.key(baseURL, token)
  }

  private static func key(_ parts: String...) -> String {
    SHA256.hash(data: Array(parts.joined(separator: "\n").utf8)).hexadecimal
  }

  // MARK: PredictionGroupStore

  public func add(_ group: PredictionGroup) throws {
    let shared = try opened()
    try write(group, account, shared, isDurable: true)
    own.insert(group.id)
    prune(shared)
  }

  public func update(_ group: PredictionGroup, isDurable: Bool) throws -> Bool {
    // No other program takes over what this one is at work on, so the file needn't be read.
    guard own.contains(group.id) else { return false }
    try write(group, account, try opened(), isDurable: isDurable)
    return true
  }

  public func groups(report: @Sendable (String) -> Void) throws -> [StoredGroup] {
    guard access(root, F_OK) == 0 else { return [] }
    let shared = try opened()
    let names = try accountNames(shared)
    var found: [StoredGroup] = []
    for name in files() {
      let path = "\(root)/\(name)"
      do throws(ArchiveFailure) {
        guard let record = try record(at: path), isSame(record.account, names) else { continue }
        let isOwn = own.contains(record.group.id)
        found.append(
          StoredGroup(record.group, isElsewhere: !isOwn && shared.isTaken(record.seat)))
      } catch {
        report(error.description)
      }
    }
    return found.sorted { $0.group.createdAt < $1.group.createdAt }
  }

  public func takeOver(_ id: PredictionGroup.ID) throws -> PredictionGroup? {
    let shared = try opened()
    guard Self.isName("\(id.rawValue).json") else { return nil }
    let taken = try shared.locked { () throws(ArchiveFailure) -> PredictionGroup? in
      guard let record = try record(at: path(of: id)), record.group.id == id,
        own.contains(id) || !shared.isTaken(record.seat)
      else { return nil }
      try write(record.group, record.account, shared, isDurable: true)
      return record.group
    }
    if taken != nil { own.insert(id) }
    return taken
  }

  public func identify(as name: String) {
    guard access(root, F_OK) == 0, let shared = try? opened() else { return }
    let key = Self.key(baseURL, "account", name)
    guard (try? accountNames(shared))?[account] != key else { return }
    try? shared.locked { () throws(ArchiveFailure) in
      var names = try accountNames(shared)
      names[account] = key
      let pairs = names.sorted { $0.key < $1.key }.map { ($0, JSONValue.string($1)) }
      try shared.write(
        JSONValue.object(["accounts": .object(JSONObject(uniqueKeysWithValues: pairs))])
          .serialized() + "\n")
    }
  }

  // MARK: Files

  private func opened() throws(ArchiveFailure) -> SharedFile {
    if let shared { return shared }
    let opened = try SharedFile("\(root)/accounts.json")
    shared = opened
    return opened
  }

  /// The key of an account's name, by the key of a token. What can't be read is forgotten: only
  /// groups of the account's other tokens aren't found then.
  private func accountNames(_ shared: SharedFile) throws(ArchiveFailure) -> [String: String] {
    guard let bytes = try shared.read(),
      let members = (try? JSONValue(parsing: bytes))?["accounts"]?.object
    else { return [:] }
    return members.reduce(into: [:]) { $0[$1.key] = $1.value.string }
  }

  private func isSame(_ other: String, _ names: [String: String]) -> Bool {
    if other == account { return true }
    guard let name = names[account] else { return false }
    return names[other] == name
  }

  private func path(of id: PredictionGroup.ID) -> String { "\(root)/\(id.rawValue).json" }

  private func files() -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return all.filter(Self.isName).sorted()
  }

  private static func isName(_ name: String) -> Bool {
    guard name.hasSuffix(".json") else { return false }
    let id = name.dropLast(5)
    return id.utf8.count == 32
      && id.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
  }

  private func write(
    _ group: PredictionGroup, _ account: String, _ shared: SharedFile, isDurable: Bool
  ) throws(ArchiveFailure) {
    let record = GroupRecord(group: group, account: account, seat: shared.seat)
    let text = record.json(version: Self.version).serialized() + "\n"
    // A longer file wouldn't be read.
    guard text.utf8.count <= longest else {
      throw ArchiveFailure("its values are too long: \(longest >> 20) MiB is the most for a group")
    }
    do throws(FileFailure) {
      try PrivateFile.write(text, to: path(of: group.id), isDurable: isDurable)
    } catch {
      throw ArchiveFailure(error)
    }
  }

  /// Nil if there is no such file. One that can't be read is moved out of the way, not deleted: it
  /// may say what was made.
  private func record(at path: String) throws(ArchiveFailure) -> GroupRecord? {
    guard let bytes = try SharedFile.read(path, atMost: longest) else { return nil }
    let json = bytes.count > longest ? nil : try? JSONValue(parsing: bytes)
    if let version = json?["version"]?.int, version > Self.version {
      throw ArchiveFailure("\(path) was written by a newer version of Replicant")
    }
    guard let record = json.flatMap({ GroupRecord($0) }),
      path.hasSuffix("/\(record.group.id.rawValue).json")
    else {
      let kept = try SharedFile.setAside(path)
      throw ArchiveFailure(
        "A group of runs couldn’t be read, so it won’t go on; its file is kept as \(kept)")
    }
    return record
  }

  /// Forgets the oldest groups that are over.
  private func prune(_ shared: SharedFile) {
    let names = files()
    guard names.count > kept else { return }
    var over: [PredictionGroup] = []
    for name in names {
      guard let record = try? record(at: "\(root)/\(name)"), record.group.isOver,
        !shared.isTaken(record.seat)
      else { continue }
      over.append(record.group)
    }
    over.sort { $0.createdAt < $1.createdAt }
    for group in over.prefix(max(0, names.count - kept)) { unlink(path(of: group.id)) }
  }
}
