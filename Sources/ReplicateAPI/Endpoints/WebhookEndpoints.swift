extension Endpoint where Response == WebhookSecret {
  /// The key that the service signs webhooks with; see ``WebhookSecret/verify(_:now:tolerance:)``.
  public static var webhookSecret: Self { Endpoint(.getDefaultWebhookSecret) }
}
