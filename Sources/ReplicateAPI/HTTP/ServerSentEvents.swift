/// A parser of server-sent events (WHATWG HTML, 9.2). It takes bytes in chunks of any size, which
/// may end in the middle of a line, a line ending, or a character.
public struct ServerSentEvents: Sendable {
  public struct Event: Sendable, Hashable {
    /// `message` if the stream gives none.
    public var name: String
    /// The lines of data, joined with line feeds.
    public var data: String
    /// Nil if the event has none.
    public var id: String?

    public init(name: String = "message", data: String, id: String? = nil) {
      self.name = name
      self.data = data
      self.id = id
    }
  }

  /// The ID to send with a new connection, so that the server continues after it.
  public private(set) var lastEventID = ""
  /// How long the server asks clients to wait before they reconnect.
  public private(set) var retryDelay: Duration?

  private var line: [UInt8] = []
  /// Whether the last byte was a carriage return, so that a line feed doesn't end another line.
  private var isAfterReturn = false
  private var isFirstLine = true
  private var name: String?
  private var data: String?
  private var pendingID: String?

  public init() {}

  /// Takes the next bytes and returns the events that they complete.
  public mutating func push(_ bytes: some Sequence<UInt8>) -> [Event] {
    var events: [Event] = []
    let bytes = Array(bytes)
    var start = 0
    for index in bytes.indices {
      let byte = bytes[index]
      guard byte == 0x0A || byte == 0x0D else {
        isAfterReturn = false
        continue
      }
      defer {
        start = index + 1
        isAfterReturn = byte == 0x0D
      }
      if byte == 0x0A, isAfterReturn { continue }
      line.append(contentsOf: bytes[start..<index])
      if let event = endLine() { events.append(event) }
    }
    line.append(contentsOf: bytes[start...])
    return events
  }

  /// A parser for a new connection, which keeps the last event ID and drops incomplete events.
  public func forNextConnection() -> Self {
    var next = Self()
    next.lastEventID = lastEventID
    next.retryDelay = retryDelay
    return next
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: line.count < 65_536) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    guard !line.isEmpty else { return endEvent() }
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else {
      take(String(decoding: line, as: UTF8.self), "")
      return nil
    }
    var value = line[(colon + 1)...]
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    // A line that begins with a colon is a comment.
    if colon > 0 {
      take(
        String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
    return nil
  }

  private mutating func take(_ field: String, _ value: String) {
    switch field {
    case "event": name = value
    case "data":
      if data == nil {
        data = value
      } else {
        data?.append("\n")
        data?.append(value)
      }
    case "id" where !value.unicodeScalars.contains("\0"): pendingID = value
    case "retry":
      if !value.isEmpty, value.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
        let milliseconds = Int(value)
      {
        retryDelay = .milliseconds(milliseconds)
      }
    default: break
    }
  }

  /// Unlike in the standard, an event with a name but without data counts, because an end needs
  /// none.
  private mutating func endEvent() -> Event? {
    defer {
      name = nil
      data = nil
      pendingID = nil
    }
    if let pendingID { lastEventID = pendingID }
    guard name != nil || data != nil else { return nil }
    let named = name.flatMap { $0.isEmpty ? nil : $0 }
    return Event(name: named ?? "message", data: data ?? "", id: pendingID)
  }
}
