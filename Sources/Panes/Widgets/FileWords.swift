import ReplicateAPI
import Running
import ViewModels

/// What the form and the chooser say about a file.
enum FileWords {
  /// 1.2 MB · image/png · 1024 × 768 · to upload
  static func facts(_ facts: FileFacts, isASCII: Bool = false) -> String {
    var parts = [Formatting.bytes(facts.size), facts.mediaType]
    if let size = facts.dimensions {
      parts.append("\(size.width) \(isASCII ? "x" : "×") \(size.height)")
    }
    parts.append(facts.isSentAsData ? "as data" : "to upload")
    return parts.joined(separator: isASCII ? ", " : " · ")
  }

  static func note(_ note: FileNote, isASCII: Bool) -> String {
    switch note {
    case .looking: isASCII ? "..." : "…"
    case .facts(let facts): self.facts(facts, isASCII: isASCII)
    case .problem(let problem): problem
    case .web(let host): "at \(host)"
    case .data(let type, let size): "\(Formatting.bytes(size)) of \(type)"
    }
  }

  /// 12 MB of 100 MB, 12 %
  static func progress(_ progress: FileProgress) -> String {
    "\(Formatting.bytes(progress.done)) of \(Formatting.bytes(progress.total)), "
      + Formatting.percent(progress.fraction)
  }
}
