import Pictures

/// What a trainer asks of its pictures, as far as its description says it plainly.
///
///     TrainingRules(description: "We recommend a minimum of 10 images.").fewest
///     // 10, recommended
///
/// Reads English, and leaves out what could mean something else: a rule that is missing does less
/// harm than a wrong one.
public struct TrainingRules: Hashable, Sendable {
  /// How many pictures there should be, at least or at most.
  public struct Bound: Hashable, Sendable {
    public var count: Int
    /// Whether the description advises it, instead of asking for it.
    public var isAdvice: Bool

    public init(count: Int, isAdvice: Bool) {
      self.count = count
      self.isAdvice = isAdvice
    }
  }

  public var fewest: Bound?
  public var most: Bound?
  /// The formats of pictures; empty if nothing is said about them.
  public var formats: Set<PictureHeader.Format> = []
  /// The least size of a picture, in pixels.
  public var smallest: PictureHeader.Size?
  /// Kinds of archives by their endings, such as `zip` and `tar`; empty if none is named.
  public var archives: Set<String> = []
  /// Whether captions are texts next to the pictures: `cat.txt` for `cat.png`.
  public var takesCaptionFiles = false
  /// Whether the names of the pictures are their captions.
  public var takesCaptionsFromNames = false
  /// Whether the trainer can write captions itself.
  public var writesCaptions = false
  /// Whether the archive has to have certain folders.
  public var keepsFolders = false

  public init() {}

  /// - Parameter description: Of the input for the pictures; the model's README can follow it.
  public init(description: String) {
    let text = String(decoding: description.utf8.prefix(Self.limit), as: UTF8.self)
    for sentence in RuleSentence.sentences(of: text) { read(sentence) }
  }

  /// How much of a description is read, in bytes.
  static let limit = 64 << 10

  private mutating func read(_ sentence: RuleSentence) {
    readCaptions(sentence)
    guard !sentence.isNegative else { return }
    readArchives(sentence)
    readFormats(sentence)
    readFolders(sentence)
    guard !sentence.isAboutOthers else { return }
    readCounts(sentence)
    readSize(sentence)
  }

  private mutating func readCounts(_ sentence: RuleSentence) {
    for (count, qualifier) in sentence.counts() {
      switch qualifier {
      case .fewest:
        fewest = fewest ?? Bound(count: count.lowerBound, isAdvice: sentence.isAdvice)
      case .most: most = most ?? Bound(count: count.upperBound, isAdvice: sentence.isAdvice)
      case .between where fewest == nil && most == nil:
        // A range that isn't demanded is what works well.
        fewest = Bound(count: count.lowerBound, isAdvice: !sentence.isDemand)
        most = Bound(count: count.upperBound, isAdvice: !sentence.isDemand)
      case .between: break
      }
    }
  }

  private mutating func readSize(_ sentence: RuleSentence) {
    guard smallest == nil, sentence.hasLeast, let size = sentence.size else { return }
    smallest = size
  }

  private mutating func readFormats(_ sentence: RuleSentence) {
    let found = sentence.formats
    guard found.count > 1 || (found.count == 1 && sentence.has("only")) else { return }
    formats.formUnion(found)
  }

  private mutating func readArchives(_ sentence: RuleSentence) {
    let found = sentence.words.filter { ["zip", "tar", "zipfile"].contains($0) }
    archives.formUnion(found.map { $0 == "zipfile" ? "zip" : $0 })
  }

  private mutating func readCaptions(_ sentence: RuleSentence) {
    let isAboutCaptions = sentence.words.contains {
      $0.hasPrefix("caption") || $0.hasPrefix("autocaption")
    }
    guard isAboutCaptions else { return }
    if sentence.words.contains(where: { $0 == "txt" || $0.hasSuffix(".txt") }) {
      takesCaptionFiles = true
    }
    let isAutomatic =
      sentence.words.contains { $0.hasPrefix("autocaption") || $0.hasPrefix("auto-caption") }
      || sentence.has("automatic", "captioning") || sentence.has("automatically", "caption")
      || sentence.has("automatically", "captioned")
    if isAutomatic { writesCaptions = true }
    let isName =
      sentence.has("names", "must", "be", "their", "captions")
      || sentence.has("name", "must", "be", "its", "caption")
      || sentence.has("filename", "as", "caption") || sentence.has("filenames", "as", "captions")
    if isName { takesCaptionsFromNames = true }
  }

  private mutating func readFolders(_ sentence: RuleSentence) {
    let words = sentence.words
    let isNamed = words.indices.dropLast().contains {
      words[$0].hasSuffix("/") && ["folder", "directory", "subfolder"].contains(words[$0 + 1])
    }
    if isNamed { keepsFolders = true }
  }
}
