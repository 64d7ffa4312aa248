import ReplicateAPI

/// A collection of models in the demo catalog.
struct DemoCollection: Sendable {
  var slug: String
  var name: String
  var description: String
  var fullDescription: String
  var models: [ModelID]
}
