/// Media types of files, by their first bytes and by their names.
///
///     MediaType.of(head: bytes, name: "cat.png")  // image/png
public enum MediaType {
  /// The type of what isn't known.
  public static let unknown = "application/octet-stream"

  /// The type of a file: by its first bytes, or else by the ending of its name, or as text.
  public static func of(head: [UInt8], name: some StringProtocol) -> String {
    let named = byName(name)
    guard let found = byContent(head) else {
      if let named { return named }
      return !head.isEmpty && isText(head) ? "text/plain" : unknown
    }
    // Some formats are others inside: documents are zip archives, and a video may have only sound.
    if let named, family(of: found).contains(named) { return named }
    return found
  }

  /// The type that the first bytes tell; nil if they tell none.
  public static func byContent(_ head: [UInt8]) -> String? {
    if let picture = PictureHeader(head) { return picture.format.mediaType }
    let head = HeadBytes(head)
    if head.has("ftyp", at: 4) { return baseMedia(head) }
    if head.has("RIFF") {
      if head.has("WAVE", at: 8) { return "audio/wav" }
      if head.has("AVI ", at: 8) { return "video/x-msvideo" }
      return nil
    }
    if head.has("FORM"), head.has("AIFF", at: 8) || head.has("AIFC", at: 8) { return "audio/aiff" }
    if head.has([0x1A, 0x45, 0xDF, 0xA3]) {
      // The name of the format is near the start, whatever comes before it.
      return head.text(0..<64).contains("webm") ? "video/webm" : "video/x-matroska"
    }
    for (mark, type) in marks where head.has(mark) { return type }
    if head.has("ustar", at: 257) { return "application/x-tar" }
    // A frame of MPEG audio: eleven bits, then no reserved version, layer, bit rate or sample rate.
    // Layer I is rarer than UTF-16, which begins like it.
    if head.byte(0) == 0xFF, let second = head.byte(1), let third = head.byte(2),
      second & 0xE0 == 0xE0, second & 0x18 != 0x08, [0x02, 0x04].contains(second & 0x06),
      third & 0xF0 != 0xF0,
      third & 0x0C != 0x0C
    {
      return "audio/mpeg"
    }
    if head.byte(0) == 0xFF, let second = head.byte(1), second & 0xF6 == 0xF0 {
      return "audio/aac"
    }
    return nil
  }

