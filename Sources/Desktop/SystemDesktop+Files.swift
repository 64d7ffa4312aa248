import ViewModels

extension SystemDesktop {
  public func openFile(_ content: [UInt8], type: String) async throws(DesktopFailure) -> String {
    let kind = Self.fileKinds[type]
    let file = try TextFile(
      content: content, named: "output.\(kind?.suffix ?? "bin")", environment: environment)
    guard let kind, kind.isSafe, let opener = opener() else { return "Saved as \(file.path)." }
    do throws(DesktopFailure) {
      try await open(file.path, with: opener)
    } catch {
      throw DesktopFailure("\(error.message) The file is \(file.path).")
    }
    return "Opened \(file.path)."
  }

  /// The endings of files by type. Models can return anything, so what could contain a program isn't
  /// opened.
  private static let fileKinds: [String: (suffix: String, isSafe: Bool)] = [
    "image/png": ("png", true), "image/jpeg": ("jpg", true), "image/jpg": ("jpg", true),
    "image/webp": ("webp", true), "image/gif": ("gif", true), "image/avif": ("avif", true),
    "image/bmp": ("bmp", true), "image/tiff": ("tiff", true), "image/svg+xml": ("svg", false),
    "audio/mpeg": ("mp3", true), "audio/mp3": ("mp3", true), "audio/wav": ("wav", true),
    "audio/x-wav": ("wav", true), "audio/ogg": ("ogg", true), "audio/flac": ("flac", true),
    "audio/mp4": ("m4a", true), "audio/midi": ("mid", true), "audio/webm": ("webm", true),
    "video/mp4": ("mp4", true), "video/webm": ("webm", true), "video/quicktime": ("mov", true),
    "text/plain": ("txt", true), "text/csv": ("csv", true), "text/markdown": ("md", true),
    "text/html": ("html", false), "application/json": ("json", true),
    "application/pdf": ("pdf", true), "application/zip": ("zip", false),
    "model/gltf-binary": ("glb", true), "model/obj": ("obj", true),
  ]
}
