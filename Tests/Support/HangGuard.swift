import Foundation
import Testing

extension Trait where Self == TimeLimitTrait {
  /// Ends a test that would otherwise hang. Long enough for a sanitized build on a busy machine: how
  /// fast something is shows in a benchmark, not here.
  public static var endsSometime: Self { .timeLimit(.minutes(10)) }
}

extension Trait where Self == ConditionTrait {
  /// Leaves out, under the thread sanitizer, what does thousands of things on the main thread alone:
  /// there is no race to find, and it takes ten times as long.
  public static var unsanitized: Self {
    .enabled(if: ProcessInfo.processInfo.environment["REPLICANT_SANITIZE"] == nil)
  }
}
