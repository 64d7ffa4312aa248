extension Endpoint where Response == WebhookSecret {
  /// The key that signs the account's webhooks. ``WebhookSecret/verify(_:now:tolerance:)`` uses it.
  public static var webhookSecret: Self { Endpoint(.getDefaultWebhookSecret) }
}
