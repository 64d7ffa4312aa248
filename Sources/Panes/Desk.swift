import TerminalKit
import ViewModels

/// How a desk shares the screen out: splits, and slots that hold a place each.
public indirect enum LayoutTree: Sendable {
  /// Room for one of several places: the one that was shown last.
  case slot([PlaceID], least: Size)
  case split(LayoutSplit)

  /// All places below this part of the tree.
  var places: [PlaceID] {
    switch self {
    case .slot(let places, _): places
    case .split(let split): split.first.places + split.second.places
    }
  }

  /// The least room in which every slot works.
  var least: Size {
    switch self {
    case .slot(_, let least): return least
    case .split(let split):
      let (one, other) = (split.first.least, split.second.least)
      return split.axis == .columns
        ? Size(width: one.width + other.width, height: max(one.height, other.height))
        : Size(width: max(one.width, other.width), height: one.height + other.height)
    }
  }

  /// One slot for all places of this part of the tree.
  var collapsed: LayoutTree { .slot(places, least: least) }
}

/// Two parts of the screen beside or above each other, and the border between them.
public struct LayoutSplit: Sendable {
  public enum Axis: Hashable, Sendable {
    /// Beside each other.
    case columns
    /// Above each other.
    case rows
  }

  public var axis: Axis
  public var border: BorderID
  /// The part of the desk's width or height that the measured side has until a person moves the
  /// border.
  public var share: Double
  /// Whether the second side is the one whose share is measured, rather than the first.
  public var measuresSecond: Bool
  /// The most cells that the measured side takes.
  public var most: Int
  public var first: LayoutTree
  public var second: LayoutTree

  public init(
    _ axis: Axis, _ border: BorderID, share: Double, measuresSecond: Bool = false,
    most: Int = .max, _ first: LayoutTree, _ second: LayoutTree
  ) {
    self.axis = axis
    self.border = border
    self.share = share
    self.measuresSecond = measuresSecond
    self.most = most
    self.first = first
    self.second = second
  }
}

/// A screen that shows some places together.
public struct Desk: Sendable {
  public var id: DeskID
  public var title: String
  public var tree: LayoutTree
  /// The least size at which the whole tree shows; on smaller screens a list stands beside a detail.
  public var roomy: Size
  /// The border between the two panes of a smaller screen.
  public var narrowSplit: (border: BorderID, share: Double, most: Int)

  public init(
    id: DeskID, title: String, tree: LayoutTree, roomy: Size,
    narrowSplit: (border: BorderID, share: Double, most: Int)
  ) {
    self.id = id
    self.title = title
    self.tree = tree
    self.roomy = roomy
    self.narrowSplit = narrowSplit
  }

  /// A list beside its detail, for a place that needs no more than that.
  static func list(_ place: PlaceID, _ title: String) -> Desk {
    Desk(
      id: .list(place), title: title,
      tree: .split(
        LayoutSplit(
          .columns, BorderID("\(place)"), share: 0.5,
          .slot([place], least: Size(width: 34, height: 6)),
          .slot([PlaceID("\(place).detail")], least: Size(width: 30, height: 6)))),
      roomy: Layout.twoPanes, narrowSplit: (BorderID("\(place)"), 0.5, .max))
  }

  /// Home: five panes.
  @MainActor static let browse = Desk(
    id: .browse, title: "Browse",
    tree: .split(
      LayoutSplit(
        .columns, BorderID("left"), share: 0.3, most: 200,
        .split(
          LayoutSplit(
            .rows, BorderID("collections"), share: 0.25,
            .slot([CollectionsViewModel.id], least: Size(width: 30, height: 5)),
            .split(
              LayoutSplit(
                .rows, BorderID("predictions"), share: 0.32, measuresSecond: true,
                .slot([ModelsViewModel.id], least: Size(width: 30, height: 6)),
                .slot([PredictionsViewModel.id], least: Size(width: 30, height: 5)))))),
        .split(
          LayoutSplit(
            .rows, BorderID("detail"), share: 0.55,
            .slot(
              [ModelViewModel.id, CollectionViewModel.id], least: Size(width: 40, height: 6)),
            .slot([LiveViewModel.id], least: Size(width: 40, height: 6)))))),
    roomy: Size(width: 110, height: 28), narrowSplit: (BorderID("list"), 0.4, 60))
}
