/// Keeps secrets out of ``CallRecord``s, and keeps the records small.
package enum Secrets {
  static let mask = "••••"
  static let maximumBodySize = 16 * 1024
  static let maximumHeaderSize = 256
  static let maximumHeaderCount = 48
  /// Longer data URIs are shortened, in bytes.
  static let maximumDataSize = 1024

  // MARK: Headers

  /// Headers as a record may hold them.
  ///
  /// - Parameter secret: The names of headers that are known to be secret, in lower case.
  static func masked(
    _ headers: [(name: String, value: String)], hiding secret: Set<String> = []
  ) -> [CallRecord.Header] {
    headers.prefix(maximumHeaderCount).map { header in
      let name = header.name.lowercased()
      let value = secret.contains(name) ? mask : masked(header.value, ofHeader: name)
      return CallRecord.Header(name, cut(value, maximumHeaderSize))
    }
  }

  private static func masked(_ value: String, ofHeader name: String) -> String {
    switch name {
    case "authorization": return value.hasPrefix("Bearer ") ? "Bearer \(mask)" : mask
    // It may be signed.
    case "location": return CallRecord.visiblePart(of: value)
    default:
      let isSecret = ["cookie", "authorization", "token", "secret", "signature", "api-key"]
        .contains { name.contains($0) }
      return isSecret ? mask : value
    }
  }

  // MARK: Bodies

  /// A request's body as a record may hold it.
  ///
  /// - Parameter secretInputs: The names of inputs that are known to be secret.
  static func masked<Response>(
    _ body: Endpoint<Response>.Body?, secretInputs: Set<String>
  ) -> CallRecord.Body? {
    switch body {
    case .text(let text): recorded(text)
    case .json(let value): recorded(masked(value, secretInputs).serialized())
    case nil: nil
    }
  }

  private static func recorded(_ text: String) -> CallRecord.Body {
    .text(cut(text, maximumBodySize), isCut: text.utf8.count > maximumBodySize)
  }

  private static func masked(_ body: JSONValue, _ secretInputs: Set<String>) -> JSONValue {
    guard case .object(var members) = body else { return short(body) }
    for (name, value) in members {
      switch (name, value) {
      case ("input", .object(var inputs)):
        for (name, value) in inputs {
          inputs[name] =
            secretInputs.contains(name) ? .string(mask) : masked(value, ofInput: name)
        }
        members[name] = .object(inputs)
      case ("webhook", .string(let address)):
        // Its query often carries a key.
        let isOpen = !address.contains("?") && !address.contains("@")
        members[name] = .string(
          isOpen ? cut(address, maximumHeaderSize) : CallRecord.visiblePart(of: address))
      default: members[name] = short(value)
      }
    }
    return .object(members)
  }

  private static func masked(_ value: JSONValue, ofInput name: String) -> JSONValue {
    switch value {
    case .string where isSecretName(name): return .string(mask)
    case .array(let elements): return .array(elements.map { masked($0, ofInput: name) })
    case .object(var members):
      for (name, value) in members { members[name] = masked(value, ofInput: name) }
      return .object(members)
    default: return short(value)
    }
  }

  /// Whether an input with this name is likely to be a secret, such as `hf_token` or
  /// `openai_api_key`.
  package static func isSecretName(_ name: String) -> Bool {
    let name = name.lowercased()
    let words = [
      "secret", "password", "credential", "api_key", "apikey", "access_key", "private_key",
    ]
    if words.contains(where: name.contains) { return true }
    guard name.hasSuffix("token") else { return false }
    // Those of tokenizers and trained words.
    let others = [
      "stop", "trigger", "bos", "eos", "pad", "unk", "sep", "cls", "mask", "special", "placeholder",
    ]
    let parts = name.split { !$0.isLetter }
    return parts.count != 2 || !others.contains(String(parts[0]))
  }

  /// Whether a value is likely to be or to hold a secret, going by the names.
  package static func areIn(_ value: JSONValue, named name: String) -> Bool {
    switch value {
    case .array(let elements): elements.contains { areIn($0, named: name) }
    case .object(let members):
      isSecretName(name) || members.contains { areIn($0.value, named: $0.key) }
    case .null, .bool, .number, .string: isSecretName(name)
    }
  }

  private static func short(_ value: JSONValue) -> JSONValue {
    switch value {
    case .string(let text): return .string(short(text))
    case .array(let elements): return .array(elements.map(short))
    case .object(var members):
      for (name, value) in members { members[name] = short(value) }
      return .object(members)
    case .null, .bool, .number: return value
    }
  }

  private static func short(_ text: String) -> String {
    let size = text.utf8.count
    guard size > maximumDataSize else { return text }
    guard text.hasPrefix("data:") else {
      return cut(DataURI.shortened(in: text, longest: maximumDataSize), maximumBodySize)
    }
    let start = text.prefix(100).prefix { $0 != "," }
    return "\(start),… (\(size) bytes)"
  }

  /// The beginning of a text, at most so many bytes, with a mark if more is left out.
  private static func cut(_ text: String, _ size: Int) -> String {
    guard text.utf8.count > size else { return text }
    // The index is rounded down to a whole character.
    return text[..<text.utf8.index(text.startIndex, offsetBy: size - 3)] + "…"
  }
}
