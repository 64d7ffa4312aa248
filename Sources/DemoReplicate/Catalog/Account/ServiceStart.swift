/// When the service started, which what the account has from the start depends on. All of that is
/// only made when it is first asked for, and is the same for the same seed.
struct ServiceStart: Sendable {
  let seed: UInt64
  let speed: Double
  let catalog: DemoCatalog
  let addresses: ServiceAddresses
  /// By the system clock, in seconds since 1970.
  let systemTime = ServiceClock.systemTime
  /// By how many seconds the service's clock is ahead.
  let shift: Double

  init(
    seed: UInt64, speed: Double, catalog: DemoCatalog, addresses: ServiceAddresses, shift: Double
  ) {
    self.seed = seed
    self.speed = speed
    self.catalog = catalog
    self.addresses = addresses
    self.shift = shift
  }

  /// As reported by the service clock, unless it is frozen.
  var time: Double { systemTime + shift }

  /// Seconds of service time since the start.
  var elapsed: Double { (ServiceClock.systemTime - systemTime) * speed }
}
