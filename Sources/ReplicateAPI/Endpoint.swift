/// One call of the API as a value: its route, its parameters and the type of its answer.
///
///     let account = try await client.send(.account)
///
/// The typed calls are static members, one file per noun in `Endpoints`.
public struct Endpoint<Response: Sendable>: Sendable {
  /// What is sent with a call.
  public enum Body: Sendable, Hashable {
    case json(JSONValue)
    /// As `text/plain`.
    case text(String)
  }

  /// A name and a value, of the query or of a header.
  public struct Item: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public var route: Route
  /// The path's parameters by the names that the route has in braces.
  public var parameters: [String: String]
  public var query: [Item]
  public var headers: [Item]
  public var body: Body?
  /// How long the service may hold the answer back because it was asked to wait.
  public var wait: Duration?
  /// What a 404 means, where it is an answer and no failure.
  public var absence: Response?
  /// What the call's answer says it accepts.
  var accept = "application/json"
  /// How deep in the answer predictions lie whose logs are kept from growing without end: 1 where the
  /// answer is one, 3 where it is a page of them.
  var logDepth: Int?
  let read: @Sendable ([UInt8]) throws(JSONSyntaxError) -> Response

  /// A call whose answer's bytes are read by `read`.
  public init(
    _ route: Route, _ parameters: [String: String] = [:], query: [Item] = [],
    headers: [Item] = [], body: Body? = nil, wait: Duration? = nil,
    read: @escaping @Sendable ([UInt8]) throws(JSONSyntaxError) -> Response
  ) {
    self.route = route
    self.parameters = parameters
    self.query = query
    self.headers = headers
    self.body = body
    self.wait = wait
    self.read = read
  }
}

extension Endpoint where Response: JSONReadable {
  package init(
    _ route: Route, _ parameters: [String: String] = [:], query: [Item] = [],
    headers: [Item] = [], body: Body? = nil, wait: Duration? = nil
  ) {
    self.init(
      route, parameters, query: query, headers: headers, body: body, wait: wait
    ) { (bytes) throws(JSONSyntaxError) -> Response in
      try JSONReader.read(bytes) { (reader) throws(JSONSyntaxError) -> Response in
        try Response(from: &reader)
      }
    }
  }
}

extension Endpoint where Response == Void {
  /// A call whose answer is empty.
  package init(_ route: Route, _ parameters: [String: String]) {
    self.init(route, parameters) { (_) throws(JSONSyntaxError) in }
    accept = "*/*"
  }
}

extension JSONObject {
  /// Puts in what there is; what is nil is left out, for the service takes null for a value.
  mutating func set(_ name: String, _ text: String?) {
    if let text { self[name] = .string(text) }
  }

  mutating func set(_ name: String, _ number: Int?) {
    if let number { self[name] = .number(JSONNumber(number)) }
  }
}
