import OrderedCollections
import Pictures

/// Something to know about a folder of pictures before it is used for a training.
public struct TrainingFinding: Hashable, Sendable {
  public enum Severity: Int, Comparable, Sendable {
    case note, warning
    /// The folder can't be packed like this.
    case error

    public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
  }

  public var severity: Severity
  /// A sentence. Sanitize it to show it: names of files are in it.
  public var words: String
  /// The files that it is about, from the folder on, of which the sentence has only the first ones.
  public var names: [String]

  init(_ severity: Severity, _ words: String, _ names: [String] = []) {
    self.severity = severity
    self.words = words.prefix(1).uppercased() + words.dropFirst()
    self.names = names
  }

  /// A sentence that ends with names of files.
  fileprivate init(_ severity: Severity, _ words: String, naming names: [String]) {
    let rest = names.count - 3
    let listed = names.prefix(3).joined(separator: ", ")
    self.init(
      severity, "\(words): \(listed)\(rest > 0 ? ", and \(rest.grouped) more" : "").", names)
  }
}

extension TrainingFolder {
  /// What there is to know about the folder, the worst first.
  ///
  /// - Parameters:
  ///   - rules: Of the trainer.
  ///   - trigger: The word that stands for what is learned; empty if there is none.
  public func findings(
    _ rules: TrainingRules = TrainingRules(), trigger: String = ""
  ) -> [TrainingFinding] {
    let findings =
      contentFindings(rules) + countFindings(rules) + pictureFindings(rules)
      + captionFindings(rules, trigger: String(trigger.trimmingBlanks())) + leftOutFindings(rules)
    let order: [TrainingFinding.Severity] = [.error, .warning, .note]
    return order.flatMap { severity in findings.filter { $0.severity == severity } }
  }

  /// Whether the folder can be packed for a trainer.
  public func canBePacked(_ rules: TrainingRules = TrainingRules()) -> Bool {
    !contentFindings(rules).contains { $0.severity == .error }
  }

  private typealias Finding = TrainingFinding

  // MARK: What the archive will be

  private func contentFindings(_ rules: TrainingRules) -> [TrainingFinding] {
    var findings: [Finding] = []
    if pictures.isEmpty {
      findings.append(Finding(.error, "There are no pictures in this folder that trainers read."))
    }
    if isCut {
      findings.append(
        Finding(.error, "The folder has too many files; choose one that has only the pictures."))
    }
    let unusable = names(leftOut: .unusableName)
    if !unusable.isEmpty {
      findings.append(
        Finding(.error, "\(files(unusable.count)) can’t keep the name; rename", naming: unusable))
    }
    let packed = packed(rules)
    let places = Dictionary(grouping: packed, by: \.name).values.filter { $0.count > 1 }
    let same = places.flatMap { $0.map(\.item.name) }.sorted()
    if !same.isEmpty {
      findings.append(
        Finding(
          .error, "In the archive, which has no subfolders, files would have the same name",
          naming: same))
    }
    let size = archiveSize(rules)
    if size > ZIPArchive.maximumSize {
      findings.append(Finding(.error, ZIPArchive.Problem.tooLarge(size: size).words))
    }
    if packed.count > ZIPArchive.maximumCount {
      findings.append(Finding(.error, ZIPArchive.Problem.tooMany(count: packed.count).words))
    }
    let nested = packed.count { $0.item.name.contains("/") }
    if nested > 0, !rules.keepsFolders {
      findings.append(
        Finding(.note, "\(files(nested)) from subfolders \(are(nested)) packed without them."))
    }
    if !rules.archives.isEmpty, !rules.archives.contains("zip") {
      let kinds = rules.archives.sorted().joined(separator: " or ")
      findings.append(
        Finding(.warning, "The trainer asks for a \(kinds) file, and this makes a zip file."))
    }
    return findings
  }

  // MARK: How many pictures

  private func countFindings(_ rules: TrainingRules) -> [TrainingFinding] {
    let count = pictures.count
    guard count > 0 else { return [] }
    var findings: [Finding] = []
    let has = "the folder has \(count.grouped)."
    if let fewest = rules.fewest, count < fewest.count {
      findings.append(
        Finding(
          .warning,
          "The trainer \(asks(fewest)) at least \(Self.pictures(fewest.count)); \(has)"))
    } else if count < 2 {
      findings.append(Finding(.warning, "One picture is very little to learn from."))
    }
    if let most = rules.most, count > most.count {
      findings.append(
        Finding(
          .warning, "The trainer \(asks(most)) at most \(Self.pictures(most.count)); \(has)"))
    } else if count > 1000 {
      findings.append(
        Finding(.warning, "\(Self.pictures(count)) are unusually many for a training."))
    }
    return findings
  }

