import Hummingbird

/// Answers the requests on one port.
protocol RequestHandler: Sendable {
  func delivery(of request: Request) async throws -> Delivery
}
