import Pictures
import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension TrainingFolder {
  /// Looks at all files of a folder and its subfolders. Canceling the task ends that early, with
  /// what has been found until then.
  @concurrent
  public static func read(_ path: LocalPath) async throws(FileProblem) -> TrainingFolder {
    var reader = TrainingFolderReader(path)
    return try await reader.read()
  }
}

/// Goes through a folder and sorts its files by what a training does with them.
private struct TrainingFolderReader {
  private var folder: TrainingFolder
  /// The folder without symbolic links.
  private var root: [UInt8] = []
  private var pending: [Subfolder] = []
  private var count = 0
  /// In bytes.
  private var captionSize = 0

  private struct Subfolder {
    var path: LocalPath
    /// With a slash at the end, unless it is the folder itself.
    var name: String
    var depth: Int
  }

  /// How many files are looked at.
  static let limit = 20_000
  static let depthLimit = 16
  /// How much of a caption is kept, in bytes, and of all together.
  static let captionLimit = 4096
  static let captionLimitTogether = 16 << 20

  init(_ path: LocalPath) { folder = TrainingFolder(path) }

  mutating func read() async throws(FileProblem) -> TrainingFolder {
    root = Self.resolved(folder.path) ?? folder.path.bytes
    pending = [Subfolder(path: folder.path, name: "", depth: 0)]
    while let next = pending.popLast(), !Task.isCancelled, !folder.isCut {
      switch await FolderListing.entries(of: next.path) {
      case .success(let entries): add(entries, of: next)
      case .failure(let problem):
        if next.depth == 0 { throw problem }
        if case .unreadable(_, let reason) = problem {
          leaveOut(next.name, .unreadable(reason))
        } else {
          leaveOut(next.name, .unreadable(problem.words))
        }
      }
    }
    folder.pictures.sort { $0.item.name < $1.item.name }
    folder.captions.sort { $0.item.name < $1.item.name }
    folder.others.sort { $0.name < $1.name }
    folder.leftOut.sort { $0.name < $1.name }
    if folder.pictureSize <= ZIPArchive.maximumSize { addChecksums() }
    return folder
  }

  private mutating func add(_ entries: [FolderEntry], of parent: Subfolder) {
    for entry in entries {
      if Task.isCancelled { return }
      count += 1
      guard count <= Self.limit else {
        folder.isCut = true
        return
      }
      let name = parent.name + entry.name
      let path = parent.path.appending(entry.bytes)
      if Self.isClutter(entry) {
        leaveOut(name, .clutter)
      } else if !ZIPArchive.isPlain(name) || String(validating: entry.bytes, as: UTF8.self) == nil {
        leaveOut(name, .unusableName)
      } else if isOutside(path, entry.kind) {
        leaveOut(name, .linkOutside)
      } else {
        switch entry.kind {
        case .other: leaveOut(name, .notAFile)
        case .file: add(path, name)
        case .folder:
          let folder = Subfolder(path: path, name: name + "/", depth: parent.depth + 1)
          if folder.depth > Self.depthLimit {
            leaveOut(folder.name, .tooDeep)
          } else {
            pending.append(folder)
          }
        }
      }
    }
  }

  private mutating func leaveOut(_ name: String, _ reason: TrainingFolder.LeftOut.Reason) {
    folder.leftOut.append(TrainingFolder.LeftOut(name: name, reason: reason))
  }

  private mutating func add(_ path: LocalPath, _ name: String) {
    let item: TrainingFolder.Item
    let head: [UInt8]
    do throws(TransportError) {
      let file = try OpenFile(LocalFile(reading: path.bytes, named: path.shown))
      head = try file.file.read(at: 0) ?? []
      item = TrainingFolder.Item(path: path, name: name, size: file.size, stamp: file.stamp)
    } catch {
      return leaveOut(name, .unreadable(FileInspector.reason(error)))
    }
    if let header = PictureHeader(head) {
      guard TrainingFolder.trainable.contains(header.format) else {
        return leaveOut(name, .unsupportedPicture(header.format.mediaType))
      }
      folder.pictures.append(
        TrainingFolder.Picture(item: item, format: header.format, dimensions: header.size))
    } else if TrainingFolder.ending(name) == "txt" {
      addCaption(item, head)
    } else {
      let type = MediaType.of(head: head, name: name)
      if !type.hasPrefix("image/") {
        folder.others.append(item)
      } else if MediaType.byContent(head) != nil {
        leaveOut(name, .unsupportedPicture(type))
      } else {
        leaveOut(name, .notAPicture)
      }
    }
  }

