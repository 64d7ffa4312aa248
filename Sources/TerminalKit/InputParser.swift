/// Turns bytes from a terminal into events: keys, mouse, pasted text, focus changes, and replies.
///
/// The input may contain anything and arrive in chunks of any size. The same bytes give the same
/// events no matter how they are split. The parser knows the keys of xterm, rxvt, the Linux
/// console, tmux, and screen, in normal and application mode, and those of the kitty keyboard
/// protocol.
///
///     var parser = InputParser()
///     parser.feed("\u{1B}[1;5A".utf8)  // [.key(Key(.up, .control))]
///
/// Some sequences start like a key (Esc, Alt-[). While `isWaiting` is true, the owner must call
/// `timeOut()` after a short silence.
public struct InputParser: Sendable {
  /// The bytes of an incomplete sequence.
  private var pending: [UInt8] = []
  /// The bytes of an incomplete paste.
  private var pasted: [UInt8]?
  private var silences = 0
  /// During a read: the indices of the events that aren't escape sequences.
  private var typed: [Int]?
  /// Whether the last chunk was a single byte, which suggests a key pressed by hand.
  private var isLoneByte = false

  /// How many timeouts a sequence that can't be a key survives before it's dropped. A slow line
  /// splits sequences, and the remaining bytes must not turn into keys.
  public static let patience = 8
  private static let pasteEnd = Array("\u{1B}[201~".utf8)

  public init() {}

  /// Whether there is incomplete input, so that `timeOut()` is due after a short silence.
  public var isWaiting: Bool { !pending.isEmpty || (pasted != nil && silences < Self.patience) }

  /// Parses bytes from the terminal.
  public mutating func feed(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
    Array(bytes).withUnsafeBufferPointer { feed($0) }
  }

  /// Parses the bytes of one read from the terminal. Keys that no hand can type are a burst.
  public mutating func feedRead(_ bytes: UnsafeBufferPointer<UInt8>) -> [TerminalEvent] {
    typed = []
    defer { typed = nil }
    let events = feed(bytes)
    return Burst.folded(events, typed: typed ?? [])
  }

  /// Parses bytes from the terminal.
  public mutating func feed(_ bytes: UnsafeBufferPointer<UInt8>) -> [TerminalEvent] {
    guard !bytes.isEmpty else { return [] }
    let before = pending.count
    if before == 0 { return read(bytes, before: 0) }
    let input = pending + bytes
    pending.removeAll()
    return input.withUnsafeBufferPointer { read($0, before: before) }
  }

  /// Parses a chunk that starts with `before` bytes of an earlier chunk.
  private mutating func read(
    _ input: UnsafeBufferPointer<UInt8>, before: Int
  ) -> [TerminalEvent] {
    silences = 0
    isLoneByte = input.count - before == 1
    var events: [TerminalEvent] = []
    var position = 0
    while position < input.count {
      if pasted != nil {
        readPaste(input, &position, &events)
        continue
      }
      var reader = SequenceReader(input, from: position)
      switch reader.read() {
      case .incomplete:
        pending.append(contentsOf: input[position...])
        position = input.count
      case .nothing: position = reader.position
      case .pasteBegins:
        position = reader.position
        pasted = []
      case .event(let event):
        if typed != nil, input[position] != 0x1B { typed?.append(events.count) }
        position = reader.position
        events.append(event)
      }
    }
    return events
  }

  /// Called when nothing more has arrived in time. The pending bytes are a key or were cut off.
  public mutating func timeOut() -> [TerminalEvent] {
    silences += 1
    if pasted != nil { return pasteStalled() }
    switch pending.count {
    case 1 where pending[0] == 0x1B:
      pending.removeAll()
      return [.key(.escape)]
    case 2 where pending[0] == 0x1B:
      let second = pending[1]
      pending.removeAll()
      if second == 0x1B { return [.key(.escape), .key(.escape)] }
      return [.key(.alt(Character(Unicode.Scalar(second))))]
    default:
      if silences >= Self.patience { pending.removeAll() }
      return []
    }
  }

