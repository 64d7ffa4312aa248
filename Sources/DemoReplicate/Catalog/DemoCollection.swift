import ReplicateAPI

struct DemoCollection: Sendable {
  var slug: String
  var name: String
  var description: String
  var fullDescription: String
  var models: [ModelID]
}
