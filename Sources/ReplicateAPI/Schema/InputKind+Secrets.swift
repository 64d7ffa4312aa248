extension InputKind {
  /// Whether values are secrets, or may contain one.
  package var holdsSecrets: Bool {
    switch self {
    case .secret: true
    case .array(let element, _, _): element.holdsSecrets
    case .object(let rules):
      rules.members.contains { $0.kind.holdsSecrets } || rules.others?.holdsSecrets == true
    case .union(let kinds): kinds.contains { $0.holdsSecrets }
    case .text, .file, .integer, .number, .boolean, .enumeration, .json: false
    }
  }
}
