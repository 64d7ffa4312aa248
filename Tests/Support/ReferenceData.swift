import Foundation

/// Recorded answers and schemas of the real service, which aren't part of this repository.
///
/// Looks in the folder named by REPLICANT_REFERENCE_DATA, or in `../shared/replicate` next to the
/// package. If neither exists, the tests that need the data are skipped with a message.
public enum ReferenceData {
  /// Nil if the data is missing.
  public static var folder: String? {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["REPLICANT_REFERENCE_DATA"]
    let folder = named ?? package.appending(path: "../shared/replicate").standardized.path
    return FileManager.default.fileExists(atPath: folder + "/schemas") ? folder : nil
  }

  /// The sorted paths of a subfolder's JSON files. Empty if the data is missing.
  public static func files(in subfolder: String) -> [String] {
    guard let folder else { return [] }
    let path = "\(folder)/\(subfolder)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
  }

  /// The bytes of a file.
  public static func bytes(of path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: path)))
  }
}
