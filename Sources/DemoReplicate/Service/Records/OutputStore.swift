import ReplicateAPI

/// The files that predictions gave, served at the second port.
actor OutputStore {
  struct File: Sendable {
    var bytes: [UInt8]
    var type: String
  }

  private var files: [String: File] = [:]

  /// Keeps a file; returns the path of its address.
  func keep(_ bytes: [UInt8], name: String, type: String, under folder: String) -> String {
    let path = "/xezq/\(folder)/\(name)"
    files[path] = File(bytes: bytes, type: type)
    return path
  }

  func file(at path: String) -> File? { files[path] }

  /// Removes what a prediction gave; the service keeps it for an hour.
  func remove(under folder: String) {
    files = files.filter { !$0.key.hasPrefix("/xezq/\(folder)/") }
  }
}
