import ReplicateAPI

/// The kinds of machine that models and deployments can run on.
@MainActor
public final class HardwareViewModel: PlaceViewModel {
  public static let id = PlaceID("hardware")

  public let hardware: PagedList<Hardware>
  private let session: Session
  private var detailViewModel: DetailViewModel?

  public init(_ session: Session) {
    self.session = session
    hardware = PagedList(
      .pages(of: .hardware, session.client, isOrdered: false),
      columns: [
        ListColumn("name", "name") { $0.name.lowercased() },
        ListColumn("sku", "sku") { $0.sku },
      ], choices: session.lists[Self.id]
    ) { [$0.name, $0.sku] }
    hardware.connect(session, Self.id)
    detailViewModel = DetailViewModel(of: self, title: "Machine") { [weak self] in
      self?.hardware.selected.map { $0.blocks } ?? []
    }
  }

  public var id: PlaceID { Self.id }
  public var title: String { "Hardware" }
  public var list: (any ListViewModel)? { hardware }
  public var detail: (any PlaceViewModel)? { detailViewModel }

  public var subject: Subject? {
    hardware.selected.map {
      Subject(text: $0.sku, address: "https://replicate.com/pricing#hardware")
    }
  }

  public func load() { hardware.load() }

  public func availability(of command: Command) -> Availability {
    switch command {
    case .open: hardware.selected == nil ? .no(because: "No machine is listed.") : .yes
    case .run: .no(because: "Open a model to run it; its version decides on the hardware.")
    default: .notMine
    }
  }

  public func perform(_ command: Command) -> Outcome {
    switch command {
    case .open, .accept: return openDetail(of: hardware)
    default: return .pass
    }
  }

  public func settled() async { await hardware.settled() }
}

extension Hardware: Identifiable {
  public var id: String { sku }

  /// How many graphics processors the machine has, as its name says; nil for a CPU.
  fileprivate var processors: Int? {
    guard sku.contains("gpu") else { return nil }
    let last = sku.split(separator: "-").last ?? ""
    return last.hasSuffix("x") ? Int(last.dropLast()) ?? 1 : 1
  }

  fileprivate var blocks: [DetailBlock] {
    [
      .heading(name), .blank,
      .fact(name: "sku", value: sku),
      .fact(name: "GPUs", value: processors.map { "\($0)" } ?? "none"),
      .fact(
        name: "prices", value: "replicate.com/pricing",
        link: "https://replicate.com/pricing#hardware"),
      .blank,
      .text(
        "The API calls this machine by its sku: give it when you create a model or a deployment, or "
          + "change a deployment’s hardware. Prices per second are on the web page; the API has none."
      ),
    ]
  }
}
