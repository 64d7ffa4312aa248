import ReplicateAPI

/// Something that is asked of the service: on its way, there, or failed; the last good value stays.
public struct Loadable<Value: Sendable>: Sendable {
  public private(set) var value: Value?
  public private(set) var isLoading = false
  public private(set) var failure: ReplicateError?

  public init(_ value: Value? = nil) {
    self.value = value
  }

  public mutating func begin() {
    isLoading = true
  }

  public mutating func finish(_ newValue: Value) {
    value = newValue
    isLoading = false
    failure = nil
  }

  public mutating func fail(_ error: ReplicateError) {
    isLoading = false
    failure = error
  }

  /// Forgets what was loaded; for when something else is asked for.
  public mutating func reset() {
    self = Loadable()
  }

  /// Changes the value in place, where there is one.
  public mutating func update(_ change: (inout Value) -> Void) {
    if var changed = value {
      change(&changed)
      value = changed
    }
  }
}
