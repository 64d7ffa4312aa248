/// What one line of a training's log says.
struct TrainingLogLine: Hashable, Sendable {
  /// A loss, or why there is none.
  enum Loss: Hashable, Sendable {
    case number(Double)
    case notANumber, infinite
  }

  var loss: Loss?
  var learningRate: Double?
  var step: Int?
  var totalSteps: Int?
  var epoch: Double?
  var totalEpochs: Double?
  var bar: Bar?

  /// The numbers of a progress bar: `12%|█▏        | 120/1000 [01:23<10:12,  1.44it/s]`.
  struct Bar: Hashable, Sendable {
    var current: Int
    var total: Int?
    /// Steps per second.
    var speed: Double?
    /// Whether it belongs to an epoch: `Epoch 2/4:  42%|████▏     | 5/12`.
    var isOfEpoch = false
    /// Whether it has another name than bars of trainings have, such as "Downloading".
    var isOther = false
  }

  /// How much of a line is read, in bytes.
  static let limit = 4096

  init(_ bytes: UnsafeRawBufferPointer) {
    var scanner = LineScanner(bytes)
    scanner.read(into: &self)
  }
}

/// Goes through a line once, word by word.
private struct LineScanner {
  let bytes: UnsafeRawBufferPointer
  /// Without the end of a line that is too long. A number there would be cut off, too.
  let isWhole: Bool
  private var index = 0
  private var previous: Word = .other
  private var isFirstWord = true
  private var hasLossOfItsOwn = false
  private var hasOtherName = false
  private var isStepPlain = false

  init(_ bytes: UnsafeRawBufferPointer) {
    self.bytes = UnsafeRawBufferPointer(rebasing: bytes.prefix(TrainingLogLine.limit))
    isWhole = bytes.count <= TrainingLogLine.limit
  }

  /// Words that mean something in logs of trainings.
  private enum Word {
    case loss, meanLoss, otherLoss, learning, rate, learningRate, step, epoch, evaluation, summary
    case trainingName, other
  }

  mutating func read(into line: inout TrainingLogLine) {
    var isSummary = false
    while index < bytes.count {
      let byte = bytes[index]
      if Self.isLetter(byte) {
        let start = index
        while index < bytes.count, Self.isInWord(bytes[index]) { index += 1 }
        let word = Self.word(UnsafeRawBufferPointer(rebasing: bytes[start..<index]))
        if case .summary = word { isSummary = true }
        read(word, into: &line)
        if case .other = word, line.bar == nil { hasOtherName = hasOtherName || isFirstWord }
        isFirstWord = false
        previous = word
      } else if byte == UInt8(ascii: "|"), line.bar == nil, isAfterPercent {
        readBar(into: &line)
      } else {
        index += 1
      }
    }
    // The mean of the whole training isn't its last loss.
    if isSummary { line.loss = nil }
    // "Step 1 of the preparation"
    if line.loss == nil, !isStepPlain { line.step = nil }
  }

  private mutating func read(_ word: Word, into line: inout TrainingLogLine) {
    switch (word, previous) {
    case (.loss, .evaluation), (.meanLoss, .evaluation), (.otherLoss, _): break
    case (.loss, _) where !hasLossOfItsOwn:
      if let loss = loss() {
        line.loss = loss
        hasLossOfItsOwn = true
      }
    case (.meanLoss, _) where line.loss == nil: line.loss = loss()
    case (.learningRate, _), (.rate, .learning):
      if line.learningRate == nil { line.learningRate = number(upTo: 1e6) }
    case (.step, _) where line.step == nil:
      guard let (step, total, hasMark) = progress() else { return }
      line.step = Int(exactly: step)
      line.totalSteps = total.flatMap { Int(exactly: $0) }
      isStepPlain = hasMark || total != nil
    case (.epoch, _) where line.epoch == nil:
      guard let (epoch, total, _) = progress() else { return }
      line.epoch = epoch
      line.totalEpochs = total
    default: break
    }
  }

  // MARK: Values

  private mutating func loss() -> TrainingLogLine.Loss? {
    let start = index
    let hasMark = skipToValue()
    if let loss = namedNumber() { return loss }
    guard let number = number(), abs(number) < 1e100, hasMark || hasPoint(from: start) else {
      index = start
      return nil
    }
    return .number(number)
  }