  /// An unterminated paste: delivers the bytes so far. Later bytes still belong to the paste until
  /// Esc or Ctrl-C ends it.
  private mutating func pasteStalled() -> [TerminalEvent] {
    guard silences == Self.patience, let text = pasted else { return [] }
    var tail = (0..<6).reversed().first { text.suffix($0) == Self.pasteEnd.prefix($0) } ?? 0
    var key: Key?
    if isLoneByte, text.last == 0x1B { key = .escape }
    if isLoneByte, text.last == 0x03 { key = .control("c") }
    if key != nil { tail = 1 }
    pasted = key == nil ? Array(text.suffix(tail)) : nil
    var events: [TerminalEvent] = []
    if text.count > tail { events.append(.paste(Self.text(text.dropLast(tail)))) }
    if let key { events.append(.key(key)) }
    return events
  }

  private mutating func readPaste(
    _ input: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ events: inout [TerminalEvent]
  ) {
    guard var text = pasted else { return }
    pasted = nil
    while position < input.count {
      let rest = input[position...]
      let next = rest.firstIndex(of: 0x7E).map { $0 + 1 } ?? input.count
      text.append(contentsOf: rest[..<next])
      position = next
      if text.suffix(6) == Self.pasteEnd[...] {
        events.append(.paste(Self.text(text.dropLast(6))))
        return
      }
    }
    pasted = text
  }

  /// Converts a paste to text. Terminals send line breaks as carriage returns.
  private static func text(_ bytes: some Swift.Collection<UInt8>) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var last: UInt8 = 0
    for byte in bytes {
      if byte == 0x0D {
        result.append(0x0A)
      } else if byte != 0x0A || last != 0x0D {
        result.append(byte)
      }
      last = byte
    }
    return String(decoding: result, as: UTF8.self)
  }
}

/// Reads one key, sequence, or reply from the start of some bytes.
private struct SequenceReader {
  enum Outcome {
    case incomplete, nothing, pasteBegins
    case event(TerminalEvent)

    static func key(_ code: Key.Code, _ modifiers: Key.Modifiers = []) -> Outcome {
      .event(.key(Key(code, modifiers)))
    }
  }

  /// Anything longer is garbage.
  private static let longestSequence = 256
  private static let longestReply = 4096

  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func read() -> Outcome {
    let byte = bytes[position]
    guard byte == 0x1B else { return readKey([]) }
    position += 1
    guard position < bytes.count else { return .incomplete }
    switch bytes[position] {
    case 0x5B: return readControlSequence([])
    case 0x4F: return readSingleShift([])
    case 0x5D, 0x50, 0x5F, 0x5E, 0x58: return readString()
    case 0x1B:
      // In rxvt this is Alt with an arrow key. Otherwise, the first byte is the Esc key.
      let second = position
      guard second + 1 < bytes.count else { return .incomplete }
      guard bytes[second + 1] == 0x5B || bytes[second + 1] == 0x4F else {
        return .key(.escape)
      }
      position = second
      guard second + 2 < bytes.count else { return .incomplete }
      position += 1
      return bytes[second + 1] == 0x5B ? readControlSequence(.alt) : readSingleShift(.alt)
    default: return readKey(.alt)
    }
  }

  // MARK: Plain keys

  private mutating func readKey(_ modifiers: Key.Modifiers) -> Outcome {
    let byte = bytes[position]
    position += 1
    switch byte {
    case 0x00: return .key(.character(" "), modifiers.union(.control))
    case 0x08, 0x7F: return .key(.backspace, modifiers)
    case 0x09: return .key(.tab, modifiers)
    case 0x0D: return .key(.enter, modifiers)
    case 0x1B: return .key(.escape, modifiers)
    case 0x01...0x1A:
      return .key(
        .character(Character(Unicode.Scalar(byte + 0x60))), modifiers.union(.control))
    case 0x1C...0x1F:
      return .key(
        .character(Character(Unicode.Scalar(byte + 0x40))), modifiers.union(.control))
    case 0x20..<0x7F: return .key(.character(Character(Unicode.Scalar(byte))), modifiers)
    default: return readScalar(first: byte, modifiers)
    }
  }

