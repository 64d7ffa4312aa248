/// The part of a model that lists show. A page of whole models weighs two megabytes, nearly all of
/// it schemas and examples, so lists keep only this.
public struct ModelSummary: Sendable, Hashable, Identifiable {
  public var id: ModelID
  /// How often the model has been run, by everyone.
  public var runCount: Int
  // In this order the texts' padding has room for the flag, which saves 8 bytes per model.
  private var texts: PackedTexts
  /// Official models are always warm and run without a version.
  public var isOfficial: Bool

  public init(
    id: ModelID, description: String? = nil, runCount: Int = 0, isOfficial: Bool = false,
    coverImageURL: String? = nil, url: String? = nil, latestVersionID: ModelVersion.ID? = nil
  ) {
    self.id = id
    self.runCount = runCount
    self.isOfficial = isOfficial
    texts = PackedTexts(
      description, cover: coverImageURL, version: latestVersionID?.rawValue,
      url: url == Self.usualURL(id) ? nil : url)
  }

  public var description: String? {
    get { texts.description }
    set {
      texts = PackedTexts(newValue, cover: texts.cover, version: texts.version, url: texts.url)
    }
  }

  public var coverImageURL: String? {
    get { texts.cover }
    set {
      texts = PackedTexts(
        texts.description, cover: newValue, version: texts.version, url: texts.url)
    }
  }

  public var latestVersionID: ModelVersion.ID? {
    get { texts.version.map { ModelVersion.ID($0) } }
    set {
      texts = PackedTexts(
        texts.description, cover: texts.cover, version: newValue?.rawValue, url: texts.url)
    }
  }

  /// The model's web page.
  public var url: String? {
    get { texts.url ?? Self.usualURL(id) }
    set {
      texts = PackedTexts(
        texts.description, cover: texts.cover, version: texts.version,
        url: newValue == Self.usualURL(id) ? nil : newValue)
    }
  }

  private static func usualURL(_ id: ModelID) -> String {
    "https://replicate.com/\(id.owner)/\(id.name)"
  }
}

/// A model's texts in one allocation instead of four, without the usual prefixes of addresses,
/// because programs keep lists of 100,000 models.
private struct PackedTexts: Sendable, Hashable {
  private var joined = ""
  private var ends: (description: UInt32, cover: UInt32, version: UInt32)
  /// A bit for each text that is present, and in the upper half the prefix of the cover's address.
  private var kinds: UInt8 = 0

  private static let coverPrefixes = [
    "", "https://replicate.delivery/", "https://tjzk.replicate.delivery/models_models_",
  ]

  init(_ description: String?, cover: String?, version: String?, url: String?) {
    ends = (0, 0, 0)
    var prefix = 0
    if let cover {
      prefix = Self.coverPrefixes.lastIndex { cover.hasPrefix($0) } ?? 0
    }
    let rest = cover?.utf8.dropFirst(Self.coverPrefixes[prefix].utf8.count)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(
      (description?.utf8.count ?? 0) + (rest?.count ?? 0) + (version?.utf8.count ?? 0)
        + (url?.utf8.count ?? 0))
    if let description {
      kinds |= 1
      bytes += description.utf8
    }
    ends.description = UInt32(bytes.count)
    if let rest {
      kinds |= 2
      bytes += rest
    }
    ends.cover = UInt32(bytes.count)
    if let version {
      kinds |= 4
      bytes += version.utf8
    }
    ends.version = UInt32(bytes.count)
    if let url {
      kinds |= 8
      bytes += url.utf8
    }
    kinds |= UInt8(prefix) << 4
    joined = String(decoding: bytes, as: UTF8.self)
  }

  var description: String? { text(1, 0, ends.description) }
  var cover: String? {
    text(2, ends.description, ends.cover).map { Self.coverPrefixes[Int(kinds >> 4)] + $0 }
  }
  var version: String? { text(4, ends.cover, ends.version) }
  var url: String? { text(8, ends.version, UInt32(joined.utf8.count)) }

  private func text(_ kind: UInt8, _ start: UInt32, _ end: UInt32) -> String? {
    guard kinds & kind != 0 else { return nil }
    return String(
      decoding: joined.utf8.dropFirst(Int(start)).prefix(Int(end - start)), as: UTF8.self)
  }

  static func == (left: Self, right: Self) -> Bool {
    left.kinds == right.kinds && left.ends == right.ends && left.joined == right.joined
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(kinds)
    hasher.combine(joined)
  }
}

extension ModelSummary: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    var owner: String?
    var name: String?
    var url: String?
    var description: String?
    var cover: String?
    var version: String?
    var runCount = 0
    var isOfficial = false
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "owner": owner = try reader.optionalString()
      case "name": name = try reader.optionalString()
      case "description": description = try reader.optionalString()
      case "run_count": runCount = try reader.optionalInt() ?? 0
      case "is_official": isOfficial = try reader.optionalBool() ?? false
      case "cover_image_url": cover = try reader.optionalString()
      case "url": url = try reader.optionalString()
      case "latest_version":
        guard try reader.enterOptionalObject() else { continue }
        while let key = try reader.nextKey() {
          if key == "id" { version = try reader.optionalString() } else { try reader.skip() }
        }
      default: try reader.skip()
      }
    }
    guard let owner, let name else { throw reader.mistake("a model without an owner or a name") }
    self.init(
      id: ModelID(owner: owner, name: name), description: description, runCount: runCount,
      isOfficial: isOfficial, coverImageURL: cover, url: url,
      latestVersionID: version.map { ModelVersion.ID($0) })
  }
}
