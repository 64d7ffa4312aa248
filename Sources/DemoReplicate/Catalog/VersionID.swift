import ReplicateAPI

/// Computes version IDs, so that none need to be stored: the last digits are the index of the
/// model.
enum VersionID {
  private static let digits = 8

  static func id(of model: ModelID, at index: Int) -> String {
    var random = SeededRandom(model.description, UInt64(index))
    let number = String(index, radix: 16)
    return random.hex(64 - digits) + String(repeating: "0", count: max(0, digits - number.count))
      + number
  }

  static func index(in id: String) -> Int? {
    id.utf8.count == 64 ? Int(id.suffix(digits), radix: 16) : nil
  }
}