  private mutating func readScalar(first: UInt8, _ modifiers: Key.Modifiers) -> Outcome {
    let count: Int
    var value: UInt32
    switch first {
    case 0xC2..<0xE0: (count, value) = (1, UInt32(first & 0x1F))
    case 0xE0..<0xF0: (count, value) = (2, UInt32(first & 0x0F))
    case 0xF0..<0xF5: (count, value) = (3, UInt32(first & 0x07))
    default: return .nothing
    }
    for _ in 0..<count {
      guard position < bytes.count else { return .incomplete }
      guard bytes[position] & 0xC0 == 0x80 else { return .nothing }
      value = value << 6 | UInt32(bytes[position] & 0x3F)
      position += 1
    }
    let shortest: UInt32 = count == 1 ? 0x80 : count == 2 ? 0x800 : 0x1_0000
    guard value >= max(shortest, 0xA0), let scalar = Unicode.Scalar(value) else {
      return .nothing
    }
    return .key(.character(Character(scalar)), modifiers)
  }

  // MARK: Control sequences

  private mutating func readControlSequence(_ extra: Key.Modifiers) -> Outcome {
    let introducer = position
    position += 1
    guard position < bytes.count else { return .incomplete }
    if bytes[position] == 0x5B { return readLinuxFunctionKey(extra) }
    if bytes[position] == 0x4D { return readOldMouse() }
    let first = position
    let limit = min(bytes.count, introducer + Self.longestSequence)
    while position < limit, (0x30..<0x40).contains(bytes[position]) { position += 1 }
    let lastParameter = position
    let text = UnsafeBufferPointer(rebasing: bytes[first..<lastParameter])
    if position < limit, bytes[position] == 0x24,
      text.first.map({ (0x30..<0x3C).contains($0) }) ?? false
    {
      // rxvt ends keys with `$` for Shift.
      position += 1
      return Self.tilde(ControlParameters(text), extra.union(.shift))
    }
    while position < limit, (0x20..<0x30).contains(bytes[position]) { position += 1 }
    guard position < introducer + Self.longestSequence else { return .nothing }
    guard position < bytes.count else { return .incomplete }
    let final = bytes[position]
    guard (0x40..<0x7F).contains(final) else {
      // Not a sequence: `ESC [` alone is Alt-[, and anything longer is dropped.
      return position == introducer + 1 ? .key(.character("["), .alt) : .nothing
    }
    let intermediates = UnsafeBufferPointer(rebasing: bytes[lastParameter..<position])
    position += 1
    return Self.controlSequence(text, intermediates, final, extra)
  }

  private static func controlSequence(
    _ text: UnsafeBufferPointer<UInt8>, _ intermediates: UnsafeBufferPointer<UInt8>,
    _ final: UInt8, _ extra: Key.Modifiers
  ) -> Outcome {
    let prefix = text.first.flatMap { (0x3C..<0x40).contains($0) ? $0 : nil }
    if let prefix {
      let parameters = ControlParameters(UnsafeBufferPointer(rebasing: text.dropFirst()))
      return privateSequence(prefix, parameters, intermediates, final)
    }
    guard intermediates.isEmpty else { return .nothing }
    let parameters = ControlParameters(text)
    let modifiers = parameters.modifiers(at: 1)
    switch final {
    case 0x7E where parameters[0] == 200: return .pasteBegins
    case 0x75: return kittyKey(parameters, extra)
    case 0x49 where text.isEmpty: return .event(.focus(true))
    case 0x4F where text.isEmpty: return .event(.focus(false))
    case 0x52 where parameters[0] > 1 && parameters.count == 2:
      return .event(
        .reply(.cursor(Point(x: max(0, parameters[1] - 1), y: parameters[0] - 1))))
    case 0x6E, 0x74:
      return .event(.reply(.other(String(decoding: text, as: UTF8.self) + letter(final))))
    default: break
    }
    // Drop keys held with Super, and key releases, which the kitty protocol also reports here.
    guard let modifiers, parameters.sub(1) != 3 else { return .nothing }
    switch final {
    case 0x7E: return tilde(parameters, extra)
    case 0x5E: return tilde(parameters, extra.union(.control))
    case 0x40: return tilde(parameters, extra.union([.control, .shift]))
    case 0x5A: return .key(.tab, extra.union(modifiers).union(.shift))
    case 0x61...0x64:
      // In rxvt this is Shift with an arrow key.
      return arrow(final - 0x20).map { .key($0, extra.union(.shift)) } ?? .nothing
    default:
      guard let code = arrow(final) else { return .nothing }
      return .key(code, extra.union(modifiers))
    }
  }

