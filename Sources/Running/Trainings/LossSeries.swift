/// The losses of a training, of which any number fits into little memory: neighbors are put
/// together when there are too many, with their lowest and highest losses and their mean.
struct LossSeries: Hashable, Sendable {
  private struct Group: Hashable, Sendable {
    var lowest: TrainingLog.Point
    var highest: TrainingLog.Point
    var isLowestFirst = true
    var sum: Double
    var count = 1

    init(_ point: TrainingLog.Point) {
      lowest = point
      highest = point
      sum = point.loss
    }

    mutating func add(_ next: Group) {
      if next.lowest.loss < lowest.loss {
        // Which of the two comes first matters only to points.
        let isFirst = next.highest.loss > highest.loss ? next.isLowestFirst : false
        lowest = next.lowest
        isLowestFirst = isFirst
        if next.highest.loss > highest.loss { highest = next.highest }
      } else if next.highest.loss > highest.loss {
        highest = next.highest
        isLowestFirst = true
      }
      sum += next.sum
      count += next.count
    }

    var points: [TrainingLog.Point] {
      if count == 1 || lowest == highest { return [lowest] }
      return isLowestFirst ? [lowest, highest] : [highest, lowest]
    }
  }

  private var groups: [Group] = []
  /// How many losses a group has when it is full.
  private var groupSize = 1
  private let limit: Int
  private(set) var count = 0
  private(set) var lowest: TrainingLog.Point?

  /// - Parameter limit: The most points.
  init(limit: Int) {
    // Even, so that all groups find a partner.
    self.limit = max(2, limit / 4 * 2)
  }

  mutating func append(_ point: TrainingLog.Point) {
    count += 1
    if lowest.map({ point.loss < $0.loss }) ?? true { lowest = point }
    if let last = groups.last, last.count < groupSize {
      groups[groups.count - 1].add(Group(point))
      return
    }
    if groups.count == limit { halve() }
    groups.append(Group(point))
  }

  private mutating func halve() {
    for index in 0..<(groups.count / 2) {
      groups[index] = groups[2 * index]
      groups[index].add(groups[2 * index + 1])
    }
    groups.removeLast(groups.count - groups.count / 2)
    groupSize *= 2
  }

  /// The losses, or the highest and lowest ones of groups of neighbors.
  var points: [TrainingLog.Point] { groups.flatMap(\.points) }

  /// The means of at most so many neighboring spans of equal length.
  func means(columns: Int) -> [Double] {
    guard columns > 0 else { return [] }
    let columns = min(columns, groups.count)
    return (0..<columns).map { column in
      let span = groups[(column * groups.count / columns)..<((column + 1) * groups.count / columns)]
      let sum = span.reduce(0) { $0 + $1.sum }
      return sum / Double(span.reduce(0) { $0 + $1.count })
    }
  }
}
