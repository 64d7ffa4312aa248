import ReplicateAPI

/// The models that the demo service has of its own.
enum DemoModels {
  static func all() -> [DemoModel] {
    [.painter, .storyteller, .endless]
  }

  static func collections() -> [DemoCollection] {
    [
      DemoCollection(
        slug: "try-these-first", name: "Try these first",
        description: "A picture, a story and a run that needs cancelling",
        fullDescription: "A picture, a story and a run that needs cancelling.",
        models: all().map(\.id))
    ]
  }

  static func echo(
    id: ModelID, description: String, runCount: Int, schema: JSONValue?
  ) -> DemoModel {
    Echo.model(id: id, description: description, runCount: runCount, schema: schema)
  }
}
