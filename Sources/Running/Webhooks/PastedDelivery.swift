import ReplicateAPI

/// A webhook delivery read from what somebody pastes: an HTTP request as it was sent, its headers
/// line by line, a curl command, or the JSON that a request bin exports.
public struct PastedDelivery: Sendable, Hashable {
  /// What was pasted.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    case request, headers, curl, json

    /// Such as “a curl command”.
    public var words: String {
      switch self {
      case .request: "an HTTP request"
      case .headers: "headers and a body"
      case .curl: "a curl command"
      case .json: "a request exported as JSON"
      }
    }
  }

  public struct Header: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// Why a text can't be read as a delivery.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// A sentence or two.
    public let description: String

    init(_ description: String) {
      self.description = description
    }
  }

  public private(set) var form: Form
  /// In their order, with the case of their names kept.
  public private(set) var headers: [Header] = []
  /// The body’s bytes, as exactly as what was pasted has them.
  public private(set) var body: [UInt8] = []
  /// What may make the body differ from the one that was sent, as sentences.
  public private(set) var remarks: [String] = []

  /// The largest text that is read, in bytes.
  public static let maximumSize = 4 * 1024 * 1024
  /// More headers than this are no request.
  static let maximumHeaderCount = 1000

  public init(_ text: String) throws(Failure) {
    try self.init(Array(text.utf8))
  }

  /// Reads a text in UTF-8. Its bytes needn’t be valid.
  public init(_ bytes: [UInt8]) throws(Failure) {
    guard bytes.count <= Self.maximumSize else {
      throw Failure("This is too large: at most 4 MiB can be read.")
    }
    var text = bytes[...]
    if text.starts(with: [0xEF, 0xBB, 0xBF]) { text = text.dropFirst(3) }
    text = text.drop { ASCII.isBlank($0) || ASCII.isBreak($0) }
    guard let first = text.first else { throw Failure("Nothing was pasted.") }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      self.init(form: .json)
      try read(json: Array(text))
    } else if CurlCommand.isStart(of: text) {
      self.init(form: .curl)
      try read(CurlCommand(text))
    } else {
      self.init(form: .headers)
      try read(lines: text)
    }
    if headers.isEmpty {
      throw Failure("There are no headers in \(form.words). Paste webhook-id and the others, too.")
    }
    if body.isEmpty { remarks.append("The body is empty: nothing follows the headers.") }
  }

  init(form: Form) {
    self.form = form
  }

  /// The headers as ``WebhookSecret/examine(headers:body:now:tolerance:)`` takes them.
  public var pairs: [(name: String, value: String)] { headers.map { ($0.name, $0.value) } }

  /// The delivery, if it has the three headers of Standard Webhooks.
  public var delivery: WebhookSecret.Delivery? {
    WebhookSecret.Delivery(headers: pairs, body: body)
  }

  /// The value of a header, named in lower case. The last one counts.
  public func header(_ name: String) -> String? {
    headers.last { $0.name.lowercased() == name }?.value
  }
}

// Requests and headers, line by line.
extension PastedDelivery {
  private mutating func read(lines text: ArraySlice<UInt8>) throws(Failure) {
    var rest = text
    var number = 0
    while !rest.isEmpty {
      let start = rest
      var line = Self.popLine(&rest)
      number += 1
      // `curl -v` marks what it sends.
      if line.starts(with: [UInt8(ascii: ">"), 0x20]) { line = line.dropFirst(2) }
      let trimmed = ASCII.trimmed(line)
      if form == .headers, headers.isEmpty, Self.isRequestLine(trimmed) {
        form = .request
      } else if trimmed.isEmpty || trimmed.elementsEqual([UInt8(ascii: ">")]) {
        break
      } else if trimmed.first == UInt8(ascii: ":") || trimmed.starts(with: "* ".utf8) {
        // What HTTP/2 has in place of a request line, or a remark of `curl -v`.
        continue
      } else if let first = trimmed.first,
        first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
      {
        // The blank line was left out.
        rest = start
        break
      } else if let first = line.first, ASCII.isBlank(first), !headers.isEmpty {
        // The rest of a folded header (RFC 9112, 5.2).
        headers[headers.count - 1].value += " " + ASCII.text(trimmed)
      } else {
        guard let header = Self.header(trimmed) else {
          throw Failure("Line \(number) isn’t a header: \(ASCII.excerpt(trimmed))")
        }
        try append(header)
      }
    }
    body = Array(rest)
    trimToLength()
  }