  private func asks(_ bound: TrainingRules.Bound) -> String {
    bound.isAdvice ? "recommends" : "asks for"
  }

  // MARK: The pictures

  private func pictureFindings(_ rules: TrainingRules) -> [TrainingFinding] {
    var findings: [Finding] = []
    func add(_ severity: TrainingFinding.Severity, _ found: [Picture], _ words: (Int) -> String) {
      guard !found.isEmpty else { return }
      findings.append(Finding(severity, words(found.count), naming: found.map(\.item.name)))
    }
    if !rules.formats.isEmpty {
      let wanted = rules.formats.map { $0.rawValue.uppercased() }.sorted()
        .joined(separator: " or ")
      add(.warning, pictures.filter { !rules.formats.contains($0.format) }) {
        "The trainer asks for \(wanted), which \(Self.pictures($0)) \($0 == 1 ? "isn’t" : "aren’t")"
      }
    }
    let misnamed = pictures.filter {
      !(Self.endings[$0.format] ?? []).contains(Self.ending($0.item.name))
    }
    add(.warning, misnamed) {
      "\(Self.pictures($0)) \($0 == 1 ? "has a name that doesn’t" : "have names that don’t") "
        + "fit the format, so the trainer may miss \($0 == 1 ? "it" : "them")"
    }
    if let smallest = rules.smallest {
      let small = pictures.filter { picture in
        picture.dimensions.map { $0.width < smallest.width || $0.height < smallest.height } ?? false
      }
      add(.warning, small) {
        "\(Self.pictures($0)) \($0 == 1 ? "is" : "are") smaller than the "
          + "\(smallest.width) × \(smallest.height) pixels that the trainer asks for"
      }
    }
    return findings + copyFindings()
  }

  private struct Content: Hashable {
    var size: Int
    var checksum: UInt32
  }

  private func copyFindings() -> [TrainingFinding] {
    var firsts: OrderedDictionary<Content, [String]> = [:]
    for picture in pictures {
      guard let checksum = picture.checksum else { continue }
      firsts[Content(size: picture.item.size, checksum: checksum), default: []]
        .append(picture.item.name)
    }
    let copies = firsts.values.filter { $0.count > 1 }
    guard !copies.isEmpty else { return [] }
    let count = copies.reduce(0) { $0 + $1.count - 1 }
    let pairs = copies.prefix(3).map { $0.prefix(3).joined(separator: " = ") }
    return [
      Finding(
        .warning,
        "\(Self.pictures(count)) \(count == 1 ? "is a copy" : "are copies") of another: "
          + pairs.joined(separator: ", ") + (copies.count > 3 ? ", …" : "") + ".",
        copies.flatMap { $0 })
    ]
  }

  // MARK: The captions

  private func captionFindings(_ rules: TrainingRules, trigger: String) -> [TrainingFinding] {
    guard !pictures.isEmpty else { return [] }
    var findings: [Finding] = []
    func add(_ severity: TrainingFinding.Severity, _ found: [Caption], _ words: (Int) -> String) {
      guard !found.isEmpty else { return }
      findings.append(Finding(severity, words(found.count), naming: found.map(\.item.name)))
    }
    let stems = Set(pictures.lazy.map { Self.stem($0.item.name) })
    let (own, strays) = captions.reduce(into: ([Caption](), [Caption]())) { found, caption in
      if stems.contains(Self.stem(caption.item.name)) {
        found.0.append(caption)
      } else {
        found.1.append(caption)
      }
    }
    add(.warning, strays) {
      "\($0 == 1 ? "One text has" : "\($0.grouped) texts have") no picture of the same name, and "
        + "\(rules.keepsFolders ? "may be useless" : $0 == 1 ? "isn’t packed" : "aren’t packed")"
    }
    findings += missingCaptions(rules, own)
    add(.warning, own.filter { $0.text == nil }) {
      "\(Self.captions($0)) \($0 == 1 ? "isn’t" : "aren’t") in UTF-8"
    }
    add(.warning, own.filter { !$0.isCut && $0.text.map(Self.isBlank) == true }) {
      "\(Self.captions($0)) \($0 == 1 ? "is" : "are") empty"
    }
    if !trigger.isEmpty {
      let without = own.filter { caption in
        guard let text = caption.text, !caption.isCut, !Self.isBlank(text) else { return false }
        return !Self.contains(trigger, text)
      }
      add(.warning, without) {
        "\(Self.captions($0)) \($0 == 1 ? "doesn’t" : "don’t") contain the trigger word \(trigger)"
      }
      if rules.takesCaptionsFromNames {
        let without = pictures.map(\.item.name).filter {
          !Self.contains(trigger, Self.stem(Self.baseName($0)))
        }
        if !without.isEmpty {
          findings.append(
            Finding(
              .warning,
              "The trainer takes captions from names, and \(Self.pictures(without.count)) "
                + "\(without.count == 1 ? "has" : "have") no \(trigger) in it", naming: without))
        }
      }
    }
    let lists = others.map(\.name).filter(Self.isList)
    if !lists.isEmpty {
      findings.append(
        Finding(.note, "What could be a list of captions is packed, too", naming: lists))
    }
    return findings
  }

