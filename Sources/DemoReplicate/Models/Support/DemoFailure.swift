/// Ends a run as `failed`, with this message as its `error`.
struct DemoFailure: Error, Sendable, Equatable {
  var message: String
}
