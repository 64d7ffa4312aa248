/// Tells pasted text from typed keys, for terminals that don't bracket pastes.
///
/// The keys of one read are a burst if no hand can have typed them: at least two different printable
/// characters, or a printable one with a line break or a tab. One key again and again is a key that is
/// held down, and keys that are escape sequences are never text.
public enum Burst {
  /// How long after a burst nothing is done that costs or loses something, because more of it may be
  /// on its way.
  public static let rest = Duration.milliseconds(50)

  /// The events of one read, with the keys of a burst as texts. A burst begins with an empty text.
  ///
  /// - Parameter typed: The indices of the events that weren't escape sequences.
  static func folded(_ events: [TerminalEvent], typed: [Int]) -> [TerminalEvent] {
    guard isBurst(events, typed) else { return events }
    // What comes before the text, such as a control character, belongs to the burst as well.
    var result: [TerminalEvent] = [.burst("")]
    var text = ""
    var next = typed[...]
    for (index, event) in events.enumerated() {
      let isTyped = next.first == index
      if isTyped { next.removeFirst() }
      if isTyped, let character = character(of: event) {
        text.append(character)
        continue
      }
      if !text.isEmpty { result.append(.burst(text)) }
      text = ""
      result.append(event)
    }
    if !text.isEmpty { result.append(.burst(text)) }
    return result
  }

  private static func isBurst(_ events: [TerminalEvent], _ typed: [Int]) -> Bool {
    var printable: Character?
    var hasBreak = false
    for index in typed {
      guard let character = character(of: events[index]) else { continue }
      if character == "\n" || character == "\t" {
        hasBreak = true
      } else if printable == nil {
        printable = character
      } else if printable != character {
        return true
      }
      if hasBreak, printable != nil { return true }
    }
    return false
  }

  private static func character(of event: TerminalEvent) -> Character? {
    guard case .key(let key) = event, key.modifiers.isEmpty else { return nil }
    switch key.code {
    case .character(let character): return character
    case .enter: return "\n"
    case .tab: return "\t"
    default: return nil
    }
  }
}
