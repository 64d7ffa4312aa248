/// How many pictures and captions a trainer has found in its archive.
struct TrainingPictures: Sendable, Hashable {
  var pictures: Int
  /// Pictures with a text of the same name.
  var captions: Int
  /// All files, including those that aren't used.
  var files: Int

  static let notAnArchive = DemoFailure(message: "input_images must be a zip file")
  static let noPictures = DemoFailure(
    message: """
      No images were found in the zip file. Supported formats are .jpg, .jpeg, .png and .webp.
      """)

  init(pictures: Int, captions: Int) {
    self.pictures = pictures
    self.captions = captions
    files = pictures + captions
  }

  init(archive bytes: [UInt8]) throws(DemoFailure) {
    guard let archive = ZipArchive(bytes) else { throw Self.notAnArchive }
    var names: [String: Int] = [:]
    var texts: Set<String> = []
    files = 0
    for entry in archive.entries where Self.counts(entry.name) {
      files += 1
      let (name, kind) = Self.parts(of: entry.name)
      if Self.kinds.contains(kind), entry.size > 0 { names[name, default: 0] += 1 }
      if kind == "txt" { texts.insert(name) }
    }
    pictures = names.values.reduce(0, +)
    captions = names.reduce(0) { $0 + (texts.contains($1.key) ? $1.value : 0) }
    guard pictures > 0 else { throw Self.noPictures }
  }

  private static let kinds: Set<String> = ["jpg", "jpeg", "png", "webp"]

  /// Folders don't count, nor does what macOS adds to an archive.
  private static func counts(_ name: String) -> Bool {
    let last = name.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    return !name.hasPrefix("__MACOSX/") && !last.isEmpty && !last.hasPrefix(".")
  }

  /// The path without its extension, and the extension in lowercase.
  private static func parts(of name: String) -> (name: String, kind: String) {
    guard let dot = name.lastIndex(of: ".") else { return (name, "") }
    return (String(name[..<dot]), name[name.index(after: dot)...].lowercased())
  }
}