  /// The next line without its end, which is LF or CRLF.
  private static func popLine(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let end = rest.firstIndex(of: 0x0A)
    var line = rest[..<(end ?? rest.endIndex)]
    rest = end.map { rest[($0 + 1)...] } ?? []
    if line.last == 0x0D { line = line.dropLast() }
    return line
  }

  /// `POST /path` or `POST /path HTTP/1.1`.
  private static func isRequestLine(_ line: ArraySlice<UInt8>) -> Bool {
    let words = line.split(separator: 0x20)
    guard (2...3).contains(words.count), words[0].allSatisfy({ (0x41...0x5A).contains($0) }) else {
      return false
    }
    if words.count == 3 { return words[2].starts(with: "HTTP/".utf8) }
    return words[1].first == UInt8(ascii: "/") || words[1].starts(with: "http".utf8)
  }

  /// `Name: value`, or a name and a value with a tab between them, as tables are copied.
  static func header(_ line: ArraySlice<UInt8>) -> Header? {
    let mark = line.firstIndex { $0 == UInt8(ascii: ":") || $0 == 0x09 }
    guard let mark else { return nil }
    let name = ASCII.trimmed(line[..<mark])
    guard !name.isEmpty, name.count <= 256, name.allSatisfy(ASCII.isToken) else { return nil }
    return Header(ASCII.text(name), ASCII.text(ASCII.trimmed(line[(mark + 1)...])))
  }

  private mutating func append(_ header: Header) throws(Failure) {
    guard headers.count < Self.maximumHeaderCount else {
      throw Failure("There are more than \(Self.maximumHeaderCount) headers.")
    }
    headers.append(header)
  }

  /// Drops the line breaks that pasting added, if the headers give the body’s length.
  private mutating func trimToLength() {
    guard let length = header("content-length").flatMap({ Int($0) }), length >= 0 else { return }
    if length < body.count, body[length...].allSatisfy(ASCII.isBreak) {
      body.removeLast(body.count - length)
    } else if length != body.count {
      remarks.append(
        "The body has \(body.count.grouped) bytes, and its content-length is \(length.grouped).")
    }
  }
}

// Curl commands and JSON.
extension PastedDelivery {
  private mutating func read(_ command: CurlCommand) throws(Failure) {
    for line in command.headers {
      guard let header = Self.header(line[...]) else {
        throw Failure("This isn’t a header: \(ASCII.excerpt(line[...]))")
      }
      try append(header)
    }
    body = command.body
    // Options have no end of line that pasting could have added.
    if let length = header("content-length").flatMap({ Int($0) }), length != body.count {
      remarks.append(
        "The body has \(body.count.grouped) bytes, and its content-length is \(length.grouped).")
    }
  }

  private mutating func read(json text: [UInt8]) throws(Failure) {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: text)
    } catch {
      throw Failure("This begins like JSON, but isn’t: \(error)")
    }
    let export = DeliveryExport(value)
    guard let found = export.headers else {
      throw Failure(
        export.isPrediction
          ? "This is only the body. Paste the headers above it, with a blank line between them."
          : "This JSON has no member “headers”.")
    }
    for header in found { try append(header) }
    switch export.body {
    case .bytes(let bytes): body = bytes
    case .value(let value):
      body = Array(value.serialized().utf8)
      remarks.append(
        "The JSON has the body as a value and not as text, so its exact bytes are lost.")
    case nil: remarks.append("The JSON has no member “body”.")
    }
  }
}

/// What is told apart in the bytes of a text.
enum ASCII {
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
  static func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Whether a byte can be part of a header’s name (RFC 9110, 5.6.2).
  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
  }

  static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes.drop { isBlank($0) || isBreak($0) }
    while let last = bytes.last, isBlank(last) || isBreak(last) { bytes = bytes.dropLast() }
    return bytes
  }

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
  }

  /// The beginning of a text, for a message.
  static func excerpt(_ bytes: ArraySlice<UInt8>) -> String {
    ForeignText.line(bytes.prefix(60)) + (bytes.count > 60 ? "…" : "")
  }
}
