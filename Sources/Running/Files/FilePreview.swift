import Pictures

/// What is in a file, in a line.
public enum FilePreview {
  /// - Parameter content: The file, or its beginning.
  @concurrent
  public static func words(of content: [UInt8]) async -> String {
    if let size = PictureHeader(content)?.size { return "\(size.width) × \(size.height)" }
    if content.isEmpty { return "empty" }
    // The last character may be cut.
    let head = content.prefix(4096)
    let text = (0...3).lazy.compactMap { String(validating: head.dropLast($0), as: UTF8.self) }
      .first
    guard let text, !text.contains("\0") else { return "not a text" }
    let line = text.split(whereSeparator: \.isNewline).first { !$0.trimmingBlanks().isEmpty }
    return line.map { String($0.trimmingBlanks().prefix(200)) } ?? "blank lines"
  }
}
