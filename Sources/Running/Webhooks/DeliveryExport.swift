import ReplicateAPI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A request in the JSON of a request bin or a serverless function.
///
/// The names of the members differ: the headers are an object of texts or of lists of texts, or a list
/// of names and values; the body is a text, a value, or a text in base64.
struct DeliveryExport {
  enum Body {
    case bytes([UInt8])
    case value(JSONValue)
  }

  /// Nil if there are none.
  private(set) var headers: [PastedDelivery.Header]?
  private(set) var body: Body?
  /// Whether this is a prediction and no request.
  private(set) var isPrediction = false

  init(_ value: JSONValue) {
    // An export of several requests is a list.
    guard let top = value.object ?? value.array?.first?.object else { return }
    isPrediction = top["id"] != nil && top["status"] != nil && top["headers"] == nil
    var places = [top]
    for name in ["request", "event"] {
      if let place = top[name]?.object { places.append(place) }
    }
    for place in places {
      guard let found = place["headers"].flatMap(Self.headers(in:)) else { continue }
      headers = found
      body = Self.body(in: place)
      return
    }
  }

  private static func headers(in value: JSONValue) -> [PastedDelivery.Header]? {
    switch value {
    case .object(let members):
      members.flatMap { name, value in
        texts(value).map { PastedDelivery.Header(name, $0) }
      }
    case .array(let elements):
      elements.flatMap { element in
        guard let name = element["name"]?.string, let value = element["value"] else {
          return [PastedDelivery.Header]()
        }
        return texts(value).map { PastedDelivery.Header(name, $0) }
      }
    default: nil
    }
  }

  private static func texts(_ value: JSONValue) -> [String] {
    switch value {
    case .string(let text): [text]
    case .number(let number): [number.literal]
    case .array(let values): values.compactMap(\.string)
    case .null, .bool, .object: []
    }
  }

  private static func body(in place: JSONObject) -> Body? {
    // Exact texts come first.
    let names = ["rawBody", "raw_body", "bodyRaw", "body_raw", "body", "content", "text"]
    let isEncoded = place["isBase64Encoded"]?.bool == true
    var parsed: JSONValue?
    for name in names {
      switch place[name] {
      case .string(let text):
        if isEncoded, let data = Data(base64Encoded: text) { return .bytes(Array(data)) }
        return .bytes(Array(text.utf8))
      case .object, .array: parsed = parsed ?? place[name]
      case .null, .bool, .number, nil: continue
      }
    }
    return parsed.map { .value($0) }
  }
}
