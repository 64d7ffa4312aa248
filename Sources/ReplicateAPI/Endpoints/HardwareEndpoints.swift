extension Endpoint where Response == Page<Hardware> {
  /// The hardware that models can run on, all on one page: the service sends a bare array.
  public static var hardware: Self { Endpoint(.listHardware) }
}
