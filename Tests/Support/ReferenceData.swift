import Foundation

/// Recorded answers and schemas of the real service, which aren't part of this repository.
///
/// Tests that need them look in the folder that REPLICANT_REFERENCE_DATA names, else in
/// `../shared/replicate` beside the package; where there is none they are skipped, and say so.
public enum ReferenceData {
  /// Nil where the data is absent.
  public static var folder: String? {
    let package = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["REPLICANT_REFERENCE_DATA"]
    let folder = named ?? package.appending(path: "../shared/replicate").standardized.path
    return FileManager.default.fileExists(atPath: folder + "/schemas") ? folder : nil
  }

  /// The paths of a subfolder's JSON files, in order; none where the data is absent.
  public static func files(in subfolder: String) -> [String] {
    guard let folder else { return [] }
    let path = "\(folder)/\(subfolder)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(path)/\($0)" }
  }

  /// A file's bytes.
  public static func bytes(of path: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: path)))
  }
}
