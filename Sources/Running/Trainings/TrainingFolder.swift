import OrderedCollections
import Pictures
import ReplicateAPI

/// A folder of pictures for a training, as it is before it is packed.
///
///     let folder = try await TrainingFolder.read(LocalPath("/home/me/cats"))
///     let rules = TrainingRules(description: input.description)
///     for finding in folder.findings(rules, trigger: "TOK") { … }
///     let entries = folder.entries(rules)
///     let archive = try await ZIPArchive.write(entries, named: "cats.zip", in: temporary)
///
/// Reading the folder is slow; the findings aren't, so they can follow what is typed.
public struct TrainingFolder: Hashable, Sendable {
  /// A file in the folder.
  public struct Item: Hashable, Sendable {
    public var path: LocalPath
    /// The path from the folder on. Sanitize it to show it.
    public var name: String
    /// In bytes.
    public var size: Int
    var stamp: LocalFile.Stamp
  }

  /// A picture of a format that trainers read.
  public struct Picture: Hashable, Sendable {
    public var item: Item
    public var format: PictureHeader.Format
    /// Nil if the beginning of the file doesn't say.
    public var dimensions: PictureHeader.Size?
    /// Only for pictures that share their size with others.
    var checksum: UInt32?
  }

  /// A text next to a picture: `cat.txt` describes `cat.png`.
  public struct Caption: Hashable, Sendable {
    public var item: Item
    /// Its beginning; nil if it isn't UTF-8. Sanitize it to show it.
    public var text: String?
    /// Whether the text goes on after its beginning.
    public var isCut = false
  }

  /// Something in the folder that isn't packed.
  public struct LeftOut: Hashable, Sendable {
    public enum Reason: Hashable, Sendable {
      /// A hidden file, or what systems leave in folders.
      case clutter
      case linkOutside
      /// A pipe, a device, or a socket.
      case notAFile
      /// A picture of a format that trainers don't read, such as `image/svg+xml`.
      case unsupportedPicture(String)
      /// A name like that of a picture, and content that isn't one.
      case notAPicture
      case unreadable(String)
      /// A name that isn't text or has control characters.
      case unusableName
      case tooDeep
    }

    /// The path from the folder on. Sanitize it to show it.
    public var name: String
    public var reason: Reason
  }

  public var path: LocalPath
  /// By name.
  public internal(set) var pictures: [Picture] = []
  /// By name.
  public internal(set) var captions: [Caption] = []
  /// Files that are neither, by name: `metadata.jsonl`, or a video.
  public internal(set) var others: [Item] = []
  public internal(set) var leftOut: [LeftOut] = []
  /// Whether the folder has more files than are looked at.
  public internal(set) var isCut = false

  init(_ path: LocalPath) { self.path = path }

  /// The size of the pictures, in bytes.
  public var pictureSize: Int { pictures.reduce(0) { $0 + $1.item.size } }

  /// How many pictures have each format, the most frequent first.
  public var formats: OrderedDictionary<PictureHeader.Format, Int> {
    var counts: OrderedDictionary<PictureHeader.Format, Int> = [:]
    for picture in pictures { counts[picture.format, default: 0] += 1 }
    counts.sort { ($0.value, $1.key.rawValue) > ($1.value, $0.key.rawValue) }
    return counts
  }

  /// What is packed, under its name in the archive: the pictures, their captions, and lists of
  /// captions. Names lose their folders unless the trainer asks for those; then all files are
  /// packed.
  public func entries(_ rules: TrainingRules = TrainingRules()) -> [ZIPArchive.Entry] {
    packed(rules).map { item, name in
      var entry = ZIPArchive.Entry(name: name, file: item.path)
      entry.stamp = item.stamp
      return entry
    }
  }

  /// The size of the archive, in bytes.
  public func archiveSize(_ rules: TrainingRules = TrainingRules()) -> Int {
    ZIPRecord.archiveSize(packed(rules).lazy.map { (name: Array($1.utf8), size: $0.size) })
      ?? .max
  }

  func packed(_ rules: TrainingRules) -> [(item: Item, name: String)] {
    let stems = Set(pictures.lazy.map { Self.stem($0.item.name) })
    let texts = captions.lazy.map(\.item).filter {
      rules.keepsFolders || stems.contains(Self.stem($0.name))
    }
    let lists = others.filter { rules.keepsFolders || Self.isList($0.name) }
    var packed: [(item: Item, name: String)] = []
    for item in pictures.map(\.item) + texts + lists {
      packed.append((item, rules.keepsFolders ? item.name : Self.baseName(item.name)))
    }
    return packed
  }

  /// A name without its folders. Trainers look for captions that end in `.txt`, in lower case.
  static func baseName(_ name: String) -> String {
    let base = name.lastIndex(of: "/").map { name[name.index(after: $0)...] } ?? name[...]
    return ending(base) == "txt" ? String(stem(base)) + ".txt" : String(base)
  }

  /// A name without its ending.
  static func stem(_ name: some StringProtocol) -> String {
    guard let dot = name.lastIndex(of: "."), !name[dot...].contains("/") else {
      return String(name)
    }
    return String(name[..<dot])
  }

  /// The ending of a name in lower case, without the dot.
  static func ending(_ name: some StringProtocol) -> String {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
  }

  /// Whether a file is known to list the captions of many pictures.
  static func isList(_ name: String) -> Bool {
    let base = baseName(name).lowercased()
    return ["metadata", "captions", "data", "dataset"].contains(stem(base))
      && ["json", "jsonl", "csv", "tsv"].contains(ending(base))
  }
}

extension TrainingFolder {
  /// The formats that trainers read.
  static let trainable: Set<PictureHeader.Format> = [
    .jpeg, .png, .webp, .gif, .bmp, .tiff, .heic,
  ]

  /// The endings of names by which trainers find pictures of a format.
  static let endings: [PictureHeader.Format: Set<String>] = [
    .jpeg: ["jpg", "jpeg"], .png: ["png"], .webp: ["webp"], .gif: ["gif"], .bmp: ["bmp"],
    .tiff: ["tif", "tiff"], .heic: ["heic", "heif"],
  ]
}