  private func missingCaptions(_ rules: TrainingRules, _ own: [Caption]) -> [TrainingFinding] {
    if rules.takesCaptionsFromNames, own.isEmpty {
      return [Finding(.note, "The trainer takes the captions from the names of the pictures.")]
    }
    let stems = Set(own.lazy.map { Self.stem($0.item.name) })
    let bare = pictures.map(\.item.name).filter { !stems.contains(Self.stem($0)) }
    guard !bare.isEmpty else { return [] }
    let remedy = rules.writesCaptions ? "; the trainer can write captions itself" : ""
    if own.isEmpty { return [Finding(.note, "No picture has a caption\(remedy).", bare)] }
    return [
      Finding(
        .warning, "\(Self.pictures(bare.count)) \(bare.count == 1 ? "has" : "have") no caption",
        naming: bare)
    ]
  }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }

  /// Whether a text contains a word that isn't part of a longer one.
  private static func contains(_ word: String, _ text: String) -> Bool {
    // Much faster than comparing characters.
    guard ByteSearch.contains([Array(word.utf8)], text) else { return false }
    var rest = text[...]
    while let range = rest.firstRange(of: word) {
      let before = text[..<range.lowerBound].last
      let after = text[range.upperBound...].first
      let isPart = [before, after].contains { $0.map { $0.isLetter || $0.isNumber } ?? false }
      if !isPart { return true }
      rest = rest[rest.index(after: range.lowerBound)...]
    }
    return false
  }

  // MARK: What isn't packed

  private func leftOutFindings(_ rules: TrainingRules) -> [TrainingFinding] {
    var findings: [Finding] = []
    func add(_ severity: TrainingFinding.Severity, _ names: [String], _ words: (Int) -> String) {
      guard !names.isEmpty else { return }
      findings.append(Finding(severity, words(names.count) + ", left out", naming: names))
    }
    let pictures = leftOut.compactMap { left in
      if case .unsupportedPicture(let type) = left.reason { return (left.name, type) }
      return nil
    }
    let types = Set(pictures.map(\.1)).sorted().joined(separator: ", ")
    add(.warning, pictures.map(\.0)) {
      "\(Self.pictures($0)) of a format that trainers don’t read (\(types))"
    }
    add(.warning, names(leftOut: .notAPicture)) {
      "\(files($0)) named like \($0 == 1 ? "a picture" : "pictures"), without a picture inside"
    }
    for case (let name, .unreadable(let reason)) in leftOut.map({ ($0.name, $0.reason) }).prefix(5)
    {
      findings.append(
        Finding(.warning, "Left out, because it can’t be read: \(name): \(reason).", [name]))
    }
    add(.warning, names(leftOut: .linkOutside)) {
      "\($0 == 1 ? "One link" : "\($0.grouped) links") out of the folder or to a folder"
    }
    add(.warning, names(leftOut: .tooDeep)) {
      "\($0 == 1 ? "One folder" : "\($0.grouped) folders") too deep inside others"
    }
    let unknown = rules.keepsFolders ? [] : others.map(\.name).filter { !Self.isList($0) }
    add(.note, unknown) {
      "\(files($0)) neither \($0 == 1 ? "a picture" : "pictures") nor captions"
    }
    add(.note, names(leftOut: .notAFile)) { "\(files($0)) of no content to pack" }
    add(.note, names(leftOut: .clutter)) { "\(files($0)) that the system keeps or hides" }
    return findings
  }

  private func names(leftOut reason: LeftOut.Reason) -> [String] {
    leftOut.filter { $0.reason == reason }.map(\.name)
  }

  private func are(_ count: Int) -> String { count == 1 ? "is" : "are" }

  private func files(_ count: Int) -> String { count == 1 ? "One file" : "\(count.grouped) files" }

  private static func pictures(_ count: Int) -> String {
    count == 1 ? "one picture" : "\(count.grouped) pictures"
  }

  private static func captions(_ count: Int) -> String {
    count == 1 ? "One caption" : "\(count.grouped) captions"
  }
}
