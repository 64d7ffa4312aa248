import ReplicateAPI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The course of a training, read from its log while that grows.
///
///     var log = TrainingLog()
///     log.update(training.logs, hasEnded: training.status.isFinal)
///     log.lastLoss          // 0.3123
///     log.values(columns: 40)  // for a chart
///
/// Understands bars as tqdm draws them (`12%|█▏        | 120/1000 [01:23<10:12,  1.44it/s, lr:
/// 4.0e-04 loss: 3.123e-01]`), the dictionaries of Hugging Face's trainer (`{'loss': 0.31, 'epoch':
/// 0.5}`), and lines such as `step: 120, loss: 0.31` or `Epoch 2/4, Loss: 0.5`. Losses of a
/// validation aren't read.
public struct TrainingLog: Hashable, Sendable {
  /// A loss, and where in the training it was.
  public struct Point: Hashable, Sendable {
    /// As the log counts them, which may start over within a training.
    public var step: Int?
    public var epoch: Double?
    public var loss: Double
    public var learningRate: Double?
  }

  /// A loss that is no number anymore, after which a training rarely recovers.
  public struct LostLoss: Hashable, Sendable {
    public var step: Int?
    public var epoch: Double?
    /// Whether it became infinite, and not NaN.
    public var isInfinite: Bool
    /// Whether numbers came after it.
    public var hasRecovered: Bool

    /// In a sentence.
    public var words: String {
      let place =
        step.map { " at step \($0.grouped)" } ?? epoch.map {
          " in epoch \(NumberText.fixed($0, decimals: 2))"
        }
        ?? ""
      let what = isInfinite ? "infinite" : "NaN"
      return hasRecovered
        ? "The loss was \(what)\(place), and is a number again."
        : "The loss became \(what)\(place)."
    }
  }

  /// The first loss that was read.
  public private(set) var first: Point?
  /// The newest loss.
  public private(set) var last: Point?
  /// The first loss that isn't a number.
  public private(set) var lost: LostLoss?
  /// How many steps the training has, if the log says so.
  public private(set) var totalSteps: Int?
  public private(set) var totalEpochs: Double?
  /// In steps per second, as the log says it.
  public private(set) var speed: Double?

  /// All losses but the last one, which may still be corrected.
  private var series: LossSeries
  private var lastHasOwnStep = false
  private var place = Place()
  private var mark = Mark()
  private let limit: Int

  /// - Parameter limit: The most points to keep.
  public init(limit: Int = 2000) {
    self.limit = limit
    series = LossSeries(limit: limit - 1)
  }

  public var firstLoss: Double? { first?.loss }
  public var lastLoss: Double? { last?.loss }

  public var lowest: Point? {
    [series.lowest, last].compactMap { $0 }.min { $0.loss < $1.loss }
  }

  /// How many losses were read.
  public var count: Int { series.count + (last == nil ? 0 : 1) }

  /// The losses in the log's order. Of many, the lowest and the highest ones of each neighborhood.
  public var points: [Point] { series.points + (last.map { [$0] } ?? []) }

  /// The losses for a chart: the means of at most so many neighboring spans of equal length.
  public func values(columns: Int) -> [Double] {
    var series = series
    if let last { series.append(last) }
    return series.means(columns: columns)
  }

  /// The speed as trainings print it, such as `1.44 it/s` or `2.10 s/it`.
  public var rate: String? {
    guard let speed else { return nil }
    let isFast = speed >= 1
    return NumberText.fixed(isFast ? speed : 1 / speed, decimals: 2) + (isFast ? " it/s" : " s/it")
  }
}

extension TrainingLog {
  /// Reads what is new in the log. Only that takes time, even if the service has cut off the log's
  /// beginning since; what was read there stays.
  ///
  /// - Parameter hasEnded: Whether the log is complete. Until then, its last line may go on.
  public mutating func update(_ log: String, hasEnded: Bool) {
    guard !log.isEmpty else { return }
    var log = log
    log.withUTF8 { bytes in
      let bytes = UnsafeRawBufferPointer(bytes)
      let start: Int
      if let position = mark.position(in: bytes) {
        start = position
      } else {
        self = TrainingLog(limit: limit)
        start = 0
      }
      let rest = read(bytes, from: start)
      if hasEnded, rest < bytes.count {
        add(TrainingLogLine(UnsafeRawBufferPointer(rebasing: bytes[rest...])))
      }
      mark = Mark(bytes, position: hasEnded ? bytes.count : rest)
    }
  }

