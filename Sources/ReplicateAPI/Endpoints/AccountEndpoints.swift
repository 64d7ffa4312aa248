extension Endpoint where Response == Account {
  /// The account that the token belongs to.
  public static var account: Self { Endpoint(.getAccount) }
}