  /// The type that the ending of a name stands for; nil if it is unknown.
  public static func byName(_ name: some StringProtocol) -> String? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    return endings[name[name.index(after: dot)...].lowercased()]
  }

  /// Whether a schema's list of accepted types, such as `image/*` or `.png`, includes a type. An
  /// empty list includes all, and so does one that lists only what can't be compared.
  public static func accepts(_ accepted: [String], type: String, name: some StringProtocol) -> Bool
  {
    guard !accepted.isEmpty else { return true }
    let type = usual(type)
    let name = name.lowercased()
    return accepted.contains { entry in
      let entry = entry.lowercased()
      if entry.hasPrefix(".") {
        return name.hasSuffix(entry) || endings[String(entry.dropFirst())] == type
      }
      guard let slash = entry.firstIndex(of: "/") else { return true }
      if entry.hasPrefix("*/") { return true }
      if entry[slash...] == "/*" { return type.hasPrefix(entry[...slash]) }
      return usual(entry) == type
    }
  }

  /// One name for a type that has several.
  private static func usual(_ type: String) -> String {
    let type = String(type.prefix { $0 != ";" }.lowercased())
    return aliases[type] ?? type
  }

  private static func family(of type: String) -> Set<String> {
    families[type] ?? []
  }

  /// ISO base media: video, unless the brand says that it is only sound.
  private static func baseMedia(_ head: HeadBytes) -> String {
    switch head.text(8..<12) {
    case "M4A ", "M4B ", "M4P ": "audio/mp4"
    case "qt  ": "video/quicktime"
    case let brand where brand.hasPrefix("3g"): "video/3gpp"
    default: "video/mp4"
    }
  }

  /// UTF-8 without control characters. The end may be cut off inside a character.
  private static func isText(_ head: [UInt8]) -> Bool {
    let isControlled = head.contains { $0 < 0x20 && !(0x08...0x0D).contains($0) && $0 != 0x1B }
    guard !isControlled else { return false }
    for cut in 0...min(3, head.count) {
      if String(validating: head[..<(head.count - cut)], as: UTF8.self) != nil { return true }
    }
    return false
  }

  private static let marks: [([UInt8], String)] = [
    (Array("ID3".utf8), "audio/mpeg"), (Array("fLaC".utf8), "audio/flac"),
    (Array("OggS".utf8), "audio/ogg"), (Array("MThd".utf8), "audio/midi"),
    (Array("#!AMR".utf8), "audio/amr"), (Array("FLV\u{1}".utf8), "video/x-flv"),
    ([0x00, 0x00, 0x01, 0xBA], "video/mpeg"), ([0x00, 0x00, 0x01, 0xB3], "video/mpeg"),
    (Array("%PDF-".utf8), "application/pdf"), (Array("PK\u{3}\u{4}".utf8), "application/zip"),
    (Array("PK\u{5}\u{6}".utf8), "application/zip"), ([0x1F, 0x8B], "application/gzip"),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "application/x-xz"),
    ([0x28, 0xB5, 0x2F, 0xFD], "application/zstd"), (Array("glTF".utf8), "model/gltf-binary"),
    ([0x76, 0x2F, 0x31, 0x01], "image/x-exr"), (Array("8BPS".utf8), "image/vnd.adobe.photoshop"),
    ([0x00, 0x00, 0x01, 0x00], "image/x-icon"), ([0xFF, 0x0A], "image/jxl"),
  ]

  private static let families: [String: Set<String>] = [
    "application/zip": [
      "application/epub+zip", "application/java-archive", "application/vnd.comicbook+zip",
      "application/vnd.oasis.opendocument.text",
      "application/vnd.openxmlformats-officedocument.presentationml.presentation",
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
      "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "model/vnd.usdz+zip", "application/x-npz",
    ],
    "audio/ogg": ["video/ogg", "audio/opus"],
    "video/mp4": ["audio/mp4"], "video/webm": ["audio/webm"],
    "image/tiff": ["image/x-adobe-dng"],
  ]

  private static let aliases: [String: String] = [
    "image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp", "image/svg": "image/svg+xml", "image/heif": "image/heic",
    "audio/mp3": "audio/mpeg", "audio/x-mp3": "audio/mpeg", "audio/mpeg3": "audio/mpeg",
    "audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/vnd.wave": "audio/wav",
    "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4", "audio/x-flac": "audio/flac",
    "audio/x-aiff": "audio/aiff", "audio/opus": "audio/ogg", "application/ogg": "audio/ogg",
    "audio/x-midi": "audio/midi", "video/avi": "video/x-msvideo",
    "video/msvideo": "video/x-msvideo",
    "application/x-zip-compressed": "application/zip", "application/x-gzip": "application/gzip",
    "application/x-pdf": "application/pdf", "text/json": "application/json",
    "text/xml": "application/xml", "text/x-markdown": "text/markdown",
  ]

  private static let endings: [String: String] = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "jpe": "image/jpeg",
    "gif": "image/gif", "webp": "image/webp", "bmp": "image/bmp", "tif": "image/tiff",
    "tiff": "image/tiff", "avif": "image/avif", "heic": "image/heic", "heif": "image/heic",
    "svg": "image/svg+xml", "ico": "image/x-icon", "psd": "image/vnd.adobe.photoshop",
    "exr": "image/x-exr", "hdr": "image/vnd.radiance", "jxl": "image/jxl",
    "dng": "image/x-adobe-dng",
    "mp3": "audio/mpeg", "wav": "audio/wav", "flac": "audio/flac", "ogg": "audio/ogg",
    "oga": "audio/ogg", "opus": "audio/opus", "m4a": "audio/mp4", "aac": "audio/aac",
    "aif": "audio/aiff", "aiff": "audio/aiff", "mid": "audio/midi", "midi": "audio/midi",
    "wma": "audio/x-ms-wma", "amr": "audio/amr", "weba": "audio/webm",
    "mp4": "video/mp4", "m4v": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    "mkv": "video/x-matroska", "avi": "video/x-msvideo", "mpg": "video/mpeg", "mpeg": "video/mpeg",
    "ogv": "video/ogg", "flv": "video/x-flv", "wmv": "video/x-ms-wmv", "3gp": "video/3gpp",
    "txt": "text/plain", "log": "text/plain", "md": "text/markdown", "csv": "text/csv",
    "tsv": "text/tab-separated-values", "html": "text/html", "htm": "text/html",
    "css": "text/css", "srt": "application/x-subrip", "vtt": "text/vtt", "py": "text/x-python",
    "js": "text/javascript", "json": "application/json", "jsonl": "application/jsonl",
    "xml": "application/xml", "yaml": "application/yaml", "yml": "application/yaml",
    "toml": "application/toml", "pdf": "application/pdf", "zip": "application/zip",
    "gz": "application/gzip", "tgz": "application/gzip", "tar": "application/x-tar",
    "xz": "application/x-xz", "zst": "application/zstd", "7z": "application/x-7z-compressed",
    "npz": "application/x-npz", "epub": "application/epub+zip", "jar": "application/java-archive",
    "cbz": "application/vnd.comicbook+zip", "odt": "application/vnd.oasis.opendocument.text",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "glb": "model/gltf-binary", "gltf": "model/gltf+json", "obj": "model/obj", "stl": "model/stl",
    "usdz": "model/vnd.usdz+zip",
  ]
}

extension PictureHeader.Format {
  public var mediaType: String {
    switch self {
    case .svg: "image/svg+xml"
    default: "image/\(rawValue)"
    }
  }
}