  private static func privateSequence(
    _ prefix: UInt8, _ parameters: ControlParameters, _ intermediates: UnsafeBufferPointer<UInt8>,
    _ final: UInt8
  ) -> Outcome {
    switch (prefix, final) {
    case (0x3C, 0x4D), (0x3C, 0x6D):
      return mouse(
        parameters[0], x: parameters[1] - 1, y: parameters[2] - 1, isRelease: final == 0x6D)
    case (0x3F, 0x63): return .event(.reply(.deviceAttributes(parameters.values)))
    case (0x3F, 0x75): return .event(.reply(.keyboard(flags: parameters[0])))
    case (0x3F, 0x79) where intermediates.first == 0x24:
      return .event(.reply(.mode(number: parameters[0], state: parameters[1])))
    default:
      let numbers = parameters.values.map(String.init).joined(separator: ";")
      return .event(.reply(.other(letter(prefix) + numbers + letter(final))))
    }
  }

  private static func letter(_ byte: UInt8) -> String { String(Unicode.Scalar(byte)) }

  /// The cursor keys, Home, End, and F1 to F4, identified by the final letter.
  private static func arrow(_ final: UInt8) -> Key.Code? {
    switch final {
    case 0x41: .up
    case 0x42: .down
    case 0x43: .right
    case 0x44: .left
    case 0x46: .end
    case 0x48: .home
    case 0x50...0x53: .function(Int(final) - 0x4F)
    default: nil
    }
  }

  /// Keys identified by a number: `ESC [ 5 ~` is Page Up.
  private static func tilde(_ parameters: ControlParameters, _ extra: Key.Modifiers) -> Outcome {
    if parameters[0] == 27, parameters.count >= 3 {
      // xterm's modifyOtherKeys.
      return parameters.modifiers(at: 1).map { key(parameters[2], extra.union($0)) } ?? .nothing
    }
    guard let modifiers = parameters.modifiers(at: 1) else { return .nothing }
    let code: Key.Code
    switch parameters[0] {
    case 1, 7: code = .home
    case 2: code = .insert
    case 3: code = .delete
    case 4, 8: code = .end
    case 5: code = .pageUp
    case 6: code = .pageDown
    case 11...15: code = .function(parameters[0] - 10)
    case 17...21: code = .function(parameters[0] - 11)
    case 23...26: code = .function(parameters[0] - 12)
    case 28, 29: code = .function(parameters[0] - 13)
    case 31...34: code = .function(parameters[0] - 14)
    default: return .nothing
    }
    return .key(code, extra.union(modifiers))
  }

  /// `CSI code : shifted ; modifiers : event u`, the kitty keyboard protocol.
  private static func kittyKey(_ parameters: ControlParameters, _ extra: Key.Modifiers) -> Outcome {
    // A key release.
    if parameters.sub(1) == 3 { return .nothing }
    guard let modifiers = parameters.modifiers(at: 1)?.union(extra) else { return .nothing }
    let shifted = parameters.sub(0)
    if shifted > 0, modifiers.contains(.shift), !modifiers.contains(.control) {
      return key(shifted, modifiers.subtracting(.shift))
    }
    return key(parameters[0], modifiers)
  }

