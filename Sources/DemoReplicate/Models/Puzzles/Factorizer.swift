/// Factors numbers below 2^64, with the Miller–Rabin test and Pollard's rho algorithm.
enum Factorizer {
  /// The prime factors in ascending order, repeated by multiplicity.
  static func factors(_ number: UInt64) -> [UInt64] {
    guard number > 1 else { return [] }
    var (rest, found): (UInt64, [UInt64]) = (number, [])
    for prime in smallPrimes {
      while rest.isMultiple(of: prime) {
        found.append(prime)
        rest /= prime
      }
    }
    split(rest, into: &found)
    return found.sorted()
  }

  static func isPrime(_ number: UInt64) -> Bool {
    guard number > 1 else { return false }
    for prime in smallPrimes where number.isMultiple(of: prime) { return number == prime }
    let twos = (number - 1).trailingZeroBitCount
    let odd = (number - 1) >> UInt64(twos)
    // With these bases, the test is exact for all 64-bit numbers.
    return smallPrimes.allSatisfy { base in
      var power = powered(base, odd, number)
      if power == 1 || power == number - 1 { return true }
      for _ in 1..<max(1, twos) {
        power = multiplied(power, power, number)
        if power == number - 1 { return true }
      }
      return false
    }
  }

  private static let smallPrimes: [UInt64] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]

  private static func split(_ number: UInt64, into found: inout [UInt64]) {
    guard number > 1 else { return }
    if isPrime(number) { return found.append(number) }
    let divisor = divisor(number)
    split(divisor, into: &found)
    split(number / divisor, into: &found)
  }

  /// A divisor of a composite number, found where a pseudorandom sequence has a cycle.
  private static func divisor(_ number: UInt64) -> UInt64 {
    let root = UInt64(Double(number).squareRoot())
    for root in [root > 0 ? root - 1 : 0, root, root + 1]
    where root > 1 && root <= 4_294_967_295 && root * root == number { return root }
    var shift: UInt64 = 1
    while true {
      var (slow, fast, common): (UInt64, UInt64, UInt64) = (2, 2, 1)
      while common == 1 {
        slow = step(slow, shift, number)
        fast = step(step(fast, shift, number), shift, number)
        common = greatestCommonDivisor(slow > fast ? slow - fast : fast - slow, number)
      }
      if common != number { return common }
      shift += 1
    }
  }

  private static func step(_ value: UInt64, _ shift: UInt64, _ number: UInt64) -> UInt64 {
    let square = multiplied(value, value, number)
    return square >= number - shift ? square - (number - shift) : square + shift
  }

  private static func multiplied(_ one: UInt64, _ other: UInt64, _ number: UInt64) -> UInt64 {
    number.dividingFullWidth((one % number).multipliedFullWidth(by: other % number)).remainder
  }

  private static func powered(_ base: UInt64, _ exponent: UInt64, _ number: UInt64) -> UInt64 {
    var (result, square, rest): (UInt64, UInt64, UInt64) = (1, base % number, exponent)
    while rest > 0 {
      if rest & 1 == 1 { result = multiplied(result, square, number) }
      square = multiplied(square, square, number)
      rest >>= 1
    }
    return result
  }

  private static func greatestCommonDivisor(_ one: UInt64, _ other: UInt64) -> UInt64 {
    var (one, other) = (one, other)
    while other != 0 { (one, other) = (other, one % other) }
    return one
  }
}
