/// A format of JSON Schema that a text has to have, as far as it can be checked before sending.
/// Others, such as `hostname`, are left to the service.
public enum TextFormat: String, Sendable, Hashable, CaseIterable {
  /// RFC 3339, such as `2026-11-27T12:30:00Z`.
  case dateTime = "date-time"
  /// Such as `2026-11-27`.
  case date
  /// With an offset, such as `12:30:00Z`.
  case time
  case email
  case uuid
}
