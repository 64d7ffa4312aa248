import Pictures
import ReplicateAPI

/// A value of an input as a program writes it: literally, from an environment variable, or from a
/// file on this machine.
enum CodeValue {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case text(String)
  case list([CodeValue])
  case object([Member])
  case secret(variable: String)
  case file(CodeFile)

  struct Member {
    var name: String
    var value: CodeValue
  }

  /// A value that comes neither from a variable nor from a file.
  init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .number(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .array(let elements): self = .list(elements.map { CodeValue($0) })
    case .object(let members):
      self = .object(members.map { Member(name: $0.key, value: CodeValue($0.value)) })
    }
  }

  /// Every number in the value.
  var numbers: [JSONNumber] {
    switch self {
    case .number(let number): [number]
    case .list(let elements): elements.flatMap(\.numbers)
    case .object(let members): members.flatMap(\.value.numbers)
    case .null, .bool, .text, .secret, .file: []
    }
  }
}

/// A file that a program has to read.
struct CodeFile: Hashable {
  /// As it was typed. It may begin with `~/`.
  var path: String
  /// Counted from 1, in the order in which the files appear.
  var number: Int

  var mediaType: String {
    MediaType.byName(path.split(separator: "/").last ?? "") ?? MediaType.unknown
  }

  /// The path below the home folder; nil if it isn't written with `~`.
  var pathInHome: Substring? { path.hasPrefix("~/") ? path.dropFirst(2) : nil }
}

/// An input with its secrets and files found by the model's schema.
struct CodeInput {
  private(set) var members: [CodeValue.Member] = []
  private(set) var files: [CodeFile] = []
  /// The names of the environment variables that hold secrets.
  private(set) var variables: [String] = []
  /// The names of the inputs that hold secrets or files.
  private(set) var secretInputs: [String] = []
  private(set) var fileInputs: [String] = []

  init(_ input: JSONObject, _ schema: ModelSchema?) {
    var kinds: [String: InputKind] = [:]
    for field in schema?.inputs ?? [] { kinds[field.name] = field.kind }
    for (name, value) in input {
      let (secrets, opened) = (variables.count, files.count)
      let member = found(value, kinds[name], name)
      members.append(CodeValue.Member(name: name, value: member))
      if variables.count > secrets { secretInputs.append(name) }
      if files.count > opened { fileInputs.append(name) }
    }
  }

  /// - Parameters:
  ///   - kind: What the schema says about the value; nil if it doesn't say anything. Then a name
  ///     such as `hf_token` is a hint.
  private mutating func found(
    _ value: JSONValue, _ kind: InputKind?, _ name: String
  ) -> CodeValue {
    switch (value, kind) {
    case (.string(let text), nil):
      return Secrets.isSecretName(name) ? secret(name) : .text(text)
    case (.string, .secret): return secret(name)
    case (.string(let text), .file): return file(text)
    case (.string(let text), .union(let kinds)):
      if kinds.contains(where: \.isSecret) { return secret(name) }
      // Where a text is as good, a path is one.
      let isFile =
        kinds.contains(where: \.isFile)
        && (!kinds.contains(where: \.isText) || text.prefix(7).lowercased() == "file://")
      return isFile ? file(text) : .text(text)
    case (.array(let elements), _):
      let element = kind?.element
      return .list(
        elements.enumerated().map { index, value in
          found(value, element, "\(name)_\(index + 1)")
        })
    case (.object(let members), _):
      return .object(
        members.map { key, value in
          CodeValue.Member(name: key, value: found(value, kind?.member(key), key))
        })
    default: return CodeValue(value)
    }
  }

  private mutating func secret(_ name: String) -> CodeValue {
    var variable = Self.variable(for: name)
    let taken = Set(variables)
    var number = 2
    while taken.contains(variable) {
      variable = "\(Self.variable(for: name))_\(number)"
      number += 1
    }
    variables.append(variable)
    return .secret(variable: variable)
  }

  private mutating func file(_ text: String) -> CodeValue {
    let typed = String(text.trimmingBlanks())
    guard !typed.isEmpty, FileText(typed) == .local else { return .text(text) }
    let path = LocalPath.bytes(ofFileURL: typed).map { String(decoding: $0, as: UTF8.self) }
    let number = (files.first { $0.path == path ?? typed }?.number ?? files.count + 1)
    let file = CodeFile(path: path ?? typed, number: number)
    files.append(file)
    return .file(file)
  }

  /// The environment variable for a secret input: API_KEY for `api_key`.
  private static func variable(for name: String) -> String {
    var variable = ""
    for scalar in name.unicodeScalars {
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.isDigit)
      variable += isPlain ? String(scalar).uppercased() : "_"
    }
    if variable.first.map({ $0.isNumber }) ?? true { variable = "INPUT_\(variable)" }
    // Variables with a meaning of their own.
    let isTaken =
      ["HOME", "PATH", "USER", "SHELL", "LANG", "PWD", "TERM", "NODE_OPTIONS"].contains(variable)
      || ["REPLICATE_", "PYTHON", "LC_", "LD_", "DYLD_"].contains { variable.hasPrefix($0) }
    return isTaken ? "INPUT_\(variable)" : variable
  }
}

extension Unicode.Scalar {
  fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension InputKind {
  fileprivate var isSecret: Bool { if case .secret = self { true } else { false } }
  fileprivate var isFile: Bool { if case .file = self { true } else { false } }
  fileprivate var isText: Bool { if case .text = self { true } else { false } }

  /// The kind of a list's elements.
  fileprivate var element: InputKind? {
    switch self {
    case .array(let element, _, _): element
    case .union(let kinds): kinds.lazy.compactMap(\.element).first
    default: nil
    }
  }

  /// The kind of an object's member.
  fileprivate func member(_ name: String) -> InputKind? {
    switch self {
    case .object(let rules): rules.members.first { $0.name == name }?.kind ?? rules.others
    case .union(let kinds): kinds.lazy.compactMap { $0.member(name) }.first
    default: nil
    }
  }
}
