import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Paths for files whose names come from elsewhere.
public enum FreePath {
  /// A path in a folder where there is nothing yet: the name, or the name with a number. Whatever the
  /// name, the path is one of a plain file in this folder.
  @concurrent
  public static func path(for name: String, in folder: String) async -> String {
    let plain = plain(name)
    let dot = plain.lastIndex(of: ".").flatMap { $0 > plain.startIndex ? $0 : nil }
    let (stem, ending) = dot.map { (plain[..<$0], plain[$0...]) } ?? (plain[...], "")
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    for number in 1..<10_000 {
      let path = start + (number == 1 ? plain : "\(stem) (\(number))\(ending)")
      var facts = stat()
      if lstat(path, &facts) != 0 { return path }
    }
    return start + "\(stem).\(UInt32.random(in: .min ... .max))\(ending)"
  }

  /// A name without separators, control characters, and dots at its start.
  static func plain(_ name: String) -> String {
    var scalars = String.UnicodeScalarView()
    for scalar in name.unicodeScalars where scalars.count < 120 {
      let isControl =
        scalar.properties.generalCategory == .control
        || scalar.properties.generalCategory == .format
      scalars.append(scalar == "/" || scalar == "\\" || scalar == ":" || isControl ? "_" : scalar)
    }
    let text = String(String(scalars).drop { $0 == "." || $0 == " " })
    return text.isEmpty ? "file" : text
  }
}
