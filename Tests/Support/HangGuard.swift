import Testing

extension Trait where Self == TimeLimitTrait {
  /// Ends a test that would otherwise hang. Long enough for a sanitized build on a busy machine: how
  /// fast something is shows in a benchmark, not here.
  public static var endsSometime: Self { .timeLimit(.minutes(10)) }
}
