/// The base URLs that the URLs in an answer start with.
struct BaseURLs: Sendable {
  var api: String
  var output: String
}
