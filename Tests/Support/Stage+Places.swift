import ReplicateAPI
import Running
import ViewModels

extension PlaceID {
  public static let collections = PlaceID("collections")
  public static let collection = PlaceID("collection")
  public static let models = PlaceID("models")
  public static let model = PlaceID("model")
  public static let predictions = PlaceID("predictions")
  public static let live = PlaceID("live")
}

/// The places of Browse on a stage, and the steps that many tests begin with.
extension Stage {
  public var collections: CollectionsViewModel { place(.collections) }
  public var collection: CollectionViewModel { place(.collection) }
  public var models: ModelsViewModel { place(.models) }
  public var model: ModelViewModel { place(.model) }
  public var predictions: PredictionsViewModel { place(.predictions) }
  public var live: LiveViewModel { place(.live) }
  public var form: InputForm? { model.form }

  func place<Place: PlaceViewModel>(_ id: PlaceID) -> Place {
    guard let place = navigator.places[id] as? Place else {
      preconditionFailure("there is no place called \(id)")
    }
    return place
  }

  public static let painterID = ModelID(owner: "acme", name: "painter")

  /// Opens the model that has a form.
  public func openPainter() async {
    navigator.perform(.openAddress(.model(Self.painterID, version: nil)))
    await navigator.settled()
  }

  /// Says what a screen with room for every pane of Browse would say.
  public func layOut() {
    let places: [PlaceID] = [.collections, .models, .model, .predictions, .live]
    navigator.perform(
      .laidOut(
        ScreenLayout(
          visible: Dictionary(
            uniqueKeysWithValues: places.map { ($0, Extent(rows: 10, columns: 50)) }),
          hasRoomForHalf: true, overlayRows: 20)))
  }

  /// Shows a run that the service knows nothing of, as if it were in Predictions.
  public func show(_ run: Run) {
    predictions.predictions.prepend(.run(run))
    live.present(run)
    navigator.perform(.focus(.live))
  }

  /// Lets time pass until something is so: for waits before another try.
  public func passing(until isSo: () -> Bool) async {
    await clock.pass(by: .seconds(5), turns: 20, until: isSo)
  }
}
