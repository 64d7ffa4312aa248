import Hummingbird

/// What answers at a port.
protocol RequestHandler: Sendable {
  func delivery(of request: Request) async throws -> Delivery
}
