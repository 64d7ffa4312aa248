/// An API call as a value: its route, its parameters, and the type of its answer.
///
///     let account = try await client.send(.account)
///
/// The calls are static members, such as ``account`` and ``prediction(_:)``.
public struct Endpoint<Response: Sendable>: Sendable {
  /// The body of a request.
  public enum Body: Sendable, Hashable {
    case json(JSONValue)
    /// As `text/plain`.
    case text(String)
  }

  /// A query item or a header.
  public struct Item: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public var route: Route
  /// The path's parameters, by their names in the route's braces.
  public var parameters: [String: String]
  public var query: [Item]
  public var headers: [Item]
  public var body: Body?
  /// How long the service may hold back its answer because the call asks it to wait.
  public var wait: Duration?
  /// The answer that a 404 stands for; nil if it is an error.
  public var absence: Response?
  /// The names of the inputs in the body whose values a ``CallRecord`` must not show. Inputs whose
  /// names look like those of secrets, such as `hf_token`, are never shown.
  public var secretInputs: Set<String> = []
  /// The `accept` header.
  var accept = "application/json"
  /// The depth of predictions in the answer, whose logs are cut: 1 if the answer is a prediction, 3
  /// if it is a page of them.
  var logDepth: Int?
  let read: @Sendable ([UInt8]) throws(JSONSyntaxError) -> Response

  /// A call with a function that reads the answer's bytes.
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
  /// A call with an empty answer.
  package init(_ route: Route, _ parameters: [String: String]) {
    self.init(route, parameters) { (_) throws(JSONSyntaxError) in }
    accept = "*/*"
  }
}

extension Endpoint {
  /// The path and the query after the base URL.
  ///
  /// - Parameter address: The address of another page of the list. Only its query is used: it may
  ///   name another host, and a page of a list is where the list is.
  func target(at address: String?) -> String {
    let path = route.path(parameters)
    var query = query.map {
      "\(PercentEncoding.encoded($0.name))=\(PercentEncoding.encoded($0.value))"
    }
    if let address {
      let own = Self.query(of: address)
      let names = Set(own.map { $0.prefix { $0 != "=" } })
      query = own.map(String.init) + query.filter { !names.contains($0.prefix { $0 != "=" }) }
    }
    return query.isEmpty ? path : "\(path)?\(query.joined(separator: "&"))"
  }

  private static func query(of address: String) -> [Substring] {
    guard let mark = address.firstIndex(of: "?") else { return [] }
    let query = address[address.index(after: mark)...].prefix { $0 != "#" }
    // The service never sends characters that can't be part of a request line.
    guard query.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return [] }
    return query.split(separator: "&")
  }
}

extension JSONObject {
  /// Sets a member, or leaves it out if it is nil, because the service treats null as a value.
  mutating func set(_ name: String, _ text: String?) {
    if let text { self[name] = .string(text) }
  }

  mutating func set(_ name: String, _ number: Int?) {
    if let number { self[name] = .number(JSONNumber(number)) }
  }
}