  /// A key identified by its Unicode value or by its number in the kitty keyboard protocol.
  private static func key(_ code: Int, _ modifiers: Key.Modifiers) -> Outcome {
    switch code {
    case 9: return .key(.tab, modifiers)
    case 13, 57414: return .key(.enter, modifiers)
    case 27: return .key(.escape, modifiers)
    case 8, 127: return .key(.backspace, modifiers)
    case 57376...57398: return .key(.function(code - 57363), modifiers)
    case 57417: return .key(.left, modifiers)
    case 57418: return .key(.right, modifiers)
    case 57419: return .key(.up, modifiers)
    case 57420: return .key(.down, modifiers)
    case 57421: return .key(.pageUp, modifiers)
    case 57422: return .key(.pageDown, modifiers)
    case 57423: return .key(.home, modifiers)
    case 57424: return .key(.end, modifiers)
    case 57425: return .key(.insert, modifiers)
    case 57426: return .key(.delete, modifiers)
    case 57399...57408:
      return .key(.character(Character(Unicode.Scalar(UInt8(code - 57399 + 0x30)))), modifiers)
    case 57409...57413, 57415, 57416:
      let characters: [Character] = [".", "/", "*", "-", "+", "\r", "=", ","]
      return .key(.character(characters[code - 57409]), modifiers)
    case 57344...63743: return .nothing
    default: break
    }
    guard code >= 0x20, let value = UInt32(exactly: code), let scalar = Unicode.Scalar(value),
      !(0x7F..<0xA0).contains(code)
    else { return .nothing }
    let character = Character(scalar)
    guard modifiers.contains(.shift), !modifiers.contains(.control), character != " " else {
      return .key(.character(character), modifiers)
    }
    // Printable keys don't have Shift. They are the character that Shift produces.
    let upper = character.uppercased()
    return .key(
      .character(upper.count == 1 ? Character(upper) : character), modifiers.subtracting(.shift))
  }

  private mutating func readLinuxFunctionKey(_ extra: Key.Modifiers) -> Outcome {
    position += 1
    guard position < bytes.count else { return .incomplete }
    let byte = bytes[position]
    guard (0x41...0x45).contains(byte) else { return .nothing }
    position += 1
    return .key(.function(Int(byte) - 0x40), extra)
  }

  private mutating func readSingleShift(_ extra: Key.Modifiers) -> Outcome {
    let introducer = position
    position += 1
    let first = position
    while position < bytes.count, (0x30..<0x3A).contains(bytes[position]) || bytes[position] == 0x3B
    {
      position += 1
      guard position - first <= 8 else { return .nothing }
    }
    guard position < bytes.count else { return .incomplete }
    let parameters = ControlParameters(UnsafeBufferPointer(rebasing: bytes[first..<position]))
    let final = bytes[position]
    let modifiers =
      parameters.modifiers(at: max(0, parameters.count - 1))?.union(extra) ?? extra
    position += 1
    switch final {
    case 0x4D: return .key(.enter, modifiers)
    case 0x49: return .key(.tab, modifiers)
    case 0x58: return .key(.character("="), modifiers)
    case 0x6A...0x79: return .key(.character(Character(Unicode.Scalar(final - 0x40))), modifiers)
    case 0x61...0x64:
      return Self.arrow(final - 0x20).map { .key($0, modifiers.union(.control)) } ?? .nothing
    default:
      if let code = Self.arrow(final) { return .key(code, modifiers) }
      // Not a sequence: Alt-O, followed by something else.
      position = introducer + 1
      return .key(.character("O"), .alt)
    }
  }

  // MARK: Mouse

