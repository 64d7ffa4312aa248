import Foundation
import ReplicateAPI
import Testing

@testable import DemoReplicate

/// `--demo-schemas`: model objects, some of them incomplete.
@Suite struct SchemasFolderTests {
  private func catalog(_ files: [String: String]) throws -> DemoCatalog {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "schemas-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try Data(text.utf8).write(to: folder.appending(path: name))
    }
    var options = DemoOptions()
    options.schemasFolder = folder.path
    return try DemoCatalog(options)
  }

  @Test func `missing members of a handwritten object are filled in, and it can be run`() throws {
    let catalog = try catalog([
      "acme_echo.json": """
      {"_provenance": "written by hand", "owner": "acme", "name": "echo",
       "latest_version": {"id": null, "openapi_schema": {"components": {"schemas": {
         "Input": {"type": "object", "properties": {"prompt": {"type": "string"}}},
         "Output": {"type": "string"}}}}}}
      """
    ])
    let index = try #require(catalog.index(of: ModelID(owner: "acme", name: "echo")))
    let object = try #require(catalog.objects[index])
    for name in ["url", "owner", "name", "visibility", "run_count"] {
      #expect(object[name]?.isNull == false, "\(name)")
    }
    #expect(object["_provenance"] == nil)
    let id = try #require(object["latest_version"]?["id"]?.string)
    #expect(id.count == 64)
    #expect(object["latest_version"]?["created_at"]?.string != nil)
    let model = try #require(catalog.model(version: id))
    #expect(model.id == ModelID(owner: "acme", name: "echo"))
    #expect(model.versions.map(\.id) == [id])
    #expect(ModelSchema(openAPI: model.schema).inputs.map(\.name) == ["prompt"])
  }

  @Test func `a pipe is no file of models, and nothing waits for it`() throws {
    let pipe = FileManager.default.temporaryDirectory.path + "/models-\(UUID().uuidString)"
    #expect(mkfifo(pipe, 0o600) == 0)
    defer { unlink(pipe) }
    var options = DemoOptions()
    options.modelsFile = pipe
    let error = #expect(throws: (any Error).self) { _ = try DemoCatalog(options) }
    #expect(error.map { "\($0)" } == "the file \(pipe) can’t be read: it isn't a regular file.")
  }

  @Test func `a file that isn't a model object is an error`() {
    #expect(throws: (any Error).self) { _ = try catalog(["broken.json": "{"]) }
  }
}
