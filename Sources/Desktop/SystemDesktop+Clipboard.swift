import Settings
import ViewModels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// Pictures in the display's clipboard.
extension SystemDesktop {
  /// A program that writes the clipboard's picture to its output.
  struct PictureTool: Hashable {
    /// Lists the types that the clipboard has, one per line.
    var types: [String]
    /// Writes the picture as PNG.
    var picture: [String]
  }

  /// The largest picture that is taken, in bytes.
  static let pictureLimit = 100 << 20
  private static let typesLimit = 65_536

  static func pictureTools(_ environment: [String: String]) -> [PictureTool] {
    func isSet(_ name: String) -> Bool { !(environment[name] ?? "").isEmpty }
    var tools: [PictureTool] = []
    if isSet("WAYLAND_DISPLAY") {
      tools.append(
        PictureTool(
          types: ["wl-paste", "--list-types"],
          picture: ["wl-paste", "--no-newline", "--type", "image/png"]))
    }
    if isSet("DISPLAY") {
      let xclip = ["xclip", "-selection", "clipboard", "-o", "-t"]
      tools.append(PictureTool(types: xclip + ["TARGETS"], picture: xclip + ["image/png"]))
    }
    return tools
  }

  public func savePictureFromClipboard() async throws(DesktopFailure) -> String {
    let tools = Self.pictureTools(environment)
    guard !tools.isEmpty else {
      throw DesktopFailure(
        "There’s no display here, so no clipboard with pictures: $WAYLAND_DISPLAY and $DISPLAY "
          + "aren’t set.")
    }
    let installed = tools.filter { path(of: $0.types[0]) != nil }
    guard !installed.isEmpty else {
      let names = tools.map { $0.types[0] == "wl-paste" ? "wl-clipboard" : "xclip" }
      throw DesktopFailure(
        "To take pictures from the clipboard, install \(names.joined(separator: " or ")).")
    }
    var reason = "There’s no picture in the clipboard."
    for tool in installed {
      guard let types = await output(of: tool.types, atMost: Self.typesLimit) else {
        reason = "The clipboard can’t be read: \(tool.types[0]) failed."
        continue
      }
      let names = String(decoding: types, as: UTF8.self).split(whereSeparator: \.isWhitespace)
      guard names.contains("image/png") else {
        if let other = names.first(where: { $0.hasPrefix("image/") }) {
          reason =
            "The clipboard’s picture is \(other.prefix(40)), which isn’t PNG. Save it instead."
        }
        continue
      }
      guard let bytes = await output(of: tool.picture, atMost: Self.pictureLimit),
        bytes.starts(with: [0x89, 0x50, 0x4E, 0x47])
      else {
        reason = "The clipboard’s picture couldn’t be read as PNG."
        continue
      }
      return try await Self.save(picture: bytes, in: pictureFolder)
    }
    throw DesktopFailure(reason)
  }

  private var pictureFolder: String {
    PrivateFile.folder("XDG_STATE_HOME", or: ".local/state", environment) + "/clipboard"
  }

  private func output(of command: [String], atMost limit: Int) async -> [UInt8]? {
    guard let path = path(of: command[0]) else { return nil }
    return await readOutput(path, Array(command.dropFirst()), atMost: limit)
  }

  /// Saves a picture under a name of its own, and removes those of more than a month ago.
  @concurrent
  private nonisolated static func save(
    picture bytes: [UInt8], in folder: String
  ) async throws(DesktopFailure) -> String {
    do {
      try PrivateFile.makeFolder(folder)
    } catch {
      throw DesktopFailure(error.message)
    }
    var now = time(nil)
    removeOld(in: folder, before: now - 30 * 86_400)
    var date = tm()
    localtime_r(&now, &date)
    var stamp = [CChar](repeating: 0, count: 32)
    strftime(&stamp, stamp.count, "%Y-%m-%d-%H%M%S", &date)
    let start =
      "\(folder)/picture-"
      + stamp.withUnsafeBufferPointer { text in
        text.baseAddress.map { String(cString: $0) } ?? ""
      }
    for number in 1...1000 {
      let path = number == 1 ? "\(start).png" : "\(start)-\(number).png"
      let file = createFile(path)
      if file < 0, errno == EEXIST { continue }
      guard file >= 0 else { break }
      let isWritten = PrivateFile.writeAll(bytes, to: file)
      let reason = String(cString: strerror(errno))
      guard close(file) == 0, isWritten else {
        unlink(path)
        throw DesktopFailure("Couldn’t write \(path): \(reason).")
      }
      return path
    }
    throw DesktopFailure("Couldn’t write to \(folder): \(String(cString: strerror(errno))).")
  }

  private nonisolated static func removeOld(in folder: String, before limit: time_t) {
    guard let entries = opendir(folder) else { return }
    defer { closedir(entries) }
    while let entry = readdir(entries) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix("picture-"), name.hasSuffix(".png") else { continue }
      var facts = stat()
      let path = "\(folder)/\(name)"
      guard lstat(path, &facts) == 0 else { continue }
      #if canImport(Darwin)
        let modified = facts.st_mtimespec.tv_sec
      #else
        let modified = facts.st_mtim.tv_sec
      #endif
      if modified < limit { unlink(path) }
    }
  }
}

// Inside SystemDesktop, `open` means its own function.
private func createFile(_ path: String) -> Int32 {
  open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
}