  private mutating func addCaption(_ item: TrainingFolder.Item, _ head: [UInt8]) {
    var caption = TrainingFolder.Caption(item: item)
    // Some editors begin texts with a mark.
    let body = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head.dropFirst(3) : head[...]
    if Self.isText(body, mayBeCut: item.size > head.count) {
      let limit = captionSize < Self.captionLimitTogether ? Self.captionLimit : 0
      let kept = body.prefix(limit)
      caption.isCut = kept.count < body.count || item.size > head.count
      caption.text = Self.text(kept)
      captionSize += kept.count
    }
    folder.captions.append(caption)
  }

  /// Finds pictures that may be the same.
  private mutating func addChecksums() {
    let counts = folder.pictures.reduce(into: [Int: Int]()) { $0[$1.item.size, default: 0] += 1 }
    for index in folder.pictures.indices {
      let item = folder.pictures[index].item
      guard counts[item.size, default: 0] > 1, !Task.isCancelled else { continue }
      folder.pictures[index].checksum = Self.checksum(of: item)
    }
  }

  /// Nil if the file can't be read, which is found out again when it is packed.
  private static func checksum(of item: TrainingFolder.Item) -> UInt32? {
    guard let file = try? LocalFile(reading: item.path.bytes, named: item.path.shown) else {
      return nil
    }
    var checksum = CyclicChecksum()
    var offset = 0
    while offset < item.size, !Task.isCancelled {
      guard let piece = (try? file.read(at: offset)) ?? nil else { return nil }
      checksum.add(piece)
      offset += piece.count
    }
    return offset == item.size ? checksum.sum : nil
  }
}

extension TrainingFolderReader {
  /// What systems leave in folders without being asked.
  private static let clutter: Set<String> = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin",
  ]

  private static func isClutter(_ entry: FolderEntry) -> Bool {
    entry.isHidden || clutter.contains(entry.key) || entry.name == "Icon\r"
  }

  /// Whether a path is a symbolic link that leads out of the folder, or to a folder.
  private func isOutside(_ path: LocalPath, _ kind: FolderEntry.Kind) -> Bool {
    var facts = stat()
    guard lstat(path.bytes.map(CChar.init(bitPattern:)) + [0], &facts) == 0,
      facts.st_mode & S_IFMT == S_IFLNK
    else { return false }
    // A link to a folder may lead to one that it is in.
    guard kind == .file, let target = Self.resolved(path) else { return true }
    return !target.starts(with: root == [LocalPath.slash] ? root : root + [LocalPath.slash])
  }

  private static func resolved(_ path: LocalPath) -> [UInt8]? {
    guard let text = realpath(path.bytes.map(CChar.init(bitPattern:)) + [0], nil) else {
      return nil
    }
    defer { free(text) }
    return UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init(bitPattern:))
  }

  /// Whether bytes are UTF-8, without control characters that texts don't have. The end may be cut
  /// off inside a character.
  private static func isText(_ bytes: ArraySlice<UInt8>, mayBeCut: Bool) -> Bool {
    guard !bytes.contains(0) else { return false }
    return (0...(mayBeCut ? min(3, bytes.count) : 0)).contains {
      String(validating: bytes.dropLast($0), as: UTF8.self) != nil
    }
  }

  /// The beginning of a text, without a character that is cut off.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let cut = (0...min(3, bytes.count)).lazy.compactMap {
      String(validating: bytes.dropLast($0), as: UTF8.self)
    }.first
    return cut ?? ""
  }
}
