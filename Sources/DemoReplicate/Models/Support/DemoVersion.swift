/// A version of a demo model.
struct DemoVersion: Sendable {
  /// 64 hexadecimal digits, or `hidden` for an official model without versions.
  var id: String
  /// In the service's format, such as `2026-10-01T10:00:00.123456Z`.
  var createdAt: String
  var cogVersion: String
}