  private mutating func readOldMouse() -> Outcome {
    guard position + 3 < bytes.count else { return .incomplete }
    let code = Int(bytes[position + 1]) - 32
    let x = Int(bytes[position + 2]) - 33
    let y = Int(bytes[position + 3]) - 33
    position += 4
    return Self.mouse(
      code & ~3 | (code & 3 == 3 ? 0 : code & 3), x: x, y: y, isRelease: code & 3 == 3)
  }

  private static func mouse(_ code: Int, x: Int, y: Int, isRelease: Bool) -> Outcome {
    guard x >= 0, y >= 0, code >= 0, code < 128 else { return .nothing }
    var modifiers: Key.Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let point = Point(x: x, y: y)
    if code & 64 != 0 {
      guard code & 3 < 2, !isRelease else { return .nothing }
      let kind: Mouse.Kind = code & 3 == 0 ? .wheelUp : .wheelDown
      return .event(.mouse(Mouse(kind, at: point, modifiers: modifiers)))
    }
    let button: Mouse.Button
    switch code & 3 {
    case 0: button = .left
    case 1: button = .middle
    case 2: button = .right
    default: return .nothing
    }
    let kind: Mouse.Kind = isRelease ? .release : code & 32 != 0 ? .drag : .press
    return .event(.mouse(Mouse(kind, button: button, at: point, modifiers: modifiers)))
  }

  // MARK: Strings

  /// Replies that are strings: OSC, DCS, and APC, terminated by BEL or ST.
  private mutating func readString() -> Outcome {
    let introducer = bytes[position]
    position += 1
    guard position < bytes.count else { return .incomplete }
    guard Self.isReply(introducer, bytes[position]) else {
      // No reply starts like this, so it's Alt with a key.
      return .key(.character(Character(Unicode.Scalar(introducer))), .alt)
    }
    let first = position
    while position < bytes.count {
      guard position - first < Self.longestReply else { return .nothing }
      let byte = bytes[position]
      if byte == 0x07 {
        position += 1
        return Self.reply(introducer, bytes[first..<position - 1])
      }
      if byte == 0x1B {
        guard position + 1 < bytes.count else { return .incomplete }
        guard bytes[position + 1] == 0x5C else { return .nothing }
        position += 2
        return Self.reply(introducer, bytes[first..<position - 2])
      }
      // A control character means that the string was cut off.
      if byte < 0x20 { return .nothing }
      position += 1
    }
    return .incomplete
  }

  private static func isReply(_ introducer: UInt8, _ next: UInt8) -> Bool {
    switch introducer {
    case 0x5D: (0x30..<0x3A).contains(next) || next == 0x6C || next == 0x4C
    case 0x50: (0x30..<0x40).contains(next) || next == 0x21 || next == 0x24
    case 0x5F: next == 0x47
    default: false
    }
  }

  private static func reply(
    _ introducer: UInt8, _ body: Slice<UnsafeBufferPointer<UInt8>>
  ) -> Outcome {
    let text = String(decoding: body, as: UTF8.self)
    if introducer == 0x5D {
      let parts = text.split(separator: ";", omittingEmptySubsequences: false)
      if parts.count >= 2, let number = Int(parts[0]), let color = color(parts[parts.count - 1]) {
        return .event(
          .reply(.color(number: number, red: color[0], green: color[1], blue: color[2])))
      }
    }
    return .event(.reply(.other(text)))
  }

  /// `rgb:RRRR/GGGG/BBBB`, with one to four digits each.
  private static func color(_ text: Substring) -> [Int]? {
    guard let colon = text.firstIndex(of: ":"), text[..<colon].hasPrefix("rgb") else { return nil }
    let parts = text[text.index(after: colon)...].split(separator: "/")
    guard parts.count >= 3 else { return nil }
    let values = parts.prefix(3).compactMap { part -> Int? in
      guard (1...4).contains(part.utf8.count), let value = Int(part, radix: 16), value >= 0 else {
        return nil
      }
      return value * 65535 / ((1 << (4 * part.utf8.count)) - 1)
    }
    return values.count == 3 ? values : nil
  }
}
