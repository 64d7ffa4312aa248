import ReplicateAPI
import Running

// Drafts that come back.
extension ModelViewModel {
  /// Fills a form that was just opened in with what was in it before, and keeps it from now on.
  ///
  /// - Parameters:
  ///   - earlier: The model's form so far, for another version or target.
  ///   - isFilledIn: Whether the form was opened with values of its own.
  func bringBack(_ opened: InputForm, _ earlier: InputForm?, isFilledIn: Bool) {
    if isFilledIn {
      if let earlier { session.drafts.replace(earlier) }
      return session.drafts.follow(opened)
    }
    if let earlier {
      let values = earlier.snapshot
      let hasValues = !values.isEmpty
      let sources = session.drafts.replace(earlier, isTakenOver: hasValues)
      guard hasValues else { return session.drafts.follow(opened) }
      opened.fill(
        values, origin: "The values are from the form for another version.",
        remark: opened.notes.remark)
      opened.takeSecrets(from: earlier)
      return session.drafts.follow(
        opened, from: sources, isPartial: !opened.notes.isComplete)
    }
    guard let draft = saved.first(where: { $0.kind == .draft }) else {
      return session.drafts.follow(opened)
    }
    let age = session.now - (draft.savedAt.secondsSince1970 ?? session.now)
    var origin = "This is your draft from \(Self.words(ago: age))."
    if draft.version != opened.version { origin += " It was for another version." }
    opened.fill(
      FormSnapshot(draft), origin: origin + " Alt-U starts over.", remark: opened.notes.remark)
    session.drafts.follow(opened, from: [draft], isPartial: !opened.notes.isComplete)
  }

  /// How long ago something was, in words.
  static func words(ago seconds: Double) -> String {
    func counted(_ unit: Double, _ noun: String) -> String {
      let count = max(1, Int(clamping: (seconds / unit).rounded(.down)))
      return "\(count) \(noun)\(count == 1 ? "" : "s") ago"
    }
    switch seconds {
    case ..<60: return "less than a minute ago"
    case ..<3600: return counted(60, "minute")
    case ..<86_400: return counted(3600, "hour")
    case ..<(60 * 86_400): return counted(86_400, "day")
    default: return counted(30 * 86_400, "month")
    }
  }
}

extension ModelViewModel.Launch {
  init(_ plan: RunPlan, sentAt: Double) {
    self.init(target: plan.target, input: plan.input, options: plan.options, sentAt: sentAt)
  }
}

extension Navigator {
  /// What is left to write once the program has ended, each as a call that returns why it failed.
  public func lastWrites() -> [@Sendable () async -> String?] { session.drafts.lastWrites() }
}
