import Foundation

/// Writes the generated files in docs, or checks that they are up to date.
///
///     GenerateDocuments FOLDER            # writes them
///     GenerateDocuments --check FOLDER    # prints the names of stale files; exits with 1 if any
@main
enum GenerateDocuments {
  @MainActor static func main() throws {
    var arguments = CommandLine.arguments.dropFirst()
    let isCheck = arguments.first == "--check"
    if isCheck { arguments.removeFirst() }
    guard let folder = arguments.first, arguments.count == 1, !folder.hasPrefix("-") else {
      FileHandle.standardError.write(Data("usage: GenerateDocuments [--check] FOLDER\n".utf8))
      exit(2)
    }
    if isCheck {
      let stale = GeneratedDocument.all.filter { document in
        let written = try? String(contentsOfFile: "\(folder)/\(document.fileName)", encoding: .utf8)
        return written != document.text
      }
      for document in stale { print(document.fileName) }
      exit(stale.isEmpty ? 0 : 1)
    }
    for document in GeneratedDocument.all {
      try document.text.write(
        toFile: "\(folder)/\(document.fileName)", atomically: true, encoding: .utf8)
    }
  }
}
