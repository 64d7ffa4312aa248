import TerminalKit
import ViewModels

/// How a desk divides the screen: splits, and slots that each show one place.
public indirect enum LayoutTree: Sendable {
  /// Space for one of several places: the one shown most recently.
  case slot([PlaceID], least: Size)
  case split(LayoutSplit)

  /// All places in this subtree.
  var places: [PlaceID] {
    switch self {
    case .slot(let places, _): places
    case .split(let split): split.first.places + split.second.places
    }
  }

  /// The smallest size at which every slot is usable.
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

  /// This subtree reduced to one slot that holds all of its places.
  var collapsed: LayoutTree { .slot(places, least: least) }
}

/// Two parts of the screen, side by side or stacked, and the border between them.
public struct LayoutSplit: Sendable {
  public enum Axis: Hashable, Sendable {
    /// Side by side.
    case columns
    /// Stacked.
    case rows
  }

  public var axis: Axis
  public var border: BorderID
  /// The measured side's fraction of the desk's width or height until the user moves the border.
  public var share: Double
  /// Whether `share` measures the second side instead of the first.
  public var measuresSecond: Bool
  /// The largest size of the measured side, in cells.
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

/// A screen that shows several places together.
public struct Desk: Sendable {
  public var id: DeskID
  public var title: String
  public var tree: LayoutTree
  /// The smallest size that fits the whole tree. Smaller screens show a list next to its detail.
  public var wideSize: Size
  /// The border between the two panes of a smaller screen.
  public var narrowSplit: (border: BorderID, share: Double, most: Int)

  public init(
    id: DeskID, title: String, tree: LayoutTree, wideSize: Size,
    narrowSplit: (border: BorderID, share: Double, most: Int)
  ) {
    self.id = id
    self.title = title
    self.tree = tree
    self.wideSize = wideSize
    self.narrowSplit = narrowSplit
  }

  /// A list next to its detail, for a place that needs nothing else.
  static func list(_ place: PlaceID, _ title: String, share: Double = 0.5) -> Desk {
    Desk(
      id: .list(place), title: title,
      tree: .split(
        LayoutSplit(
          .columns, BorderID("\(place)"), share: share,
          .slot([place], least: Size(width: 34, height: 6)),
          .slot([PlaceID("\(place).detail")], least: Size(width: 30, height: 6)))),
      wideSize: Layout.twoPanes, narrowSplit: (BorderID("\(place)"), share, .max))
  }

  /// The home screen, with five panes.
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
    wideSize: Size(width: 110, height: 28), narrowSplit: (BorderID("list"), 0.4, 60))
}