  /// NaN or an infinity, as programs write them.
  private mutating func namedNumber() -> TrainingLogLine.Loss? {
    var place = index
    if place < bytes.count, bytes[place] == UInt8(ascii: "-") { place += 1 }
    let start = place
    while place < bytes.count, Self.isLetter(bytes[place]) { place += 1 }
    guard place < bytes.count || isWhole else { return nil }
    switch Self.lowercased(UnsafeRawBufferPointer(rebasing: bytes[start..<place])) {
    case "nan":
      index = place
      return .notANumber
    case "inf", "infinity":
      index = place
      return .infinite
    default: return nil
    }
  }

  private mutating func number(upTo limit: Double) -> Double? {
    let start = index
    _ = skipToValue()
    guard let number = number(), number >= 0, number <= limit else {
      index = start
      return nil
    }
    return number
  }

  /// `120`, `120/1000`, or `[120/1000]`.
  private mutating func progress() -> (current: Double, total: Double?, hasMark: Bool)? {
    let start = index
    let hasMark = skipToValue()
    guard let current = number(), Self.isCount(current),
      // A percentage of a bar that has this name.
      !(index < bytes.count && bytes[index] == UInt8(ascii: "%"))
    else {
      index = start
      return nil
    }
    return (current, total(), hasMark)
  }

  /// What follows a slash.
  private mutating func total() -> Double? {
    let start = index
    guard index < bytes.count, bytes[index] == UInt8(ascii: "/") else { return nil }
    index += 1
    guard let total = number(), Self.isCount(total), total > 0 else {
      index = start
      return nil
    }
    return total
  }

