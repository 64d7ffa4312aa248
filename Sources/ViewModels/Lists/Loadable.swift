import ReplicateAPI

/// A value loaded from the service: loading, loaded, or failed. Keeps the last good value.
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

  /// Discards the value before something else is loaded.
  public mutating func reset() {
    self = Loadable()
  }

  /// Changes the value in place, if there is one.
  public mutating func update(_ change: (inout Value) -> Void) {
    if var changed = value {
      change(&changed)
      value = changed
    }
  }
}
