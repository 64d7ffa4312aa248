/// Computes the digits of π (Rabinowitz and Wagon, "A Spigot Algorithm for the Digits of π", 1995).
enum PiSpigot {
  /// The first digits, starting with the 3.
  static func digits(_ count: Int) -> [Int] {
    // A few extra digits, since the last ones may still change by a carry.
    let wanted = count + 8
    var remainders = [Int](repeating: 2, count: wanted * 10 / 3 + 1)
    var digits: [Int] = []
    var (nines, held) = (0, -1)
    for _ in 0..<wanted {
      var carry = 0
      for index in remainders.indices.reversed() {
        let value = 10 * remainders[index] + carry * (index + 1)
        let divisor = 2 * index + 1
        remainders[index] = value % divisor
        carry = value / divisor
      }
      remainders[0] = carry % 10
      carry /= 10
      switch carry {
      case 9: nines += 1
      case 10:
        if held >= 0 { digits.append(held + 1) }
        digits += Array(repeating: 0, count: nines)
        (nines, held) = (0, 0)
      default:
        if held >= 0 { digits.append(held) }
        digits += Array(repeating: 9, count: nines)
        (nines, held) = (0, carry)
      }
    }
    return Array(digits.prefix(count))
  }
}