  /// Reads all lines that have ended. Returns where the last one starts, which hasn't.
  private mutating func read(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    // Bars are drawn over each other with carriage returns.
    let ends = [UInt8(ascii: "\n"), UInt8(ascii: "\r")]
    var places = ends.map { Self.place(of: $0, in: bytes, from: start) }
    var start = start
    while true {
      let next = places[0] < places[1] ? 0 : 1
      let end = places[next]
      guard end < bytes.count else { return start }
      if end > start { add(TrainingLogLine(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))) }
      start = end + 1
      places[next] = Self.place(of: ends[next], in: bytes, from: start)
    }
  }

  /// The next place of a byte; the end if there is none.
  private static func place(
    of byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
  ) -> Int {
    guard let base = bytes.baseAddress, start < bytes.count,
      let found = memchr(base + start, Int32(byte), bytes.count - start)
    else { return bytes.count }
    return UnsafeRawPointer(found) - base
  }

  /// Where in the training the log is.
  private struct Place: Hashable, Sendable {
    var step: Int?
    var totalSteps: Int?
    var epoch: Double?
    /// Whether epochs are counted from zero.
    var isFromZero = false
  }

  private mutating func add(_ line: TrainingLogLine) {
    if let epoch = line.epoch {
      if place.epoch == nil { place.isFromZero = epoch == 0 }
      place.epoch = epoch
      if let total = line.totalEpochs { totalEpochs = total }
    }
    let isTraining = line.loss != nil || line.bar?.isOther == false
    if let speed = line.bar?.speed, isTraining { self.speed = speed }
    let own = step(of: line)
    if let own, isTraining || line.step != nil { (place.step, place.totalSteps) = own }
    guard let loss = line.loss else { return }
    if let total = own?.total ?? place.totalSteps, totalSteps == nil || own != nil {
      totalSteps = total
    }
    // Another bar, such as that of a validation.
    let isElsewhere = own == nil && place.totalSteps != totalSteps
    let step = isElsewhere ? nil : place.step
    switch loss {
    case .number(let loss):
      lost?.hasRecovered = true
      append(
        Point(step: step, epoch: place.epoch, loss: loss, learningRate: line.learningRate),
        hasOwnStep: own != nil)
    case .notANumber, .infinite:
      if lost == nil || lost?.hasRecovered == true {
        lost = LostLoss(
          step: step, epoch: place.epoch, isInfinite: loss == .infinite, hasRecovered: false)
      }
    }
  }

  /// The step that a line names itself.
  private func step(of line: TrainingLogLine) -> (step: Int, total: Int?)? {
    guard let bar = line.bar else { return line.step.map { ($0, line.totalSteps) } }
    if let step = line.step { return (step, line.totalSteps ?? bar.total) }
    guard bar.isOfEpoch, let epoch = line.epoch, let length = bar.total,
      let before = Int(exactly: epoch - (place.isFromZero ? 0 : 1))
    else { return (bar.current, bar.total) }
    let epochs = line.totalEpochs.flatMap { Int(exactly: $0) }
    return (
      Self.product(before, length).addingClamped(bar.current),
      epochs.map { Self.product($0, length) }
    )
  }

  private static func product(_ one: Int, _ other: Int) -> Int {
    let (product, overflows) = one.multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }

  /// A bar is drawn several times at the same step, the last time with the step's own loss.
  private mutating func append(_ point: Point, hasOwnStep: Bool) {
    let isAgain =
      hasOwnStep && lastHasOwnStep && point.step == last?.step && point.epoch == last?.epoch
    if let last, !isAgain { series.append(last) }
    if first == nil || isAgain && series.count == 0 { first = point }
    last = point
    lastHasOwnStep = hasOwnStep
  }
}

extension TrainingLog {
  /// How far a log has been read.
  private struct Mark: Hashable, Sendable {
    /// Where the line starts that hasn't been read.
    private var position = 0
    /// The bytes before it, by which the place is found again.
    private var before: [UInt8] = []

    private static let length = 512

    init() {}

    init(_ bytes: UnsafeRawBufferPointer, position: Int) {
      self.position = position
      before = Array(bytes[..<position].suffix(Self.length))
    }

    /// Where to go on in a log; nil if it is another one.
    func position(in bytes: UnsafeRawBufferPointer) -> Int? {
      if bytes.count >= position, bytes[..<position].suffix(before.count).elementsEqual(before) {
        return position
      }
      // The log may have lost its beginning, if that can be only one place.
      guard before.count == Self.length, let found = Self.find(before, in: bytes, from: 0),
        Self.find(before, in: bytes, from: found + 1) == nil
      else { return nil }
      return found + before.count
    }

    private static func find(
      _ sought: [UInt8], in bytes: UnsafeRawBufferPointer, from start: Int
    ) -> Int? {
      guard let base = bytes.baseAddress, let first = sought.first else { return nil }
      var place = start
      let last = bytes.count - sought.count
      while place <= last, let found = memchr(base + place, Int32(first), last - place + 1) {
        place = UnsafeRawPointer(found) - base
        if memcmp(base + place, sought, sought.count) == 0 { return place }
        place += 1
      }
      return nil
    }
  }
}

extension Int {
  fileprivate func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
