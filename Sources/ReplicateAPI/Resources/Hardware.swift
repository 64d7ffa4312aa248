/// Hardware that models can run on.
public struct Hardware: Sendable, Hashable {
  /// The name to show, such as "Nvidia T4 GPU".
  public var name: String
  /// The name to use in calls, such as `gpu-t4`.
  public var sku: String

  public init(name: String, sku: String) {
    self.name = name
    self.sku = sku
  }
}

extension Hardware: JSONReadable {
  package init(from reader: inout JSONReader) throws(JSONSyntaxError) {
    self.init(name: "", sku: "")
    try reader.enterObject()
    while let key = try reader.nextKey() {
      switch key {
      case "name": name = try reader.optionalString() ?? ""
      case "sku": sku = try reader.optionalString() ?? ""
      default: try reader.skip()
      }
    }
    if sku.isEmpty { throw reader.mistake("hardware without an SKU") }
  }
}
