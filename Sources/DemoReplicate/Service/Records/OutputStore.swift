import ReplicateAPI

/// Stores the output files of predictions, which the second port serves.
actor OutputStore {
  struct File: Sendable {
    var bytes: [UInt8]
    var type: String
  }

  private var files: [String: File] = [:]

  /// Stores a file and returns the path of its URL.
  func keep(_ bytes: [UInt8], name: String, type: String, under folder: String) -> String {
    let path = "/xezq/\(folder)/\(name)"
    files[path] = File(bytes: bytes, type: type)
    return path
  }

  func file(at path: String) -> File? { files[path] }

  /// Removes a prediction's files; the service only keeps them for an hour.
  func remove(under folder: String) {
    files = files.filter { !$0.key.hasPrefix("/xezq/\(folder)/") }
  }
}
