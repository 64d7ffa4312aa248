import ReplicateAPI
import Running

// What is kept of a field on this machine.
extension FormField {
  /// Whether the content must not be written anywhere.
  var holdsSecrets: Bool { isSecret || input.kind.holdsSecrets }

  /// The content, if somebody has changed it; never a secret.
  var kept: KeptValue? {
    var kept = keptContent
    kept?.foreignFiles = foreignFiles
    return kept
  }

  private var keptContent: KeptValue? {
    guard !isInitial, !holdsSecrets else { return nil }
    if let list = control.list {
      if let value { return KeptValue(value: value) }
      return KeptValue(
        items: list.isSet ? list.rows.map { KeptValue(text: $0.buffer?.text, $0.reading) } : nil)
    }
    let text = control.buffer?.text
    if let text, value?.string == text { return KeptValue(value: value) }
    return KeptValue(text: text, value: value)
  }

  /// Puts back what was kept, as it was typed if that means the same here.
  ///
  /// - Returns: Why the field can't hold it; nil if it does.
  mutating func restore(_ kept: KeptValue) -> String? {
    if holdsSecrets { return "secrets aren’t kept; enter it again" }
    if let items = kept.items, let list = control.list {
      let restored = list.restored(items)
      update { $0 = .list(restored) }
      return nil
    }
    if let text = kept.text, control.list == nil, control.buffer != nil {
      let before = self
      update { $0.buffer = TextBuffer(text, allowsNewlines: $0.allowsNewlines) }
      // Text that isn't valid is kept for its author to finish.
      if kept.value == nil || kept.value == value { return nil }
      self = before
    }
    guard let value = kept.value else {
      if let items = kept.shown, kept.items != nil { return take(items) }
      if kept.text?.isEmpty != false {
        update { $0.clear() }
        return nil
      }
      return kept.text.flatMap { take(.string($0)) }
    }
    return take(value)
  }

  /// Takes over what was typed as a secret in another form. Returns false if it doesn't fit.
  mutating func takeSecret(of other: FormField) -> Bool {
    guard holdsSecrets, other.holdsSecrets else { return false }
    if other.input.kind == input.kind, other.input.takesNull == input.takesNull, !other.isSwept {
      update { $0 = other.control }
      return true
    }
    guard let text = other.control.buffer?.text, control.list == nil, other.control.list == nil,
      control.buffer != nil
    else { return false }
    update { $0.buffer?.text = text }
    return true
  }

  /// The value in one line, as the lists of values show it.
  var shownValue: String {
    if holdsSecrets { return isInitial ? "" : "(secret)" }
    if let value { return value.string == "" ? "(empty)" : String(value.excerpt(600)) }
    return String((shownText?.text ?? "").prefix(600))
  }
}

extension KeptValue {
  fileprivate init(text: String?, _ reading: FieldControl.Reading) {
    let value = if case .value(let value) = reading { value } else { nil as JSONValue? }
    self.init(text: value != nil && value?.string == text ? nil : text, value: value)
  }

  /// About how much there is to keep, in bytes.
  var size: Int {
    (text?.utf8.count ?? 0) + (value?.size ?? 0) + (items ?? []).reduce(0) { $0 + $1.size }
  }
}

extension JSONValue {
  fileprivate var size: Int {
    switch self {
    case .string(let text): text.utf8.count
    case .array(let values): values.reduce(2) { $0 + $1.size + 2 }
    case .object(let members): members.reduce(2) { $0 + $1.key.utf8.count + $1.value.size + 4 }
    case .null, .bool, .number: 8
    }
  }
}

extension ListControl {
  /// The list with the rows that were kept, each as it was typed.
  fileprivate func restored(_ items: [KeptValue]) -> ListControl {
    var list = self
    guard list.set(.array(items.map { $0.value ?? .string($0.text ?? "") })) else { return self }
    for (index, item) in items.enumerated() where item.value == nil {
      _ = list.select(index)
      var control = emptyRow
      control.buffer?.text = item.text ?? ""
      list.active = control
    }
    _ = list.select(0)
    return list
  }
}