  /// Goes over what stands between a name and its value, such as `': ` or ` = [`. Returns whether
  /// there was a colon or an equals sign.
  private mutating func skipToValue() -> Bool {
    var hasMark = false
    var count = 0
    while index < bytes.count, count < 12 {
      switch bytes[index] {
      case UInt8(ascii: ":"), UInt8(ascii: "="): hasMark = true
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\""), UInt8(ascii: "'"),
        UInt8(ascii: "["), UInt8(ascii: "("):
        break
      default: return hasMark
      }
      index += 1
      count += 1
    }
    return hasMark
  }

  /// A number such as `120`, `-0.5` or `4.0e-04`; nil if it may go on after the end.
  private mutating func number() -> Double? {
    var place = index
    while place < bytes.count, place - index < 40, Self.isInNumber(bytes, at: place) { place += 1 }
    guard place > index, place - index < 40, place < bytes.count || isWhole else { return nil }
    var end = place
    // The point at the end of a sentence.
    if bytes[end - 1] == UInt8(ascii: ".") { end -= 1 }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[index..<end])
    guard let number = Self.plainNumber(digits) ?? Double(String(decoding: digits, as: UTF8.self)),
      number.isFinite
    else { return nil }
    index = end
    return number
  }

  /// The number of a few digits with or without a point, which is exact; nil for others.
  private static func plainNumber(_ bytes: UnsafeRawBufferPointer) -> Double? {
    guard (1...16).contains(bytes.count) else { return nil }
    var digits = 0
    var scale: Double?
    for byte in bytes {
      if isDigit(byte) {
        digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
        scale = scale.map { $0 * 10 }
      } else if byte == UInt8(ascii: "."), scale == nil {
        scale = 1
      } else {
        return nil
      }
    }
    guard digits < 1 << 53, bytes.count > (scale == nil ? 0 : 1) else { return nil }
    return Double(digits) / (scale ?? 1)
  }

  private func hasPoint(from start: Int) -> Bool {
    bytes[start..<index].contains(UInt8(ascii: "."))
  }

  // MARK: Bars

  /// Whether a percentage is just before.
  private var isAfterPercent: Bool { index > 0 && bytes[index - 1] == UInt8(ascii: "%") }

  private mutating func readBar(into line: inout TrainingLogLine) {
    // The bar itself has no letters in it.
    var end = index + 1
    while end < bytes.count, bytes[end] != UInt8(ascii: "|") { end += 1 }
    index += 1
    guard end < bytes.count else { return }
    index = end + 1
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    guard let current = number().flatMap({ Int(exactly: $0) }), Self.isCount(Double(current))
    else { return }
    var bar = TrainingLogLine.Bar(current: current)
    bar.total = total().flatMap { Int(exactly: $0) }
    bar.isOfEpoch = line.epoch != nil
    bar.isOther = hasOtherName
    line.bar = bar
    // "[01:23<10:12,  1.44it/s, "
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: " "),
      bytes[index + 1] == UInt8(ascii: "[")
    else { return }
    let rest = index
    while index < bytes.count, bytes[index] != UInt8(ascii: ","), bytes[index] != UInt8(ascii: "]")
    {
      index += 1
    }
    guard index < bytes.count, bytes[index] == UInt8(ascii: ",") else {
      index = rest + 2
      return
    }
    index += 1
    while index < bytes.count, bytes[index] == UInt8(ascii: " ") { index += 1 }
    guard let speed = number(), speed > 0, speed < 1e9 else { return }
    let start = index
    while index < bytes.count, Self.isInUnit(bytes[index]) { index += 1 }
    let unit = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
    if unit.starts(with: "s/".utf8) {
      line.bar?.speed = 1 / speed
    } else if unit.suffix(2).elementsEqual("/s".utf8) {
      line.bar?.speed = speed
    }
  }

  // MARK: Bytes

  private static func isCount(_ number: Double) -> Bool { number >= 0 && number < 1e9 }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isInWord(_ byte: UInt8) -> Bool {
    isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "/")
      || byte == UInt8(ascii: "-")
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isInUnit(_ byte: UInt8) -> Bool {
    isLetter(byte) || byte == UInt8(ascii: "/")
  }

  private static func isInNumber(_ bytes: UnsafeRawBufferPointer, at place: Int) -> Bool {
    switch bytes[place] {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."): true
    case UInt8(ascii: "-"), UInt8(ascii: "+"):
      place == 0 || !isDigit(bytes[place - 1]) && bytes[place - 1] != UInt8(ascii: ".")
    case UInt8(ascii: "e"), UInt8(ascii: "E"):
      place > 0 && (isDigit(bytes[place - 1]) || bytes[place - 1] == UInt8(ascii: "."))
        && (place + 1 == bytes.count || isDigit(bytes[place + 1])
          || bytes[place + 1] == UInt8(ascii: "-") || bytes[place + 1] == UInt8(ascii: "+"))
    default: false
    }
  }

  private static func lowercased(_ bytes: UnsafeRawBufferPointer) -> String {
    guard bytes.count <= 16 else { return "" }
    return String(decoding: bytes.lazy.map { isLetter($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  private static func word(_ bytes: UnsafeRawBufferPointer) -> Word {
    // Most words are none of these, and texts take time to make.
    guard let first = bytes.first, initials.contains(first | 0x20), (2...16).contains(bytes.count)
    else { return .other }
    return words[lowercased(bytes)] ?? .other
  }

  private static let initials = words.keys.reduce(into: LetterSet()) { letters, word in
    if let first = word.utf8.first { letters.insert(first) }
  }

  private static let words: [String: Word] = [
    "loss": .loss, "train_loss": .loss, "train/loss": .loss, "training_loss": .loss,
    "loss/train": .loss, "step_loss": .loss, "loss/step": .loss, "loss/current": .loss,
    "avr_loss": .meanLoss, "avg_loss": .meanLoss, "mean_loss": .meanLoss, "total_loss": .meanLoss,
    "loss/average": .meanLoss, "train_loss_step": .loss, "train_loss_epoch": .meanLoss,
    "val_loss": .otherLoss, "eval_loss": .otherLoss, "test_loss": .otherLoss,
    "learning": .learning, "rate": .rate, "lr": .learningRate, "learning_rate": .learningRate,
    "learning-rate": .learningRate, "lr/unet": .learningRate,
    "step": .step, "global_step": .step, "global-step": .step, "iter": .step, "iteration": .step,
    "epoch": .epoch,
    "val": .evaluation, "eval": .evaluation, "validation": .evaluation, "evaluation": .evaluation,
    "test": .evaluation,
    "train_runtime": .summary,
    // "Total steps = 1000" is no step.
    "steps": .trainingName, "iterations": .trainingName, "train": .trainingName,
    "training": .trainingName, "pti": .trainingName,
  ]
}

/// Some of the small letters.
private struct LetterSet {
  private var bits: UInt32 = 0

  mutating func insert(_ letter: UInt8) { bits |= 1 << (letter & 31) }

  func contains(_ letter: UInt8) -> Bool { bits & 1 << (letter & 31) != 0 }
}
