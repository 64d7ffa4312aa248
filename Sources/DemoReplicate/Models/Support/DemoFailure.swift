/// A run that ends as `failed`, with this text as its `error`.
struct DemoFailure: Error, Sendable, Equatable {
  var message: String
}
