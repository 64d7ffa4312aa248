import ReplicateAPI

extension DemoJob {
  func text(_ name: String) -> String {
    input[name]?.string ?? ""
  }

  func integer(_ name: String, or other: Int) -> Int {
    input[name]?.int ?? other
  }

  func number(_ name: String, or other: Double) -> Double {
    input[name]?.double ?? other
  }

  func flag(_ name: String) -> Bool {
    input[name]?.bool ?? false
  }

  /// The URL of a file input; nil if it is missing.
  func address(_ name: String) -> String? {
    let address = text(name)
    return address.isEmpty ? nil : address
  }

  /// The input's `seed`, which may need all of 64 bits, signed or not.
  var givenSeed: UInt64? {
    guard case .number(let number)? = input["seed"] else { return nil }
    return number.int.map { UInt64(bitPattern: Int64($0)) } ?? UInt64(number.literal)
  }

  /// The input's `seed`, or else the prediction's own. Logs which one it is.
  func chosenSeed() async -> UInt64 {
    if let seed = givenSeed {
      await log("Using seed: \(input["seed"]?.serialized() ?? "")\n")
      return seed
    }
    let seed = seed % 100_000
    await log("Using seed: \(seed)\n")
    return seed
  }
}

extension [DemoVersion] {
  /// Versions with these creation times, newest first, and IDs derived from the model's name.
  static func history(of id: ModelID, cog: String, _ times: String...) -> [DemoVersion] {
    times.enumerated().map { index, time in
      var random = SeededRandom("\(id)@\(times.count - index)")
      let id = (0..<4).map { _ in
        let digits = String(random.next(), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
      }.joined()
      return DemoVersion(id: id, createdAt: time, cogVersion: cog)
    }
  }

  /// The placeholder version of an official model.
  static func hidden(_ time: String, cog: String) -> [DemoVersion] {
    [DemoVersion(id: "hidden", createdAt: time, cogVersion: cog)]
  }
}
