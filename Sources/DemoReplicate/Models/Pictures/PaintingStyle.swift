/// The styles that the painting models offer.
enum PaintingStyle: String, CaseIterable, Sendable {
  case landscape
  case aurora
  case flowField = "flow field"
  case circles
  case stainedGlass = "stained glass"
  case paperCut = "paper cut"

  func paint(_ scene: Scene, _ size: PictureSize) -> Picture {
    switch self {
    case .landscape: Landscape(scene, size).painted()
    case .aurora: Aurora(scene, size).painted()
    case .flowField: FlowField.painted(scene, size)
    case .circles: CirclePacking.painted(scene, size)
    case .stainedGlass: StainedGlass.painted(scene, size)
    case .paperCut: PaperCut.painted(scene, size)
    }
  }
}
