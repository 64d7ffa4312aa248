/// The version of this package, for the user agent and for `replicant --version`.
///
/// The library and the program are released together, so there is only one.
public enum ReplicantVersion {
  public static let current = "0.1.0"
}
